import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { createHeartbeat } from './adapters/metrics/heartbeat.ts';
import { createMetrics } from './adapters/metrics/metrics.ts';
import { startMetricsServer } from './adapters/metrics/server.ts';
import { createSchedule } from './adapters/schedule/schedule.ts';
import { channelFaults } from './adapters/slack/channels.ts';
import { createChat } from './adapters/slack/chat.ts';
import { createPeople } from './adapters/slack/people.ts';
import { createPermalink } from './adapters/slack/permalinks.ts';
import { createSlack } from './adapters/slack/slack.ts';
import { openStore, type State } from './adapters/store/store.ts';
import { createApp } from './app.ts';
import { createGuard } from './chat/guard.ts';
import type { Log } from './chat/log.ts';
import { isFirst } from './chat/once.ts';
import { isLate } from './chat/waiting.ts';
import {
  createBackground,
  keepBeating,
  maintainFlushes,
  scheduleSweeps,
  watchState,
} from './compose/background.ts';
import { joinChecks } from './compose/checks.ts';
import { CONNECTIONS_KEPT, composeInside, HOLDER } from './compose/inside.ts';
import { createStateWatch } from './compose/state-watch.ts';
import { closeTargets, createTargets } from './compose/targets.ts';
import type { Config, SlackConfig } from './config/config.ts';
import type { FlushTarget } from './flush/parts.ts';
import { createOutbox } from './outbox/outbox.ts';
import type { Schedule, Scheduled } from './sweep/schedule.ts';

/** The bot: joins settings and adapters, starts them, and stops them on a signal. */

/** Resolves when a signal has stopped the bot. Rejects as `Unreadable` if it cannot start. */
export async function start(config: Config, log: Log): Promise<void> {
  if (config.slack === null) throw new Error('start needs Slack settings');
  endOnFaults(log);
  if (config.servers.length > CONNECTIONS_KEPT) keepHeapSmall();
  const stopSignal = firstStopSignal();
  const stopBeating = beatFor(config, log);
  const state = await openStore({ place: config.statePlace });
  const targets = createTargets(config.servers);
  const bot = createBot({ config, slack: config.slack, targets, state, log });
  const stopMetrics = bot.served === null ? null : await serveMetrics(bot.served, bot);
  const schedule = createSchedule({ log });
  const stopWatching = watchState(bot.stateWatch);
  const starting = startSlack(bot, schedule);
  const stoppedEarly = await Promise.race([starting, stopSignal]);
  if (stoppedEarly === undefined) await work(bot, schedule, stopSignal);
  else await stopWaiting(bot, schedule, stoppedEarly);
  await stopWatching();
  await closeTargets(targets);
  await Promise.all([stopMetrics?.(), stopBeating?.(), state.close()]);
}

interface BotParts {
  readonly config: Config;
  readonly slack: SlackConfig;
  readonly targets: readonly FlushTarget[];
  readonly state: State;
  readonly log: Log;
}

/** Joins everything that runs, and starts nothing. */
function createBot({ config, slack: settings, targets, state, log }: BotParts) {
  const now = () => new Date();
  const people = createPeople({ ...settings, now, log });
  const guard = createGuard({ operators: config.operators, people, log });
  const chat = createChat({ ...settings, log });
  const sending = { holder: HOLDER, chance: Math.random };
  const outbox = createOutbox({ store: state.outbox, chat, now, log, ...sending });
  const stateWatch = createStateWatch({
    ...{ chat, now, log, holder: HOLDER, host: hostname() },
    writeFault: state.writeFault,
    channels: channelsOf(config),
  });
  const served = config.metrics === null ? null : withMetrics(config.metrics, config.servers);
  const scheduled = new Map<string, Scheduled>();
  const background = createBackground(log);
  const parts = composeInside({
    ...{ targets, state, people, log, now },
    permalink: createPermalink({ ...settings, log }),
    checks: joinChecks({ config, targets, log, now }),
    nullHostAlerts: config.nullHostAlerts,
    requestTtlMs: config.flushRequestTtlMs,
    wake: outbox.wake,
    nextSweepAt: (server) => scheduled.get(server)?.nextAt() ?? null,
    inBackground: background.add,
    ...served?.counted,
  });
  const { read, refusal, home } = createApp(parts, guard);
  const first = (what: string, minutes: number) => isFirst(what, minutes, parts);
  const asking = { read, refusal, home, isFirst: first };
  const slack = createSlack({ config: settings, ...asking, now, log });
  const running = { slack, outbox, served, scheduled, background, stateWatch };
  return { config, settings, parts, state, log, ...running };
}

