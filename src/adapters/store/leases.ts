import type { Lease, LeaseStore } from '../../chat/lease.ts';
import { type Database, isInserted, type Trx } from './database.ts';

/** Stores leases, one row each. */
export function createLeaseStore({ db, atomically }: Database): LeaseStore {
  return {
    acquire: (name, holder, now, untilAt) =>
      atomically(async (trx) => {
        const { numUpdatedRows } = await trx
          .updateTable('hostcache_leases')
          .set({ holder, untilAt })
          .where('name', '=', name)
          .where(({ eb, or }) => or([eb('holder', '=', holder), eb('untilAt', '<=', now)]))
          .executeTakeFirst();
        if (numUpdatedRows > 0n) return true;
        return await isInserted(
          trx.insertInto('hostcache_leases').values({ name, holder, untilAt }),
        );
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
export async function keepsLease(trx: Trx, { name, holder }: Lease): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('hostcache_leases')
    .set({ holder })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
