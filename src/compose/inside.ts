import { randomUUID } from 'node:crypto';
import type { State } from '../adapters/store/store.ts';
import type { AppParts } from '../app.ts';
import { targetNamed } from '../chat/on-servers.ts';
import type { People } from '../chat/people.ts';
import { createOutsideFlush } from '../flush/outside-flush.ts';
import type { FlushTarget } from '../flush/parts.ts';
import type { RootMessage } from '../outbox/store.ts';
import { readExamples } from '../sweep/examples.ts';

/** What the features work with, made of what is outside: for the bot, a terminal and the tests alike. */

/** More servers than these are not all kept connected. */
const CONNECTIONS_KEPT = 50;

/** This process among those that share the state: a new name at each start. */
export const HOLDER = randomUUID();

/** What only the bot has is left out in a terminal. */
export interface Outside
  extends Pick<AppParts, 'targets' | 'log' | 'now'>,
    Partial<Omit<AppParts, 'targets' | 'log' | 'now'>> {
  /** null: not opened, so no subcommand runs that declares it. */
  readonly state: State | null;
  readonly people?: Pick<People, 'members'>;
  /** The address of a message. */
  readonly permalink?: (message: RootMessage) => Promise<string | null>;
}

export function composeInside({ state, people, permalink, ...outside }: Outside): AppParts {
  const { targets } = outside;
  const names = targets.map(({ server }) => server.name);
  return {
    checks: [],
    nullHostAlerts: 'all',
    requestTtlMs: 0,
    keepsConnections: targets.length <= CONNECTIONS_KEPT,
    holder: HOLDER,
    wake: () => undefined,
    nextSweepAt: () => null,
    flushing: (name) => sayFlushing(targetNamed(name, { targets })),
    membersOf: async (ids) => (people === undefined ? null : await membersOf(ids, people)),
    inBackground: () => undefined,
    examples: async () =>
      state === null
        ? { servers: names, client: null }
        : await readExamples({ targets, alerts: state.alerts }),
    start: () => Promise.reject(new Error('only a terminal starts the bot')),
    ...remembered(state, permalink),
    ...outside,
  };
}

type Remembered = Pick<
  AppParts,
  'alerts' | 'silences' | 'sweeps' | 'leases' | 'flushes' | 'emptied' | 'cardOf' | 'linkTo'
>;

function remembered(state: State | null, permalink: Outside['permalink']): Remembered {
  // Without a state no subcommand runs that declares it: test/compose/needs.test.ts runs the others without one.
  if (state === null) return {} as Remembered;
  const { alerts, silences, sweeps, leases, flushes, outbox } = state;
  const cardOf = (id: string) => outbox.rootOf(id);
  return {
    ...{ alerts, silences, sweeps, leases, flushes, cardOf },
    emptied: createOutsideFlush(flushes),
    linkTo: async (id) => {
      const root = await cardOf(id);
      return root === null || permalink === undefined ? null : await permalink(root);
    },
  };
}

function sayFlushing(target: FlushTarget | undefined): string {
  if (target === undefined || target.flusher === null) return 'off';
  return target.approvers.length === 0 ? 'nobody may approve' : 'on';
}

/** People by id, and the members of groups; null where a group cannot be read, which means nobody. */
async function membersOf(
  ids: readonly string[],
  people: Pick<People, 'members'>,
): Promise<readonly string[] | null> {
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
