import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/hostcache/account.ts';
import type { Rules } from '../../src/hostcache/host-pattern.ts';
import { account } from '../scenarios/accounts.ts';
import type { Caller } from './host-patterns.ts';
import { logIn } from './login.ts';

/** Which of two accounts a server chooses: pairs of patterns, on both flavours. */

const CORP = 'appsrv01.corp.example.com';
const APPSRV: Caller = { address: '240.221.242.64', name: CORP };
const V6HOST: Caller = { address: '2001:db8::5', name: 'v6host.corp.example.com' };
const NAMELESS: Caller = { address: '10.1.2.3', name: null };
const LOCAL: Caller = { address: '127.0.0.1', name: 'localhost' };
const LOCAL_V6: Caller = { address: '::1', name: 'localhost' };

/** Host patterns of the same user. */
type Pair =
  | { readonly from: Caller; readonly first: string; readonly second: string }
  | { readonly from: Caller; readonly tied: readonly [string, string] };

const MYSQL: readonly Pair[] = [
  { from: APPSRV, first: '240.221.242.64', second: '240.221.242.0/24' },
  { from: APPSRV, first: '240.221.242.0/24', second: '240.221.242.64/255.255.255.255' },
  { from: APPSRV, first: '240.0.0.0/4', second: '240.221.242.0/255.255.255.0' },
  { from: APPSRV, first: '240.221.242.0/24', second: '240.221.0.0/16' },
  { from: APPSRV, first: '240.221.242.0/24', second: 'appsrv01.corp.example.com' },
  { from: APPSRV, first: '240.0.0.0/4', second: 'appsrv01.corp.example.com' },
  { from: APPSRV, first: 'appsrv01.corp.example.com', second: '240.221.242.%' },
  { from: APPSRV, first: 'appsrv01.corp.example.com', second: '%.corp.example.com' },
  { from: APPSRV, tied: ['%.corp.example.com', '%.example.com'] },
  { from: APPSRV, first: 'appsrv%', second: '%.corp.example.com' },
  { from: APPSRV, first: '240.221.242.%', second: '240.221.%' },
  { from: APPSRV, first: 'appsrv01%', second: '240.%' },
  { from: APPSRV, first: '%%', second: '%' },
  { from: APPSRV, first: '_%', second: '%' },
  { from: APPSRV, first: '%', second: '' },
  { from: APPSRV, first: '240.221.242.6_', second: '240.221.242.0/24' },
  { from: APPSRV, first: '240.221.242.64', second: '240.221.242.6%' },
  { from: APPSRV, first: '240.0.0.0/4', second: '240.221.242.%' },
  { from: LOCAL, first: '127.0.0.1', second: 'localhost' },
  { from: LOCAL, first: '127.0.0.0/8', second: 'localhost' },
  { from: LOCAL, first: 'localhost', second: '%' },
  { from: LOCAL, first: '127.0.0.%', second: 'local%' },
  { from: LOCAL_V6, tied: ['::1', 'localhost'] },
  { from: V6HOST, tied: ['2001:db8::5', 'v6host.corp.example.com'] },
  { from: V6HOST, first: 'v6host.corp.example.com', second: '2001:db8::%' },
  { from: V6HOST, first: '2001:db8::%', second: '%.corp.example.com' },
  { from: NAMELESS, first: '0.0.0.0/1', second: '%' },
  { from: NAMELESS, tied: ['10.1.2._', '10.1.2.%'] },
  { from: NAMELESS, tied: ['10.1._.3', '10.1.%'] },
];

const MARIADB: readonly Pair[] = [
  { from: APPSRV, first: '240.221.242.64', second: '240.221.242.0/255.255.255.0' },
  { from: APPSRV, first: 'appsrv01.corp.example.com', second: '240.0.0.0/240.0.0.0' },
  { from: APPSRV, first: 'appsrv01.corp.example.com', second: '240.221.242.64' },
  { from: APPSRV, first: '%.corp.example.com', second: '%.example.com' },
  { from: APPSRV, first: 'appsrv%', second: '%' },
  { from: APPSRV, first: '%.corp.example.com', second: 'appsrv%' },
  { from: APPSRV, first: 'appsrv01%', second: '240.%' },
  { from: LOCAL, first: 'localhost', second: '127.0.0.1' },
  { from: LOCAL, first: 'localhost', second: '127.0.0.0/255.0.0.0' },
  { from: LOCAL_V6, first: 'localhost', second: '::1' },
  { from: V6HOST, first: 'v6host.corp.example.com', second: '2001:db8::5' },
  { from: NAMELESS, first: '10.1.2._', second: '10.1.2.%' },
  { from: NAMELESS, first: '__.1.2.3', second: '10.1.2.%' },
];

