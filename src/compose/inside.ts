import { randomUUID } from 'node:crypto';
import type { State } from '../adapters/store/store.ts';
import type { AppParts } from '../app.ts';
import { targetNamed } from '../chat/on-servers.ts';
import { isAmong, isSamePerson, type People, type Told } from '../chat/people.ts';
import { pastFlushes } from '../flush/history.ts';
import { createOutsideFlush } from '../flush/outside-flush.ts';
import type { FlushTarget } from '../flush/parts.ts';
import type { RootMessage } from '../outbox/store.ts';
import { createEarlierLogins } from '../sweep/earlier-logins.ts';
import { readExamples } from '../sweep/examples.ts';
import { createCharting } from './charting.ts';
import { createRemembering } from './remembering.ts';

/** Composes what the features work with; the same for the bot, a terminal and the tests. */

/** With more servers than this, connections are not kept open. */
export const CONNECTIONS_KEPT = 50;

/** Identifies this process among those that share the state; new at each start. */
export const HOLDER = randomUUID();

/** What the bot, a terminal or a test hands in. A terminal leaves out what only the bot has. */
export interface Outside
  extends Pick<AppParts, 'targets' | 'log' | 'now'>,
    Partial<Omit<AppParts, 'targets' | 'log' | 'now'>> {
  /** null: not opened, so only subcommands that do not declare it may run. */
  readonly state: State | null;
  readonly people?: Pick<People, 'members' | 'idsOf'>;
  readonly permalink?: (message: RootMessage) => Promise<Permalink>;
}

/** Where a message can be read. */
export interface Permalink {
  /** null = unknown. */
  readonly url: string | null;
  /** Somebody has deleted the message. */
  readonly isDeleted: boolean;
}

export function composeInside({ state, people, permalink, ...outside }: Outside): AppParts {
  const { targets } = outside;
  const names = targets.map(({ server }) => server.name);
  return {
    checks: [],
    nullHostAlerts: 'matter',
    requestTtlMs: 0,
    keepsConnections: targets.length <= CONNECTIONS_KEPT,
    holder: HOLDER,
    wake: () => undefined,
    nextSweepAt: () => undefined,
    flushing: (name) => sayFlushing(targetNamed(name, { targets })),
    membersOf: async (ids) => (people === undefined ? null : await membersOf(ids, people)),
    isSamePerson: async (one, other) =>
      people === undefined ? null : unlessUnknown(await isSamePerson(one, other, people)),
    isAmong: async (user, ids) =>
      people === undefined ? null : unlessUnknown(await isAmong(user, ids, people)),
    inBackground: () => undefined,
    examples: async () =>
      state === null
        ? { servers: names, client: null }
        : await readExamples({ targets, alerts: state.alerts }),
    start: () => Promise.reject(new Error('only a terminal starts the bot')),
    serveMcp: () => Promise.reject(new Error('only a terminal serves assistants')),
    ...remembered(state, permalink, outside.log),
    ...outside,
  };
}

type Remembered = Pick<
  AppParts,
  | 'flushesOf'
  | 'alerts'
  | 'silences'
  | 'sweeps'
  | 'access'
  | 'plans'
  | 'leases'
  | 'flushes'
  | 'emptied'
  | 'remember'
  | 'chartOf'
  | 'earlierLogins'
  | 'cardOf'
  | 'linkTo'
  | 'isDeleted'
  | 'postState'
>;

function remembered(
  state: State | null,
  permalink: Outside['permalink'],
  log: Outside['log'],
): Remembered {
  // Only subcommands that do not declare the state run without it: test/compose/needs.test.ts runs
  // each.
  if (state === null) return {} as Remembered;
  const { access, plans, alerts, silences, sweeps, leases, flushes, outbox } = state;
  const cardOf = (id: string) => outbox.rootOf(id);
  const find = async (id: string): Promise<Permalink> => {
    const root = await cardOf(id);
    const isKnown = root !== null && permalink !== undefined;
    return isKnown ? await permalink(root) : { url: null, isDeleted: false };
  };
  return {
    ...{ access, plans, alerts, silences, sweeps, leases, flushes, cardOf },
    flushesOf: async (server) => await pastFlushes(flushes, server),
    emptied: createOutsideFlush(flushes),
    remember: createRemembering({ access, flushes, log }),
    chartOf: createCharting({ access, log }),
    earlierLogins: createEarlierLogins((server) => access.reading(server)),
    postState: (id) => outbox.stateOf(id),
    linkTo: async (id) => (await find(id)).url,
    isDeleted: async (id) => (await find(id)).isDeleted,
  };
}

function sayFlushing(target: FlushTarget | undefined): string {
  if (target === undefined || target.flusher === null) return 'off';
  return target.approvers.length === 0 ? 'nobody may approve' : 'on';
}

/** null = not known. */
function unlessUnknown<T>(told: Told<T>): T | null {
  return told.known ? told.value : null;
}

/** The ids of people and of group members. null = a group cannot be read, so nobody may approve. */
async function membersOf(
  ids: readonly string[],
  people: Pick<People, 'members'>,
): Promise<readonly string[] | null> {
  const read = await Promise.all(
    ids.map((id) =>
      id.startsWith('S') ? people.members(id) : { known: true as const, value: [id] },
    ),
  );
  return read.every((each) => each.known) ? read.flatMap(({ value }) => [...value]) : null;
}
