import { subDays } from 'date-fns/subDays';
import { dayOf, KEPT_DAYS } from '../../access/record.ts';
import { PLAN_DAYS } from '../../plan/stores.ts';
import type { Database } from './database.ts';

/** Deletes old records, so that the state does not fill its disk. */

/** Ended posts stay this long, so that people can look them up and their ids are not reused. */
const POST_DAYS = 30;
/** Resolved alerts, ended silences, and snapshots of caches, which are in Slack too. */
const ENDED_DAYS = 90;

/** Keeps flush requests, their decisions and the audit. */
export async function forget({ db, atomically }: Database, now: Date): Promise<void> {
  const endedBefore = subDays(now, ENDED_DAYS);
  await db.deleteFrom('hostcache_outbox').where('endedAt', '<', subDays(now, POST_DAYS)).execute();
  await db.deleteFrom('hostcache_leases').where('untilAt', '<', endedBefore).execute();
  await db.deleteFrom('hostcache_silences').where('endsAt', '<', endedBefore).execute();
  await db
    .deleteFrom('hostcache_snapshots')
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('hostcache_flushes').select('id').where('changedAt', '<', endedBefore),
    )
    .execute();
  await db.deleteFrom('hostcache_plans').where('madeAt', '<', subDays(now, PLAN_DAYS)).execute();
  const firstDay = dayOf(subDays(now, KEPT_DAYS));
  await db.deleteFrom('hostcache_access_days').where('day', '<', firstDay).execute();
  // Of a server that is no longer swept.
  await db
    .deleteFrom('hostcache_access_readings')
    .where('readAt', '<', subDays(now, KEPT_DAYS))
    .execute();
  // In one transaction, so that no root exists without its alert.
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
