import type { Account } from '../../src/hostcache/account.ts';
import type { Rules } from '../../src/hostcache/host-pattern.ts';
import { candidatesOf, chooseAccount, passesHostCheck } from '../../src/hostcache/matching.ts';
import { addressOf } from '../scenarios/clients.ts';

/** One login in a test, and the server's answer as one word or number. */

export interface Login {
  readonly accounts: readonly Account[];
  readonly user?: string;
  readonly address: string;
  readonly name: string | null;
  readonly rules?: Rules;
}

export interface Result {
  /** `CURRENT_USER()`, or the number of the error. */
  readonly result: string | 1130 | 1045;
  /** Accounts that rank equal with it, in the same spelling. */
  readonly ties: readonly string[];
}

/** The two steps of a connection: the check of its host, then the choice of the account. */
export function logIn({ accounts, user = 'u', address, name, rules = 'mysql' }: Login): Result {
  const candidates = candidatesOf(accounts, rules);
  const client = { address: addressOf(address), name: { known: true, name } } as const;
  if (passesHostCheck(candidates, client, rules) !== true) return { result: 1130, ties: [] };
  const choice = chooseAccount(candidates, user, client, rules);
  if (choice.kind === 'unknown') throw new Error('the name is known, so the choice must be');
  if (choice.kind === 'none') return { result: 1045, ties: [] };
  return { result: spelt(choice.account), ties: choice.ties.map(spelt) };
}

function spelt({ user, host }: Account): string {
  return `${user}@${host}`;
}
