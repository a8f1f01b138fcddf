import { addSeconds } from 'date-fns/addSeconds';
import { count, listed } from '../chat/lists.ts';
import { code, type Spans, text, time, user } from '../chat/message.ts';
import type { FlushEffect } from '../diagnosis/after-flush.ts';

/** A flush request: who asked, what the approver sees, who decided, and the outcome. */
export interface FlushRequest {
  /** `FR-1042`. */
  readonly id: string;
  readonly server: string;
  readonly reason: string;
  readonly requester: string;
  readonly requestedAt: Date;
  /** It cannot be approved at or after this time; moves when the card is posted. */
  readonly expiresAt: Date;
  /** When the card was posted; null = not yet, so the time to approve has not begun. */
  readonly cardAt: Date | null;
  /** What the card shows. It must still be true when the statement runs. */
  readonly shown: Shown;
  /** The channel of the card. */
  readonly channel: string;
  /** The thread of the alert that the card belongs to; null = the card is a root message. */
  readonly thread: string | null;
  readonly state: FlushState;
  /** null: not decided. */
  readonly decision: Decision | null;
  /** The result in one sentence; null while it is open. */
  readonly outcome: string | null;
  /** When the state last changed. */
  readonly changedAt: Date;
}

export type FlushState =
  | 'pending'
  | 'approved'
  | 'flushed'
  | 'failed'
  | 'uncertain'
  | 'rejected'
  | 'expired'
  | 'superseded';

export interface Decision {
  readonly by: string;
  readonly at: Date;
  /** Why it was rejected; null = no reason given. */
  readonly reason: string | null;
  /** Who could have approved at that time: people by id and the members of groups. */
  readonly approvers: readonly string[];
}

/** The outcome of a rejected request. */
export function sayRejected({ reason }: Decision): string {
  return reason === null ? 'Rejected.' : `Rejected: ${reason}.`;
}

/** What the approver sees. */
export interface Shown {
  readonly identity: string;
  readonly statement: string;
  /** null: the cache cannot be seen. */
  readonly entries: number | null;
  readonly blockedHosts: readonly BlockedHost[];
  readonly forecast: Forecast;
}

/** What the flush was expected to do to the clients in the cache when the card was made. */
export interface Forecast {
  /** How many clients there are; null: the cache cannot be read. */
  readonly clients: number | null;
  /** Why no client could be judged; null = nothing prevented it. */
  readonly why: string | null;
  /** Clients by effect; `unknown` are those that were not judged. */
  readonly effects: readonly ClientEffect[];
}

export interface ClientEffect {
  /** `breaks-without-dns`: locked out as long as DNS does not answer. */
  readonly effect: FlushEffect | 'breaks-without-dns';
  /** The first of them; all of them if they are locked out. */
  readonly clients: readonly string[];
  readonly total: number;
}

export interface BlockedHost {
  readonly address: string;
  readonly connectErrors: number;
  /** Its errors look like an attack: a flush lets the attacker in again. */
  readonly looksLikeAttack: boolean;
}

/** Whether the time to approve has passed. It begins when the card is posted. */
export function isExpired({ cardAt, expiresAt }: FlushRequest, now: Date): boolean {
  return cardAt !== null && now >= expiresAt;
}

/** Whether the state can no longer change. */
export function isFinal(state: FlushState): boolean {
  return state !== 'pending' && state !== 'approved';
}

/** Why this person cannot decide: already decided, expired, the requester, or no approver; null = they can. */
export function refusal(
  request: FlushRequest,
  by: string,
  now: Date,
  /** null: the approvers could not be read, so nobody can approve. */
  approvers: readonly string[] | null,
): Spans | null {
  if (request.state !== 'pending') return decidedAlready(request);
  if (isExpired(request, now)) return text(`${request.id} expired before anyone approved it.`);
  if (approvers === null)
    return text('The approvers could not be read, so nobody can approve now.');
  if (by === request.requester) {
    return text(
      `You requested ${request.id} yourself, so a second person must approve it. `,
      'If nobody else is available, an administrator can run this on the server by hand: ',
      code(`${request.shown.statement};`),
    );
  }
  if (!approvers.includes(by))
    return text(`You are not an approver of flushes on ${request.server}.`);
  return null;
}

/** Replicas share the state but not the clock. Beyond this difference, times from the state are not reliable. */
const SKEW_SECONDS = 60;

/** Why a request cannot be approved with this process's clock; null = it can. */
export function clockFault({ id, requestedAt }: FlushRequest, now: Date): Spans | null {
  if (requestedAt <= addSeconds(now, SKEW_SECONDS)) return null;
  return text(
    `${id} was requested at `,
    time(requestedAt),
    ', which is in the future by the clock of this replica (',
    time(now),
    '). Nothing was run. Synchronise the clocks, reject the request and ask again.',
  );
}

/** An approval that was not executed within this time is never executed. */
const APPROVED_FOR_MS = 120_000;

/** Whether an approved request may still be executed: nobody wants a flush hours later. */
export function isFresh({ decision }: FlushRequest, now: Date): boolean {
  return decision !== null && Math.abs(now.getTime() - decision.at.getTime()) <= APPROVED_FOR_MS;
}

/** For a request that is not pending. */
export function decidedAlready({ id, state, decision }: FlushRequest): Spans {
  if (decision === null) return text(`${id} is already ${state}.`);
  const { by, at } = decision;
  return text(`${id} was already decided by `, user(by), ' at ', time(at), `: ${state}.`);
}

/** What has changed since the card was posted and requires a new approval; null = nothing. */
export function materialChange(
  shown: Shown,
  now: Pick<Shown, 'identity' | 'blockedHosts' | 'statement'>,
): string | null {
  if (shown.identity !== now.identity) return 'a different server answers under this name';
  if (shown.statement !== now.statement) return `the server is now flushed by ${now.statement}`;
  const isShown = new Set(shown.blockedHosts.map(({ address }) => address));
  const added = now.blockedHosts.filter(({ address }) => !isShown.has(address));
  if (added.length === 0) return null;
  const names = listed(
    added.map(({ address }) => address),
    3,
  );
  const what = count(added.length, 'host was', 'hosts were');
  return `${what} blocked that the card did not list: ${names}`;
}
