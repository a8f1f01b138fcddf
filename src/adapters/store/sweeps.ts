import type { SweepStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';
import { fromReadings, toReadings } from './readings.ts';

/** Stores one row per server of its last sweep, and one of the readings from which paces come. */

export function createSweepStore({ db }: Database): SweepStore {
  return {
    readings: async (server) => {
      const row = await db
        .selectFrom('hostcache_paces')
        .select('readings')
        .where('server', '=', server)
        .executeTakeFirst();
      return row === undefined ? [] : toReadings(row.readings);
    },
    keepReadings: async (server, readings) => {
      const row = { server, readings: fromReadings(readings) };
      await db.replaceInto('hostcache_paces').values(row).execute();
    },
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
