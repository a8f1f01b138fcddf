import type { Account } from '../hostcache/account.ts';
import { isLoopback } from '../hostcache/address.ts';
import { isBlocked } from '../hostcache/entry.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import {
  type Candidate,
  type Client,
  type ClientName,
  candidatesOf,
  chooseAccount,
  passesHostCheck,
} from '../hostcache/matching.ts';
import { releaseOf } from '../hostcache/release.ts';
import { acceptedName } from './dns-facts.ts';
import type { Evidence } from './evidence.ts';

/** What the server answers a client that connects. */
export interface ServerAnswer {
  readonly outcome: 'admitted' | 'refused' | 'blocked' | 'denied' | 'unknown';
  /** The number of the MySQL error; null where there is none, or none is known. */
  readonly error: 1129 | 1130 | 1045 | null;
  /** With an account name: the row that the server would choose; null = none, or not known. */
  readonly account: Account | null;
  /** Rows that stand equal with `account`. */
  readonly ties: readonly Account[];
}

/** What stands on both sides of a flush. */
export interface Prediction {
  readonly now: ServerAnswer;
  /** As `now`, were the host not blocked. */
  readonly nowUnblocked: ServerAnswer;
  readonly afterFlush: ServerAnswer;
  /** null: the settings are not known. */
  readonly rules: Rules | null;
  readonly candidates: readonly Candidate[];
  readonly clientNow: Client;
  readonly clientAfter: Client;
}

const UNKNOWN: ServerAnswer = { outcome: 'unknown', error: null, account: null, ties: [] };
const BLOCKED: ServerAnswer = { outcome: 'blocked', error: 1129, account: null, ties: [] };
const REFUSED: ServerAnswer = { outcome: 'refused', error: 1130, account: null, ties: [] };
const DENIED: ServerAnswer = { outcome: 'denied', error: 1045, account: null, ties: [] };
const ADMITTED: ServerAnswer = { outcome: 'admitted', error: null, account: null, ties: [] };

/** The server's answer now and after a flush; pure. */
export function predict(evidence: Evidence): Prediction {
  const { settings, accounts, client: address, user } = evidence;
  const rules = settings.known ? releaseOf(settings.value).rules : null;
  const candidates =
    rules !== null && accounts.known ? candidatesOf(accounts.value.rows, rules) : [];
  const clientNow = { address, name: nameNow(evidence) };
  const clientAfter = { address, name: nameAfterFlush(evidence) };
  const answer = (client: Client): ServerAnswer =>
    rules === null || !accounts.known ? UNKNOWN : answerTo(client, user, candidates, rules);
  const unblocked = answer(clientNow);
  // Rows of others that only a name brings in are not asked for, so without the name this is unsure.
  const isUnsure = !evidence.entry.known && user !== null && unblocked.outcome === 'refused';
  const nowUnblocked = isUnsure ? UNKNOWN : unblocked;
  return {
    now: isBlockedNow(evidence) ? BLOCKED : evidence.entry.known ? nowUnblocked : UNKNOWN,
    nowUnblocked,
    afterFlush: answer(clientAfter),
    rules,
    candidates,
    clientNow,
    clientAfter,
  };
}

function answerTo(
  client: Client,
  user: string | null,
  candidates: readonly Candidate[],
  rules: Rules,
): ServerAnswer {
  const passes = passesHostCheck(candidates, client, rules);
  if (passes === null) return UNKNOWN;
  if (!passes) return REFUSED;
  if (user === null) return ADMITTED;
  const choice = chooseAccount(candidates, user, client, rules);
  switch (choice.kind) {
    case 'account':
      return { ...ADMITTED, account: choice.account, ties: choice.ties };
    case 'none':
      return DENIED;
    case 'unknown':
      return choice.admits ? ADMITTED : UNKNOWN;
  }
}

/** Only where the entry and the limit are known; a row that is not there blocks nobody. */
function isBlockedNow({ settings, entry }: Evidence): boolean {
  if (!settings.known || !entry.known || entry.value === null) return false;
  return isBlocked(entry.value, settings.value.maxConnectErrors);
}

/** A validated entry's name counts for ever; without one, the server asks DNS. */
function nameNow(evidence: Evidence): ClientName {
  const { entry } = evidence;
  if (!entry.known) return { known: false };
  if (entry.value?.validated === true) return { known: true, name: entry.value.host };
  return nameAfterFlush(evidence);
}

function nameAfterFlush({ settings, client, dns }: Evidence): ClientName {
  if (!settings.known) return { known: false };
  if (settings.value.skipNameResolve) return { known: true, name: null };
  if (isLoopback(client)) return { known: true, name: 'localhost' };
  return dns === null ? { known: false } : { known: true, name: acceptedName(dns) };
}
