import { expect, it } from 'vitest';
import { answersIn } from '../../src/plan/answers.ts';
import { makeChange } from '../../src/plan/change.ts';
import { effectOf, isHarm } from '../../src/plan/effects.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { run, type Statement, sqlOf } from '../../src/plan/statement.ts';
import { account } from '../scenarios/accounts.ts';
import { MARIADB } from '../scenarios/servers.ts';
import { effectsOf, type PlanCase, planFor, statementsOf } from './seen.ts';

/** What has to be run before a change, so that everybody keeps access under the same account. */

const NAMED = { users: 'shop', name: 'app7.example.com' };

const CASES: readonly {
  readonly name: string;
  readonly change: string;
  readonly world: PlanCase;
  readonly statements: readonly string[];
  readonly effects: readonly string[];
}[] = [
  {
    name: 'an account for a name is renamed to its only client',
    change: 'skip-name-resolve on',
    world: {
      accounts: [account('shop', 'app7.example.com'), account('crm', '192.0.2.%')],
      clients: { '192.0.2.7': { ...NAMED, users: 'shop,crm' } },
    },
    statements: ["RENAME USER 'shop'@'app7.example.com' TO 'shop'@'192.0.2.7';"],
    effects: ['192.0.2.7 shop: loses, then admitted', '192.0.2.7 crm: keeps, then admitted'],
  },
  {
    name: 'clients of one domain get as few patterns as match no other address',
    change: 'skip-name-resolve on',
    world: {
      accounts: [account('shop', '%.example.com')],
      clients: {
        '192.0.2.8': { users: 'shop', name: 'a.example.com' },
        '192.0.2.9': { users: 'shop', name: 'b.example.com' },
        '2001:db8::7': { users: 'shop', name: 'c.example.com' },
      },
    },
    statements: [
      "CREATE USER 'shop'@'2001:db8::7' …;",
      "RENAME USER 'shop'@'%.example.com' TO 'shop'@'192.0.2.8/255.255.255.254';",
    ],
    effects: [
      '192.0.2.8 shop: loses, then admitted',
      '192.0.2.9 shop: loses, then admitted',
      '2001:db8::7 shop: loses, then admitted',
    ],
  },
  {
    name: 'a copy keeps the lock and the demand for TLS out of the comment',
    change: "drop 'shop'@'192.0.2.%'",
    world: {
      accounts: [account('shop', '192.0.2.%', { tls: 'ANY' })],
      clients: { '192.0.2.7': { users: 'shop' } },
    },
    statements: ["CREATE USER 'shop'@'192.0.2.7' … REQUIRE SSL;"],
    effects: ['192.0.2.7 shop: loses, then admitted'],
  },
  {
    name: 'a host that is near the new limit is flushed first',
    change: 'max-connect-errors 5',
    world: {
      accounts: [account('shop', '192.0.2.%')],
      clients: { '192.0.2.7': { users: 'shop', errors: 7 } },
    },
    statements: ['TRUNCATE TABLE performance_schema.host_cache;'],
    effects: ['192.0.2.7 shop: loses, then admitted'],
  },
  {
    name: 'the place that a rename takes spoils no statement for the others',
    change: "rename 'shop'@'%' to 'shop'@'192.0.2.7'",
    world: {
      accounts: [account('shop', '%'), account('shop', '192.0.2.0/255.255.255.0')],
      clients: {
        '192.0.2.7': { users: 'shop' },
        '198.51.100.7': { users: 'shop' },
      },
    },
    statements: ["CREATE USER 'shop'@'198.51.100.7' …;"],
    // Nothing ranks before the exact address.
    effects: [
      '192.0.2.7 shop: changes-account, then admitted',
      '198.51.100.7 shop: loses, then admitted',
    ],
  },
  {
    name: 'an account for one address is replaced by one for its name',
    change: "drop 'shop'@'192.0.2.7'",
    world: { accounts: [account('shop', '192.0.2.7')], clients: { '192.0.2.7': NAMED } },
    statements: ["CREATE USER 'shop'@'app7.example.com' …;"],
    effects: ['192.0.2.7 shop: loses, then admitted'],
  },
  {
    name: 'a name that DNS does not confirm is no substitute',
    change: "drop 'shop'@'192.0.2.7'",
    world: {
      accounts: [account('shop', '192.0.2.7')],
      clients: { '192.0.2.7': { ...NAMED, dns: null } },
    },
    statements: [],
    effects: ['192.0.2.7 shop: loses, then refused'],
  },
  {
    name: 'a full mask is one on MariaDB, where it opens the host check',
    change: "drop 'shop'@'192.0.2.7'",
    world: {
      settings: MARIADB,
      accounts: [account('shop', '192.0.2.7')],
      clients: { '192.0.2.7': { users: 'shop' } },
    },
    statements: ["CREATE USER 'shop'@'192.0.2.7/255.255.255.255' …;"],
    effects: ['192.0.2.7 shop: loses, then admitted'],
  },
  {
    name: 'a new account does not take over a client of a wider one',
    change: "add 'shop'@'192.0.2.%'",
    world: { accounts: [account('shop', '%')], clients: { '192.0.2.7': { users: 'shop' } } },
    statements: ["CREATE USER 'shop'@'192.0.2.7' …;"],
    effects: ['192.0.2.7 shop: changes-account, then admitted'],
  },
  {
    name: 'RENAME USER on MariaDB keeps the rank, and the texts are compared anew',
    change: "rename 'shop'@'a.example.net' to 'shop'@'%'",
    world: {
      settings: MARIADB,
      accounts: [account('shop', 'a.example.net'), account('shop', '2001:db8::7')],
      clients: { '2001:db8::7': { users: 'shop' } },
    },
    statements: [],
    effects: ['2001:db8::7 shop: keeps, then admitted'],
  },
  {
    name: 'a range is written as a mask for MariaDB, which reads no CIDR',
    change: 'release mariadb 10.11',
    world: {
      accounts: [account('shop', '192.0.2.0/24')],
      clients: { '192.0.2.7': { users: 'shop' }, '192.0.2.200': { users: 'shop' } },
    },
    statements: ["RENAME USER 'shop'@'192.0.2.0/24' TO 'shop'@'192.0.2.0/255.255.255.0';"],
    effects: ['192.0.2.7 shop: loses, then admitted', '192.0.2.200 shop: loses, then admitted'],
  },
];

