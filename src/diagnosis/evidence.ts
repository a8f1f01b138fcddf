import { isUnreadable } from '../chat/unreadable.ts';
import type { Activity } from '../hostcache/activity.ts';
import type { Address } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import type { AccountRows } from '../hostcache/server.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import type { DnsFacts } from './dns-facts.ts';

/** A fact we asked for: we have it, or we know why we do not. */
export type Known<T> =
  | { readonly known: true; readonly value: T }
  | { readonly known: false; readonly why: string };

export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

export function unknown(why: string): Known<never> {
  return { known: false, why };
}

/** What the promise gives, or why it could not be read; any other error is thrown. */
export async function toKnown<T>(reading: Promise<T>): Promise<Known<T>> {
  try {
    return known(await reading);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return unknown(error.message);
  }
}

/** All that was learnt about one client of one server, at one moment. */
export interface Evidence {
  /** The server as the settings call it. */
  readonly server: string;
  readonly client: Address;
  /** The account name that the client logs in with; null = not given. */
  readonly user: string | null;
  readonly settings: Known<ServerSettings>;
  /** null inside: the server holds no entry for this address. */
  readonly entry: Known<HostCacheEntry | null>;
  /** Every row that could match, those that some name could, and some of `user` for other hosts. */
  readonly accounts: Known<AccountRows>;
  /** Entries in the whole cache; asked only where this client has none, null otherwise. */
  readonly entryCount: number | null;
  /** No outcome rests on it, so its lack is no gap. */
  readonly activity: Known<Activity>;
  /** null: not asked, because the server would not ask either. */
  readonly dns: DnsFacts | null;
  /** Who was asked of DNS. */
  readonly resolver: string;
  /** The PTR name that the server's error log says it rejected; null = none told. */
  readonly rejectedName: string | null;
  readonly readAt: Date;
}
