import { isReply } from '../../src/chat/reply.ts';
import { known } from '../../src/diagnosis/evidence.ts';
import { dnsGiving } from '../../src/diagnosis/judge.ts';
import type { Account } from '../../src/hostcache/account.ts';
import { isLoopback } from '../../src/hostcache/address.ts';
import { keepsHostCache, type ServerSettings } from '../../src/hostcache/settings.ts';
import type { SeenLogin } from '../../src/plan/effects.ts';
import { type Plan, planOf, type Seen } from '../../src/plan/plan.ts';
import { readChange } from '../../src/plan/read-change.ts';
import { sqlOf } from '../../src/plan/statement.ts';
import { type KnownClient, readAccounts } from '../../src/plan/world.ts';
import { addressOf } from '../scenarios/clients.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** What a plan is made of, in few words. */

export interface SeenClient {
  /** `shop` or `shop,crm`; empty = the anonymous login. */
  readonly users: string;
  /** Its name in the cache; null = an entry without a name. */
  readonly name?: string | null;
  /** Its name in DNS; default the name in the cache. */
  readonly dns?: string | null;
  readonly errors?: number;
}

export interface PlanCase {
  readonly settings?: Partial<ServerSettings>;
  readonly accounts: readonly Account[];
  readonly clients: Readonly<Record<string, SeenClient>>;
}

export function seenOf({ settings: some, accounts, clients }: PlanCase): Seen {
  const settings = { ...MYSQL, ...some };
  const known_ = new Map<string, KnownClient>();
  const logins: SeenLogin[] = [];
  for (const [text, { users, name = null, dns = name, errors = 0 }] of Object.entries(clients)) {
    const address = addressOf(text);
    const hasEntry = keepsHostCache(settings) && !isLoopback(address);
    const entry = { host: name, validated: true, connectErrors: errors };
    known_.set(text, {
      address,
      entry: known(hasEntry ? entry : null),
      dns: { ...dnsGiving(dns), addresses: dns === null ? [] : [text] },
    });
    for (const user of users.split(',')) {
      const login = { user, client: { kind: 'address', address } } as const;
      logins.push({ login, seen: ['cache', 'accounts'], lastSeenAt: null });
    }
  }
  const readAt = new Date('2026-11-29T12:00:00Z');
  return {
    server: 'main',
    world: {
      settings,
      accounts: readAccounts(accounts),
      isOpen: false,
      clients: known_,
      isCacheEmptied: false,
      hasNewPasswords: false,
      dns: new Map(),
    },
    memory: 'counted',
    logins,
    since: settings.startedAt ?? readAt,
    readAt,
    gaps: [],
  };
}

/** The change as it is typed. */
export function planFor(change: string, world: PlanCase): Plan {
  const read = readChange(change);
  if (isReply(read)) throw new Error(`not a change: ${change}`);
  const plan = planOf(seenOf(world), read);
  if (typeof plan === 'string') throw new Error(plan);
  return plan;
}

/** Without the comments. */
export function statementsOf({ statements, world }: Plan): readonly string[] {
  return statements.map((each) => sqlOf(each, world).replace(/ -- .*/, ''));
}

/** `192.0.2.7 shop: keeps, then admitted`. */
export function effectsOf({ rows }: Plan): readonly string[] {
  return rows.map(({ login, effect, promised }) => {
    const client = login.client.kind === 'address' ? login.client.address.text : login.client.kind;
    return `${client} ${login.user}: ${effect}, then ${promised.outcome}`;
  });
}
