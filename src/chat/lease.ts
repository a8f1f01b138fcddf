import { randomUUID } from 'node:crypto';
import { addMilliseconds } from 'date-fns/addMilliseconds';
import type { Log } from './log.ts';

/** Leases: one holder at a time may do something, among all processes that share the state. */
export interface LeaseStore {
  /** Whether the holder now has it until `untilAt`: it was free, expired, or already theirs. */
  acquire(name: string, holder: string, now: Date, untilAt: Date): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

/** A lease that the holder believes to have; only the store knows. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
}

export interface HeldLease extends Lease {
  /** Whether it is still held; if so, its full time starts again now. */
  renew(): Promise<boolean>;
}

export interface LeaseParts {
  readonly leases: LeaseStore;
  readonly now: () => Date;
  readonly log: Log;
  /** The name of this process among those that share the state; new at each start. */
  readonly holder: string;
}

/**
 * Does the work while it holds the lease; null = somebody else holds it, here or in another process.
 * The lease of a killed process expires after `holdMs`; a live process renews it. Rejects as the
 * work and the store do.
 */
export async function holding<T>(
  name: string,
  holdMs: number,
  { leases, now, log, holder: process }: LeaseParts,
  work: (lease: HeldLease) => Promise<T>,
): Promise<T | null> {
  // Each call is a holder of its own, so that two calls in one process also exclude each other.
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
