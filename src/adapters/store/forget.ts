import { subDays } from 'date-fns/subDays';
import type { Database } from './database.ts';

/** What has ended long ago goes: a state that only grows ends by filling its disk. */

/** What was said is kept so long: for people to see, and so that its id is not taken again. */
const SAID_DAYS = 30;
/** Resolved alerts, silences that are over, and snapshots of caches, which stand in Slack too. */
const ENDED_DAYS = 90;

/** Requests, decisions and the audit stay. */
export async function forget({ db, atomically }: Database, now: Date): Promise<void> {
  const endedBefore = subDays(now, ENDED_DAYS);
  await db.deleteFrom('hostcache_outbox').where('endedAt', '<', subDays(now, SAID_DAYS)).execute();
  await db.deleteFrom('hostcache_leases').where('untilAt', '<', endedBefore).execute();
  await db.deleteFrom('hostcache_silences').where('endsAt', '<', endedBefore).execute();
  await db
    .deleteFrom('hostcache_snapshots')
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('hostcache_flushes').select('id').where('changedAt', '<', endedBefore),
    )
    .execute();
  // Whoever finds no alert must find no root of it either.
  await atomically(async (trx) => {
    await trx
      .deleteFrom('hostcache_roots')
      .where('subject', 'in', ({ selectFrom }) =>
        selectFrom('hostcache_alerts').select('id').where('resolvedAt', '<', endedBefore),
      )
      .execute();
    await trx.deleteFrom('hostcache_alerts').where('resolvedAt', '<', endedBefore).execute();
  });
}
