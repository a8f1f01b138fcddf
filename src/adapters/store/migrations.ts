import { type CreateTableBuilder, type Kysely, type Migration, sql } from 'kysely';
import type { Place } from './place.ts';
import { moveReadings } from './readings.ts';
import type { Tables } from './tables.ts';

/**
 * The migrations that create the tables, in order of name. A released one must never change. MySQL
 * commits each statement separately, so every statement can run again, and a table's indexes are
 * part of its CREATE TABLE. SQLite only accepts unique keys there, so each ends in a unique column.
 */
export function createMigrations(kind: Place['kind']): Readonly<Record<string, Migration>> {
  return {
    '001-tables': {
      up: async (db) => {
        const make = createMaker(db, kind);
        await makeShared(make);
        await makeAlerts(make);
        await makeSweeps(make);
        await makeOutbox(make);
        await makeFlushes(make);
        await fillCounters(db);
      },
    },
    '002-next-sweep': {
      up: (db) => addColumn(db, 'hostcache_sweeps', 'next_at', 'bigint'),
    },
    '003-alert-cards': {
      up: (db) => addColumn(db, 'hostcache_alerts', 'card', TEXT),
    },
    '004-order-of-posts': {
      up: async (db) => {
        for (const column of ['urgent', 'aside', 'repeats']) {
          await addColumn(db, 'hostcache_outbox', column, 'integer', 0);
        }
        await addColumn(db, 'hostcache_flushes', 'card_at', 'bigint');
        // The cards of earlier versions were posted when they were asked for.
        await sql`update hostcache_flushes set card_at = requested_at where card_at is null`.execute(
          db,
        );
      },
    },
    '005-paces': {
      up: async (db) => {
        const make = createMaker(db, kind);
        await make('hostcache_paces')
          .$call(key('server'))
          .$call(required(TEXT, 'readings'))
          .execute();
        await make('hostcache_versions')
          .$call(key('migration'))
          .$call(required(NAME, 'version'))
          .execute();
        await fillCounters(db);
        await moveReadings(db);
      },
    },
    '006-access': {
      up: (db) => makeAccess(createMaker(db, kind)),
    },
    '007-plans': {
      up: async (db) => {
        await createMaker(
          db,
          kind,
        )('hostcache_plans')
          .$call(key('id'))
          .$call(required(NAME, 'server'))
          .$call(required('bigint', 'made_at'))
          .$call(required(TEXT, 'packed'))
          .addUniqueConstraint('hostcache_plans_old', ['made_at', 'id'])
          .execute();
        await fillCounters(db);
      },
    },
  };
}

/**
 * Counters of ids, the row (`take`) that lets only one process take posts at a time, and the row
 * (`probe`) that is written to learn whether the state can be written.
 */
export const COUNTERS = ['AL', 'SI', 'FR', 'PL', 'take', 'probe'] as const;

type Table = CreateTableBuilder<string, string>;
type ColumnType = Parameters<Table['addColumn']>[1];

/** Starts a CREATE TABLE. Readings were a table of their own until 005. */
type Maker = (name: keyof Tables | 'hostcache_readings') => Table;

/** Long enough for ids and names. Four of them and an IPv6 address fit into an InnoDB index. */
const NAME = 'varchar(150)';
const TEXT = sql`longtext`;

function createMaker(db: Kysely<unknown>, kind: Place['kind']): Maker {
  return (name) => {
    const table: Table = db.schema.createTable(name).ifNotExists();
    // A binary collation distinguishes `a`, `A` and `á`, as SQLite does.
    const options = sql`engine = InnoDB character set utf8mb4 collate utf8mb4_bin`;
    return kind === 'mysql' ? table.modifyEnd(options) : table;
  };
}

function key(name: string): (table: Table) => Table {
  return (table) => table.addColumn(name, NAME, (column) => column.primaryKey());
}

/** In the order of the inserts. */
function numbered(table: Table): Table {
  return table.addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement());
}

/** Columns that are never NULL. */
function required(type: ColumnType, ...names: string[]): (table: Table) => Table {
  return (table) =>
    names.reduce((so, name) => so.addColumn(name, type, (column) => column.notNull()), table);
}

function optional(type: ColumnType, ...names: string[]): (table: Table) => Table {
  return (table) => names.reduce((so, name) => so.addColumn(name, type), table);
}

/**
 * Adds a column that is NULL or has an initial value, unless an earlier run added it: MySQL has no
 * IF NOT EXISTS here.
 */
async function addColumn(
  db: Kysely<unknown>,
  table: keyof Tables,
  column: string,
  type: ColumnType,
  initial?: number,
): Promise<void> {
  const tables = await db.introspection.getTables();
  const columns = tables.find(({ name }) => name === table)?.columns ?? [];
  if (columns.some(({ name }) => name === column)) return;
  await db.schema
    .alterTable(table)
    .addColumn(column, type, (made) =>
      initial === undefined ? made : made.notNull().defaultTo(initial),
    )
    .execute();
}

