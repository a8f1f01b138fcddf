import { isUnreadable } from '../chat/unreadable.ts';
import { newAccount } from '../hostcache/account.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import type { Activity } from '../hostcache/activity.ts';
import type { Address } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import type { LoginCounts, LoginFailure } from '../hostcache/failures.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { AccountRows } from '../hostcache/server.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import { type DnsFacts, isOnlyLocal } from './dns-facts.ts';
import type { Reported } from './reported.ts';

/** A fact: its value, or the reason why it is not known. */
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

/** The facts about one client of one server, read at one moment. */
export interface Evidence {
  /** The name of the server in hostcache's settings. */
  readonly server: string;
  readonly client: Address;
  /** The account name that the client logs in with; null = not given. */
  readonly user: string | null;
  /** What a pasted error says of this client; null = nothing was pasted. */
  readonly reported: Reported | null;
  readonly settings: Known<ServerSettings>;
  /** A value of null: the server holds no entry for this address. */
  readonly entry: Known<HostCacheEntry | null>;
  /** Rows that could match the client, that some name could make match, and some of `user` for other hosts. */
  readonly accounts: Known<AccountRows>;
  /** Entries in the whole cache; read only if this client has none, otherwise null. */
  readonly entryCount: number | null;
  /** No outcome depends on it, so it is not a gap when unknown. */
  readonly activity: Known<Activity>;
  /** Of the client, by its address and names; and those that the server counts for no host. */
  readonly failures: Known<readonly LoginFailure[]>;
  /** Who connected from here; without the reading account. */
  readonly logins: Known<LoginCounts>;
  /** null: not asked, because the server does not ask either. */
  readonly dns: DnsFacts | null;
  /** The resolver's label. */
  readonly resolver: string;
  /** The PTR name that the server rejected, from its error log; null = the log names none. */
  readonly rejectedName: string | null;
  readonly readAt: Date;
}

/** The evidence as it would be with one more account; null = it exists already. */
export function withAccount(evidence: Evidence, place: AccountPlace): Evidence | null {
  const { accounts } = evidence;
  if (!accounts.known) return evidence;
  const { rows } = accounts.value;
  if (rows.some(({ user, host }) => user === place.user && host === place.host)) return null;
  const value = { ...accounts.value, rows: [...rows, newAccount(place)] };
  return { ...evidence, accounts: known(value) };
}

/** The name that the server keeps for the client; null = none, or not known. */
export function cachedName({ entry }: Evidence): string | null {
  return (entry.known ? entry.value?.host : null) ?? null;
}

/** The cached name, if only the database host gives it; null = it does not, or that is not known. */
export function localNameOf(evidence: Evidence): string | null {
  const { settings, dns } = evidence;
  const cached = cachedName(evidence);
  // In saved rows of an unknown release, a name of 60 characters may be cut off.
  const release = settings.known ? releaseOf(settings.value) : { nameLength: 60 };
  return isOnlyLocal(cached, dns, release) ? cached : null;
}

/** How many sessions the client has open, by its address or its cached name; 0 also if not known. */
export function sessionsOf(evidence: Evidence): number {
  const { activity, client } = evidence;
  if (!activity.known) return 0;
  const names = new Set([client.text, cachedName(evidence) ?? client.text]);
  const own = activity.value.sessions.filter(({ host }) => names.has(host));
  return own.reduce((sum, { count }) => sum + count, 0);
}
