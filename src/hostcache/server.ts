import type { Account } from './account.ts';
import type { Activity } from './activity.ts';
import type { Address } from './address.ts';
import type { HostCacheEntry } from './entry.ts';
import type { ServerSettings } from './settings.ts';

/** Which accounts could matter to one client: the server filters, exact matching decides. */
export interface AccountQuestion {
  readonly address: Address;
  /** Names under which the server may know the client, now or after a flush. */
  readonly names: readonly string[];
  /** Where none of these is this user's: also some of its rows for other hosts. */
  readonly user?: string;
  /** Also rows that some name, not known today, could match. */
  readonly anyName: boolean;
}

/** What one client's accounts look like on one server. */
export interface AccountRows {
  /** Every row that could match the client, and those that were asked for beside them. */
  readonly rows: readonly Account[];
  /** Matching rows that the server counted beyond those. */
  readonly moreMatching: number;
  /** Rows that some name could match, counted beyond those. */
  readonly moreNamed: number;
}

export interface AccountList {
  readonly rows: readonly Account[];
  /** Rows beyond the limit: counted, not read. */
  readonly more: number;
}

/** The whole host cache of one server, read once. */
export interface CacheReading {
  /** Entries in the cache, of every kind. */
  readonly total: number;
  /** Those with something to tell: no name, not validated, or any error counted; only counters that are not 0. */
  readonly notable: readonly HostCacheEntry[];
  /** Those that hold a name, which may have gone stale: every entry is here, or above, or both. */
  readonly named: readonly NamedEntry[];
  /** Each COUNT_… column summed over all entries, and SUM_CONNECT_ERRORS. */
  readonly errorTotals: Readonly<Record<string, number>>;
  /** FIRST_SEEN of the oldest entry; null = the cache is empty. */
  readonly oldestAt: Date | null;
}

export interface NamedEntry {
  readonly address: string;
  readonly host: string;
  readonly firstSeenAt: Date | null;
}

/** One MySQL server, read only. Each call rejects as `Unreadable` where the server cannot be asked. */
export interface Server {
  readonly name: string;
  settings(): Promise<ServerSettings>;
  /** The entry for one address; null = the server has none. */
  entry(address: Address): Promise<HostCacheEntry | null>;
  /** The entries that hold this host name; in no order. */
  entriesOf(host: string): Promise<readonly HostCacheEntry[]>;
  accounts(question: AccountQuestion): Promise<AccountRows>;
  /** The accounts of all hosts, in the order of their patterns, up to a limit. */
  allAccounts(): Promise<AccountList>;
  /** How many accounts have a pattern that some name could match; a few too many at most. */
  countNamedAccounts(): Promise<number>;
  /** All entries, in one reading. */
  cache(): Promise<CacheReading>;
  /** How many entries the host cache holds; reading them costs as much as reading all. */
  entryCount(): Promise<number>;
  activity(): Promise<Activity>;
  /** The PTR name that the server's error log says it rejected for this address; null = none told. */
  rejectedName(address: Address): Promise<string | null>;
  close(): Promise<void>;
}
