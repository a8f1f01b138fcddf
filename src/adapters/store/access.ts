import type { AccessDay } from '../../access/record.ts';
import type { AccessStore } from '../../access/stores.ts';
import type { Database } from './database.ts';
import { keepsLease } from './leases.ts';
import { packDay, packReading, unpackDay, unpackReading } from './packed-access.ts';

/** Stores what sweeps remember of logins: one row per server of its last reading, one per server and day. */
export function createAccessStore({ db, attempt }: Database): AccessStore {
  return {
    reading: async (server) => {
      const row = await db
        .selectFrom('hostcache_access_readings')
        .selectAll()
        .where('server', '=', server)
        .executeTakeFirst();
      return row === undefined ? null : unpackReading(row);
    },
    save: async (server, reading, days, lease) => {
      // Before the transaction, which keeps other processes out.
      const kept = { server, readAt: reading.readAt, packed: await packReading(reading) };
      const rows = await Promise.all(days.map((day) => toRow(server, day)));
      return await attempt(async (trx) => {
        if (lease !== undefined && !(await keepsLease(trx, lease))) return false;
        await trx.replaceInto('hostcache_access_readings').values(kept).execute();
        for (const row of rows) {
          await trx.replaceInto('hostcache_access_days').values(row).execute();
        }
        return true;
      });
    },
    days: async (server, from) => {
      const rows = await db
        .selectFrom('hostcache_access_days')
        .selectAll()
        .where('server', '=', server)
        .where('day', '>=', from)
        .orderBy('day')
        .execute();
      return rows.map(unpackDay);
    },
  };
}

async function toRow(server: string, day: AccessDay) {
  return { server, day: day.day, packed: await packDay(day) };
}
