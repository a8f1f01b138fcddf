import type { Alert } from '../../sweep/alert.ts';
import { EMPTY_CARD } from '../../sweep/card.ts';
import type { AlertStore } from '../../sweep/stores.ts';
import { type Database, isInserted, isUpdated, nextId, type Trx } from './database.ts';
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
function isSaved(trx: Trx, alert: Alert): Promise<boolean> {
  const { id, revision } = alert;
  const row = { ...alert, revision: revision + 1 };
  if (revision === 0) return isInserted(trx.insertInto('hostcache_alerts').values(row));
  const stored = trx.updateTable('hostcache_alerts').where('id', '=', id);
  return isUpdated(stored.where('revision', '=', revision).set(row));
}

function toAlert(row: AlertTable): Alert {
  return { ...row, card: { ...EMPTY_CARD, ...row.card } };
}
