import { accountLiteral } from '../hostcache/account.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { AccountPlace } from './change.ts';
import {
  findAccount,
  type PlannedAccount,
  type World,
  withAccount,
  withPassword,
  withRenamed,
} from './world.ts';

/** A statement that keeps clients in before a change: what it makes of a world, and its text. Pure. */

export type Statement =
  | Copy
  | { readonly kind: 'rename'; readonly from: PlannedAccount; readonly to: AccountPlace }
  | { readonly kind: 'flush' };

/** A copy of an account for other clients. */
export interface Copy {
  readonly kind: 'create';
  readonly place: AccountPlace;
  readonly like: PlannedAccount;
}

export function run(world: World, statements: readonly Statement[]): World {
  return statements.reduce(runOne, world);
}

function runOne(world: World, statement: Statement): World {
  switch (statement.kind) {
    case 'create': {
      const { place, like } = statement;
      // As it is by now: it can have a new password.
      const source = findAccount(world, like.account) ?? like;
      const account = { ...source.account, ...place };
      return withAccount(world, { account, origin: like.origin, placeOf: null });
    }
    case 'rename':
      return withRenamed(world, statement.from, statement.to);
    case 'password':
      return withPassword(world, statement.account);
    case 'flush':
      return { ...world, isCacheEmptied: true };
  }
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
    case 'flush':
      return `${releaseOf(settings).flush.sql};`;
  }
}

/** What is known of the other account, and can be written after its password. */
function clausesOf({ account: { tls, locked } }: PlannedAccount): string {
  const demand = tls === 'ANY' ? ' REQUIRE SSL' : tls === 'X509' ? ' REQUIRE X509' : '';
  return `${demand}${locked === true ? ' ACCOUNT LOCK' : ''}`;
}
