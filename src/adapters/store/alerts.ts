import type { Alert } from '../../sweep/alert.ts';
import type { AlertStore } from '../../sweep/stores.ts';
import { type Database, isInserted, type Trx } from './database.ts';
import { nextId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { keepsLease } from './leases.ts';
import { addPosts } from './posts.ts';
import type { AlertTable } from './tables.ts';

/** Alerts, a row each, oldest first. */
export function createAlertStore(database: Database): AlertStore {
  const { db, attempt } = database;
  const all = () =>
    db.selectFrom('hostcache_alerts').selectAll().orderBy('opened_at').orderBy('id');
  return {
    nextAlertId: () => nextId(database, 'AL'),
    recent: async (server, resolvedAfter) => {
      const rows = await all()
        .where('server', '=', server)
        .where(({ eb, or }) =>
          or([eb('resolved_at', 'is', null), eb('resolved_at', '>', resolvedAfter.getTime())]),
        )
        .execute();
      return rows.map(toAlert);
    },
    open: async () => (await all().where('resolved_at', 'is', null).execute()).map(toAlert),
    find: async (id) => {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : toAlert(row);
    },
    save: (alerts, posts, lease) =>
      attempt(async (trx) => {
        if (lease !== undefined && !(await keepsLease(trx, lease))) return false;
        // In one order for all, so that two that save the same alerts wait instead of deadlocking.
        for (const alert of alerts.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          if (!(await isSaved(trx, alert))) return false;
        }
        await addPosts(trx, posts);
        return true;
      }),
  };
}

/** False where the stored revision is another one. */
async function isSaved(trx: Trx, alert: Alert): Promise<boolean> {
  const { id, ...columns } = toRow(alert);
  if (alert.revision === 0)
    return await isInserted(trx.insertInto('hostcache_alerts').values({ id, ...columns }));
  const { numUpdatedRows } = await trx
    .updateTable('hostcache_alerts')
    .set(columns)
    .where('id', '=', id)
    .where('revision', '=', alert.revision)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** With the revision that it has once it is saved. */
function toRow(alert: Alert): AlertTable {
  const { id, server, rule, state, fact, acknowledged } = alert;
  return {
    id,
    server,
    rule,
    state,
    hosts_json: toJson(alert.hosts),
    fact,
    opened_at: alert.openedAt.getTime(),
    changed_at: alert.changedAt.getTime(),
    resolved_at: alert.resolvedAt?.getTime() ?? null,
    proofs_json: toJson(alert.proofs),
    acknowledged_by: acknowledged?.by ?? null,
    acknowledged_at: acknowledged?.at.getTime() ?? null,
    revision: alert.revision + 1,
  };
}

function toAlert(row: AlertTable): Alert {
  const { id, server, rule, state, fact, revision, acknowledged_by, acknowledged_at } = row;
  return {
    id,
    server,
    rule,
    state,
    hosts: fromJson<Alert['hosts']>(row.hosts_json),
    fact,
    openedAt: new Date(row.opened_at),
    changedAt: new Date(row.changed_at),
    resolvedAt: row.resolved_at === null ? null : new Date(row.resolved_at),
    proofs: fromJson<Alert['proofs']>(row.proofs_json),
    acknowledged:
      acknowledged_by === null || acknowledged_at === null
        ? null
        : { by: acknowledged_by, at: new Date(acknowledged_at) },
    revision,
  };
}
