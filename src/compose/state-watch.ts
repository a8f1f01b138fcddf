import { bold, type Message, note, paragraph, text, time } from '../chat/message.ts';
import { createUnstored, type UnstoredParts } from '../outbox/unstored.ts';

/** Watches whether the state can be written, and says so in the log and in the channels. */

export interface StateWatchParts extends UnstoredParts {
  /** Why the state cannot be written, as a sentence; null = it can. Writes a row. */
  readonly writeFault: () => Promise<string | null>;
  /** The name of this machine: several replicas may each say it. */
  readonly host: string;
  /** A clock that only runs forward. */
  readonly steadyMs?: () => number;
}

export type StateWatch = ReturnType<typeof createStateWatch>;

/** However often probes ask, the state is written at most this often. */
const FRESH_MS = 2000;
/** A fault that one look alone sees is in the log only: another process may have held a lock. */
const LOOKS_ENOUGH = 2;

interface Trouble {
  readonly why: string;
  readonly sinceAt: Date;
  isTold: boolean;
}

export function createStateWatch(parts: StateWatchParts) {
  const { writeFault, now, log, host, steadyMs = () => performance.now() } = parts;
  const messages = createUnstored(parts);
  let last: { readonly fault: string | null; readonly atMs: number } | null = null;
  let asking: Promise<string | null> | null = null;
  let trouble: Trouble | null = null;
  /** Looks in a row that found the opposite of what was told. */
  let looks = 0;

  async function ask(): Promise<string | null> {
    try {
      const fault = await writeFault();
      last = { fault, atMs: steadyMs() };
      return fault;
    } finally {
      asking = null;
    }
  }

  async function fault(): Promise<string | null> {
    if (last !== null && steadyMs() - last.atMs < FRESH_MS) return last.fault;
    // A state that does not answer is asked once, not once per probe.
    asking ??= ask();
    return await asking;
  }

  function see(why: string | null): void {
    if (why !== null && trouble === null) {
      trouble = { why, sinceAt: now(), isTold: false };
      looks = 0;
      log.error('the state cannot be written', { why });
    }
    if (trouble === null) return;
    looks = (why === null) === trouble.isTold ? looks + 1 : 0;
    if (why !== null && !trouble.isTold && looks >= LOOKS_ENOUGH) {
      messages.begin(troubleMessage(host, { ...trouble, why }));
      trouble.isTold = true;
      looks = 0;
    } else if (why === null && (!trouble.isTold || looks >= LOOKS_ENOUGH)) {
      const { sinceAt } = trouble;
      log.info('the state can be written again', { sinceAt });
      if (trouble.isTold) messages.end(overMessage(host, sinceAt));
      trouble = null;
    }
  }

  return {
    /** The same as `writeFault`, as it was found at most two seconds ago. */
    fault,
    /** Looks once, and tells what is new. Never rejects. */
    look: async () => {
      try {
        see(await fault());
        await messages.send();
      } catch (error) {
        log.error('the state could not be checked', { error });
      }
    },
  };
}

function troubleMessage(host: string, { why, sinceAt }: Trouble): Message {
  const title = `Firing: hostcache cannot write its state on ${host}`;
  return {
    headline: `${title}. ${why}`,
    blocks: [
      { kind: 'heading', text: title, sign: 'firing' },
      note('since ', time(sinceAt)),
      paragraph(bold(why)),
      paragraph(
        'Until it can, this bot raises no alerts, posts nothing and stores no decision; questions are still answered. Afterwards it raises what is due.',
      ),
    ],
  };
}

function overMessage(host: string, sinceAt: Date): Message {
  const says = `Resolved: hostcache can write its state on ${host} again.`;
  const more = ' Alerts and messages go on from where they were.';
  return {
    headline: says,
    blocks: [{ kind: 'text', spans: text(says, ' It could not since ', time(sinceAt), '.', more) }],
  };
}
