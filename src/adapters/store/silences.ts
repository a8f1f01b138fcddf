import type { Silence } from '../../sweep/silence.ts';
import type { SilenceStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';
import { nextId } from './ids.ts';
import type { SilenceTable } from './tables.ts';

/** Stores silences, one row each, including those that have ended. */
export function createSilenceStore(database: Database): SilenceStore {
  const { db } = database;
  return {
    nextSilenceId: () => nextId(database, 'SI'),
    active: async (now) => {
      const rows = await db
        .selectFrom('hostcache_silences')
        .selectAll()
        .where('endsAt', '>', now)
        .orderBy('createdAt')
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
        .set({ endsAt: now })
        .where('id', '=', id)
        .where('endsAt', '>', now)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function toRow({ matcher, by, ...same }: Silence): SilenceTable {
  return { ...same, matcherJson: matcher, createdBy: by };
}

function toSilence({ matcherJson: matcher, createdBy: by, ...same }: SilenceTable): Silence {
  return { ...same, matcher, by };
}
