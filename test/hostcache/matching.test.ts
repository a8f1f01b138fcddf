import { describe, expect, it } from 'vitest';
import { parseHostPattern } from '../../src/hostcache/host-pattern.ts';
import { compareSpecificity } from '../../src/hostcache/matching.ts';
import { account } from '../scenarios/accounts.ts';
import { HOST_PATTERN_ROWS, type HostPatternRow } from './host-patterns.ts';
import { ALL_RULES, logIn } from './login.ts';

/** Which logins a host pattern admits: 108 patterns alone and with others, and the host check. */

const ROOT = account('root', 'localhost');
const GUARD = account('guard', '%');

function outcome({ host, from }: HostPatternRow, others: readonly ReturnType<typeof account>[]) {
  const { result } = logIn({ ...from, accounts: [...others, account('u', host)] });
  return typeof result === 'string' ? 'login' : result;
}

it('holds every vector', () => {
  expect(HOST_PATTERN_ROWS).toHaveLength(108);
});

describe.each(HOST_PATTERN_ROWS)("'u'@'$host' from $from.address, called $from.name", (row) => {
  it(`alone: ${row.alone}`, () => expect(outcome(row, [ROOT])).toBe(row.alone));
  it(`beside '%': ${row.guarded}`, () => expect(outcome(row, [ROOT, GUARD])).toBe(row.guarded));
});

describe('the order class of each vector', () => {
  /** `IP` before `CIDR` before `MASK` before names; within one class the larger number first. */
  const CLASSES = ['IP', 'CIDR', 'MASK', 'name'];
  const keyOf = (order: string): readonly [number, number] => {
    const [kind = '', value = ''] = order.split(' ');
    const size = value === 'nomask' ? 0 : Number.parseInt(value, kind === 'name' ? 10 : 16);
    return [CLASSES.indexOf(kind), -size];
  };
  const rows = HOST_PATTERN_ROWS.map(({ host, order }) => ({
    host,
    key: keyOf(order),
    row: { account: account('u', host), pattern: parseHostPattern(host, 'mysql') },
  }));

  it.each(rows)("'$host' sorts among all others as measured", ({ key, row }) => {
    const wrong = rows.filter((other) => {
      const expected = key[0] - other.key[0] || key[1] - other.key[1];
      return Math.sign(compareSpecificity(row, other.row, 'mysql')) !== Math.sign(expected);
    });
    expect(wrong.map(({ host }) => host)).toEqual([]);
  });
});

describe('the check before any login (1130)', () => {
  const CLIENT = { address: '10.1.2.3', name: null };
  const role = account('app_read', '%', { isRole: true, locked: true });

  it.each([
    { name: 'an account for %', other: account('guard', '%') },
    { name: 'an account without host', other: account('guard', '') },
    { name: 'an anonymous account for %', other: account('', '%') },
    { name: 'a locked account for %', other: account('guard', '%', { locked: true }) },
    { name: 'a role', other: role },
  ])('is opened for all by $name', ({ other }) => {
    const accounts = [account('u', 'merp.example.com'), other];
    expect(logIn({ ...CLIENT, accounts, user: 'u' }).result).not.toBe(1130);
    expect(logIn({ ...CLIENT, accounts: [account('u', 'merp.example.com')] }).result).toBe(1130);
  });

  it.each([
    { name: 'a role at localhost', other: account('r1', 'localhost', { isRole: true }) },
    { name: 'an account for %.%.%.%.%, which is not %', other: account('guard', '%.%.%.%.%') },
    { name: 'an account for another network', other: account('guard', '10.2.%') },
  ])('is not opened by $name', ({ other }) => {
    const accounts = [account('u', 'merp.example.com'), other];
    expect(logIn({ ...CLIENT, accounts }).result).toBe(1130);
  });

  it('is not opened by a role of MariaDB, which is not an account', () => {
    const accounts = [account('u', 'merp.example.com'), role, account('r', '', { isRole: true })];
    expect(logIn({ ...CLIENT, accounts, rules: 'mariadb' }).result).toBe(1130);
  });

  it.each(['mysql', 'mysql-8.0.44', 'mysql-8.0.31', 'mysql-8.0.23'] as const)(
    '%s: a login with the name of a role is that role',
    (rules) => {
      const login = { ...CLIENT, accounts: [role], user: 'app_read', rules };
      expect(logIn(login).result).toBe('app_read@%');
    },
  );

  it('does not let a role of MariaDB log in', () => {
    const accounts = [role, account('guard', '%')];
    expect(logIn({ ...CLIENT, accounts, user: 'app_read', rules: 'mariadb' }).result).toBe(1045);
  });

  it.each(['10.1.2.3/32', '10.1.2.3/255.255.255.255', '10.1.2.03', '+10.1.2.3'])(
    "'%s' matches, but opens it on 8.0.23 to 8.0.30 only",
    (host) => {
      const alone = { ...CLIENT, accounts: [account('u', host)] };
      expect(logIn(alone).result).toBe(1130);
      expect(logIn({ ...alone, rules: 'mysql-8.0.44' }).result).toBe(1130);
      expect(logIn({ ...alone, rules: 'mysql-8.0.23' }).result).toBe(`u@${host}`);
      expect(logIn({ ...alone, rules: 'mysql-8.0.31' }).result).toBe('unknown');
      // The user's name does not matter: any account that opens the check will do.
      const accounts = [account('u', host), account('other', '10.1.2.%')];
      expect(logIn({ ...CLIENT, accounts }).result).toBe(`u@${host}`);
    },
  );

  it.each([
    { host: '10.1.2.0/+24', result: 'u@10.1.2.0/+24' },
    { host: '10.1.2.', result: 1130 },
    { host: '10.1.2.0/255.255.255.0/', result: 1130 },
    { host: ' 10.1.2.0/24', result: 'u@ 10.1.2.0/24' },
    { host: '-10.1.2.3', result: 1130 },
    { host: '10.1.2.0/-0', result: 1130 },
    { host: '10.1.2.3/', result: 1130 },
    { host: '10.1.2.256', result: 1130 },
    { host: '::ffff:10.1.2.3', result: 1130 },
  ])("'$host' gives $result", ({ host, result }) => {
    expect(logIn({ ...CLIENT, accounts: [account('u', host)] }).result).toBe(result);
  });

  it('compares the user with case, and % in it as a plain character', () => {
    const accounts = [account('U', '%'), account('u%', '%')];
    expect(logIn({ ...CLIENT, accounts, user: 'u' }).result).toBe(1045);
    expect(logIn({ ...CLIENT, accounts, user: 'U' }).result).toBe('U@%');
    expect(logIn({ ...CLIENT, accounts, user: 'u%' }).result).toBe('u%@%');
  });

  it('refuses everyone if there is no account', () => {
    expect(logIn({ ...CLIENT, accounts: [] }).result).toBe(1130);
  });
});

describe('under skip_name_resolve, where no client has a name', () => {
  it.each(ALL_RULES)(
    '%s: localhost does not match TCP from 127.0.0.1, the address does',
    (rules) => {
      const local = { address: '127.0.0.1', name: null, rules };
      expect(logIn({ ...local, accounts: [account('u', 'localhost')] }).result).toBe(1130);
      const accounts = [account('u', 'localhost'), account('u', '127.0.0.1')];
      expect(logIn({ ...local, accounts }).result).toBe('u@127.0.0.1');
    },
  );
});
