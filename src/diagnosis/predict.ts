import type { Account } from '../hostcache/account.ts';
import { isLoopback } from '../hostcache/address.ts';
import { type HostCacheEntry, isBlocked } from '../hostcache/entry.ts';
import type { Rules } from '../hostcache/host-pattern.ts';
import {
  type Candidate,
  type Client,
  type ClientName,
  candidatesOf,
  chooseAccount,
  openersOf,
  passesHostCheck,
} from '../hostcache/matching.ts';
import { releaseOf } from '../hostcache/release.ts';
import { matchedName } from './dns-facts.ts';
import { type Evidence, type Known, localNameOf } from './evidence.ts';
import { type Contradiction, contradictionOf } from './reported.ts';

/** What the server answers a client that connects. */
export interface ServerAnswer {
  readonly outcome: 'admitted' | 'refused' | 'blocked' | 'denied' | 'unknown';
  /** The number of the MySQL error; null = none, or not known. */
  readonly error: 1129 | 1130 | 1045 | null;
  /** The account that a login under the given user name lands on; null = none, or not known. */
  readonly account: Account | null;
  /** Accounts as specific as `account`: the server's order among them is not specified. */
  readonly ties: readonly Account[];
}

/** The server's answers on both sides of a flush, and what they are computed from. */
export interface Prediction {
  readonly now: ServerAnswer;
  /** What says otherwise than the tables, so that `now` is unknown; null = nothing does. */
  readonly contradiction: Contradiction | null;
  /** What the tables say if the host were not blocked. */
  readonly nowUnblocked: ServerAnswer;
  readonly afterFlush: ServerAnswer;
  /** null: the settings are not known. */
  readonly rules: Rules | null;
  readonly candidates: readonly Candidate[];
  readonly clientNow: Client;
  readonly clientAfter: Client;
}

export const UNKNOWN: ServerAnswer = { outcome: 'unknown', error: null, account: null, ties: [] };
const BLOCKED: ServerAnswer = { outcome: 'blocked', error: 1129, account: null, ties: [] };
const REFUSED: ServerAnswer = { outcome: 'refused', error: 1130, account: null, ties: [] };
const DENIED: ServerAnswer = { outcome: 'denied', error: 1045, account: null, ties: [] };
const ADMITTED: ServerAnswer = { outcome: 'admitted', error: null, account: null, ties: [] };

/** Computes the server's answer now and after a flush. */
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
  // Rows of other users that match only by name were not read, so without the name this is unsure.
  const isUnsure = !evidence.entry.known && user !== null && unblocked.outcome === 'refused';
  const nowUnblocked = isUnsure ? UNKNOWN : unblocked;
  const contradiction = contradictionOf(
    evidence,
    nowUnblocked,
    rules === null ? [] : openersOf(candidates, clientNow, rules),
  );
  const isKnown = evidence.entry.known && contradiction === null;
  return {
    now: isBlockedNow(evidence) ? BLOCKED : isKnown ? nowUnblocked : UNKNOWN,
    contradiction,
    nowUnblocked,
    afterFlush: localNameOf(evidence) === null ? answer(clientAfter) : UNKNOWN,
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

/** What decides under which name the server knows the client, and whether its host is blocked. */
export interface ClientFacts extends Pick<Evidence, 'client' | 'settings' | 'dns'> {
  /** null: the server holds no entry. */
  readonly entry: Known<CachedName | null>;
}

/** A host cache entry, as far as it decides about the client. */
export type CachedName = Pick<HostCacheEntry, 'host' | 'validated' | 'connectErrors'>;

/** Without an entry the host is not blocked. */
export function isBlockedNow({ settings, entry }: ClientFacts): boolean {
  if (!settings.known || !entry.known || entry.value === null) return false;
  return isBlocked(entry.value, settings.value.maxConnectErrors);
}

/** A validated entry's name is used until a flush; without one, the server asks DNS. */
export function nameNow(evidence: ClientFacts): ClientName {
  const { entry } = evidence;
  if (!entry.known) return { known: false };
  if (entry.value?.validated === true) return { known: true, name: entry.value.host };
  return nameAfterFlush(evidence);
}

function nameAfterFlush({ settings, client, dns }: ClientFacts): ClientName {
  if (!settings.known) return { known: false };
  if (settings.value.skipNameResolve) return { known: true, name: null };
  if (isLoopback(client)) return { known: true, name: 'localhost' };
  if (dns === null) return { known: false };
  return { known: true, name: matchedName(dns, releaseOf(settings.value)) };
}
