import { type Kysely, type Migration, sql } from 'kysely';
import type { Place } from './place.ts';
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
        await fillCounters(db);
      },
    },
    '002-flushes': {
      up: (db) => makeFlushes(createMaker(db, kind), kind),
    },
  };
}

/** Counters of ids, and the row (`take`) that lets only one process take posts at a time. */
export const COUNTERS = ['AL', 'SI', 'FR', 'take'] as const;

/** Starts a CREATE TABLE. */
type Maker = (name: keyof Tables) => ReturnType<Kysely<unknown>['schema']['createTable']>;

/** Long enough for ids and names. Four of them and an IPv6 address fit into an InnoDB index. */
const NAME = 'varchar(150)';
const TEXT = sql`longtext`;

function createMaker(db: Kysely<unknown>, kind: Place['kind']): Maker {
  return (name) => {
    const table = db.schema.createTable(name).ifNotExists();
    // A binary collation distinguishes `a`, `A` and `á`, as SQLite does.
    const options = sql`engine = InnoDB character set utf8mb4 collate utf8mb4_bin`;
    return kind === 'mysql' ? table.modifyEnd(options) : table;
  };
}

async function makeShared(make: Maker): Promise<void> {
  await make('hostcache_counters')
    .addColumn('name', NAME, (column) => column.primaryKey())
    .addColumn('last', 'bigint', (column) => column.notNull())
    .execute();
  await make('hostcache_leases')
    .addColumn('name', NAME, (column) => column.primaryKey())
    .addColumn('holder', NAME, (column) => column.notNull())
    .addColumn('until_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function makeAlerts(make: Maker): Promise<void> {
  await make('hostcache_alerts')
    .addColumn('id', NAME, (column) => column.primaryKey())
    .addColumn('server', NAME, (column) => column.notNull())
    .addColumn('rule', NAME, (column) => column.notNull())
    .addColumn('state', NAME, (column) => column.notNull())
    .addColumn('hosts_json', TEXT, (column) => column.notNull())
    .addColumn('fact', TEXT)
    .addColumn('opened_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('resolved_at', 'bigint')
    .addColumn('proofs_json', TEXT, (column) => column.notNull())
    .addColumn('acknowledged_by', TEXT)
    .addColumn('acknowledged_at', 'bigint')
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addUniqueConstraint('hostcache_alerts_recent', ['server', 'resolved_at', 'id'])
    .addUniqueConstraint('hostcache_alerts_open', ['resolved_at', 'id'])
    .execute();
  await make('hostcache_silences')
    .addColumn('id', NAME, (column) => column.primaryKey())
    .addColumn('matcher_json', TEXT, (column) => column.notNull())
    .addColumn('reason', TEXT, (column) => column.notNull())
    .addColumn('created_by', TEXT, (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('ends_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('hostcache_silences_active', ['ends_at', 'id'])
    .execute();
}

async function makeSweeps(make: Maker): Promise<void> {
  await make('hostcache_readings')
    .addColumn('server', NAME, (column) => column.notNull())
    .addColumn('read_at', 'bigint', (column) => column.notNull())
    .addColumn('address', NAME, (column) => column.notNull())
    .addColumn('connect_errors', 'bigint', (column) => column.notNull())
    .addColumn('handshake_errors', 'bigint', (column) => column.notNull())
    .addColumn('blocked_errors', 'bigint', (column) => column.notNull())
    .addColumn('entry_made_at', 'bigint')
    .addPrimaryKeyConstraint('hostcache_readings_key', ['server', 'read_at', 'address'])
    .execute();
  await make('hostcache_sweeps')
    .addColumn('server', NAME, (column) => column.primaryKey())
    .addColumn('ended_at', 'bigint', (column) => column.notNull())
    .addColumn('took_ms', 'bigint', (column) => column.notNull())
    .addColumn('failure', TEXT)
    .addColumn('version', TEXT)
    .addColumn('entries', 'bigint', (column) => column.notNull())
    .addColumn('capacity', 'bigint', (column) => column.notNull())
    .addColumn('blocked', 'bigint', (column) => column.notNull())
    .addColumn('null_hosts', 'bigint', (column) => column.notNull())
    .addColumn('stale', 'bigint', (column) => column.notNull())
    .addColumn('near_block', 'bigint', (column) => column.notNull())
    .addColumn('silenced', 'bigint', (column) => column.notNull())
    .execute();
}

async function makeOutbox(make: Maker): Promise<void> {
  await make('hostcache_outbox')
    .addColumn('number', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', NAME, (column) => column.notNull().unique())
    .addColumn('channel', NAME, (column) => column.notNull())
    .addColumn('subject', NAME, (column) => column.notNull())
    .addColumn('kind', NAME, (column) => column.notNull())
    .addColumn('content_json', TEXT, (column) => column.notNull())
    .addColumn('queued_at', 'bigint', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('state', NAME, (column) => column.notNull())
    .addColumn('holder', NAME)
    .addColumn('held_until', 'bigint')
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('was_begun', 'integer', (column) => column.notNull())
    .addColumn('waits_for_root', 'integer', (column) => column.notNull())
    .addColumn('why', TEXT)
    .addColumn('ended_at', 'bigint')
    .addUniqueConstraint('hostcache_outbox_head', ['state', 'waits_for_root', 'channel', 'number'])
    .addUniqueConstraint('hostcache_outbox_subject', ['subject', 'state', 'kind', 'number'])
    .addUniqueConstraint('hostcache_outbox_ended', ['ended_at', 'number'])
    .execute();
  await make('hostcache_roots')
    .addColumn('subject', NAME, (column) => column.primaryKey())
    .addColumn('channel', NAME, (column) => column.notNull())
    .addColumn('ts', NAME, (column) => column.notNull())
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

async function makeFlushes(make: Maker, kind: Place['kind']): Promise<void> {
  await make('hostcache_flushes')
    .addColumn('id', NAME, (column) => column.primaryKey())
    .addColumn('server', NAME, (column) => column.notNull())
    .addColumn('open_on', NAME, (column) => column.unique())
    .addColumn('state', NAME, (column) => column.notNull())
    .addColumn('requester', NAME, (column) => column.notNull())
    .addColumn('reason', TEXT, (column) => column.notNull())
    .addColumn('channel', NAME, (column) => column.notNull())
    .addColumn('thread', NAME)
    .addColumn('shown_json', TEXT, (column) => column.notNull())
    .addColumn('decision_json', TEXT)
    .addColumn('outcome', TEXT)
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('begun_by', NAME)
    .addColumn('begun_at', 'bigint')
    .addUniqueConstraint('hostcache_flushes_recent', ['requested_at', 'id'])
    .execute();
  await make('hostcache_snapshots')
    .addColumn('id', NAME, (column) => column.primaryKey())
    .addColumn('csv', TEXT, (column) => column.notNull())
    .addColumn('oldest_at', 'bigint')
    .addColumn('read_at', 'bigint', (column) => column.notNull())
    .execute();
  await make('hostcache_audit')
    .addColumn('number', kind === 'mysql' ? 'bigint' : 'integer', (column) =>
      column.primaryKey().autoIncrement(),
    )
    .addColumn('request', NAME, (column) => column.notNull())
    .addColumn('happened_at', 'bigint', (column) => column.notNull())
    .addColumn('done_by', NAME)
    .addColumn('what', TEXT, (column) => column.notNull())
    .addUniqueConstraint('hostcache_audit_request', ['request', 'number'])
    .execute();
}
