import type { Lease } from '../chat/lease.ts';
import type { LoginReading } from '../hostcache/failures.ts';
import type { AccessDay } from './record.ts';

/** The port to what sweeps remember of logins; several processes may share it. */
export interface AccessStore {
  /** The last reading of the server; null = none. */
  reading(server: string): Promise<LoginReading | null>;
  /** Saves the reading and these days, each as a whole, or nothing. False = another holder has the lease. */
  save(
    server: string,
    reading: LoginReading,
    days: readonly AccessDay[],
    lease?: Lease,
  ): Promise<boolean>;
  /** The days of one server from that day on, in their order. */
  days(server: string, from: string): Promise<readonly AccessDay[]>;
}
