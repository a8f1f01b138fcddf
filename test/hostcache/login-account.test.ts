import { describe, expect, it } from 'vitest';
import { accountName } from '../../src/hostcache/account.ts';
import { isLoopback } from '../../src/hostcache/address.ts';
import {
  accountsIn,
  createLoginAccounts,
  type LoginAccount,
} from '../../src/hostcache/login-account.ts';
import { candidatesOf, chooseAccount } from '../../src/hostcache/matching.ts';
import { fc } from '../chance.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf } from '../scenarios/clients.ts';
import { accounts, address, rules, validName } from './arbitraries.ts';

/** The account of a login that the server's counters name by user and host. */

const MYSQL = { rules: 'mysql', skipNameResolve: false } as const;
const ADDRESSES = new Map([
  ['app7.example.com', [addressOf('192.0.2.7')]],
  ['shared.example.com', [addressOf('192.0.2.8'), addressOf('198.51.100.8')]],
]);
const addressesOf = (name: string) => ADDRESSES.get(name) ?? [];

function said(choice: LoginAccount): string {
  return [choice.kind, ...accountsIn(choice).map(accountName)].join(' ');
}

describe('the account', () => {
  it.each([
    { name: 'by address', hosts: ['%', '192.0.2.%'], at: '192.0.2.7', is: 'account 192.0.2.%' },
    {
      name: 'by name',
      hosts: ['%', '%.example.com'],
      at: 'a.example.com',
      is: 'account %.example.com',
    },
    {
      name: 'by the address of the name',
      hosts: ['192.0.2.7', '%.example.com'],
      at: 'APP7.example.com',
      is: 'account 192.0.2.7',
    },
    {
      name: 'by the name that two clients share',
      hosts: ['192.0.2.8', '%'],
      at: 'shared.example.com',
      is: 'one-of 192.0.2.8 %',
    },
    {
      name: 'by a name without an address',
      hosts: ['10.%', '%.example.com'],
      at: 'b.example.com',
      is: 'one-of %.example.com 10.%',
    },
    {
      name: 'by a name without an address, and no address could be better',
      hosts: ['10.%', 'b.example.com'],
      at: 'b.example.com',
      is: 'account b.example.com',
    },
    {
      name: 'of the socket or a loopback client',
      hosts: ['localhost', '%'],
      at: 'localhost',
      is: 'account localhost',
    },
    {
      name: 'of the socket, or not',
      hosts: ['127.0.0.1', '%'],
      at: 'localhost',
      is: 'one-of % 127.0.0.1',
    },
    { name: 'of nobody', hosts: ['10.%'], at: '192.0.2.7', is: 'none' },
    {
      name: 'that ties',
      hosts: ['192.0.2.%', '192.0.2._'],
      at: '192.0.2.7',
      is: 'one-of 192.0.2.% 192.0.2._',
    },
  ])('$name', ({ hosts, at, is }) => {
    const rows = hosts.map((host) => account('app', host));
    const choice = createLoginAccounts(rows, MYSQL, addressesOf).of('app', at);
    const named = is.split(' ').map((word, index) => (index === 0 ? word : `'app'@'${word}'`));
    expect(said(choice)).toBe(named.join(' '));
  });

  it('without names is of the socket, if the server says localhost', () => {
    const rows = [account('app', '127.0.0.1'), account('app', 'localhost')];
    const settings = { ...MYSQL, skipNameResolve: true };
    const logins = createLoginAccounts(rows, settings, addressesOf);
    expect(said(logins.of('app', 'localhost'))).toBe("account 'app'@'localhost'");
    expect(said(logins.of('app', '127.0.0.1'))).toBe("account 'app'@'127.0.0.1'");
  });
});

/** What a server of this login chooses, as the counters' words would have to say. */
const login = fc.record({
  list: accounts(),
  user: fc.constantFrom('u', 'v', '', 'ghost'),
  client: address.filter((each) => !isLoopback(each)),
  name: validName,
  order: rules,
});

describe('for every login', () => {
  it('with an address it is the choice of the server', () => {
    fc.assert(
      fc.property(login, ({ list, user, client, name, order }) => {
        const settings = { rules: order, skipNameResolve: false };
        const logins = createLoginAccounts(list, settings, () => [client]);
        for (const known of [null, name]) {
          const found = logins.of(user, known ?? client.text);
          const choice = chooseAccount(
            ...([candidatesOf(list, order), user] as const),
            { address: client, name: { known: true, name: known } },
            order,
          );
          const expected = choice.kind === 'account' ? [choice.account, ...choice.ties] : [];
          expect(accountsIn(found)).toEqual(expected);
          expect(found.kind).toBe(['none', 'account'][expected.length] ?? 'one-of');
        }
      }),
    );
  });

  it('without an address it never names an account that the server does not choose', () => {
    fc.assert(
      fc.property(login, ({ list, user, client, name, order }) => {
        const settings = { rules: order, skipNameResolve: false };
        const found = createLoginAccounts(list, settings, () => []).of(user, name);
        const choice = chooseAccount(
          ...([candidatesOf(list, order), user] as const),
          { address: client, name: { known: true, name } },
          order,
        );
        const chosen = choice.kind === 'account' ? [choice.account, ...choice.ties] : [];
        if (found.kind === 'one-of')
          expect(accountsIn(found)).toEqual(expect.arrayContaining(chosen));
        else expect(accountsIn(found)).toEqual(chosen);
      }),
    );
  });
});