interface AnonymousPair {
  readonly from: Caller;
  readonly anonymous: string;
  readonly named: string;
  readonly winner: 'anonymous' | 'named';
}

const MYSQL_ANONYMOUS: readonly AnonymousPair[] = [
  { from: APPSRV, anonymous: '240.221.242.64', named: CORP, winner: 'anonymous' },
  { from: APPSRV, anonymous: '240.221.242.64', named: '240.221.242.64', winner: 'named' },
  { from: APPSRV, anonymous: '240.0.0.0/4', named: CORP, winner: 'anonymous' },
  { from: APPSRV, anonymous: CORP, named: '%.corp.example.com', winner: 'anonymous' },
  { from: APPSRV, anonymous: CORP, named: CORP, winner: 'named' },
  { from: LOCAL, anonymous: 'localhost', named: '%', winner: 'anonymous' },
  { from: APPSRV, anonymous: '%', named: '%', winner: 'named' },
  { from: APPSRV, anonymous: '%.corp.example.com', named: '%.corp.example.com', winner: 'named' },
  { from: APPSRV, anonymous: '240.221.242.%', named: '240.221.%', winner: 'anonymous' },
  { from: APPSRV, anonymous: '240.221.242.0/24', named: '240.221.0.0/16', winner: 'anonymous' },
];

const MARIADB_ANONYMOUS: readonly AnonymousPair[] = [
  { from: APPSRV, anonymous: '240.221.242.64', named: CORP, winner: 'named' },
  { from: APPSRV, anonymous: CORP, named: '%.corp.example.com', winner: 'anonymous' },
  { from: LOCAL, anonymous: 'localhost', named: '%', winner: 'anonymous' },
  { from: APPSRV, anonymous: '%', named: '%', winner: 'named' },
];

/** Accounts in the order in which they were created, and reversed. */
function bothOrders(accounts: readonly Account[], from: Caller, rules: Rules) {
  return [accounts, accounts.toReversed()].map((each) => logIn({ ...from, rules, accounts: each }));
}

function check(pair: Pair, rules: Rules): void {
  const hosts = 'tied' in pair ? pair.tied : [pair.first, pair.second];
  const accounts = hosts.map((host) => account('u', host));
  for (const { result, ties } of bothOrders(accounts, pair.from, rules)) {
    if ('tied' in pair) {
      expect([result, ...ties].sort()).toEqual(pair.tied.map((host) => `u@${host}`).sort());
    } else {
      expect({ result, ties }).toEqual({ result: `u@${pair.first}`, ties: [] });
    }
  }
}

function nameOf(pair: Pair): string {
  const hosts =
    'tied' in pair ? pair.tied.join(' ties with ') : `${pair.first} before ${pair.second}`;
  return `from ${pair.from.address}: ${hosts}`;
}

const OF_FLAVOUR = [
  { flavour: 'MySQL 9.7.4', rules: 'mysql', pairs: MYSQL, anonymous: MYSQL_ANONYMOUS },
  { flavour: 'MariaDB 11.8.9', rules: 'mariadb', pairs: MARIADB, anonymous: MARIADB_ANONYMOUS },
] as const;

describe.each(OF_FLAVOUR)('$flavour', ({ rules, pairs, anonymous }) => {
  it.each(pairs.map((pair) => ({ name: nameOf(pair), pair })))('$name', ({ pair }) => {
    check(pair, rules);
  });

  it.each(anonymous)("''@'$anonymous' and 'u'@'$named': $winner", (pair) => {
    const accounts = [account('', pair.anonymous), account('u', pair.named)];
    const result = pair.winner === 'anonymous' ? `@${pair.anonymous}` : `u@${pair.named}`;
    for (const answer of bothOrders(accounts, pair.from, rules)) {
      expect(answer).toEqual({ result, ties: [] });
    }
  });
});

