import type { SweepStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';

/** Stores readings, one row per host and sweep, and the last sweep of each server. */

/** Rows in one INSERT; SQLite takes 32766 values in one statement. */
const ROWS_AT_ONCE = 1000;

export function createSweepStore({ db, atomically }: Database): SweepStore {
  return {
    readings: async (server, since) => {
      const rows = await db
        .selectFrom('hostcache_readings')
        .selectAll()
        .where('server', '=', server)
        .where('readAt', '>=', since)
        .orderBy('readAt')
        .orderBy('address')
        .execute();
      return rows.map(({ server: _, ...reading }) => reading);
    },
    addReadings: (server, readings, forgetBefore) =>
      atomically(async (trx) => {
        await trx
          .deleteFrom('hostcache_readings')
          .where('server', '=', server)
          .where('readAt', '<', forgetBefore)
          .execute();
        const rows = readings.map((reading) => ({ server, ...reading }));
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
          // REPLACE, because readings are added again if the result of the first try is unknown.
          const some = rows.slice(at, at + ROWS_AT_ONCE);
          await trx.replaceInto('hostcache_readings').values(some).execute();
        }
      }),
    record: async (record) => {
      const row = { ...record, tookMs: Math.round(record.tookMs) };
      await db.replaceInto('hostcache_sweeps').values(row).execute();
    },
    records: () => db.selectFrom('hostcache_sweeps').selectAll().orderBy('server').execute(),
    recordOf: async (server) => {
      const row = await db
        .selectFrom('hostcache_sweeps')
        .selectAll()
        .where('server', '=', server)
        .executeTakeFirst();
      return row ?? null;
    },
  };
}
