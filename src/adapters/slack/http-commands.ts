import type { App } from '@slack/bolt';
import type { Log } from '../../chat/log.ts';
import { createAnswering } from './answering.ts';
import { COMMAND } from './listeners.ts';

/**
 * Slash commands that are already acknowledged, always with nothing: Bolt reads each in its turn,
 * because reading it costs more than acknowledging it, and Slack waits only for the latter.
 */
export function createCommands(log: Log) {
  const { heard, inTurn } = createAnswering();
  const waiting = new Set<Promise<void>>();
  let app: App | null = null;
  const handOver = async (body: object) => {
    const handled = app?.processEvent({ body: { ...body }, ack: async () => undefined });
    handled?.catch((error: unknown) => log.error('a command failed', { error }));
  };
  return {
    init: (bolt: App) => {
      app = bolt;
    },
    add: (body: object) => {
      heard();
      const handed = inTurn(() => handOver(body)).finally(() => waiting.delete(handed));
      waiting.add(handed);
    },
    /** Resolves when Bolt has read them all. */
    settled: () => Promise.all(waiting),
  };
}

/** Slack also asks with `ssl_check` at the address of a command. */
export function isCommand(body: object | null): body is object {
  return body !== null && 'command' in body && body.command === COMMAND && !('ssl_check' in body);
}
