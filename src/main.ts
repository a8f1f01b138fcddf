import { setFlagsFromString } from 'node:v8';
import { createMetrics } from './adapters/metrics/metrics.ts';
import {
  type MetricsServer,
  type ReadyCheck,
  startMetricsServer,
} from './adapters/metrics/server.ts';
import { createSchedule } from './adapters/schedule/schedule.ts';
import { channelFaults } from './adapters/slack/channels.ts';
import { createChat } from './adapters/slack/chat.ts';
import { createPeople } from './adapters/slack/people.ts';
import { createPermalink } from './adapters/slack/permalinks.ts';
import { createSlack, type Slack } from './adapters/slack/slack.ts';
import { openStore, type State } from './adapters/store/store.ts';
import { createApp } from './app.ts';
import { createGuard } from './chat/guard.ts';
import type { Log } from './chat/log.ts';
import { createOutbox } from './chat/outbox.ts';
import { isUnreadable } from './chat/unreadable.ts';
import { joinChecks } from './compose/checks.ts';
import { createBackground, joinFlushes, keepFlushes } from './compose/flushes.ts';
import { HOLDER, joinSweeps, scheduleSweeps } from './compose/sweeps.ts';
import { closeTargets, createTargets } from './compose/targets.ts';
import type { Config } from './config/config.ts';
import type { Scheduled } from './sweep/schedule.ts';

/** The bot: settings and adapters joined, started, and ended by a signal. */

/** Resolves when the bot has ended: null = as it was told to, else why it could not start. */
export async function start(config: Config, log: Log): Promise<string | null> {
  if (config.slack === null) throw new Error('start was given no settings of Slack');
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      // Nobody knows what state this leaves behind; whoever started us starts us again.
      log.error('a fault that nobody caught ends the bot', { event, error });
      process.exit(3);
    });
  }
  keepHeapSmall();
  const told = endOfProcess();
  const now = () => new Date();
  const state = await openState(config.statePlace);
  if (typeof state === 'string') return state;
  const targets = createTargets(config.servers);
  const servers = config.servers.map(({ name }) => name);
  const people = createPeople({ ...config.slack, now, log });
  const guard = createGuard({ operators: config.operators, people, log });
  const permalink = createPermalink({ ...config.slack, log });
  const chat = createChat({ ...config.slack, log });
  const outbox = createOutbox({ store: state.outbox, chat, now, log, holder: HOLDER });
  const metrics = createMetrics({ servers });
  const scheduled = new Map<string, Scheduled>();
  const { wake } = outbox;
  const { swept, sweepFailed: failed, flushed } = metrics;
  const shared = { config, targets, state, permalink, log, now, wake };
  const sweeps = joinSweeps({ ...shared, swept, failed, scheduled });
  const background = createBackground(log);
  const flushes = joinFlushes({ ...shared, people, flushed }, background);
  const checks = joinChecks({ config, targets, log, now });
  const app = createApp({ ...sweeps, ...flushes, targets, checks }, guard);
  const { read, refusal, home } = app;
  const slack = createSlack({ config: config.slack, read, refusal, home, now, log });
  const readyChecks = [slackCheck(slack), stateCheck(state)];
  const beforeScrape = async () => {
    metrics.rateLimited(outbox.counters().rateLimited);
    metrics.alertsOpen(await state.alerts.open());
  };
  const port = await openPort(config.metrics, {
    metrics,
    checks: readyChecks,
    beforeScrape,
    log,
  });
  if (port.kind === 'refused') return port.why;

  const outcome = await Promise.race([slack.start(), told]);
  if (outcome.kind === 'started') {
    const schedule = createSchedule({ log });
    outbox.start();
    const stopKeeping = keepFlushes(flushes);
    scheduleSweeps(schedule, config.servers, sweeps, scheduled);
    schedule.every(FORGET_CRON, () => state.forget(now()));
    const channels = config.servers.map(({ channel }) => channel ?? '');
    void channelFaults(channels, { ...config.slack, log }).then((faults) => {
      for (const fault of faults) log.error(fault);
    });
    log.info('ready', { mode: config.slack.transport.mode, servers });
    process.stdout.write(`hostcache is ready: Slack in ${config.slack.transport.mode} mode.\n`);
    const { signal } = await told;
    log.info('stopping', { signal });
    await Promise.all([schedule.stop(), slack.stop(), stopKeeping()]);
    await background.settled();
    await outbox.stop();
  } else await slack.stop();
  await closeTargets(targets);
  await Promise.all([port.stop(), state.close()]);
  return outcome.kind === 'refused' ? outcome.why : null;
}

/**
 * A sweep of many servers makes much that is short-lived; V8 would let its young heap grow to more
 * than the bot needs in all. Measured with 1,000 servers: 350 MB at most without this, 180 MB with.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--max-semi-space-size=2');
  setFlagsFromString('--semi-space-growth-factor=1');
}

/** Once a day, at an hour at which little else is due. */
const FORGET_CRON = '17 3 * * *';

/** The state, or why there is none, in one line. */
async function openState(place: Config['statePlace']): Promise<State | string> {
  try {
    return await openStore({ place });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return error.message;
  }
}

function stateCheck(state: State): ReadyCheck {
  return {
    name: 'The state',
    fault: async () =>
      (await state.isReachable()) ? null : 'The state (STATE_URL) cannot be reached.',
  };
}

function slackCheck(slack: Slack): ReadyCheck {
  return {
    name: 'Slack',
    fault: async () => (slack.isConnected() ? null : 'Slack is not connected.'),
  };
}

/** The port of the metrics; where there is to be none, nothing to stop. */
async function openPort(
  place: Config['metrics'],
  parts: Omit<Parameters<typeof startMetricsServer>[0], 'port' | 'host'>,
): Promise<MetricsServer> {
  if (place === null) return { kind: 'listening', stop: async () => undefined };
  return await startMetricsServer({ ...place, ...parts });
}

interface Told {
  readonly kind: 'told';
  readonly signal: NodeJS.Signals;
}

/** Resolves with the first signal to end; a second one ends at once. */
function endOfProcess(): Promise<Told> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve({ kind: 'told', signal });
        process.on(signal, () => process.exit(3));
      });
    }
  });
}
