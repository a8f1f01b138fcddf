import { expect, it } from 'vitest';
import { searchAccounts } from '../../src/hostcache/account-search.ts';
import {
  candidatesOf,
  chooseAccount,
  matchesClient,
  openersOf,
  passesHostCheck,
} from '../../src/hostcache/matching.ts';
import { fc } from '../chance.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf } from '../scenarios/clients.ts';
import { accounts, address, nameOf, rules, validName } from './arbitraries.ts';

/** The search finds what all accounts together give, whatever their patterns. */

const login = fc.record({
  list: accounts(),
  client: address,
  name: fc.option(validName),
  order: rules,
});

it('finds every account that matches or opens the host check', () => {
  fc.assert(
    fc.property(login, ({ list, client, name, order }) => {
      const all = candidatesOf(list, order);
      const who = {
        address: client,
        name: { known: true, name: nameOf({ client, name }) },
      } as const;
      const found = searchAccounts(all)
        .patternsFor(who)
        .flatMap(({ byUser }) => [...byUser.values()]);
      const places = new Set(found.map(({ account: { user, host } }) => `${user}@${host}`));
      const openers = [...openersOf(all, who, order), ...openersOf(all, who, order, false)];
      const matching = all.filter((each) => matchesClient(each, who, order));
      for (const { user, host } of [...openers, ...matching.map((each) => each.account)]) {
        expect(places).toContain(`${user}@${host}`);
      }
      expect(passesHostCheck(found, who, order)).toBe(passesHostCheck(all, who, order));
      expect(kind(chooseAccount(found, 'u', who, order))).toEqual(
        kind(chooseAccount(all, 'u', who, order)),
      );
    }),
    { numRuns: 300 },
  );
});

/** The account and those that stand equal with it, in no order. */
function kind(choice: ReturnType<typeof chooseAccount>) {
  if (choice.kind !== 'account') return choice.kind;
  const all = [choice.account, ...choice.ties].map(({ user, host }) => `${user}@${host}`);
  return [...new Set(all)].sort();
}

it('without a known name, every account may match', () => {
  const all = candidatesOf([account('u', 'a.example.com'), account('u', '198.51.100.7')], 'mysql');
  const who = { address: addressOf('192.0.2.7'), name: { known: false } } as const;
  expect(searchAccounts(all).patternsFor(who)).toHaveLength(2);
});

it('looks at few of many accounts', () => {
  const list = Array.from({ length: 1_000 }, (_, at) =>
    account('u', at % 2 === 0 ? `10.0.${at >> 8}.${at & 255}` : `app${at}.example.com`),
  );
  const search = searchAccounts(candidatesOf(list, 'mysql'));
  const name = { known: true, name: 'app7.example.com' } as const;
  const patterns = search.patternsFor({ address: addressOf('10.0.0.4'), name });
  expect(patterns.map(({ pattern }) => pattern.text).sort()).toEqual([
    '10.0.0.4',
    'app7.example.com',
  ]);
});