async function makeShared(make: Maker): Promise<void> {
  await make('hostcache_counters').$call(key('name')).$call(required('bigint', 'last')).execute();
  await make('hostcache_leases')
    .$call(key('name'))
    .$call(required(NAME, 'holder'))
    .$call(required('bigint', 'until_at'))
    .execute();
}

async function makeAlerts(make: Maker): Promise<void> {
  await make('hostcache_alerts')
    .$call(key('id'))
    .$call(required(NAME, 'server', 'rule', 'state'))
    .$call(required(TEXT, 'hosts', 'proofs'))
    .$call(required('bigint', 'opened_at', 'changed_at'))
    .$call(required('integer', 'revision'))
    .$call(optional(TEXT, 'fact', 'acknowledged'))
    .$call(optional('bigint', 'resolved_at'))
    .addUniqueConstraint('hostcache_alerts_recent', ['server', 'resolved_at', 'id'])
    .addUniqueConstraint('hostcache_alerts_open', ['resolved_at', 'id'])
    .execute();
  await make('hostcache_silences')
    .$call(key('id'))
    .$call(required(TEXT, 'matcher', 'reason', 'by'))
    .$call(required('bigint', 'created_at', 'ends_at'))
    .addUniqueConstraint('hostcache_silences_active', ['ends_at', 'id'])
    .execute();
}

async function makeSweeps(make: Maker): Promise<void> {
  await make('hostcache_readings')
    .$call(required(NAME, 'server', 'address'))
    .$call(required('bigint', 'read_at', 'handshake_errors'))
    .$call(optional('bigint', 'entry_made_at'))
    .addPrimaryKeyConstraint('hostcache_readings_key', ['server', 'read_at', 'address'])
    .execute();
  await make('hostcache_sweeps')
    .$call(key('server'))
    .$call(required('bigint', 'ended_at', 'took_ms', 'entries', 'capacity', 'blocked'))
    .$call(required('bigint', 'null_hosts', 'stale', 'near_block', 'silenced'))
    .$call(optional(TEXT, 'failure', 'version'))
    .execute();
}

async function makeAccess(make: Maker): Promise<void> {
  await make('hostcache_access_readings')
    .$call(key('server'))
    .$call(required('bigint', 'read_at'))
    .$call(required(TEXT, 'packed'))
    .execute();
  await make('hostcache_access_days')
    .$call(required(NAME, 'server', 'day'))
    .$call(required(TEXT, 'packed'))
    .addPrimaryKeyConstraint('hostcache_access_days_key', ['server', 'day'])
    .execute();
}

async function makeOutbox(make: Maker): Promise<void> {
  await make('hostcache_outbox')
    .$call(numbered)
    .addColumn('id', NAME, (column) => column.notNull().unique())
    .$call(required(NAME, 'channel', 'subject', 'kind', 'state'))
    .$call(required(TEXT, 'content'))
    .$call(required('bigint', 'queued_at', 'due_at'))
    .$call(required('integer', 'attempts', 'was_begun', 'waits_for_root'))
    .$call(optional(NAME, 'holder'))
    .$call(optional(TEXT, 'why'))
    .$call(optional('bigint', 'held_until', 'ended_at'))
    .addUniqueConstraint('hostcache_outbox_head', ['state', 'waits_for_root', 'channel', 'number'])
    .addUniqueConstraint('hostcache_outbox_subject', ['subject', 'state', 'kind', 'number'])
    .addUniqueConstraint('hostcache_outbox_ended', ['ended_at', 'number'])
    .execute();
  await make('hostcache_roots')
    .$call(key('subject'))
    .$call(required(NAME, 'channel', 'ts'))
    .execute();
}

async function fillCounters(db: Kysely<Tables>): Promise<void> {
  const rows = await db.selectFrom('hostcache_counters').select('name').execute();
  const known = new Set(rows.map(({ name }) => name));
  for (const name of COUNTERS) {
    if (known.has(name)) continue;
    await db.insertInto('hostcache_counters').values({ name, last: 0 }).execute();
  }
}

async function makeFlushes(make: Maker): Promise<void> {
  await make('hostcache_flushes')
    .$call(key('id'))
    .addColumn('open_on', NAME, (column) => column.unique())
    .$call(required(NAME, 'server', 'state', 'requester', 'channel'))
    .$call(required(TEXT, 'reason', 'shown'))
    .$call(required('bigint', 'requested_at', 'expires_at', 'changed_at'))
    .$call(optional(NAME, 'thread', 'begun_by'))
    .$call(optional(TEXT, 'decision', 'outcome'))
    .$call(optional('bigint', 'begun_at'))
    .addUniqueConstraint('hostcache_flushes_recent', ['requested_at', 'id'])
    .execute();
  await make('hostcache_snapshots')
    .$call(key('id'))
    .$call(required(TEXT, 'csv'))
    .$call(required('bigint', 'read_at'))
    .$call(optional('bigint', 'oldest_at'))
    .execute();
  await make('hostcache_audit')
    .$call(numbered)
    .$call(required(NAME, 'request'))
    .$call(required('bigint', 'at'))
    .$call(required(TEXT, 'what'))
    .$call(optional(NAME, 'by'))
    .addUniqueConstraint('hostcache_audit_request', ['request', 'number'])
    .execute();
}
