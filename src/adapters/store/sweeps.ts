import type { HostReading, SweepRecord, SweepStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';
import type { ReadingTable, SweepTable } from './tables.ts';

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
        .where('read_at', '>=', since.getTime())
        .orderBy('read_at')
        .orderBy('address')
        .execute();
      return rows.map(toReading);
    },
    addReadings: (server, readings, forgetBefore) =>
      atomically(async (trx) => {
        await trx
          .deleteFrom('hostcache_readings')
          .where('server', '=', server)
          .where('read_at', '<', forgetBefore.getTime())
          .execute();
        const rows = readings.map((reading) => toReadingRow(server, reading));
        for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
          // What is added again, since nobody knew whether it had been, takes its own place.
          const some = rows.slice(at, at + ROWS_AT_ONCE);
          await trx.replaceInto('hostcache_readings').values(some).execute();
        }
      }),
    record: async (record) => {
      await db.replaceInto('hostcache_sweeps').values(toSweepRow(record)).execute();
    },
    records: async () => {
      const rows = await db.selectFrom('hostcache_sweeps').selectAll().orderBy('server').execute();
      return rows.map(toRecord);
    },
    recordOf: async (server) => {
      const row = await db
        .selectFrom('hostcache_sweeps')
        .selectAll()
        .where('server', '=', server)
        .executeTakeFirst();
      return row === undefined ? null : toRecord(row);
    },
  };
}

function toReadingRow(server: string, reading: HostReading): ReadingTable {
  return {
    server,
    read_at: reading.readAt.getTime(),
    address: reading.address,
    connect_errors: reading.connectErrors,
    handshake_errors: reading.handshakeErrors,
    blocked_errors: reading.blockedErrors,
    entry_made_at: reading.entryMadeAt?.getTime() ?? null,
  };
}

function toReading(row: ReadingTable): HostReading {
  return {
    address: row.address,
    readAt: new Date(row.read_at),
    connectErrors: row.connect_errors,
    handshakeErrors: row.handshake_errors,
    blockedErrors: row.blocked_errors,
    entryMadeAt: row.entry_made_at === null ? null : new Date(row.entry_made_at),
  };
}

function toSweepRow(record: SweepRecord): SweepTable {
  const { endedAt, tookMs, nullHosts, nearBlock, ...same } = record;
  return {
    server: same.server,
    ended_at: endedAt.getTime(),
    took_ms: Math.round(tookMs),
    failure: same.failure,
    version: same.version,
    entries: same.entries,
    capacity: same.capacity,
    blocked: same.blocked,
    null_hosts: nullHosts,
    stale: same.stale,
    near_block: nearBlock,
    silenced: same.silenced,
  };
}

function toRecord(row: SweepTable): SweepRecord {
  const { ended_at, took_ms, null_hosts, near_block, ...same } = row;
  return {
    server: same.server,
    endedAt: new Date(ended_at),
    tookMs: took_ms,
    failure: same.failure,
    version: same.version,
    entries: same.entries,
    capacity: same.capacity,
    blocked: same.blocked,
    nullHosts: null_hosts,
    stale: same.stale,
    nearBlock: near_block,
    silenced: same.silenced,
  };
}
