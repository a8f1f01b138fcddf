import type { FlushEffect } from '../../diagnosis/after-flush.ts';
import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { LoginReading } from '../../hostcache/failures.ts';
import type { CacheReading } from '../../hostcache/server.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import type { NameCheck, ServerLook } from '../look.ts';
import type { Pace } from '../pace.ts';

/** An alert rule: what it looks at, what proves that a host is out of it, and its texts. */
export type AlertRule = HostRule | ServerRule;

/** A rule about hosts; each host leaves the alert by a proof. */
interface HostRule extends Common {
  readonly title: { readonly one: string; readonly many: string };
  /** Why a host that is still in the cache is no longer in the alert; null = not known, so it stays. */
  readonly proof: (host: HostNow) => string | null;
}

/** A rule about the server as a whole. */
interface ServerRule extends Common {
  readonly title: string;
  readonly proof?: never;
}

interface Common {
  /** Public: people type it, and scripts read it. */
  readonly id: string;
  /** null = this look cannot judge the rule, so its alert stays as it is. */
  readonly observe: (look: ServerLook, options: ObserveOptions) => Observed | null;
  readonly meaning: string;
  readonly remedy: string;
  /** What this look adds to the meaning of an alert with these hosts; empty = nothing. */
  readonly note?: (look: ServerLook, hosts: readonly AlertHost[]) => string;
  /** Its hosts do not depend on their entries in the host cache, so nothing there is a proof. */
  readonly outlivesCache?: boolean;
  /** A flush could help such hosts; `AlertHost.flush` says for each. */
  readonly flushHelps?: boolean;
  /** Its hosts fail, so its thread gets a chart of when they did. */
  readonly isCharted?: boolean;
  /** It is raised only if a second sweep sees it too, because most such faults are brief. */
  readonly needsSecondLook?: boolean;
  /** Its texts about the same hosts change while it is open, so its message is edited. */
  readonly isReworded?: boolean;
  /** It is not raised while one of these rules has a fact, which explains it. */
  readonly inhibitedBy?: readonly AlertRule[];
}

export interface ObserveOptions {
  readonly nullHostAlerts: 'all' | 'matter';
  /** How fast each host's errors grow, by address. */
  readonly paces: ReadonlyMap<string, Pace>;
  /** What the server counted of logins before; absent or null = not known. */
  readonly loginsBefore?: LoginReading | null;
  /** The hosts of the open alert about failing logins; absent = none. */
  readonly failing?: readonly AlertHost[];
}

/** What one look shows for a rule. It fires if there is a host or a fact. */
export interface Observed {
  readonly hosts: readonly AlertHost[];
  /** What is true of the server as a whole; null = there is nothing beyond the hosts. */
  readonly fact: string | null;
}

export interface AlertHost {
  readonly address: string;
  /** The name in the host cache; null = none. */
  readonly name: string | null;
  /** What is wrong with it, in one line: `100 of 100 connect errors`. */
  readonly says: string;
  /** null = the server does not show it. */
  readonly sinceAt: Date | null;
  /** What a flush would do to it now; absent = not known. */
  readonly flush?: FlushEffect;
  /** The errors with which its logins fail; absent = it is not about logins. */
  readonly errors?: readonly number[];
}

/** A host of an alert as the server knows it now. */
export interface HostNow {
  /** null = it has no notable entry: neither errors nor a missing name. */
  readonly entry: HostCacheEntry | null;
  readonly name: string | null;
  readonly limit: bigint;
  readonly check: NameCheck | undefined;
}

/** A look at a server that could be read. */
interface Reading extends Omit<ServerLook, 'settings' | 'cache'> {
  readonly settings: ServerSettings;
  readonly cache: CacheReading;
}

/** Makes an `observe` that is null if settings or cache are not known. */
export function whenRead(
  observe: (reading: Reading, options: ObserveOptions) => Observed | null,
): Common['observe'] {
  return (look, options) => {
    const { settings, cache } = look;
    if (!settings.known || !cache.known) return null;
    return observe({ ...look, settings: settings.value, cache: cache.value }, options);
  };
}

export function ofHosts(hosts: readonly AlertHost[]): Observed {
  return { hosts, fact: null };
}

export function ofServer(fact: string | null): Observed {
  return { hosts: [], fact };
}

export function toHost(entry: HostCacheEntry, says: string, sinceAt: Date | null): AlertHost {
  return { address: entry.address, name: entry.host, says, sinceAt };
}
