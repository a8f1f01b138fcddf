// Creates or updates the tables for this version. Two processes may do so at once. Does I/O.
import { type Dialect, Kysely, Migrator } from 'kysely';
import { faultOfRecord, MIGRATIONS } from './migration-record.ts';
import { createMigrations } from './migrations.ts';
import { fault, nameOf, type Place } from './place.ts';
import { VERSION } from './version.ts';

type Db = Kysely<{
  hostcache_versions: { readonly migration: string; readonly version: string };
}>;

/** Rejects as `Unreadable`, for example if the tables are of another version. */
export async function migrate(place: Place, dialect: Dialect): Promise<void> {
  const db: Db = new Kysely({ dialect });
  const migrations = createMigrations(place.kind);
  const names = Object.keys(migrations);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: MIGRATIONS,
    migrationLockTableName: `${MIGRATIONS}_lock`,
  });
  try {
    const sentence = await faultOfRecord(db, place.kind, names);
    if (sentence !== null) throw fault(`${nameOf(place)} ${sentence}`);
    const { error, results = [] } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
    for (const { migrationName, status } of results) {
      if (status !== 'Success') continue;
      const row = { migration: migrationName, version: VERSION };
      await db.replaceInto('hostcache_versions').values(row).execute();
    }
  } finally {
    await db.destroy();
  }
}
