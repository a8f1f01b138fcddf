import { type Kysely, sql } from 'kysely';
import { type HostReading, PERIOD_MS } from '../../sweep/pace.ts';

/** Readings of hosts as they are stored. */

/**
 * The readings of a server as one text: a row for each of thousands of readings would take much
 * longer. It is a JSON list with a list for each host: its address, FIRST_SEEN, and then the time
 * and the errors of each reading.
 */
type HostText = readonly [address: string, entryMadeAt: number | null, ...points: number[]];

export function fromReadings(readings: readonly HostReading[]): string {
  const hosts = new Map<string, [string, number | null, ...number[]]>();
  for (const { address, entryMadeAt, readAt, handshakeErrors } of readings) {
    const madeAt = entryMadeAt?.getTime() ?? null;
    // The same address has two entries only if a reading of each is given.
    const key = `${address} ${madeAt}`;
    const host = hosts.get(key) ?? [address, madeAt];
    host.push(readAt.getTime(), handshakeErrors);
    hosts.set(key, host);
  }
  return JSON.stringify([...hosts.values()]);
}

export function toReadings(text: string): readonly HostReading[] {
  // Only `fromReadings` writes this column.
  const hosts = JSON.parse(text) as readonly HostText[];
  return hosts.flatMap(([address, madeAt, ...points]) => {
    const entryMadeAt = madeAt === null ? null : new Date(madeAt);
    const readings: HostReading[] = [];
    for (let at = 0; at < points.length; at += 2) {
      const [readAt = 0, handshakeErrors = 0] = points.slice(at, at + 2);
      readings.push({ address, readAt: new Date(readAt), handshakeErrors, entryMadeAt });
    }
    return readings;
  });
}

interface OldReading {
  readonly server: string;
  readonly address: string;
  readonly read_at: number;
  readonly handshake_errors: number;
  readonly entry_made_at: number | null;
}

type OldDb = Kysely<{
  hostcache_readings: OldReading;
  hostcache_paces: { readonly server: string; readonly readings: string };
}>;

/** Moves the readings of earlier versions, which had a row for each host and sweep, then drops them. */
export async function moveReadings(db: OldDb): Promise<void> {
  const tables = await db.introspection.getTables();
  if (!tables.some(({ name }) => name === 'hostcache_readings')) return;
  const servers = await db.selectFrom('hostcache_readings').select('server').distinct().execute();
  for (const { server } of servers) {
    const { rows } = await selectFirst(server).execute(db);
    const readings = rows.map((row) => ({
      address: row.address,
      readAt: new Date(row.read_at),
      handshakeErrors: row.handshake_errors,
      entryMadeAt: row.entry_made_at === null ? null : new Date(row.entry_made_at),
    }));
    const kept = { server, readings: fromReadings(readings) };
    await db.replaceInto('hostcache_paces').values(kept).execute();
  }
  await db.schema.dropTable('hostcache_readings').execute();
}

/** The first reading of each host, entry and period, oldest first. */
function selectFirst(server: string) {
  return sql<OldReading>`
    select r.address, r.read_at, r.handshake_errors, r.entry_made_at
    from hostcache_readings r join (
      select address, min(read_at) as first_at from hostcache_readings where server = ${server}
      group by address, entry_made_at, read_at - read_at % ${sql.lit(PERIOD_MS)}
    ) f on f.address = r.address and f.first_at = r.read_at
    where r.server = ${server} order by r.read_at, r.address`;
}
