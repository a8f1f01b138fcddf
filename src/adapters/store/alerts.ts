import type { Alert } from '../../sweep/alert.ts';
import type { AlertStore } from '../../sweep/stores.ts';
import { type Database, isInserted, isUpdated, type Trx } from './database.ts';
import { nextId } from './ids.ts';
import { keepsLease } from './leases.ts';
import { addPosts } from './posts.ts';
import type { AlertTable } from './tables.ts';

/** Stores alerts, one row each; lists them oldest first. */
export function createAlertStore(database: Database): AlertStore {
  const { db, attempt } = database;
  const all = () => db.selectFrom('hostcache_alerts').selectAll().orderBy('openedAt').orderBy('id');
  return {
    nextAlertId: () => nextId(database, 'AL'),
    recent: async (server, resolvedAfter) => {
      const rows = await all()
        .where('server', '=', server)
        .where(({ eb, or }) =>
          or([eb('resolvedAt', 'is', null), eb('resolvedAt', '>', resolvedAfter)]),
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
        // Every process saves alerts in the same order, so two of them wait instead of deadlocking.
        for (const alert of alerts.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          if (!(await isSaved(trx, alert))) return false;
        }
        await addPosts(trx, posts);
        return true;
      }),
  };
}

/** Saves one alert. False if the stored alert has another revision. */
async function isSaved(trx: Trx, alert: Alert): Promise<boolean> {
  const { id, ...columns } = toRow(alert);
  if (alert.revision === 0)
    return await isInserted(trx.insertInto('hostcache_alerts').values({ id, ...columns }));
  const stored = trx.updateTable('hostcache_alerts').where('id', '=', id);
  return await isUpdated(stored.where('revision', '=', alert.revision).set(columns));
}

/** The row, with the revision that the alert has after it is saved. */
function toRow({ hosts, proofs, acknowledged, revision, ...same }: Alert): AlertTable {
  return {
    ...same,
    hostsJson: hosts,
    proofsJson: proofs,
    acknowledgedBy: acknowledged?.by ?? null,
    acknowledgedAt: acknowledged?.at ?? null,
    revision: revision + 1,
  };
}

function toAlert(row: AlertTable): Alert {
  const { hostsJson, proofsJson, acknowledgedBy: by, acknowledgedAt: at, ...same } = row;
  const acknowledged = by === null || at === null ? null : { by, at };
  return { ...same, hosts: hostsJson, proofs: proofsJson, acknowledged };
}
