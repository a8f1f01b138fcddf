import type { Lease, LeaseStore } from '../../chat/lease.ts';
import { type Database, isInserted, isUpdated, type Trx } from './database.ts';

/** Stores leases, one row each. */
export function createLeaseStore({ db, atomically }: Database): LeaseStore {
  return {
    acquire: (name, holder, now, untilAt) =>
      atomically(async (trx) => {
        const own = trx
          .updateTable('hostcache_leases')
          .set({ holder, untilAt })
          .where('name', '=', name)
          .where(({ eb, or }) => or([eb('holder', '=', holder), eb('untilAt', '<=', now)]));
        const first = trx.insertInto('hostcache_leases').values({ name, holder, untilAt });
        return (await isUpdated(own)) || (await isInserted(first));
      }),
    release: async (name, holder) => {
      await db
        .deleteFrom('hostcache_leases')
        .where('name', '=', name)
        .where('holder', '=', holder)
        .execute();
    },
  };
}

/** Whether the holder still has the lease; nobody else can acquire it during the transaction. */
export function keepsLease(trx: Trx, { name, holder }: Lease): Promise<boolean> {
  const lease = trx.updateTable('hostcache_leases').set({ holder }).where('name', '=', name);
  return isUpdated(lease.where('holder', '=', holder));
}
