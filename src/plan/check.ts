import type { Account } from '../hostcache/account.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import { type Answers, answersIn } from './answers.ts';
import { type Change, makeChange } from './change.ts';
import { type PlanPromise, type Promises, readClientText } from './promises.ts';
import { type SaidAnswer, saidOf } from './said.ts';
import type { World } from './world.ts';

/** Compares what a plan promised with a server as it is now. Pure. */

export interface Check extends Pick<Promises, 'server' | 'unpromised'> {
  readonly change: Change;
  /** Whether the change was made; null = the server does not show it. */
  readonly isMade: boolean | null;
  readonly rows: readonly CheckedPromise[];
}

export interface CheckedPromise extends PlanPromise {
  readonly now: SaidAnswer;
  /** null = not known. */
  readonly holds: boolean | null;
}

/** `world`: the server as it is now. */
export function checkPromises(
  { server, promises, unpromised }: Promises,
  change: Change,
  world: World,
): Check {
  const made = isMade(world, change);
  const answers = answersIn(made === true ? sinceChange(world, change) : world);
  return {
    ...{ server, unpromised, change },
    isMade: made,
    rows: promises.map((promise) => checked(promise, answers)),
  };
}

function checked(promise: PlanPromise, answers: Answers): CheckedPromise {
  const { user, client, promised } = promise;
  const now = saidOf(answers({ user, client: readClientText(client) }));
  return { ...promise, now, holds: now.outcome === 'unknown' ? null : holds(promised, now) };
}

function holds(promised: SaidAnswer, now: SaidAnswer): boolean {
  if (promised.outcome !== 'admitted' || now.outcome !== 'admitted') {
    return promised.outcome !== 'admitted' && now.outcome !== 'admitted';
  }
  const accounts = accountsOf(promised);
  // The client alone is judged: no account is chosen.
  return accounts.length === 0 || accountsOf(now).some((each) => accounts.includes(each));
}

function accountsOf({ account, ties }: SaidAnswer): readonly string[] {
  return account === null ? ties : [account, ...ties];
}

/** A change that is made cannot be made again. */
function isMade(world: World, change: Change): boolean | null {
  if (change.kind === 'flush') return null;
  if (change.kind !== 'rename') return typeof makeChange(world, change) === 'string';
  return !exists(world, change.from) && exists(world, change.to);
}

function exists(world: World, account: AccountPlace): boolean {
  return typeof makeChange(world, { kind: 'drop', account }) !== 'string';
}

/** What the tables do not show of a change on a running server, until FLUSH PRIVILEGES. */
function sinceChange(world: World, change: Change): World {
  if (change.kind === 'drop') return { ...world, isOpen: isForAnyHost(change.account) };
  if (change.kind !== 'rename') return world;
  const { from, to } = change;
  const isIt = ({ user, host }: Account) => user === to.user && host === to.host;
  const read = world.accounts.read.map((each) =>
    isIt(each.account) ? { ...each, placeOf: from.host } : each,
  );
  return { ...world, isOpen: isForAnyHost(from), accounts: { ...world.accounts, read } };
}

function isForAnyHost({ host }: AccountPlace): boolean {
  return host === '%' || host === '';
}
