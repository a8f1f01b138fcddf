import type { AuditEntry, Refusals } from '../../flush/stores.ts';
import { countUp, type Database, type Trx } from './database.ts';

/** Refusals in the audit of flush requests: a limited number each, because anybody can click. */

const KEPT_OF_PERSON = 5;
const KEPT_OF_REQUEST = 100;

/** The start of their text; requests, decisions and outcomes start with other words. */
const REFUSALS = 'refused%';

/** Counts a refusal, and appends it unless the request or the person has reached a limit. */
export function addRefusal({ atomically }: Database, entry: AuditEntry): Promise<void> {
  return atomically(async (trx) => {
    // Locks the request, so that concurrent refusals do not pass the limits together.
    const { request: id } = entry;
    await trx.updateTable('hostcache_flushes').set({ id }).where('id', '=', id).execute();
    await countRefusal(trx, id);
    const kept = await trx
      .selectFrom('hostcache_audit')
      .select('by')
      .where('request', '=', id)
      .where('what', 'like', REFUSALS)
      .execute();
    const own = kept.filter(({ by }) => by === entry.by).length;
    if (kept.length >= KEPT_OF_REQUEST || own >= KEPT_OF_PERSON) return;
    await trx.insertInto('hostcache_audit').values(entry).execute();
  });
}

/** By request, those that have any. */
export async function refusalsOf(
  { db }: Database,
  requests: readonly string[],
): Promise<ReadonlyMap<string, Refusals>> {
  if (requests.length === 0) return new Map();
  const [kept, counted] = await Promise.all([
    db
      .selectFrom('hostcache_audit')
      .select(['request', 'at', 'by', 'what'])
      .where('request', 'in', [...requests])
      .where('what', 'like', REFUSALS)
      .orderBy('number')
      .execute(),
    db
      .selectFrom('hostcache_counters')
      .select(['name', 'last'])
      .where('name', 'in', requests.map(counterOf))
      .execute(),
  ]);
  const found = requests.map((request) => {
    const entries = kept.filter((entry) => entry.request === request);
    const total = counted.find(({ name }) => name === counterOf(request))?.last ?? 0;
    // Earlier versions counted none.
    return [request, { entries, total: Math.max(total, entries.length) }] as const;
  });
  return new Map(found.filter(([, { total }]) => total > 0));
}

async function countRefusal(trx: Trx, request: string): Promise<void> {
  const name = counterOf(request);
  if (await countUp(trx, name)) return;
  await trx.insertInto('hostcache_counters').values({ name, last: 1 }).execute();
}

/** Differs from the counters of ids. */
function counterOf(request: string): `refusals ${string}` {
  return `refusals ${request}`;
}
