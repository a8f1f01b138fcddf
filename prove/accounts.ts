// Replaces the accounts of one small world by those of the next. Does I/O.
import type { World } from '../sandbox/world.ts';
import { literal } from '../src/hostcache/account.ts';
import type { Release } from '../src/hostcache/release.ts';
import type { SmallAccount } from './small-world.ts';

/** The kinds of accounts that a release does not have. */
export function lackedBy({ roles, accountLocks }: Release): readonly SmallAccount['kind'][] {
  return [
    ...(roles === 'none' ? (['role'] as const) : []),
    ...(accountLocks === 'none' ? (['locked'] as const) : []),
  ];
}

export async function replaceAccounts(
  world: World,
  accounts: readonly SmallAccount[],
): Promise<void> {
  await clearAccounts(world);
  for (const account of accounts) await create(world, account);
}

async function clearAccounts(world: World): Promise<void> {
  const rows = await world.query(
    `SELECT User AS user, Host AS host FROM mysql.user WHERE User IN ('u', 'v', '') OR User LIKE 'role%'`,
  );
  for (const { user, host } of rows) {
    const isRole = String(user).startsWith('role');
    const name =
      world.flavour === 'mariadb' && isRole
        ? literal(String(user))
        : `${literal(String(user))}@${literal(String(host))}`;
    await world.query(`DROP ${isRole ? 'ROLE' : 'USER'} ${name}`);
  }
}

async function create(world: World, { kind, user, host }: SmallAccount): Promise<void> {
  const name = `${literal(user)}@${literal(host)}`;
  const statement =
    kind === 'role'
      ? `CREATE ROLE ${world.flavour === 'mariadb' ? literal(user) : name}`
      : `CREATE USER ${name}${kind === 'locked' ? ' ACCOUNT LOCK' : ''}`;
  try {
    await world.query(statement);
  } catch (error) {
    const isUsual = error instanceof Error && 'errno' in error && REFUSALS.has(error.errno);
    if (!isUsual) throw error;
  }
}

/** The account exists already; or its host is too long, or malformed, so no such account can exist. */
const REFUSALS: ReadonlySet<unknown> = new Set([1396, 1470, 1105]);
