// Runs an approved flush once: compares with the card, saves the cache, flushes, verifies. Does I/O.

import { addMilliseconds } from 'date-fns/addMilliseconds';
import { subSeconds } from 'date-fns/subSeconds';
import { holding } from '../chat/lease.ts';
import { count } from '../chat/lists.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { releaseOf } from '../hostcache/release.ts';
import { withOneRequester } from './approvers.ts';
import { end, endSurely, notify } from './end.ts';
import type { FlushCache, FlushSession } from './flusher.ts';
import { forecastFor } from './forecast.ts';
import { otherServer, type ServerIdentity } from './identity.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { cardPosts, endingOf, evidenceOf } from './posts.ts';
import { type FlushRequest, materialChange, type Shown } from './request.ts';
import { onOneServer, onSameServer } from './same-server.ts';

/** After a crash, another process takes over a request when this time has passed. */
const LEASE_MS = 10_000;

/** Reads what the card shows. Rejects as `Unreadable`. */
export async function readShown(target: FlushTarget, now: Date): Promise<Shown> {
  const { server, view } = target;
  const { identity, value } = await onOneServer(server.name, view, () =>
    Promise.all([server.settings(), view.cache(), forecastFor(target, now)]),
  );
  const [settings, cache, forecast] = value;
  return {
    identity,
    statement: releaseOf(settings).flush.sql,
    entries: cache?.entries ?? null,
    blockedHosts: cache?.blockedHosts ?? [],
    forecast,
  };
}

/** A pending request that shows the server as it is now. Rejects as `Unreadable`. */
export async function createRequest(
  asked: Pick<FlushRequest, 'server' | 'reason' | 'requester' | 'channel' | 'thread'>,
  target: FlushTarget,
  { flushes, now, requestTtlMs }: FlushParts,
): Promise<FlushRequest> {
  const shown = await readShown(target, now());
  const requestedAt = now();
  return {
    ...asked,
    id: await flushes.nextFlushId(),
    requestedAt,
    expiresAt: addMilliseconds(requestedAt, requestTtlMs),
    cardAt: null,
    shown,
    state: 'pending',
    decision: null,
    outcome: null,
    changedAt: requestedAt,
  };
}

/** Runs `work` unless this or another process is already working on the request. */
export async function withRequestLease(
  { id }: FlushRequest,
  parts: FlushParts,
  work: () => Promise<void>,
): Promise<void> {
  await holding(`flush ${id}`, LEASE_MS, parts, work);
}

/**
 * Executes an approved request at most once: a mark is stored before the statement is sent. The
 * caller holds the request's lease. Rejects as `Unreadable` if the state does not answer;
 * maintenance then tries again.
 */
export async function execute(
  request: FlushRequest,
  target: FlushTarget,
  parts: FlushParts,
): Promise<void> {
  try {
    await tryToFlush(request, target, parts);
  } catch (error) {
    parts.log.error('a flush failed', { request: request.id, error });
    const isBegun = (await parts.flushes.begunAt(request.id)) !== null;
    const why = isUnreadable(error) ? error.message : 'Internal error. Details are in the log.';
    const [to, says] = isBegun
      ? (['uncertain', 'The statement may have run; its result is unknown'] as const)
      : (['failed', 'Not flushed'] as const);
    await end(request, to, `${says}: ${why}`, target, parts);
  }
}

async function tryToFlush(
  request: FlushRequest,
  target: FlushTarget,
  parts: FlushParts,
): Promise<void> {
  if (target.flusher === null)
    return end(request, 'failed', 'Not flushed: MYSQL_FLUSH_URL is not set.', target, parts);
  const session = await target.flusher.open();
  try {
    const permission = await session.mayFlush();
    if (permission.kind === 'off') {
      return await end(request, 'failed', `Not flushed: ${permission.why}.`, target, parts);
    }
    await flushIn(session, request, target, parts);
  } finally {
    session.close();
  }
}

