import { listed, times, utc } from '../../chat/lists.ts';
import { remediesOf, sayError, sayUser } from '../../diagnosis/login-errors.ts';
import {
  FAILING_MINUTES,
  FAILING_TIMES,
  failingHosts,
  failingTime,
} from '../../hostcache/failing.ts';
import type { LoginFailure } from '../../hostcache/failures.ts';
import type { NamedEntry } from '../../hostcache/server.ts';
import type { ServerLook } from '../look.ts';
import { type AlertHost, type AlertRule, ofHosts } from './rule.ts';

/** Rules about who fails to log in, by the server's own record of logins. */

const LOGINS_SHOWN = 3;

export const failingLogins = {
  id: 'failing-logins',
  title: { one: 'client that fails to log in', many: 'clients that fail to log in' },
  meaning: `A client, or a login name over all clients, failed ${FAILING_TIMES} times or more in ${FAILING_MINUTES} minutes. The table says which login name fails with which error.`,
  remedy:
    'Run why for one of them: it says who logs in well from the same address. A flush does not help.',
  isReworded: true,
  isCharted: true,
  outlivesCache: true,
  note: (_, hosts) => remediesOf([...new Set(hosts.flatMap(({ errors = [] }) => errors))]),
  observe: (look, { loginsBefore = null, failing = [] }) => {
    if (!look.logins.known) return null;
    const { readAt } = look.logins.value;
    const time = failingTime(loginsBefore, look.logins.value);
    if (time === null) return null;
    const addressOf = addressesBy(look, failing);
    const known = new Set(failing.map(({ address }) => address));
    const found = failingHosts(time, readAt, (host) => known.has(addressOf(host).address));
    const hosts = merged(found.map(({ host, rows }) => ({ ...addressOf(host), rows })));
    const present = new Set(hosts.map(({ address }) => address));
    // In a shorter time, no failure proves nothing.
    const kept = time.isWhole ? [] : failing.filter(({ address }) => !present.has(address));
    return ofHosts([...hosts, ...kept]);
  },
  proof: () => `no login from it failed for ${FAILING_MINUTES} minutes`,
} as const satisfies AlertRule;

type Client = Pick<AlertHost, 'address' | 'name'>;

/** A name that the cache has for one address alone stands for that address; so does one of the open alert. */
function addressesBy(
  { cache }: ServerLook,
  failing: readonly AlertHost[],
): (host: string) => Client {
  const clients = new Map<string, Client | null>();
  for (const { address, name } of failing) {
    if (name !== null) clients.set(name.toLowerCase(), { address, name });
  }
  let cached: ReturnType<typeof clientsByName> | null = null;
  return (host) => {
    // In most sweeps nobody fails, and indexing a large cache takes long.
    cached ??= clientsByName(cache.known ? cache.value.named : []);
    const key = host.toLowerCase();
    return cached.get(key) ?? clients.get(key) ?? { address: host, name: null };
  };
}

/** By name in lower case; null = several addresses have it. */
function clientsByName(named: readonly NamedEntry[]): ReadonlyMap<string, Client | null> {
  const clients = new Map<string, Client | null>();
  for (const { address, host } of named) {
    const key = host.toLowerCase();
    clients.set(key, clients.has(key) ? null : { address, name: host });
  }
  return clients;
}

/** One host for each address: the server may know it by its name and by its address. */
function merged(
  clients: readonly (Client & { readonly rows: readonly LoginFailure[] })[],
): readonly AlertHost[] {
  const byAddress = new Map<string, Client & { readonly rows: readonly LoginFailure[] }>();
  for (const client of clients) {
    const other = byAddress.get(client.address);
    const rows = [...(other?.rows ?? []), ...client.rows];
    byAddress.set(client.address, { ...client, name: client.name ?? other?.name ?? null, rows });
  }
  return Array.from(byAddress.values(), ({ rows, ...client }) => ({
    ...client,
    says: sayRows(rows),
    sinceAt: earliest(rows),
    errors: [...new Set(rows.map(({ error }) => error))],
  }));
}

/** `billing: access denied (1045) 212 times; since …`; the most frequent first. */
function sayRows(rows: readonly LoginFailure[]): string {
  const said = rows
    .toSorted((a, b) => b.count - a.count)
    .map(({ user, error, count }) => `${sayUser(user)}: ${sayError(error)} ${times(count)}`);
  const firstAt = earliest(rows);
  const since = firstAt === null ? '' : `, since ${utc(firstAt)}`;
  return `${listed(said, LOGINS_SHOWN)}${since}`;
}

function earliest(rows: readonly LoginFailure[]): Date | null {
  const times = rows.flatMap(({ firstAt }) => firstAt ?? []);
  return times.sort((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
