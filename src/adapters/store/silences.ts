import type { SilenceStore } from '../../sweep/stores.ts';
import { type Database, isUpdated, nextId } from './database.ts';

/** Stores silences, one row each, including those that have ended. */
export function createSilenceStore(database: Database): SilenceStore {
  const { db } = database;
  return {
    nextSilenceId: () => nextId(database, 'SI'),
    active: (now) =>
      db
        .selectFrom('hostcache_silences')
        .selectAll()
        .where('endsAt', '>', now)
        .orderBy('createdAt')
        .orderBy('id')
        .execute(),
    add: async (silence) => {
      await db.insertInto('hostcache_silences').values(silence).execute();
    },
    end: (id, now) => {
      const active = db.updateTable('hostcache_silences').where('endsAt', '>', now);
      return isUpdated(active.where('id', '=', id).set({ endsAt: now }));
    },
  };
}
