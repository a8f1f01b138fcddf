import { expect, it } from 'vitest';
import { account } from '../scenarios/accounts.ts';
import { MARIADB, MYSQL } from '../scenarios/servers.ts';
import { effectsOf, planFor } from './seen.ts';

/** RENAME USER keeps more of the former pattern than its name says, until the accounts are loaded again (tried on 9.7.4). */

it.each([
  {
    name: 'a former address keeps its rank among the patterns',
    change: "rename 'shop'@'240.66.0.1' to 'shop'@'192.0.%'",
    accounts: [account('shop', '240.66.0.1'), account('shop', '192.0.2.%')],
    client: { users: 'shop' },
    effect: 'changes-account',
  },
  {
    name: 'a former name comes where it was',
    change: "rename 'shop'@'old.example.com' to 'shop'@'192.0.%'",
    accounts: [account('shop', 'old.example.com'), account('shop', '192.0.2.%')],
    client: { users: 'shop' },
    effect: 'changes-account',
  },
  {
    name: 'an empty host matches a client without a name',
    change: "rename 'shop'@'%:%' to 'shop'@''",
    accounts: [account('shop', '%:%')],
    client: { users: 'shop' },
    effect: 'gains',
  },
  {
    name: 'and no client with a name',
    change: "rename 'shop'@'%:%' to 'shop'@''",
    accounts: [account('shop', '%:%')],
    client: { users: 'shop', name: 'app7.example.com' },
    effect: 'stays-out',
  },
])('$name', ({ change, accounts, client, effect }) => {
  const plan = planFor(change, { accounts, clients: { '192.0.2.7': client } });
  expect(effectsOf(plan)[0]).toContain(`shop: ${effect}`);
});

it.each([
  { settings: MARIADB, change: "rename 'shop'@'%.x' to 'shop'@'192.0.2.%'", isSaid: true },
  { settings: MARIADB, change: 'skip-name-resolve on', isSaid: true },
  { settings: MARIADB, change: 'flush', isSaid: false },
  { settings: MYSQL, change: "rename 'shop'@'%.x' to 'shop'@'192.0.2.%'", isSaid: false },
])(
  '$settings.flavour, $change: says to flush privileges: $isSaid',
  ({ settings, change, isSaid }) => {
    const clients = { '192.0.2.7': { users: 'shop', name: 'a.x' } };
    const { gaps } = planFor(change, { settings, accounts: [account('shop', '%.x')], clients });
    expect(gaps.some((gap) => gap.includes('Run FLUSH PRIVILEGES'))).toBe(isSaid);
  },
);
