import type { Silence } from '../../sweep/silence.ts';
import type { SilenceStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';
import { nextId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import type { SilenceTable } from './tables.ts';

/** Silences, a row each; those that are over stay. */
export function createSilenceStore(database: Database): SilenceStore {
  const { db } = database;
  return {
    nextSilenceId: () => nextId(database, 'SI'),
    active: async (now) => {
      const rows = await db
        .selectFrom('hostcache_silences')
        .selectAll()
        .where('ends_at', '>', now.getTime())
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toSilence);
    },
    add: async (silence) => {
      await db.insertInto('hostcache_silences').values(toRow(silence)).execute();
    },
    end: async (id, now) => {
      const { numUpdatedRows } = await db
        .updateTable('hostcache_silences')
        .set({ ends_at: now.getTime() })
        .where('id', '=', id)
        .where('ends_at', '>', now.getTime())
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function toRow({ id, matcher, reason, by, createdAt, endsAt }: Silence): SilenceTable {
  return {
    id,
    matcher_json: toJson(matcher),
    reason,
    created_by: by,
    created_at: createdAt.getTime(),
    ends_at: endsAt.getTime(),
  };
}

function toSilence(row: SilenceTable): Silence {
  return {
    id: row.id,
    matcher: fromJson<Silence['matcher']>(row.matcher_json),
    reason: row.reason,
    by: row.created_by,
    createdAt: new Date(row.created_at),
    endsAt: new Date(row.ends_at),
  };
}
