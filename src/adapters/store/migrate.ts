// Creates or updates the tables for this version. Two processes may do so at once. Does I/O.
import { type Dialect, Kysely, Migrator } from 'kysely';
import { createMigrations } from './migrations.ts';
import { fault, nameOf, type Place } from './place.ts';

const DONE = 'hostcache_migrations';

type Db = Kysely<{ readonly [DONE]: { readonly name: string } }>;

/** Rejects as `Unreadable`, for example if the tables are of another version. */
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
    if (!(await isOtherVersion(db, migrations))) throw error;
    throw fault(
      `${nameOf(place)} was made by another version of hostcache; start that version, or use a new state`,
      error,
    );
  } finally {
    await db.destroy();
  }
}

async function isOtherVersion(db: Db, migrations: object): Promise<boolean> {
  try {
    const done = await db.selectFrom(DONE).select('name').execute();
    return done.some(({ name }) => !(name in migrations));
  } catch {
    // The migration's own error says more.
    return false;
  }
}
