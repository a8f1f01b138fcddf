import { createFlusher } from '../adapters/mysql/flusher.ts';
import type { State } from '../adapters/store/store.ts';
import type { Log } from '../chat/log.ts';
import type { RootMessage } from '../chat/outbox-store.ts';
import type { People } from '../chat/people.ts';
import type { Config } from '../config/config.ts';
import type { FlushCommandParts } from '../flush/command-parts.ts';
import type { FlushParts } from '../flush/flush.ts';
import { keep } from '../flush/keeper.ts';
import { HOLDER } from './sweeps.ts';
import type { FlushableTarget } from './targets.ts';

/** Flush requests joined to their servers, state and people. */

export interface FlushComposition {
  readonly config: Pick<Config, 'servers' | 'flushRequestTtlMs'>;
  readonly targets: readonly FlushableTarget[];
  readonly state: Pick<State, 'flushes' | 'leases' | 'outbox'>;
  /** null: a terminal, where nobody decides. */
  readonly people: People | null;
  /** The address of a message; left out in a terminal. */
  readonly permalink?: (message: RootMessage) => Promise<string | null>;
  readonly log: Log;
  readonly now: () => Date;
  readonly wake: () => void;
  readonly flushed?: NonNullable<FlushParts['flushed']>;
}

/** What is carried out beside the answers; a stop waits for it. */
export interface Background {
  readonly add: (work: Promise<void>) => void;
  readonly settled: () => Promise<void>;
}

export function joinFlushes(parts: FlushComposition, background: Background): FlushCommandParts {
  const { config, targets, state, people, permalink, log, now, wake, flushed } = parts;
  const servers = targets.flatMap((target) => {
    const server = config.servers.find(({ name }) => name === target.server.name);
    if (server === undefined) return [];
    const { name, login: readLogin, flushLogin: login, channel, approvers } = server;
    const flusher = login === null ? null : createFlusher({ name, login, readLogin });
    return [{ target, view: target.view, flusher, channel: channel ?? '', approvers }];
  });
  return {
    servers,
    store: state.flushes,
    leases: state.leases,
    log,
    now,
    holder: HOLDER,
    requestTtlMs: config.flushRequestTtlMs,
    wake,
    ...(flushed === undefined ? {} : { flushed }),
    membersOf: (ids) => membersOf(ids, people),
    cardOf: (id) => state.outbox.rootOf(id),
    linkTo: async (id) => {
      const card = await state.outbox.rootOf(id);
      return card === null || permalink === undefined ? null : await permalink(card);
    },
    inBackground: background.add,
  };
}

export function createBackground(log: Log): Background {
  const running = new Set<Promise<void>>();
  return {
    add: (work) => {
      const done = work
        .catch((error: unknown) => log.error('what went on in the background broke off', { error }))
        .finally(() => running.delete(done));
      running.add(done);
    },
    settled: async () => void (await Promise.all([...running])),
  };
}

const KEEP_MS = 5_000;

/** Looks after open requests every few seconds; returns what ends that. */
export function keepFlushes(parts: FlushCommandParts): () => Promise<void> {
  let round: Promise<void> | null = null;
  const look = () => {
    // A round that a server holds up is not followed by those that it made late.
    round ??= keep(parts)
      .catch((error: unknown) => {
        parts.log.error('open flush requests could not be looked after', { error });
      })
      .finally(() => {
        round = null;
      });
  };
  look();
  const timer = setInterval(look, KEEP_MS);
  return async () => {
    clearInterval(timer);
    await round;
  };
}

/** People by id, and the members of groups; null where a group cannot be read, which means nobody. */
async function membersOf(
  ids: readonly string[],
  people: People | null,
): Promise<readonly string[] | null> {
  if (people === null) return null;
  const members: string[] = [];
  for (const id of ids) {
    if (!id.startsWith('S')) {
      members.push(id);
      continue;
    }
    const told = await people.members(id);
    if (!told.known) return null;
    members.push(...told.value);
  }
  return members;
}