async function flushIn(
  session: FlushSession,
  request: FlushRequest,
  target: FlushTarget,
  parts: FlushParts,
): Promise<void> {
  const { shown } = request;
  const identity = await session.identity();
  const read = await onSameServer(shown.identity, target.view, () =>
    Promise.all([target.view.cache(), target.server.settings()]),
  );
  if (read.change !== null) return supersede(request, read.change, identity, target, parts);
  // Both accounts must reach the server on the card: several servers may share one name.
  const other = otherServer(shown.identity, identity) ?? otherServer(read.identity, identity);
  if (other !== null) {
    // The open connection may still lead to a server that the name has left.
    await target.server.close();
    return supersede(request, `${other} (for the flush account)`, identity, target, parts);
  }
  const [cache, settings] = read.value;
  const change = materialChange(shown, {
    blockedHosts: cache?.blockedHosts ?? [],
    statement: releaseOf(settings).flush.sql,
  });
  if (change !== null) return supersede(request, change, identity, target, parts);
  if (cache !== null) await parts.flushes.saveSnapshot(request.id, cache);
  if (!(await parts.flushes.begin(request.id, parts.holder, parts.now()))) return;
  const result = await session.flush(shown.statement);
  if (result.kind !== 'flushed') {
    const says =
      result.kind === 'failed'
        ? `Not flushed: ${result.why}`
        : `The statement may have run: ${result.why}`;
    const evidence = result.kind === 'uncertain' ? evidenceOf(request, cache?.csv ?? null) : [];
    return endSurely(request, result.kind, says, target, parts, evidence);
  }
  const [to, says] = await verify(request, target, cache);
  return endSurely(request, to, says, target, parts, evidenceOf(request, cache?.csv ?? null));
}

type Ending = readonly ['flushed' | 'uncertain', string];

const HIDDEN = 'performance_schema is off, so the host cache cannot be seen';

/** `flushed` only with proof: by the server's own clock, every entry is younger than the last reading. */
async function verify(
  { shown }: FlushRequest,
  { view }: FlushTarget,
  before: FlushCache | null,
): Promise<Ending> {
  if (before === null) return unverified(HIDDEN);
  try {
    const read = await onSameServer(shown.identity, view, () => view.cache());
    if (read.change !== null) return unverified(read.change);
    const after = read.value;
    if (after === null) return unverified(HIDDEN);
    // FIRST_SEEN is rounded to seconds.
    const isEmptied = after.oldestAt === null || after.oldestAt >= subSeconds(before.readAt, 1);
    const counts = `${count(before.entries, 'entry', 'entries')} before, ${after.entries} now`;
    return isEmptied
      ? ['flushed', `The cache was emptied: ${counts}.`]
      : ['uncertain', `The statement ran, but old entries are still there: ${counts}.`];
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return [
      'uncertain',
      `The statement ran, but the result could not be verified: ${error.message}`,
    ];
  }
}

function unverified(why: string): Ending {
  const says = `The statement ran without an error, but the result cannot be verified: ${why}.`;
  return ['uncertain', says];
}

/** What the approver saw has changed: nothing runs, and a new request replaces this one. */
async function supersede(
  request: FlushRequest,
  change: string,
  /** Of the server that the flush account reaches. */
  identity: ServerIdentity,
  target: FlushTarget,
  parts: FlushParts,
): Promise<void> {
  const replacement = await createRequest(request, target, parts);
  const { id, requestedAt, shown } = replacement;
  const isApart = otherServer(shown.identity, identity) !== null;
  const next = isApart
    ? ' MYSQL_URL and MYSQL_FLUSH_URL reach different servers; run doctor before you approve it.'
    : '';
  const card = await withOneRequester(target, replacement.requester, parts);
  const says = `Not flushed: ${change}. ${id} replaces this request.${next}`;
  const ending = endingOf(request, 'superseded', says, target, requestedAt);
  const posts = [...ending.posts, ...cardPosts(replacement, card, requestedAt)];
  if (await parts.flushes.supersede(request.id, ending.change, replacement, posts))
    notify(request, 'superseded', parts);
}
