// Opens the state, in the database that STATE_URL names. Several processes may share it. Does I/O.
import type { Dialect } from 'kysely';
import type { AccessStore } from '../../access/stores.ts';
import type { LeaseStore } from '../../chat/lease.ts';
import type { FlushStore } from '../../flush/stores.ts';
import type { OutboxStore } from '../../outbox/store.ts';
import type { PlanStore } from '../../plan/stores.ts';
import type { AlertStore, SilenceStore, SweepStore } from '../../sweep/stores.ts';
import { createAccessStore } from './access.ts';
import { createAlertStore } from './alerts.ts';
import { createDatabase, type Database } from './database.ts';
import { createFlushStore } from './flushes.ts';
import { forget } from './forget.ts';
import { createLeaseStore } from './leases.ts';
import { migrate } from './migrate.ts';
import { createMysqlDialect } from './mysql.ts';
import { createOutboxStore } from './outbox.ts';
import type { Place } from './place.ts';
import { createPlanStore } from './plans.ts';
import { createSilenceStore } from './silences.ts';
import { createSqliteDialect } from './sqlite.ts';
import { createSweepStore } from './sweeps.ts';
import { proveWritable, writeFaultOf } from './writable.ts';

/** Every call rejects as `Unreadable` while the database is away, and works again afterwards. */
export interface State {
  readonly alerts: AlertStore;
  readonly silences: SilenceStore;
  readonly sweeps: SweepStore;
  readonly access: AccessStore;
  readonly plans: PlanStore;
  readonly outbox: OutboxStore;
  readonly leases: LeaseStore;
  readonly flushes: FlushStore;
  /** Deletes old records. */
  forget(now: Date): Promise<void>;
  /** Why it cannot be written now, as a sentence; null = it can. Writes a row. */
  writeFault(): Promise<string | null>;
  /** Waits for running calls. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly place: Place;
  /** Time limit of each call; the default is 5 s. */
  readonly limitMs?: number;
}

const CALL_LIMIT_MS = 5_000;
/** A second process waits at most this long while the first one creates the tables. */
const MIGRATION_LIMIT_MS = 60_000;

/** Opens the state and creates its tables. Rejects as `Unreadable`, and names STATE_URL. */
export async function openStore({ place, limitMs = CALL_LIMIT_MS }: StoreOptions): Promise<State> {
  const database = createDatabase(createDialect(place, limitMs));
  try {
    // Detects a server that does not answer sooner than the migration would.
    await database.db.selectNoFrom(({ lit }) => lit(1).as('one')).execute();
    await migrate(place, createDialect(place, MIGRATION_LIMIT_MS));
    await proveWritable(database, place);
  } catch (error) {
    await database.close();
    throw error;
  }
  return createState(database, place);
}

function createState(database: Database, place: Place): State {
  return {
    alerts: createAlertStore(database),
    silences: createSilenceStore(database),
    sweeps: createSweepStore(database),
    access: createAccessStore(database),
    plans: createPlanStore(database),
    outbox: createOutboxStore(database),
    leases: createLeaseStore(database),
    flushes: createFlushStore(database),
    forget: (now) => forget(database, now),
    writeFault: () => writeFaultOf(database, place),
    close: database.close,
  };
}

function createDialect(place: Place, limitMs: number): Dialect {
  switch (place.kind) {
    case 'sqlite':
      return createSqliteDialect(place, limitMs);
    case 'mysql':
      return createMysqlDialect(place, limitMs);
  }
}
