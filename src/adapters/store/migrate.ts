// Asks the database: brings its tables to where this version wants them; two may start at once.
import { type Dialect, Kysely, Migrator } from 'kysely';
import { createMigrations } from './migrations.ts';
import { fault, type Place } from './place.ts';

const DONE = 'hostcache_migrations';

/** Rejects as `Unreadable`, among others where a newer version has been here. */
export async function migrate(place: Place, dialect: Dialect): Promise<void> {
  const db = new Kysely<{ readonly [DONE]: { readonly name: string } }>({ dialect });
  const migrations = createMigrations(place.kind);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
    migrationTableName: DONE,
    migrationLockTableName: `${DONE}_lock`,
  });
  try {
    const { error } = await migrator.migrateToLatest();
    if (error === undefined) return;
    const done = await db.selectFrom(DONE).select('name').execute();
    const isNewer = done.some(({ name }) => !(name in migrations));
    if (!isNewer) throw error;
    throw fault(`${place.label} was used by a newer hostcache; start that one`, error);
  } finally {
    await db.destroy();
  }
}
