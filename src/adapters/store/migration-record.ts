// Judges the tables of a state, and its record of migrations, before anything is changed. Does I/O.
import { type Kysely, sql } from 'kysely';
import type { Place } from './place.ts';
import { TABLE_NAMES } from './tables.ts';
import { VERSION } from './version.ts';

/** The table in which Kysely records the migrations that ran. */
export const MIGRATIONS = 'hostcache_migrations';

/** What both a state of any version and our own tables have in common. */
type Db<T> = Pick<Kysely<T>, 'getExecutor'>;

const INSTEAD = 'restore a backup, or use a new state';

/** Why this version must not use the state, to follow the name of its place; null = it may. */
export async function faultOfRecord<T>(
  db: Db<T>,
  kind: Place['kind'],
  names: readonly string[],
): Promise<string | null> {
  const tables = (await tablesOf(db, kind)).filter((name) => TABLE_NAMES.includes(name));
  const isUsed = await hasRows(db, tables);
  // Read last: another process may be creating the tables, and it writes its record before any row.
  const done = (await tablesOf(db, kind)).includes(MIGRATIONS) ? await migrationsOf(db) : null;
  // Without rows, it may be a first start that was killed.
  if ((done === null && tables.length > 0) || (done?.length === 0 && isUsed))
    return `has tables of hostcache, but no record of their version (${MIGRATIONS}); ${INSTEAD}`;
  const later = done?.find((name) => !names.includes(name));
  if (later !== undefined) return await sayNewer(db, later, tables);
  const missing = names.find((name, at) => at < (done?.length ?? 0) && !done?.includes(name));
  if (missing === undefined) return null;
  return `has no record of its migration ${missing}, but of later ones; ${INSTEAD}`;
}

/** The tables that this version needs and the state lacks, to follow the name of its place; null = none. */
export async function faultOfTables<T>(db: Db<T>, kind: Place['kind']): Promise<string | null> {
  const tables = await tablesOf(db, kind);
  const missing = [...TABLE_NAMES, MIGRATIONS].filter((name) => !tables.includes(name));
  if (missing.length === 0) return null;
  const some = missing.slice(0, 3).join(', ');
  return `lacks ${missing.length === 1 ? 'the table' : 'tables, such as'} ${some}; ${INSTEAD}`;
}

async function sayNewer<T>(
  db: Db<T>,
  migration: string,
  tables: readonly string[],
): Promise<string> {
  const found = tables.includes('hostcache_versions')
    ? await sql<{ version: string }>`
        select version from hostcache_versions where migration = ${migration}`.execute(db)
    : null;
  const made = found?.rows[0]?.version;
  const by = made === undefined ? 'a newer version of hostcache' : `hostcache ${made}`;
  return `was made by ${by} (${migration}), and this is ${VERSION}; start that version, or use a new state`;
}

async function tablesOf<T>(db: Db<T>, kind: Place['kind']): Promise<readonly string[]> {
  const list =
    kind === 'sqlite'
      ? sql<{ name: string }>`select name from sqlite_master where type = 'table'`
      : sql<{ name: string }>`
          select table_name as name from information_schema.tables where table_schema = database()`;
  return (await list.execute(db)).rows.map(({ name }) => name);
}

async function migrationsOf<T>(db: Db<T>): Promise<readonly string[]> {
  const list = sql<{ name: string }>`select name from ${sql.table(MIGRATIONS)} order by name`;
  return (await list.execute(db)).rows.map(({ name }) => name);
}

/** Whether a start completed: it leaves a row, or counts up a counter. */
async function hasRows<T>(db: Db<T>, tables: readonly string[]): Promise<boolean> {
  for (const table of tables) {
    const used = table === 'hostcache_counters' ? sql`where last > 0` : sql``;
    const found = sql`select 1 as one from ${sql.table(table)} ${used} limit 1`;
    if ((await found.execute(db)).rows.length > 0) return true;
  }
  return false;
}
