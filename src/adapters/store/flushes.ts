import { sql, type Updateable } from 'kysely';
import {
  type Decision,
  type FlushRequest,
  type FlushState,
  isFinal,
  sayRejected,
} from '../../flush/request.ts';
import type { AuditEntry, Change, FlushStore } from '../../flush/stores.ts';
import type { Post } from '../../outbox/store.ts';
import { type Database, type Db, isInserted, isUpdated, nextId, type Trx } from './database.ts';
import { addPosts } from './posts.ts';
import { addRefusal, refusalsOf } from './refusals.ts';
import type { FlushTable } from './tables.ts';

/** Stores flush requests, one row each, their snapshots, and the append-only audit. */
export function createFlushStore(database: Database): FlushStore {
  const { db, attempt, atomically } = database;
  const all = () => db.selectFrom('hostcache_flushes').selectAll();
  const requests = async (rows: ReturnType<typeof all>) => (await rows.execute()).map(toRequest);
  return {
    nextFlushId: () => nextId(database, 'FR'),
    find: async (id) => (await requests(all().where('id', '=', id)))[0] ?? null,
    openOn: async (server) => (await requests(all().where('openOn', '=', server)))[0] ?? null,
    open: () => requests(all().where('openOn', 'is not', null)),
    history: (server, limit) => {
      const rows = all().orderBy('requestedAt', 'desc').orderBy('id', 'desc').limit(limit);
      return requests(server === null ? rows : rows.where('server', '=', server));
    },
    add: (request, posts) => attempt((trx) => isAdded(trx, request, posts)),
    decide: (id, to, decision, posts) =>
      attempt((trx) => {
        const decided = isDecided(trx, id, to, decision);
        return isTold(trx, decided, toDecided(id, to, decision), posts);
      }),
    move: (id, from, to, change, posts) =>
      attempt((trx) => isMoved(trx, { id, from, to }, change, posts)),
    supersede: (id, change, replacement, posts) =>
      attempt(async (trx) => {
        const step = { id, from: 'approved', to: 'superseded' } as const;
        return (await isMoved(trx, step, change, [])) && isAdded(trx, replacement, posts);
      }),
    begin: (id, holder, at) =>
      isUpdated(
        db
          .updateTable('hostcache_flushes')
          .set({ begunBy: holder, begunAt: at })
          .where('id', '=', id)
          .where('state', '=', 'approved')
          .where('begunAt', 'is', null),
      ),
    begunAt: async (id) => (await all().where('id', '=', id).executeTakeFirst())?.begunAt ?? null,
    tell: (posts) => atomically((trx) => addNewPosts(trx, posts)),
    saveSnapshot: async (id, { csv, oldestAt, readAt }) => {
      await db.replaceInto('hostcache_snapshots').values({ id, csv, oldestAt, readAt }).execute();
    },
    snapshot: async (id) => {
      const row = await db
        .selectFrom('hostcache_snapshots')
        .select(['csv', 'oldestAt', 'readAt'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    },
    audit: (entry) => addAudit(db, entry),
    refused: (entry) => addRefusal(database, entry),
    refusalsOf: (requests) => refusalsOf(database, requests),
    auditOf: (id) =>
      db
        .selectFrom('hostcache_audit')
        .select(['request', 'at', 'by', 'what'])
        .where('request', '=', id)
        .orderBy('number')
        .execute(),
  };
}

async function addAudit(db: Db, entry: AuditEntry): Promise<void> {
  await db.insertInto('hostcache_audit').values(entry).execute();
}

/** Adds the audit entry and the posts of a change. False if the change was not made. */
async function isTold(
  trx: Trx,
  isChanged: Promise<boolean>,
  entry: AuditEntry,
  posts: readonly Post[],
): Promise<boolean> {
  if (!(await isChanged)) return false;
  await addAudit(trx, entry);
  await addPosts(trx, posts);
  return true;
}

/** Adds a request. False if its server already has an open one. */
function isAdded(trx: Trx, request: FlushRequest, posts: readonly Post[]): Promise<boolean> {
  const { id, server, state, requestedAt, requester, reason } = request;
  const row = { ...request, openOn: isFinal(state) ? null : server };
  const inserted = isInserted(trx.insertInto('hostcache_flushes').values(row));
  const entry = { request: id, at: requestedAt, by: requester, what: `asked: ${reason}` };
  return isTold(trx, inserted, entry, posts);
}

/** The audit entry lists everyone who could decide at that moment, because group members change. */
function toDecided(id: string, to: FlushState, decision: Decision): AuditEntry {
  const { at, by, reason, approvers } = decision;
  const why = reason === null ? '' : `: ${reason}`;
  return { request: id, at, by, what: `${to}${why} (could decide: ${approvers.join(', ')})` };
}

interface Step {
  readonly id: string;
  readonly from: FlushState;
  readonly to: FlushState;
}

/** The UPDATE that changes the state; it changes no row if the request is in another state. */
function changeState(trx: Trx, { id, from, to }: Step, change: Updateable<FlushTable>) {
  return trx
    .updateTable('hostcache_flushes')
    .set({ ...change, state: to, ...(isFinal(to) ? { openOn: null } : {}) })
    .where('id', '=', id)
    .where('state', '=', from);
}

/** Changes the state. False if the request is in another state. */
function isMoved(
  trx: Trx,
  step: Step,
  { outcome, at }: Change,
  posts: readonly Post[],
): Promise<boolean> {
  const moved = isUpdated(changeState(trx, step, { outcome, changedAt: at }));
  const what = outcome === null ? step.to : `${step.to}: ${outcome}`;
  return isTold(trx, moved, { request: step.id, at, by: null, what }, posts);
}

/** The conditional UPDATE: a second decision, a late one or the requester's own changes no row. */
function isDecided(
  trx: Trx,
  id: string,
  to: 'approved' | 'rejected',
  decision: Decision,
): Promise<boolean> {
  const change = {
    decision,
    changedAt: decision.at,
    ...(to === 'rejected' ? { outcome: sayRejected(decision) } : {}),
  };
  return isUpdated(
    changeState(trx, { id, from: 'pending', to }, change)
      .where('requester', '!=', decision.by)
      .where(({ eb, or }) => or([eb('expiresAt', '>', decision.at), eb('cardAt', 'is', null)])),
  );
}

/** The time to approve is counted from the moment at which the card stands in Slack. */
export async function beginTimeToApprove(trx: Trx, id: string, at: Date): Promise<void> {
  await trx
    .updateTable('hostcache_flushes')
    .set({ cardAt: at, expiresAt: sql<Date>`expires_at - requested_at + ${at.getTime()}` })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('cardAt', 'is', null)
    .execute();
}

/** Adds the posts whose id is new; the others were stored before. */
async function addNewPosts(trx: Trx, posts: readonly Post[]): Promise<void> {
  for (const post of posts) {
    const before = await trx
      .selectFrom('hostcache_outbox')
      .select('id')
      .where('id', '=', post.id)
      .executeTakeFirst();
    if (before === undefined) await addPosts(trx, [post]);
  }
}

function toRequest({ openOn, begunBy, begunAt, ...request }: FlushTable): FlushRequest {
  return request;
}
