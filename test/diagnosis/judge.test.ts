import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { gather } from '../../src/diagnosis/gather.ts';
import { createJudge, judgeAll } from '../../src/diagnosis/judge.ts';
import type { Account } from '../../src/hostcache/account.ts';
import { indexAccounts } from '../../src/hostcache/account-index.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { releaseOf } from '../../src/hostcache/release.ts';
import { fc } from '../chance.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { accounts, host } from '../hostcache/arbitraries.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf, CLIENT, NAME, OLD_NAME } from '../scenarios/clients.ts';
import { entry, NULL_NO_PTR } from '../scenarios/entries.ts';
import { MARIADB, MYSQL, MYSQL_84 } from '../scenarios/servers.ts';

/** Many clients are judged as `why` would judge each of them. */

const NOON = new Date('2026-11-20T12:00:00Z');

function targetOf(server: FakeServer, dns: FakeDns) {
  return { server: createFakeServer(server), resolver: createFakeResolver(dns) };
}

/** `isCut`: it has too many accounts to read them all. */
async function judged(
  world: FakeServer,
  dns: FakeDns,
  entries: readonly HostCacheEntry[],
  isCut = false,
) {
  const { server, resolver } = targetOf(world, dns);
  const allAccounts = async () => ({ rows: [], more: 1 });
  const target = { server: isCut ? { ...server, allAccounts } : server, resolver };
  return await judgeAll(await createJudge(target, NOON), entries, 1000);
}

const NAMES = [NAME, OLD_NAME, 'ab', 'my_host.example.com', `${'long.'.repeat(15)}example.com`];
const name = fc.constantFrom(...NAMES);

const worlds = fc.record({
  settings: fc.constantFrom(MYSQL, MYSQL_84, MARIADB),
  accounts: accounts(fc.oneof(host, name, fc.constantFrom('%.example.com', '192.0.2.%'))),
  client: fc.constantFrom('192.0.2.7', '2001:db8::7'),
  connectErrors: fc.constantFrom(0, 100),
  cached: fc.option(name),
  isValidated: fc.boolean(),
  today: fc.option(name),
});

it.each([
  { name: 'all at once', isCut: false },
  { name: 'of each client', isCut: true },
])('as why does, from the accounts $name', ({ isCut }) =>
  fc.assert(
    fc.asyncProperty(worlds, async ({ client, cached, isValidated, today, ...world }) => {
      const { settings, connectErrors } = world;
      const named = { host: isValidated ? cached : null, validated: isValidated };
      const entries = [entry({ ...named, address: client, connectErrors })];
      const server = { settings, accounts: world.accounts, entries };
      const dns = today === null ? {} : agreeing(client, today);
      const subject = { client: addressOf(client), user: null, readAt: NOON };
      const { forecast } = diagnose(await gather(targetOf(server, dns), subject));
      const { needsNames } = indexAccounts(world.accounts, releaseOf(settings).rules);
      // A name that only the database host knows does not matter if no account is for a name.
      if (!needsNames && forecast.effect === 'unknown') return;
      const result = (await judged(server, dns, entries, isCut)).get(client);
      expect(result?.effect ?? 'unknown').toBe(forecast.effect);
    }),
    { numRuns: 2000 },
  ),
);

describe('who is kept out', () => {
  const LOCKED = { locked: true };
  it.each<{ name: string; accounts: readonly Account[]; keepsOut: readonly string[] | null }>([
    { name: 'everybody', accounts: [account('jdoe', NAME)], keepsOut: [] },
    {
      name: 'the user of the lost account',
      accounts: [account('jdoe', NAME), account('app', '%')],
      keepsOut: ['jdoe'],
    },
    {
      name: 'one user, while another gains an account',
      accounts: [account('jdoe', NAME), account('web', OLD_NAME), account('app', '%')],
      keepsOut: ['jdoe'],
    },
    {
      name: 'nobody: the user has another account',
      accounts: [account('jdoe', NAME), account('jdoe', '%')],
      keepsOut: null,
    },
    {
      name: 'nobody: the lost account is locked',
      accounts: [account('jdoe', NAME, LOCKED), account('app', '%')],
      keepsOut: null,
    },
  ])('$name', async ({ accounts: rows, keepsOut }) => {
    const dns = agreeing(CLIENT.text, OLD_NAME);
    const entries = [entry()];
    expect(
      (await judged({ accounts: rows, entries }, dns, entries)).get(CLIENT.text),
    ).toMatchObject({ keepsOut });
  });
});

it('judges none if the accounts cannot be read', async () => {
  const target = targetOf({ unreadable: { allAccounts: 'no SELECT' } }, {});
  const judge = await createJudge(target, NOON);
  expect(judge.why).toBe('no SELECT');
  expect(await judgeAll(judge, [entry()], 1000)).toEqual(new Map());
});

it('has no result for a client whose DNS is slower than the limit', async () => {
  const target = targetOf({ accounts: [account('jdoe', NAME)] }, {});
  const slow = {
    ...target.resolver,
    reverse: (address: typeof CLIENT) =>
      address.text === CLIENT.text
        ? new Promise<never>(() => {})
        : target.resolver.reverse(address),
  };
  const other = { ...NULL_NO_PTR, address: '192.0.2.8' };
  const judge = await createJudge({ ...target, resolver: slow }, NOON);
  const found = await judgeAll(judge, [entry(), other], 20);
  expect([...found.keys()]).toEqual(['192.0.2.8']);
});

it('does not ask DNS if no account is for a name', async () => {
  const target = targetOf({ accounts: [account('app', '%'), account('app', '192.0.2.7')] }, {});
  const resolver = { ...target.resolver, reverse: () => Promise.reject(new Error('asked')) };
  const judge = await createJudge({ ...target, resolver }, NOON);
  const found = await judgeAll(judge, [entry({ connectErrors: 100 })], 1000);
  expect(found.get(CLIENT.text)?.effect).toBe('unblocks');
});
