import type { Alert } from '../../sweep/alert.ts';
import type { AlertStore } from '../../sweep/stores.ts';
import { type Database, isInserted, type Trx } from './database.ts';
import { nextId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { keepsLease } from './leases.ts';
import { addPosts } from './posts.ts';
import { fromRow, toRow } from './rows.ts';
import type { AlertTable } from './tables.ts';

/** Alerts, a row each, oldest first. */
export function createAlertStore(database: Database): AlertStore {
  const { db, attempt } = database;
  const all = () => db.selectFrom('hostcache_alerts').selectAll().orderBy('openedAt').orderBy('id');
  return {
    nextAlertId: () => nextId(database, 'AL'),
    recent: async (server, resolvedAfter) => {
      const rows = await all()
        .where('server', '=', server)
        .where(({ eb, or }) =>
          or([eb('resolvedAt', 'is', null), eb('resolvedAt', '>', resolvedAfter.getTime())]),
        )
        .execute();
      return rows.map(toAlert);
    },
    open: async () => (await all().where('resolvedAt', 'is', null).execute()).map(toAlert),
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
  const { id, ...columns } = toAlertRow(alert);
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
function toAlertRow({ hosts, proofs, acknowledged, ...same }: Alert): AlertTable {
  return {
    ...toRow({ ...same, revision: same.revision + 1 }),
    hostsJson: toJson(hosts),
    proofsJson: toJson(proofs),
    acknowledgedBy: acknowledged?.by ?? null,
    acknowledgedAt: acknowledged?.at.getTime() ?? null,
  };
}

function toAlert(row: AlertTable): Alert {
  const { hostsJson, proofsJson, acknowledgedBy: by, acknowledgedAt: at, ...same } = row;
  return {
    ...fromRow(same),
    hosts: fromJson<Alert['hosts']>(hostsJson),
    proofs: fromJson<Alert['proofs']>(proofsJson),
    acknowledged: by === null || at === null ? null : { by, at: new Date(at) },
  };
}
