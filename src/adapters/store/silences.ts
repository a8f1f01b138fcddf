import type { Silence } from '../../sweep/silence.ts';
import type { SilenceStore } from '../../sweep/stores.ts';
import type { Database } from './database.ts';
import { nextId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { fromRow, toRow } from './rows.ts';
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
        .where('endsAt', '>', now.getTime())
        .orderBy('createdAt')
        .orderBy('id')
        .execute();
      return rows.map(toSilence);
    },
    add: async (silence) => {
      await db.insertInto('hostcache_silences').values(toSilenceRow(silence)).execute();
    },
    end: async (id, now) => {
      const { numUpdatedRows } = await db
        .updateTable('hostcache_silences')
        .set({ endsAt: now.getTime() })
        .where('id', '=', id)
        .where('endsAt', '>', now.getTime())
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
  };
}

function toSilenceRow({ matcher, by, ...same }: Silence): SilenceTable {
  return { ...toRow(same), matcherJson: toJson(matcher), createdBy: by };
}

function toSilence({ matcherJson, createdBy, ...same }: SilenceTable): Silence {
  const matcher = fromJson<Silence['matcher']>(matcherJson);
  return { ...fromRow(same), matcher, by: createdBy };
}
