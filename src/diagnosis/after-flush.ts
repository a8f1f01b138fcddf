import type { Account } from '../hostcache/account.ts';
import { isLastingNull } from '../hostcache/entry.ts';
import { couldMatchSomeName, matches, type Rules } from '../hostcache/host-pattern.ts';
import {
  type Candidate,
  type Client,
  chooseAccount,
  passesHostCheck,
} from '../hostcache/matching.ts';
import { compareSpecificity } from '../hostcache/specificity.ts';
import { acceptedName } from './dns-facts.ts';
import type { Evidence } from './evidence.ts';
import type { Prediction, ServerAnswer } from './predict.ts';

/** What a flush changes for this client. */
export type FlushEffect =
  | 'unblocks'
  | 'cures'
  | 'cures-after-fix'
  | 'changes-account'
  | 'breaks'
  | 'useless'
  | 'unknown';

/** One row of mysql.user beside this client: whether a login under its own name lands on it. */
export interface AccountChange {
  readonly account: Account;
  readonly now: boolean;
  readonly afterFlush: boolean;
}

export interface FlushForecast {
  readonly effect: FlushEffect;
  /** Rows that match now or after, in the order in which the server tries them. */
  readonly accounts: readonly AccountChange[];
  /** With those that the server counted and we did not read. */
  readonly accountsTotal: number;
}

export function forecastFlush(evidence: Evidence, prediction: Prediction): FlushForecast {
  const matching = changesOf(prediction);
  const waiting = accountsWaitingForName(evidence, prediction);
  const effect = effectOf(evidence, prediction, matching, waiting.length > 0);
  const isWaiting = effect === 'cures-after-fix';
  const accounts = isWaiting ? [...matching, ...waiting] : matching;
  const { moreMatching = 0, moreNamed = 0 } = evidence.accounts.known
    ? evidence.accounts.value
    : {};
  const accountsTotal = accounts.length + moreMatching + (isWaiting ? moreNamed : 0);
  return { effect, accounts, accountsTotal };
}

function effectOf(
  { user }: Evidence,
  { now, nowUnblocked, afterFlush }: Prediction,
  changes: readonly AccountChange[],
  someWait: boolean,
): FlushEffect {
  if (now.outcome === 'unknown' || afterFlush.outcome === 'unknown') return 'unknown';
  if (now.outcome === 'blocked' && isAdmitted(afterFlush)) return 'unblocks';
  if (isAdmitted(nowUnblocked) && !isAdmitted(afterFlush)) return 'breaks';
  if (!isAdmitted(nowUnblocked) && isAdmitted(afterFlush)) return 'cures';
  const afterFix = someWait ? 'cures-after-fix' : 'useless';
  if (!isAdmitted(afterFlush)) return afterFix;
  if (user !== null) return isSameAccount(nowUnblocked, afterFlush) ? afterFix : 'changes-account';
  const gains = changes.some((change) => !change.now && change.afterFlush);
  const loses = changes.some((change) => change.now && !change.afterFlush);
  if (gains) return loses ? 'changes-account' : 'cures';
  if (loses) return 'breaks';
  return afterFix;
}

function isAdmitted(answer: ServerAnswer): boolean {
  return answer.outcome === 'admitted';
}

function isSameAccount(a: ServerAnswer, b: ServerAnswer): boolean {
  return a.account?.user === b.account?.user && a.account?.host === b.account?.host;
}

/** The rows that match on either side of the flush. */
function changesOf(prediction: Prediction): readonly AccountChange[] {
  const { rules, clientNow, clientAfter } = prediction;
  if (rules === null) return [];
  const candidates = prediction.candidates.filter((candidate) =>
    [clientNow, clientAfter].some((client) => matchesClient(candidate, client, rules)),
  );
  const chosenNow = chosenAccounts(candidates, prediction.candidates, clientNow, rules);
  const chosenAfter = chosenAccounts(candidates, prediction.candidates, clientAfter, rules);
  return [...candidates]
    .sort((a, b) => compareSpecificity(a, b, rules))
    .map(({ account }) => ({
      account,
      now: chosenNow.has(account),
      afterFlush: chosenAfter.has(account),
    }));
}

/** The accounts on which logins under their own names land. */
function chosenAccounts(
  candidates: readonly Candidate[],
  all: readonly Candidate[],
  client: Client,
  rules: Rules,
): ReadonlySet<Account> {
  const chosen = new Set<Account>();
  if (passesHostCheck(all, client, rules) !== true) return chosen;
  const anonymous = candidates.filter(({ account }) => account.user === '');
  for (const [user, named] of groupByUser(candidates)) {
    const own = user === '' ? named : [...named, ...anonymous];
    const choice = chooseAccount(own, user, client, rules);
    if (choice.kind === 'account' && choice.account.user === user) chosen.add(choice.account);
  }
  return chosen;
}

function groupByUser(candidates: readonly Candidate[]): ReadonlyMap<string, Candidate[]> {
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const group = groups.get(candidate.account.user);
    if (group === undefined) groups.set(candidate.account.user, [candidate]);
    else group.push(candidate);
  }
  return groups;
}

/** Rows that only a name would bring in, where the server keeps a NULL and DNS has no name yet. */
function accountsWaitingForName(
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

function matchesClient({ pattern }: Candidate, client: Client, rules: Rules): boolean {
  return matches(pattern, client.address, client.name.known ? client.name.name : null, rules);
}
