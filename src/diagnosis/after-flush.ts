import { groupBy } from '../chat/lists.ts';
import type { Account } from '../hostcache/account.ts';
import { isLastingNull } from '../hostcache/entry.ts';
import { couldMatchSomeName, type Rules } from '../hostcache/host-pattern.ts';
import {
  type Candidate,
  type Client,
  chooseAccount,
  compareSpecificity,
  matchesClient,
  passesHostCheck,
} from '../hostcache/matching.ts';
import { acceptedName } from './dns-facts.ts';
import type { Evidence } from './evidence.ts';
import type { Prediction } from './predict.ts';

/** What a flush changes for this client. */
export type FlushEffect =
  | 'unblocks'
  | 'cures'
  | 'cures-after-fix'
  | 'changes-account'
  | 'breaks'
  | 'useless'
  | 'unknown';

/** Effects that help the client at once. */
export const HELPS: readonly FlushEffect[] = ['unblocks', 'cures', 'changes-account'];

/** Whether a login under the account's own user name lands on it, now and after a flush. */
export interface AccountChange {
  readonly account: Account;
  readonly now: boolean;
  readonly afterFlush: boolean;
}

export interface FlushForecast {
  readonly effect: FlushEffect;
  /** Accounts that match now or after, in the order in which the server tries them. */
  readonly accounts: readonly AccountChange[];
  /** Includes accounts that were counted, but not read. */
  readonly accountsTotal: number;
}

export function forecastFlush(evidence: Evidence, prediction: Prediction): FlushForecast {
  const matching = changesOf(prediction);
  const needName = accountsNeedingName(evidence, prediction);
  const effect = effectOf(evidence, prediction, matching, needName.length > 0);
  const isAfterFix = effect === 'cures-after-fix';
  const accounts = isAfterFix ? [...matching, ...needName] : matching;
  const { moreMatching = 0, moreNamed = 0 } = evidence.accounts.known
    ? evidence.accounts.value
    : {};
  const accountsTotal = accounts.length + moreMatching + (isAfterFix ? moreNamed : 0);
  return { effect, accounts, accountsTotal };
}

function effectOf(
  { user }: Evidence,
  { now, nowUnblocked, afterFlush }: Prediction,
  changes: readonly AccountChange[],
  someNeedName: boolean,
): FlushEffect {
  if (now.outcome === 'unknown' || afterFlush.outcome === 'unknown') return 'unknown';
  const isAdmitted = nowUnblocked.outcome === 'admitted';
  const noChange = someNeedName ? 'cures-after-fix' : 'useless';
  if (afterFlush.outcome !== 'admitted') return isAdmitted ? 'breaks' : noChange;
  if (now.outcome === 'blocked') return 'unblocks';
  if (!isAdmitted) return 'cures';
  if (user !== null) {
    const { account: before } = nowUnblocked;
    const { account: after } = afterFlush;
    const isSame = before?.user === after?.user && before?.host === after?.host;
    return isSame ? noChange : 'changes-account';
  }
  const gains = changes.some((change) => !change.now && change.afterFlush);
  const loses = changes.some((change) => change.now && !change.afterFlush);
  if (gains) return loses ? 'changes-account' : 'cures';
  return loses ? 'breaks' : noChange;
}

/** The accounts that match on either side of the flush. */
function changesOf(prediction: Prediction): readonly AccountChange[] {
  const { rules, candidates: all, clientNow, clientAfter } = prediction;
  if (rules === null) return [];
  const matching = all.filter((candidate) =>
    [clientNow, clientAfter].some((client) => matchesClient(candidate, client, rules)),
  );
  const landsNow = accountsLandedOn(matching, all, clientNow, rules);
  const landsAfter = accountsLandedOn(matching, all, clientAfter, rules);
  return matching
    .sort((a, b) => compareSpecificity(a, b, rules))
    .map(({ account }) => ({
      account,
      now: landsNow.has(account),
      afterFlush: landsAfter.has(account),
    }));
}

/** Of the matching accounts, those that a login under their own user name lands on. */
function accountsLandedOn(
  matching: readonly Candidate[],
  all: readonly Candidate[],
  client: Client,
  rules: Rules,
): ReadonlySet<Account> {
  if (passesHostCheck(all, client, rules) !== true) return new Set();
  const byUser = groupBy(matching, ({ account }) => account.user);
  const anonymous = byUser.get('') ?? [];
  const choices = [...byUser].map(([user, own]) => {
    const candidates = user === '' ? own : [...own, ...anonymous];
    return { user, choice: chooseAccount(candidates, user, client, rules) };
  });
  return new Set(
    choices.flatMap(({ user, choice }) =>
      choice.kind === 'account' && choice.account.user === user ? [choice.account] : [],
    ),
  );
}

/** Accounts that match only by name, where the server has cached NULL and DNS has no name yet. */
function accountsNeedingName(
  { entry, dns, user, client }: Evidence,
  { rules, candidates, clientNow }: Prediction,
): readonly AccountChange[] {
  const isLasting = entry.known && entry.value !== null && isLastingNull(entry.value);
  if (rules === null || !isLasting || dns === null || acceptedName(dns) !== null) return [];
  return candidates
    .filter(
      (candidate) =>
        (user === null || candidate.account.user === user) &&
        !matchesClient(candidate, clientNow, rules) &&
        couldMatchSomeName(candidate.pattern, client, rules),
    )
    .map(({ account }) => ({ account, now: false, afterFlush: false }));
}
