import { addSeconds } from 'date-fns/addSeconds';
import { count, listed } from '../chat/lists.ts';
import { code, type Spans, text, time, user } from '../chat/message.ts';

/** A flush request: who asked, what the approver sees, who decided, what came of it. */
export interface FlushRequest {
  /** `FR-1042`. */
  readonly id: string;
  readonly server: string;
  readonly reason: string;
  readonly requester: string;
  readonly requestedAt: Date;
  /** No approval counts from this moment on. */
  readonly expiresAt: Date;
  /** What the card shows, and what must still be so when the statement runs. */
  readonly shown: Shown;
  /** Where the card stands. */
  readonly channel: string;
  /** The alert in whose thread it stands; null = a root message. */
  readonly thread: string | null;
  readonly state: FlushState;
  /** null: nobody has. */
  readonly decision: Decision | null;
  /** What came of it, in a sentence; null while it is open. */
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
  /** Why it was rejected; null = not said. */
  readonly reason: string | null;
  /** Who could have approved at that moment: members of the groups, and people by id. */
  readonly approvers: readonly string[];
}

/** What the approver decides about. */
export interface Shown {
  readonly identity: ServerIdentity;
  readonly statement: string;
  /** null: the cache cannot be seen. */
  readonly entries: number | null;
  readonly blockedHosts: readonly BlockedHost[];
  /** Sentences: what a flush cures by our prediction, what it will not, which accounts change. */
  readonly forecast: readonly string[];
}

/** What tells one server from another behind the same name. */
export interface ServerIdentity {
  /** server_uuid, or MariaDB's server_uid; else host, port and data directory. */
  readonly id: string;
}

export interface BlockedHost {
  readonly address: string;
  readonly connectErrors: number;
  /** Its errors look like an attack: freeing it lets the attacker in again. */
  readonly looksLikeAttack: boolean;
}

/** States that nothing changes any more. */
export function isFinal(state: FlushState): boolean {
  return state !== 'pending' && state !== 'approved';
}

/** Whoever asks may not decide; nor may anybody after the time, or twice. null = may decide. */
export function refusal(
  request: FlushRequest,
  by: string,
  now: Date,
  /** null: who may approve could not be read, which means nobody. */
  approvers: readonly string[] | null,
): Spans | null {
  if (request.state !== 'pending') return decidedAlready(request);
  if (now >= request.expiresAt) return text(`${request.id} expired before anybody approved it.`);
  if (approvers === null) return text('Who may approve could not be read, so nobody may now.');
  if (by === request.requester) {
    return text(
      `You asked for ${request.id} yourself: a second person approves it. `,
      'Where nobody else is there, who has the right runs this on the server by hand: ',
      code(`${request.shown.statement};`),
    );
  }
  if (!approvers.includes(by))
    return text(`You are not among those who approve flushes of ${request.server}.`);
  return null;
}

/** Replicas share the state, not the clock; so far apart, none of the times above means anything. */
const SKEW_SECONDS = 60;

/** Why this program's clock forbids to approve; null = it does not. */
export function clockFault({ id, requestedAt }: FlushRequest, now: Date): Spans | null {
  if (requestedAt <= addSeconds(now, SKEW_SECONDS)) return null;
  return text(
    `${id} was asked at `,
    time(requestedAt),
    ', which has not come yet by the clock here (',
    time(now),
    '): the clocks of two replicas differ. Nothing runs; set the clocks right, reject it and ask again.',
  );
}

/** An approval that nobody carried out so long is not carried out any more. */
const APPROVED_FOR_MS = 120_000;

/** Whether an approved request may still be begun: nobody wants a flush hours later. */
export function isFresh({ decision }: FlushRequest, now: Date): boolean {
  return decision !== null && Math.abs(now.getTime() - decision.at.getTime()) <= APPROVED_FOR_MS;
}

function decidedAlready({ id, state, decision }: FlushRequest): Spans {
  if (decision === null) return text(`${id} is ${state} already.`);
  const { by, at } = decision;
  return text(`${id} is already decided by `, user(by), ' at ', time(at), `: ${state}.`);
}

/** What has changed since the card was drawn, so that it must be asked again; null = nothing material. */
export function materialChange(
  shown: Shown,
  now: Pick<Shown, 'identity' | 'blockedHosts' | 'statement'>,
): string | null {
  if (shown.identity.id !== now.identity.id) return 'another server answers under this name';
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