it.each(CASES)('$name', ({ change, world, statements, effects }) => {
  const plan = planFor(change, world);
  expect(statementsOf(plan)).toEqual(statements);
  expect(effectsOf(plan)).toEqual(effects);
});

it.each(CASES)('$name: each statement is needed', ({ change, world }) => {
  const plan = planFor(change, world);
  const harmedBy = (statements: readonly Statement[]) => countHarmed(plan, statements);
  const rest = harmedBy(plan.statements);
  for (const statement of plan.statements) {
    const others = plan.statements.filter((each) => each !== statement);
    expect(harmedBy(others)).toBeGreaterThan(rest);
  }
});

function countHarmed({ rows, world, change }: Plan, statements: readonly Statement[]): number {
  const after = makeChange(run(world, statements), change);
  if (typeof after === 'string') throw new Error(after);
  const answers = answersIn(after);
  return rows.filter(({ login, before }) => isHarm(effectOf(before, answers(login)))).length;
}

it('a login name with a line break leaves the statement on one line', () => {
  const evil = "x\n'; DROP TABLE t; --";
  const plan = planFor("drop 'x\\n''; DROP TABLE t; --'@'192.0.2.%'", {
    accounts: [account(evil, '192.0.2.%')],
    clients: { '192.0.2.7': { users: evil } },
  });
  const [sql = ''] = plan.statements.map((each) => sqlOf(each, plan.world));
  expect(sql).not.toContain('\n');
  expect(sql).toContain("CREATE USER 'x\\n''; DROP TABLE t; --'@'192.0.2.7' …; -- as SHOW");
});