type Bot = ReturnType<typeof createBot>;

/** After this time, sweeps begin without Slack; what they report waits in the state. */
const SLACK_LATE_MS = 2000;

/** Connects to Slack, and begins to sweep. */
async function startSlack(bot: Bot, schedule: Schedule): Promise<void> {
  const { config, slack, parts, scheduled, state } = bot;
  const starting = slack.start();
  await isLate(starting, SLACK_LATE_MS);
  scheduleSweeps(schedule, config.servers, parts, scheduled);
  schedule.every(FORGET_CRON, () => state.forget(parts.now()));
  await starting;
}

/** Ends a bot that still waits for Slack. */
async function stopWaiting(
  { slack, background, log }: Bot,
  schedule: Schedule,
  signal: NodeJS.Signals,
): Promise<void> {
  log.info('stopping before Slack is connected', { signal });
  await Promise.all([schedule.stop(), slack.stop()]);
  await background.settled();
}

/** Delivers posts and maintains flush requests until a signal. */
async function work(
  bot: Bot,
  schedule: Schedule,
  stopSignal: Promise<NodeJS.Signals>,
): Promise<void> {
  const { config, settings, parts, slack, outbox, background, log } = bot;
  const { mode } = settings.transport;
  outbox.start();
  const stopMaintaining = maintainFlushes(parts);
  void channelFaults(channelsOf(config), { ...settings, log }).then((faults) => {
    for (const fault of faults) log.error(fault);
  });
  log.info('ready', { mode, servers: config.servers.map(({ name }) => name) });
  process.stdout.write(`hostcache is ready: Slack in ${mode} mode.\n`);
  log.info('stopping', { signal: await stopSignal });
  await Promise.all([schedule.stop(), slack.stop(), stopMaintaining()]);
  await background.settled();
  await outbox.stop();
}

function channelsOf({ servers }: Config): readonly string[] {
  return [...new Set(servers.map(({ channel }) => channel ?? ''))];
}

/** Exits on an uncaught error, which leaves an unknown state. A supervisor restarts the bot. */
function endOnFaults(log: Log): void {
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => {
      log.error('uncaught error: the bot exits', { event, error });
      process.exit(3);
    });
  }
}

/**
 * Sweeps of many servers create many short-lived objects, and V8 would let its heap grow larger than
 * everything else. Collecting the young ones takes less time in one thread: to wake others takes
 * longer. `--optimize-for-size` would save 15 MB, and take 1.7 times the CPU time: with it, each
 * collection also drops the code that was optimized for objects of which none exists at the moment.
 * Only with very many servers: with few, each with a large host cache, a heap that was kept small had
 * twice the longest pauses (`npm run soak`).
 */
function keepHeapSmall(): void {
  setFlagsFromString('--heap-growing-percent=30');
  setFlagsFromString('--no-parallel-scavenge');
}

/** From before the state is opened, which may take long. */
function beatFor({ healthFile: file }: Config, log: Log): (() => Promise<void>) | null {
  return file === null ? null : keepBeating(createHeartbeat({ file, now: () => new Date(), log }));
}

/** Once a day, at a time when little else is due. */
const FORGET_CRON = '17 3 * * *';

/** Where metrics are served, and what they count; of a thousand servers, that takes 19 MB. */
function withMetrics(place: NonNullable<Config['metrics']>, servers: Config['servers']) {
  const metrics = createMetrics({ servers: servers.map(({ name }) => name) });
  const { swept, sweepFailed: failed, flushed } = metrics;
  return { place, metrics, counted: { swept, failed, flushed } };
}

function serveMetrics(
  { place, metrics }: NonNullable<Bot['served']>,
  { slack, outbox, state, stateWatch, log }: Bot,
): Promise<() => Promise<void>> {
  const faultOfSlack = async () => (slack.isConnected() ? null : 'Slack is not connected.');
  return startMetricsServer({
    ...place,
    metrics,
    checks: [
      { name: 'Slack', fault: faultOfSlack },
      { name: 'The state', fault: stateWatch.fault },
    ],
    beforeScrape: async () => {
      metrics.posts(outbox.counts());
      metrics.alertsOpen(await state.alerts.open());
    },
    log,
  });
}

/** Resolves with the first SIGTERM or SIGINT; a second one exits at once. */
function firstStopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.on(signal, () => process.exit(3));
      });
    }
  });
}