describe('where the releases differ', () => {
  const nested = [account('u', '240.221.0.0/16'), account('u', '240.221.242.0/24')];

  it.each(['mysql-8.0.31', 'mysql-8.0.44'] as const)(
    '%s: overlapping CIDRs tie, because some releases computed the mask wrongly',
    (rules) => {
      for (const { result, ties } of bothOrders(nested, APPSRV, rules)) {
        expect([result, ...ties].sort()).toEqual(['u@240.221.0.0/16', 'u@240.221.242.0/24']);
      }
    },
  );

  it('8.0.23 to 8.0.30: of overlapping CIDRs the widest comes first, since 9.7.4 the narrowest', () => {
    for (const answer of bothOrders(nested, APPSRV, 'mysql-8.0.23')) {
      expect(answer).toEqual({ result: 'u@240.221.0.0/16', ties: [] });
    }
    const [first] = bothOrders(nested, APPSRV, 'mysql');
    expect(first).toEqual({ result: 'u@240.221.242.0/24', ties: [] });
  });

  it('8.0.23 to 9.7.3: 0.0.0.0/0 matches every IPv4 client; since then none', () => {
    const accounts = [account('u', '0.0.0.0/0')];
    expect(logIn({ ...APPSRV, accounts, rules: 'mysql-8.0.23' }).result).toBe('u@0.0.0.0/0');
    expect(logIn({ ...APPSRV, accounts, rules: 'mysql' }).result).toBe(1130);
  });

  it('before 8.0.23: a name and an address tie, an address has no privilege', () => {
    const accounts = [account('u', CORP), account('u', '240.221.242.64')];
    for (const { result, ties } of bothOrders(accounts, APPSRV, 'mysql-old')) {
      expect([result, ...ties].sort()).toEqual(['u@240.221.242.64', `u@${CORP}`]);
    }
  });

  it.each(['mysql-old', 'mariadb'] as const)('%s: no CIDR', (rules) => {
    const accounts = [account('u', '240.221.242.0/24')];
    expect(logIn({ ...APPSRV, accounts, rules }).result).toBe(1130);
  });

  it.each(['mysql-old', 'mariadb'] as const)('%s: masks with holes', (rules) => {
    const accounts = [account('u', '240.0.242.64/255.0.255.255')];
    expect(logIn({ ...APPSRV, accounts, rules }).result).toBe('u@240.0.242.64/255.0.255.255');
  });

  it.each(['mysql-old', 'mariadb'] as const)('%s: a textbook glob', (rules) => {
    const ab: Caller = { address: '192.0.2.25', name: 'ab' };
    for (const host of ['a_%', 'ab%%', '%%ab']) {
      expect(logIn({ ...ab, accounts: [account('u', host)], rules }).result).toBe(`u@${host}`);
    }
  });

  it('MariaDB: an empty host is %', () => {
    const accounts = [account('u', ''), account('', '%.example.com')];
    expect(logIn({ ...APPSRV, accounts, rules: 'mariadb' }).result).toBe('@%.example.com');
    expect(logIn({ ...NAMELESS, accounts, rules: 'mariadb' }).result).toBe('u@');
  });
});

/** All ten patterns for one client; the winner is dropped each time. Measured on real servers. */
const HOST21: Caller = { address: '127.0.0.21', name: 'host21.test' };
const WHOLE_ORDERS = [
  {
    flavour: 'MySQL 9.7.4',
    rules: 'mysql',
    order: [
      '127.0.0.21',
      '127.0.0.0/24',
      '127.0.0.0/255.255.255.0',
      'host21.test',
      '127.0.0.%',
      'host2_.test',
      '127.%',
      '%.test',
      '%',
    ],
  },
  {
    flavour: 'MariaDB 10.11',
    rules: 'mariadb',
    order: [
      'host21.test',
      '127.0.0.21',
      '127.0.0.0/255.255.255.0',
      'host2_.test',
      '127.0.0.%',
      '%.test',
      '127.%',
      '%',
    ],
  },
] as const;

it.each(WHOLE_ORDERS)('$flavour: the whole order', ({ rules, order }) => {
  for (let skip = 0; skip < order.length; skip += 1) {
    const accounts = order.slice(skip).map((host) => account('u', host));
    for (const { result } of bothOrders(accounts, HOST21, rules)) {
      expect(result).toBe(`u@${order[skip]}`);
    }
  }
});
