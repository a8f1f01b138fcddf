import type { Decision, FlushRequest, FlushState } from '../../flush/request.ts';
import { isFinal } from '../../flush/request.ts';
import type { AuditEntry, Change, FlushStore } from '../../flush/stores.ts';
import { type Database, type Db, isInserted, type Trx } from './database.ts';
import { nextId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { addPosts } from './posts.ts';
import { fromRow, toRow } from './rows.ts';
import type { FlushTable } from './tables.ts';

/** Flush requests, a row each; their snapshots; and the audit, to which rows are only added. */
export function createFlushStore(database: Database): FlushStore {
  const { db, attempt, atomically } = database;
  const all = () => db.selectFrom('hostcache_flushes').selectAll();
  return {
    nextFlushId: () => nextId(database, 'FR'),
    find: async (id) => toRequest(await all().where('id', '=', id).executeTakeFirst()),
    openOn: async (server) =>
      toRequest(await all().where('openOn', '=', server).executeTakeFirst()),
    open: async () => toRequests(await all().where('openOn', 'is not', null).execute()),
    history: async (server, limit) => {
      const rows = all().orderBy('requestedAt', 'desc').orderBy('id', 'desc').limit(limit);
      return toRequests(
        await (server === null ? rows : rows.where('server', '=', server)).execute(),
      );
    },
    add: (request, posts) =>
      attempt(async (trx) => {
        if (!(await isInserted(trx.insertInto('hostcache_flushes').values(toFlushRow(request)))))
          return false;
        await addAudit(trx, toAsked(request));
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
    supersede: (id, change, anew, posts) =>
      attempt(async (trx) => {
        const step = { id, from: 'approved', to: 'superseded' } as const;
        if (!(await isMoved(trx, step, change))) return false;
        await trx.insertInto('hostcache_flushes').values(toFlushRow(anew)).execute();
        await addAudit(trx, toAsked(anew));
        await addPosts(trx, posts);
        return true;
      }),
    begin: async (id, holder, at) => {
      const { numUpdatedRows } = await db
        .updateTable('hostcache_flushes')
        .set({ begunBy: holder, begunAt: at.getTime() })
        .where('id', '=', id)
        .where('state', '=', 'approved')
        .where('begunAt', 'is', null)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    begunAt: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row?.begunAt == null ? null : new Date(row.begunAt);
    },
    tell: (posts) => atomically((trx) => addNewPosts(trx, posts)),
    saveSnapshot: (id, { csv, oldestAt, readAt }) =>
      atomically(async (trx) => {
        const row = toRow({ id, csv, oldestAt, readAt });
        await trx.deleteFrom('hostcache_snapshots').where('id', '=', id).execute();
        await trx.insertInto('hostcache_snapshots').values(row).execute();
      }),
    snapshot: async (id) => {
      const row = await db
        .selectFrom('hostcache_snapshots')
        .select(['csv', 'oldestAt', 'readAt'])
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? null : fromRow(row);
    },
    audit: (entry) => addAudit(db, entry),
    auditOf: async (id) => {
      const rows = await db
        .selectFrom('hostcache_audit')
        .selectAll()
        .where('request', '=', id)
        .orderBy('number')
        .execute();
      return rows.map(
        ({ request, happenedAt, doneBy, what }): AuditEntry => ({
          request,
          at: new Date(happenedAt),
          by: doneBy,
          what,
        }),
      );
    },
  };
}

async function addAudit(db: Db, { request, at, by, what }: AuditEntry): Promise<void> {
  const entry = { request, happenedAt: at.getTime(), doneBy: by, what };
  await db.insertInto('hostcache_audit').values(entry).execute();
}

function toAsked({ id, requestedAt, requester, reason }: FlushRequest): AuditEntry {
  return { request: id, at: requestedAt, by: requester, what: `asked: ${reason}` };
}

/** With those who could have decided at that moment: who is in a group changes. */
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

/** With its audit entry; whoever comes second changes no row. */
async function isMoved(
  trx: Trx,
  { id, from, to }: Step,
  { outcome, at }: Change,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('hostcache_flushes')
    .set({
      state: to,
      outcome,
      changedAt: at.getTime(),
      ...(isFinal(to) ? { openOn: null } : {}),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  const what = outcome === null ? to : `${to}: ${outcome}`;
  await addAudit(trx, { request: id, at, by: null, what });
  return true;
}

/** The one conditional UPDATE: whoever comes second, late or as the requester changes no row. */
async function isDecided(
  trx: Trx,
  id: string,
  to: 'approved' | 'rejected',
  decision: Decision,
): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('hostcache_flushes')
    .set({
      state: to,
      decisionJson: toJson(decision),
      changedAt: decision.at.getTime(),
      ...(to === 'rejected' ? { openOn: null, outcome: sayRejected(decision) } : {}),
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('requester', '!=', decision.by)
    .where('expiresAt', '>', decision.at.getTime())
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

function sayRejected({ reason }: Decision): string {
  return reason === null ? 'Rejected.' : `Rejected: ${reason}.`;
}

/** Posts whose id is new; the others were told of before. */
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

function toFlushRow({ shown, decision, ...same }: FlushRequest): FlushTable {
  return {
    ...toRow(same),
    openOn: isFinal(same.state) ? null : same.server,
    shownJson: toJson(shown),
    decisionJson: decision === null ? null : toJson(decision),
    begunBy: null,
    begunAt: null,
  };
}

function toRequests(rows: readonly FlushTable[]): readonly FlushRequest[] {
  return rows.map(toRequest).filter((request) => request !== null);
}

function toRequest(row: FlushTable | undefined): FlushRequest | null {
  if (row === undefined) return null;
  const { openOn, shownJson, decisionJson, begunBy, begunAt, ...same } = row;
  return {
    ...fromRow(same),
    shown: fromJson(shownJson),
    decision: decisionJson === null ? null : fromJson(decisionJson),
  };
}
