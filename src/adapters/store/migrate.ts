// Asks the database: brings its tables to where this version wants them; two may start at once.
import { type Dialect, Kysely, Migrator } from 'kysely';
import { createMigrations } from './migrations.ts';
import { fault, nameOf, type Place } from './place.ts';

const DONE = 'hostcache_migrations';

type Db = Kysely<{ readonly [DONE]: { readonly name: string } }>;

/** Rejects as `Unreadable`, among others where a newer version has been here. */
export async function migrate(place: Place, dialect: Dialect): Promise<void> {
  const db: Db = new Kysely({ dialect });
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
    if (!(await isNewer(db, migrations))) throw error;
    throw fault(`${nameOf(place)} was used by a newer hostcache; start that one`, error);
  } finally {
    await db.destroy();
  }
}

async function isNewer(db: Db, migrations: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    const done = await db.selectFrom(DONE).select('name').execute();
    return done.some(({ name }) => !(name in migrations));
  } catch {
    // Then the fault that came first tells more.
    return false;
  }
}
