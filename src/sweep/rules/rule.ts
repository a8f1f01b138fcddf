import type { HostCacheEntry } from '../../hostcache/entry.ts';
import type { CacheReading } from '../../hostcache/server.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import type { NameCheck, ServerLook } from '../look.ts';
import type { Pace } from '../pace.ts';

/** An alert rule, whole: what it looks at, what proves a host gone from it, what it says. */
export type AlertRule = HostRule | ServerRule;

/** Said of hosts, each of which leaves by a proof. */
interface HostRule extends Common {
  readonly title: { readonly one: string; readonly many: string };
  /** Why a host that is still in the cache is no longer in the alert; null = not known, and it stays. */
  readonly proof: (host: HostNow) => string | null;
}

/** Said of the server as a whole. */
interface ServerRule extends Common {
  readonly title: string;
  readonly proof?: never;
}

interface Common {
  /** Public: people type it, and scripts read it. */
  readonly id: string;
  /** null = this look cannot judge the rule, and its alert stays as it is. */
  readonly observe: (look: ServerLook, options: ObserveOptions) => Observed | null;
  readonly meaning: string;
  readonly remedy: string;
  /** What this look adds to the meaning; empty = nothing. */
  readonly note?: (look: ServerLook) => string;
  /** Emptying the cache could help these hosts. */
  readonly flushHelps?: boolean;
  /** Seen once, it waits for a second sweep: a first fault is most often a passing one. */
  readonly needsSecondLook?: boolean;
  /** What it says of the same hosts changes while it lasts, and its message with it. */
  readonly isReworded?: boolean;
  /** What explains it: while one of these is said of the server as a whole, it is not raised. */
  readonly inhibitedBy?: readonly AlertRule[];
}

export interface ObserveOptions {
  readonly nullHostAlerts: 'all' | 'matter';
  /** How fast each host's errors grow, by address. */
  readonly paces: ReadonlyMap<string, Pace>;
}

/** What one look tells of a rule: with a host or a fact it fires. */
export interface Observed {
  readonly hosts: readonly AlertHost[];
  /** What is said of the server as a whole; null = nothing, or its hosts say it. */
  readonly fact: string | null;
}

export interface AlertHost {
  readonly address: string;
  /** The name that the server holds; null = none. */
  readonly name: string | null;
  /** What is wrong with it, in one line: `100 of 100 connect errors`. */
  readonly says: string;
  /** null: the server does not tell. */
  readonly sinceAt: Date | null;
}

/** A host of an alert as the server knows it now. */
export interface HostNow {
  /** null: it has nothing to tell, neither errors nor a missing name. */
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

/** Most rules cannot be judged where settings or cache are not known. */
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
