/** MySQL and MariaDB match accounts in different orders. */
export type Flavour = 'mysql' | 'mariadb';

export interface Version {
  /** Digits and dots only, such as 9.7.4. */
  readonly text: string;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** A server's version and variables, from one reading. */
export interface ServerSettings {
  readonly flavour: Flavour;
  readonly version: Version;
  readonly performanceSchema: boolean;
  /** Set on replicas; MySQL's super_read_only implies it. */
  readonly readOnly: boolean;
  readonly skipNameResolve: boolean;
  /** Rows that the host cache can hold; 0 = off. */
  readonly hostCacheSize: number;
  /** Up to 18446744073709551615. */
  readonly maxConnectErrors: bigint;
  readonly maxConnections: number;
  readonly bindAddress: string;
  readonly skipNetworking: boolean;
  /** require_secure_transport: TCP without TLS is refused (3159). */
  readonly requireSecureTransport: boolean;
  /** The authentication plugins that are loaded; null = the server does not show them. */
  readonly plugins: readonly string[] | null;
  readonly uptimeSeconds: number;
  /** On the server's clock, so it stays the same while the server runs; null = not known. */
  readonly startedAt: Date | null;
}

/** Parses version texts such as `8.0.36-28.1-log` and `11.8.9-MariaDB-deb12`; null = not a version. */
export function parseVersion(
  text: string,
  comment: string,
): { readonly flavour: Flavour; readonly version: Version } | null {
  // MariaDB 10 puts 5.5.5- in front, for the sake of old replicas.
  const match = /^(?:5\.5\.5-)?(\d+)\.(\d+)\.(\d+)/.exec(text);
  if (match === null) return null;
  const [major, minor, patch] = match.slice(1).map(Number);
  if (major === undefined || minor === undefined || patch === undefined) return null;
  const flavour = /mariadb/i.test(`${text} ${comment}`) ? 'mariadb' : 'mysql';
  return { flavour, version: { text: `${major}.${minor}.${patch}`, major, minor, patch } };
}

/** Whether a version is the given one or newer. */
export function isAtLeast(version: Version, major: number, minor: number, patch: number): boolean {
  if (version.major !== major) return version.major > major;
  if (version.minor !== minor) return version.minor > minor;
  return version.patch >= patch;
}

/** Whether the server uses its host cache at all. */
export function keepsHostCache(settings: ServerSettings): boolean {
  return !settings.skipNameResolve && settings.hostCacheSize > 0;
}

/** Whether a new entry evicts another, so a missing entry proves nothing. */
export function isCacheFull(entries: number, settings: ServerSettings): boolean {
  return keepsHostCache(settings) && entries >= settings.hostCacheSize;
}
