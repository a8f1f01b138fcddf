import { randomUUID } from 'node:crypto';
import { addMilliseconds } from 'date-fns/addMilliseconds';
import type { Log } from './log.ts';

/** Who may do something alone, over all processes that share the state. */
export interface LeaseStore {
  /** Whether the holder has it now until `untilAt`: it was free, over, or already the holder's. */
  acquire(name: string, holder: string, now: Date, untilAt: Date): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

/** What somebody believes to hold. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
}

export interface HeldLease extends Lease {
  /** Whether it is still held, from now on for its whole time again. */
  renew(): Promise<boolean>;
}

export interface LeaseParts {
  readonly leases: LeaseStore;
  readonly now: () => Date;
  readonly log: Log;
  /** This process among those that share the state: a new name at each start. */
  readonly holder: string;
}

/**
 * Does the work while nobody else holds the lease, here or in another process; null = somebody does.
 * A holder that was killed keeps it for `holdMs` at most; one that lives renews it.
 */
export async function holding<T>(
  name: string,
  holdMs: number,
  { leases, now, log, holder: process }: LeaseParts,
  work: (lease: HeldLease) => Promise<T>,
): Promise<T | null> {
  // Each attempt is a holder of its own, so that two of one process exclude each other too.
  const holder = `${process}/${randomUUID()}`;
  const renew = () => {
    const at = now();
    return leases.acquire(name, holder, at, addMilliseconds(at, holdMs));
  };
  if (!(await renew())) return null;
  const renewing = setInterval(() => {
    renew().catch((error: unknown) => log.warn('a lease was not renewed', { lease: name, error }));
  }, holdMs / 3);
  try {
    return await work({ name, holder, renew });
  } finally {
    clearInterval(renewing);
    await leases.release(name, holder);
  }
}
