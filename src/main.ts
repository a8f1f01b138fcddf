import { createSlack } from './adapters/slack/slack.ts';
import { createApp } from './app.ts';
import type { Log } from './chat/log.ts';
import type { Config } from './config.ts';
import { closeTargets, createTargets } from './targets.ts';

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
  const told = endOfProcess();
  const targets = createTargets(config.servers);
  const app = createApp({ targets, now: () => new Date(), log });
  const slack = createSlack({ config: config.slack, answer: app.run, now: () => new Date(), log });

  const outcome = await Promise.race([slack.start(), told]);
  if (outcome.kind === 'started') {
    const servers = config.servers.map(({ name }) => name);
    log.info('ready', { mode: config.slack.transport.mode, servers });
    process.stdout.write(`hostcache is ready: Slack in ${config.slack.transport.mode} mode.\n`);
    const { signal } = await told;
    log.info('stopping', { signal });
  }
  await slack.stop();
  await closeTargets(targets);
  return outcome.kind === 'refused' ? outcome.why : null;
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
