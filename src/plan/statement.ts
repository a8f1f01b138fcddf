import { accountLiteral } from '../hostcache/account.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import { releaseOf } from '../hostcache/release.ts';
import {
  type PlannedAccount,
  type World,
  withAccounts,
  withPassword,
  withRenamed,
} from './world.ts';

/** A statement that keeps clients in before a change: what it makes of a world, and its text. Pure. */

export type Statement =
  | Copy
  | { readonly kind: 'rename'; readonly from: PlannedAccount; readonly to: AccountPlace }
  /** A new password, because the server will lack the account's plugin. */
  | { readonly kind: 'password'; readonly account: PlannedAccount }
  | { readonly kind: 'flush' };

/** A copy of an account for other clients. */
export interface Copy {
  readonly kind: 'create';
  readonly place: AccountPlace;
  readonly like: PlannedAccount;
}

/** Statements of one kind in a row are run at once: there can be tens of thousands. */
export function run(world: World, statements: readonly Statement[]): World {
  let ran = world;
  for (let from = 0; from < statements.length; ) {
    const kind = statements[from]?.kind;
    const end = statements.findIndex((each, at) => at > from && each.kind !== kind);
    const to = end === -1 ? statements.length : end;
    ran = runAlike(ran, statements.slice(from, to));
    from = to;
  }
  return ran;
}

function runAlike(world: World, statements: readonly Statement[]): World {
  const copies = statements.flatMap((each) => (each.kind === 'create' ? [each] : []));
  const renames = statements.flatMap((each) => (each.kind === 'rename' ? [each] : []));
  if (copies.length > 0) {
    return withAccounts(
      world,
      copies.map(({ place, like }) => ({
        account: { ...asItIs(world, like).account, ...place },
        origin: like.origin,
        placeOf: null,
      })),
    );
  }
  if (renames.length > 0) return withRenamed(world, renames);
  const [first] = statements;
  if (first?.kind === 'flush') return { ...world, isCacheEmptied: true };
  return statements.reduce(
    (ran, each) => (each.kind === 'password' ? withPassword(ran, each.account) : ran),
    world,
  );
}

/** It can have a new password by now. */
function asItIs({ accounts: { dropped, added } }: World, account: PlannedAccount): PlannedAccount {
  if (!dropped.has(account)) return account;
  return added.find(({ origin }) => origin === account.origin) ?? account;
}

/** As SQL; `…` stands for what is copied from the other account, which no reading account may see. */
export function sqlOf(statement: Statement, { settings }: World): string {
  switch (statement.kind) {
    case 'create': {
      const { place, like } = statement;
      const source = accountLiteral(like.account);
      return `CREATE USER ${accountLiteral(place)} …${clausesOf(like)}; -- as SHOW CREATE USER ${source}, with the privileges of SHOW GRANTS FOR ${source}`;
    }
    case 'rename': {
      const { from, to } = statement;
      return `RENAME USER ${accountLiteral(from.account)} TO ${accountLiteral(to)};`;
    }
    case 'password':
      return `ALTER USER ${accountLiteral(statement.account.account)} IDENTIFIED WITH caching_sha2_password BY '…';`;
    case 'flush':
      return `${releaseOf(settings).flush.sql};`;
  }
}

/** What is known of the other account, and can be written after its password. */
function clausesOf({ account: { tls, locked } }: PlannedAccount): string {
  const demand = tls === 'ANY' ? ' REQUIRE SSL' : tls === 'X509' ? ' REQUIRE X509' : '';
  return `${demand}${locked === true ? ' ACCOUNT LOCK' : ''}`;
}
