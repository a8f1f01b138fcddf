import type { Address } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import type { LoginCount, LoginFailure } from '../hostcache/failures.ts';
import type { Fit } from './prober-products.ts';

/** A program that breaks the logins of one client off, and what proves it. */

export interface Probed {
  readonly client: Address;
  /** Of this client, by its address and its names; null = not known. */
  readonly failures: readonly LoginFailure[] | null;
  /** Who connected from here; null = not known. */
  readonly logins: readonly LoginCount[] | null;
  readonly entry: HostCacheEntry | null;
}

export interface Prober extends Fit {
  /**
   * `sure`: only these do what was seen. `usual`: others do it too, but not at this interval by default.
   * `open`: others do it too.
   */
  readonly proof: 'sure' | 'usual' | 'open';
  /** What the server counts for it; beside it a 1043, except for 1045. */
  readonly error: number;
  /** The login name that it sends; null = none. */
  readonly user: string | null;
  readonly why: string;
}

/** The numbers of the errors. */
export const HANDSHAKE = 1043;
export const OUT_OF_ORDER = 1156;
export const WENT_AWAY = 1158;
export const SILENT = 1159;
export const NO_PLUGINS = 1251;
export const DENIED = 1045;

/** The rows are read one after the other while the server counts on. */
export const MAY_DIFFER = 0.02;
