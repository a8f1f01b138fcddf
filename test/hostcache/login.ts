import type { Account } from '../../src/hostcache/account.ts';
import type { Rules } from '../../src/hostcache/host-pattern.ts';
import { candidatesOf, chooseAccount, passesHostCheck } from '../../src/hostcache/matching.ts';
import { addressOf } from '../scenarios/clients.ts';

/** One login in a test, and the server's answer as one word or number. */

export const ALL_RULES = [
  'mysql',
  'mysql-8.0.44',
  'mysql-8.0.31',
  'mysql-8.0.23',
  'mysql-old',
  'mariadb',
] as const satisfies readonly Rules[];

export interface Login {
  readonly accounts: readonly Account[];
  readonly user?: string;
  readonly address: string;
  readonly name: string | null;
  readonly rules?: Rules;
}

export interface Result {
  /** `CURRENT_USER()`, the number of the error, or `unknown`: the release is not known that well. */
  readonly result: string | 1130 | 1045;
  /** Accounts that rank equal with it, in the same spelling. */
  readonly ties: readonly string[];
}

/** The two steps of a connection: the check of its host, then the choice of the account. */
export function logIn({ accounts, user = 'u', address, name, rules = 'mysql' }: Login): Result {
  const candidates = candidatesOf(accounts, rules);
  const client = { address: addressOf(address), name: { known: true, name } } as const;
  const passes = passesHostCheck(candidates, client, rules);
  if (passes !== true) return { result: passes === null ? 'unknown' : 1130, ties: [] };
  const choice = chooseAccount(candidates, user, client, rules);
  if (choice.kind === 'unknown') throw new Error('the name is known, so the choice must be');
  if (choice.kind === 'none') return { result: 1045, ties: [] };
  return { result: spelt(choice.account), ties: choice.ties.map(spelt) };
}

function spelt({ user, host }: Account): string {
  return `${user}@${host}`;
}
