import { createUnreadable } from '../../src/chat/unreadable.ts';
import type { Target } from '../../src/diagnosis/gather.ts';
import type { FlushView } from '../../src/flush/flusher.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { account as createAccount } from '../scenarios/accounts.ts';
import { DB1 } from '../scenarios/flush-requests.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** A server in memory with one entry and one account, for journeys about Slack. */

export interface FakeWorld {
  /** The server answers nothing before it resolves. */
  readonly held?: Promise<unknown>;
  /** The cached name of 240.221.242.64; null = a permanent NULL. */
  readonly host?: string | null;
  /** The user part of the only account. */
  readonly user?: string;
  /** The name in its PTR record; null = there is none. */
  readonly ptr?: string | null;
}

const READ_AT = new Date('2026-11-20T09:02:11Z');

export function createTargetInMemory(world: FakeWorld = {}): FlushTarget {
  const { held, host = null, user = 'jdoe', ptr = null } = world;
  async function answer<T>(value: T): Promise<T> {
    await held;
    return value;
  }
  const entry: HostCacheEntry = {
    address: '240.221.242.64',
    host,
    validated: true,
    connectErrors: 0,
    counters: { COUNT_NAMEINFO_PERMANENT_ERRORS: 1, COUNT_HOST_ACL_ERRORS: 3 },
    firstSeenAt: READ_AT,
    lastSeenAt: READ_AT,
    firstErrorAt: READ_AT,
    lastErrorAt: READ_AT,
  };
  const account = createAccount(user, 'merp.example.com');
  const target: Target = {
    server: {
      name: 'main',
      settings: () => answer(MYSQL),
      entry: ({ text }) => answer(text === entry.address ? entry : null),
      entriesOf: (name) => answer(name === host ? [entry] : []),
      accounts: () =>
        answer({
          rows: [account],
          moreMatching: 0,
          moreNamed: 0,
        }),
      rejectedName: () => answer(null),
      allAccounts: untold,
      accountsMark: untold,
      entryCount: untold,
      activity: untold,
      failures: untold,
      logins: untold,
      cache: untold,
      countNamedAccounts: untold,
      close: async () => undefined,
    },
    resolver: {
      label: 'a fake DNS',
      reverse: () => answer(ptr === null ? { kind: 'nxdomain' } : { kind: 'found', values: [ptr] }),
      forward: () => answer({ kind: 'nxdomain' }),
    },
  };
  const view: FlushView = {
    identity: async () => DB1,
    cache: async () => null,
  };
  return { ...target, view, flusher: null, channel: 'C0DBA', approvers: [] };
}

/** Facts that these journeys do not need are gaps. */
async function untold(): Promise<never> {
  throw createUnreadable('main does not tell.');
}
