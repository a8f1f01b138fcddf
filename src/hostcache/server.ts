import type { Account } from './account.ts';
import type { Activity } from './activity.ts';
import type { Address } from './address.ts';
import type { HostCacheEntry } from './entry.ts';
import type { LoginCounts, LoginFailure } from './failures.ts';
import type { ServerSettings } from './settings.ts';

/** Which accounts to read for one client. The server only filters; matching.ts decides. */
export interface AccountQuestion {
  readonly address: Address;
  /** Names under which the server may know the client, now or after a flush. */
  readonly names: readonly string[];
  /** If no such row belongs to this user, some of its rows for other hosts are read too. */
  readonly user?: string;
  /** Also read rows that match only by a name not known today. */
  readonly anyName: boolean;
}

/** The accounts of one server that matter to one client. */
export interface AccountRows {
  /** Every row that could match the client, and the others that the question asks for. */
  readonly rows: readonly Account[];
  /** Further matching rows: counted, not read. */
  readonly moreMatching: number;
  /** Further rows that match only by name: counted, not read. */
  readonly moreNamed: number;
}

export interface AccountList {
  readonly rows: readonly Account[];
  /** Rows beyond the limit: counted, not read. */
  readonly more: number;
}

/** The host cache of one server, from one reading. */
export interface CacheReading {
  /** Entries in the cache, of every kind. */
  readonly total: number;
  /** Entries without a name, not validated, or with errors; only counters above 0. */
  readonly notable: readonly HostCacheEntry[];
  /** Entries with a name, which may be stale. Every entry is here, in `notable`, or in both. */
  readonly named: readonly NamedEntry[];
  /** SUM_CONNECT_ERRORS and each COUNT_… column, summed over all entries. */
  readonly errorTotals: Readonly<Record<string, number>>;
  /** FIRST_SEEN of the oldest entry; null = the cache is empty. */
  readonly oldestAt: Date | null;
}

export interface NamedEntry {
  readonly address: string;
  readonly host: string;
  readonly firstSeenAt: Date | null;
}

/** One MySQL server, read only. Each call rejects with `Unreadable` if the server cannot be read. */
export interface Server {
  readonly name: string;
  settings(): Promise<ServerSettings>;
  /** The entry for one address; null = the server has none. */
  entry(address: Address): Promise<HostCacheEntry | null>;
  /** The entries with this host name, in no order. */
  entriesOf(host: string): Promise<readonly HostCacheEntry[]>;
  accounts(question: AccountQuestion): Promise<AccountRows>;
  /** All accounts, in the order of their host patterns, up to a limit; absent = 10,000. */
  allAccounts(limit?: number): Promise<AccountList>;
  /** Differs from an earlier one if an account was added, dropped or changed. Costs less than all accounts. */
  accountsMark(): Promise<string>;
  /** How many accounts have a pattern that a name could match; may count a few too many. */
  countNamedAccounts(): Promise<number>;
  /** The whole cache, in one reading. */
  cache(): Promise<CacheReading>;
  /** How many entries the host cache holds; costs as much as reading all of them. */
  entryCount(): Promise<number>;
  activity(): Promise<Activity>;
  /**
   * Who failed to log in since the server started, from these hosts (as the server writes them), or
   * from all; rows without a host always come. MariaDB has no such table: `Unreadable`.
   */
  failures(hosts: readonly string[] | null): Promise<readonly LoginFailure[]>;
  /**
   * How often each login name connected from these hosts, then without the reading account, or from
   * all, since the server started.
   */
  logins(hosts: readonly string[] | null): Promise<LoginCounts>;
  /** The PTR name that the server rejected for this address, from its error log; null = none there. */
  rejectedName(address: Address): Promise<string | null>;
  close(): Promise<void>;
}
