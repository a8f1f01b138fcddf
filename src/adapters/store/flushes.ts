import type { Updateable } from 'kysely';
import { type Decision, type FlushRequest, type FlushState, isFinal } from '../../flush/request.ts';
import type { AuditEntry, Change, FlushStore } from '../../flush/stores.ts';
import { type Database, type Db, isInserted, isUpdated, type Trx } from './database.ts';
import { nextId } from './ids.ts';
import { addPosts } from './posts.ts';
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
    add: (request, posts) =>
      attempt(async (trx) => {
        if (!(await isInserted(trx.insertInto('hostcache_flushes').values(toRow(request)))))
          return false;
        await addAudit(trx, toRequested(request));
        await addPosts(trx, posts);
        return true;
      }),
    decide: (id, to, decision, posts) =>
      attempt(async (trx) => {
        if (!(await isDecided(trx, id, to, decision))) return false;
        await addAudit(trx, toDecided(id, to, decision));
        await addPosts(trx, posts);
        return true;
      }),
    move: (id, from, to, change, posts) =>
      attempt(async (trx) => {
        if (!(await isMoved(trx, { id, from, to }, change))) return false;
        await addPosts(trx, posts);
        return true;
      }),
    supersede: (id, change, successor, posts) =>
      attempt(async (trx) => {
        const step = { id, from: 'approved', to: 'superseded' } as const;
        if (!(await isMoved(trx, step, change))) return false;
        await trx.insertInto('hostcache_flushes').values(toRow(successor)).execute();
        await addAudit(trx, toRequested(successor));
        await addPosts(trx, posts);
        return true;
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
    saveSnapshot: (id, { csv, oldestAt, readAt }) =>
      atomically(async (trx) => {
        await trx.deleteFrom('hostcache_snapshots').where('id', '=', id).execute();
        await trx.insertInto('hostcache_snapshots').values({ id, csv, oldestAt, readAt }).execute();
      }),
    snapshot: async (id) => {
      const row = await db
        .selectFrom('hostcache_snapshots')
        .select(['csv', 'oldestAt', 'readAt'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row ?? null;
    },
    audit: (entry) => addAudit(db, entry),
    auditOf: async (id) => {
      const rows = await db
        .selectFrom('hostcache_audit')
        .selectAll()
        .where('request', '=', id)
        .orderBy('number')
        .execute();
      return rows.map(({ number: _, happenedAt: at, doneBy: by, ...same }) => ({
        ...same,
        at,
        by,
      }));
    },
  };
}

async function addAudit(db: Db, { at, by, ...same }: AuditEntry): Promise<void> {
  const entry = { ...same, happenedAt: at, doneBy: by };
  await db.insertInto('hostcache_audit').values(entry).execute();
}

function toRequested({ id, requestedAt, requester, reason }: FlushRequest): AuditEntry {
  return { request: id, at: requestedAt, by: requester, what: `asked: ${reason}` };
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

/** Changes the state and adds an audit entry. False if the request is in another state. */
async function isMoved(trx: Trx, step: Step, { outcome, at }: Change): Promise<boolean> {
  if (!(await isUpdated(changeState(trx, step, { outcome, changedAt: at })))) return false;
  const what = outcome === null ? step.to : `${step.to}: ${outcome}`;
  await addAudit(trx, { request: step.id, at, by: null, what });
  return true;
}

/** The conditional UPDATE: a second decision, a late one or the requester's own changes no row. */
function isDecided(
  trx: Trx,
  id: string,
  to: 'approved' | 'rejected',
  decision: Decision,
): Promise<boolean> {
  const change = {
    decisionJson: decision,
    changedAt: decision.at,
    ...(to === 'rejected' ? { outcome: sayRejected(decision) } : {}),
  };
  return isUpdated(
    changeState(trx, { id, from: 'pending', to }, change)
      .where('requester', '!=', decision.by)
      .where('expiresAt', '>', decision.at),
  );
}

function sayRejected({ reason }: Decision): string {
  return reason === null ? 'Rejected.' : `Rejected: ${reason}.`;
}

/** Adds the posts whose id is new; the others were stored before. */
async function addNewPosts(trx: Trx, posts: Parameters<FlushStore['tell']>[0]): Promise<void> {
  for (const post of posts) {
    const before = await trx
      .selectFrom('hostcache_outbox')
      .select('id')
      .where('id', '=', post.id)
      .executeTakeFirst();
    if (before === undefined) await addPosts(trx, [post]);
  }
}

function toRow({ shown, decision, ...same }: FlushRequest): FlushTable {
  return {
    ...same,
    openOn: isFinal(same.state) ? null : same.server,
    shownJson: shown,
    decisionJson: decision,
    begunBy: null,
    begunAt: null,
  };
}

function toRequest(row: FlushTable): FlushRequest {
  const { shownJson: shown, decisionJson: decision, openOn, begunBy, begunAt, ...same } = row;
  return { ...same, shown, decision };
}
