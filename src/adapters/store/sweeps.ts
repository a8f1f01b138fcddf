import type { SweepStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';

/** Readings, a row per host and sweep; of sweeps, the last one of each server. */

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
          // What is added again, since nobody knew whether it had been, takes its own place.
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
