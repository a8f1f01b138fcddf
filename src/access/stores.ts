import type { Lease } from '../chat/lease.ts';
import type { LoginReading } from '../hostcache/failures.ts';
import type { AccessDay } from './record.ts';

/** What the next reading of a server is compared with. */
export interface AccessReading extends LoginReading {
  /** null = they could not be read yet. */
  readonly accounts?: readonly KnownAccount[] | null;
  /** What `Server.accountsMark` said of them; null = not known. */
  readonly accountsMark?: string | null;
  /** Clients in the host cache, or seen before; null = the cache could not be read yet. */
  readonly clients?: readonly KnownClient[] | null;
  /** Failed logins that were counted before their connections. */
  readonly ahead?: readonly FailuresAhead[];
}

export interface KnownAccount {
  readonly user: string;
  /** The host pattern. */
  readonly host: string;
  readonly isRole: boolean;
  /** Differs if something else of the account differs. */
  readonly mark: string;
}

export interface FailuresAhead {
  readonly user: string;
  readonly host: string;
  readonly count: number;
}

export interface KnownClient {
  readonly address: string;
  /** The name in the host cache; null = none. */
  readonly name: string | null;
  readonly isBlocked: boolean;
}

/** The port to what sweeps remember of logins; several processes may share it. */
export interface AccessStore {
  /** The last reading of the server; null = none. */
  reading(server: string): Promise<AccessReading | null>;
  /** Saves the reading and these days, each as a whole, or nothing. False = another holder has the lease. */
  save(
    server: string,
    reading: AccessReading,
    days: readonly AccessDay[],
    lease?: Lease,
  ): Promise<boolean>;
  /** The days of one server from that day on, in their order. */
  days(server: string, from: string): Promise<readonly AccessDay[]>;
}
