import { expect, it } from 'vitest';
import { csv } from '../../src/chat/csv.ts';
import { refusedSince } from '../../src/flush/refused-since.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { account, JDOE } from '../scenarios/accounts.ts';
import { CLIENT, NAME, OLD_NAME } from '../scenarios/clients.ts';
import { broken, entry, NULL_NO_PTR, PTR_FAILS } from '../scenarios/entries.ts';

/** Whom a follow-up names: clients with a name before the flush, and another or none since. */

const NOON = new Date('2026-11-20T12:00:00Z');

/** The cache as a flush saves it. */
function savedOf(...entries: readonly HostCacheEntry[]): string {
  const head = ['IP', 'HOST', 'HOST_VALIDATED', 'SUM_CONNECT_ERRORS', 'COUNT_HOST_ACL_ERRORS'];
  const rows = entries.map(({ address, host, validated, connectErrors, counters }) => [
    address,
    host,
    validated ? 'YES' : 'NO',
    connectErrors,
    counters['COUNT_HOST_ACL_ERRORS'] ?? 0,
  ]);
  return csv([head, ...rows]);
}

interface Case {
  readonly name: string;
  readonly before?: HostCacheEntry;
  readonly now?: HostCacheEntry;
  readonly server?: FakeServer;
  readonly dns?: FakeDns;
  readonly expected?: readonly string[];
  readonly says: string | null;
}

const EXPECTED = [CLIENT.text];
const WAS_REFUSED = '1 client was admitted before and refused since: 192.0.2.7';

it.each<Case>([
  {
    name: 'it came back without a name, and was refused',
    now: NULL_NO_PTR,
    says: `${WAS_REFUSED} (1130, 3 times)`,
  },
  { name: 'DNS fails for it', now: PTR_FAILS, says: WAS_REFUSED },
  { name: 'it came back with another name', now: entry({ host: OLD_NAME }), says: WAS_REFUSED },
  {
    name: 'one user of it has no account any more',
    now: { ...NULL_NO_PTR, counters: {} },
    server: { accounts: [JDOE, account('app', '%')] },
    says: `${WAS_REFUSED} (as jdoe)`,
  },
  {
    name: 'it was refused, whatever the tables say',
    now: entry({ host: OLD_NAME, counters: { COUNT_HOST_ACL_ERRORS: 1 } }),
    server: { accounts: [account('app', '%')] },
    says: `${WAS_REFUSED} (1130, once)`,
  },
  { name: 'it came back with its name', now: entry(), says: null },
  {
    name: 'it came back under another name that is let in',
    now: entry({ host: OLD_NAME }),
    server: { accounts: [JDOE, account('jdoe', OLD_NAME)] },
    says: null,
  },
  { name: 'it had no name before', before: NULL_NO_PTR, now: NULL_NO_PTR, says: null },
  { name: 'it was blocked before', before: broken(100), now: NULL_NO_PTR, says: null },
  {
    name: 'no account let it in before',
    before: entry({ host: 'x.example.com', counters: { COUNT_HOST_ACL_ERRORS: 9 } }),
    now: NULL_NO_PTR,
    server: { accounts: [account('app', '10.%')] },
    says: null,
  },
  { name: 'it has not come back, and nobody expected that it is refused', says: null },
  {
    name: 'it has not come back, and DNS gives no name',
    expected: EXPECTED,
    says: '1 client is not back yet and would be refused: 192.0.2.7',
  },
  {
    name: 'it has not come back, and DNS has been fixed',
    expected: EXPECTED,
    dns: agreeing(CLIENT.text, NAME),
    says: null,
  },
  {
    name: 'nobody can tell',
    now: { ...NULL_NO_PTR, counters: {} },
    server: { unreadable: { allAccounts: 'no SELECT' } },
    says: 'it is not known whether 1 client with another name can log in',
  },
])('$name: $says', async ({ before = entry(), now, server, dns, expected = [], says }) => {
  const entries = now === undefined ? [] : [now];
  const target = {
    server: createFakeServer({ accounts: [JDOE], entries, ...server }),
    resolver: createFakeResolver(dns),
  };
  expect(await refusedSince(savedOf(before), new Set(expected), target, NOON)).toBe(says);
});

it('many are counted', async () => {
  const address = (at: number) => `192.0.2.${at}`;
  const saved = Array.from({ length: 12 }, (_, at) => entry({ address: address(at) }));
  const entries = saved.map((each) => ({ ...NULL_NO_PTR, address: each.address, counters: {} }));
  const server = createFakeServer({ accounts: [JDOE], entries });
  const target = { server, resolver: createFakeResolver() };
  expect(await refusedSince(savedOf(...saved), new Set(), target, NOON)).toMatch(
    /^12 clients were admitted before and refused since: 192\.0\.2\.0, .* and 2 more$/,
  );
});
