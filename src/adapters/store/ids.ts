import { countUp, type Database } from './database.ts';

/** The next id, such as `AL-8`. No other process gets the same one. */
export async function nextId(
  { atomically }: Database,
  prefix: 'AL' | 'SI' | 'FR',
): Promise<string> {
  return await atomically(async (trx) => {
    await countUp(trx, prefix);
    const { last } = await trx
      .selectFrom('hostcache_counters')
      .select('last')
      .where('name', '=', prefix)
      .executeTakeFirstOrThrow();
    return `${prefix}-${last}`;
  });
}
