import type { Silence } from '../../sweep/silence.ts';
import type { SilenceStore } from '../../sweep/stores.ts';
import { type Database, isUpdated } from './database.ts';
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
    end: (id, now) => {
      const active = db.updateTable('hostcache_silences').where('endsAt', '>', now);
      return isUpdated(active.where('id', '=', id).set({ endsAt: now }));
    },
  };
}

function toRow({ matcher, by, ...same }: Silence): SilenceTable {
  return { ...same, matcherJson: matcher, createdBy: by };
}

function toSilence({ matcherJson: matcher, createdBy: by, ...same }: SilenceTable): Silence {
  return { ...same, matcher, by };
}
