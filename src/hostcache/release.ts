import type { Rules } from './host-pattern.ts';
import { type Flavour, isAtLeast, type ServerSettings, type Version } from './settings.ts';

/** What differs between releases. Add a new fact to `CHANGES`, and a new proof to `PROVED`. */

export interface Release {
  /** `MySQL 8.0.36`. */
  readonly name: string;
  /** How it matches accounts. */
  readonly rules: Rules;
  /** Whether host_cache shows its rows. `if-rows`: not known for this release; the rows decide. */
  readonly showsCache: 'yes' | 'no' | 'if-rows';
  readonly flush: FlushStatement;
  /** The entry that a full cache drops for a new one. */
  readonly evicts: 'most recently used' | 'least recently used';
  /** What predictions for it rest on, as a part of a sentence: `proved on 9.7.4`. */
  readonly basis: string;
  /** How an account takes on its roles. */
  readonly roles: 'none' | 'one at a time' | 'all at once';
  /** How many characters of a client's name the host cache keeps. */
  readonly nameLength: 60 | 255;
  /** How many characters the name of an account has at most. */
  readonly userLength: 16 | 32 | 80 | 128;
  /** Whether the connection that resolves a name is matched by the whole of it, however long. */
  readonly matchesWholeName: boolean;
  /** Whether performance_schema.error_log exists. */
  readonly hasErrorLog: boolean;
  /** Whether performance_schema.status_by_thread exists. */
  readonly hasThreadStatus: boolean;
  /** Whether performance_schema counts each account's errors by their number. */
  readonly hasErrorSummary: boolean;
  /** Whether performance_schema.accounts counts failed logins too. */
  readonly countsFailedLogins: boolean;
  /** Where locks of accounts are stored, in mysql.user beside password_last_changed; none = there are no locks. */
  readonly accountLocks: 'none' | 'mysql.user' | 'mysql.global_priv';
  /** Whether accounts can use mysql_native_password. */
  readonly hasNativePassword: boolean;
  /** Whether a lock after failed logins (3955) counts as COUNT_AUTH_PLUGIN_ERRORS. */
  readonly countsLocksAsPluginErrors: boolean;
  /** Whether --skip-host-cache exists: no cache, and host_cache_size keeps its number. */
  readonly hasSkipHostCache: boolean;
}

/** The statement that empties the host cache, and the privilege that an account needs for it. */
export interface FlushStatement {
  readonly sql: 'TRUNCATE TABLE performance_schema.host_cache' | 'FLUSH LOCAL HOSTS';
  readonly privilege: 'DROP' | 'RELOAD';
  readonly on: string;
}

/** Facts that do not depend on the settings; the rest of `Release` is derived from them. */
interface Facts extends Omit<Release, 'name' | 'showsCache' | 'flush' | 'basis'> {
  /** `showsCache` with performance_schema off; with it on, every release shows its cache. */
  readonly showsCacheWhenOff: Release['showsCache'];
  /** Whether TRUNCATE of host_cache works under read_only. */
  readonly truncatesReadOnly: boolean;
}

/** MySQL 5.6 (tried) and 5.7 (from its manual). */
const MYSQL_5: Facts = {
  rules: 'mysql-old',
  evicts: 'least recently used',
  showsCacheWhenOff: 'no',
  truncatesReadOnly: false,
  roles: 'none',
  nameLength: 60,
  userLength: 16,
  matchesWholeName: true,
  hasErrorLog: false,
  hasThreadStatus: false,
  hasErrorSummary: false,
  countsFailedLogins: false,
  accountLocks: 'none',
  hasNativePassword: true,
  countsLocksAsPluginErrors: false,
  hasSkipHostCache: true,
};

/** MariaDB (tried from 10.5 to 11.8) still has the host cache of MySQL 5.6. */
const OLDEST: Readonly<Record<Flavour, Facts>> = {
  mysql: MYSQL_5,
  mariadb: {
    ...MYSQL_5,
    rules: 'mariadb',
    roles: 'one at a time',
    accountLocks: 'mysql.global_priv',
    userLength: 80,
    matchesWholeName: false,
  },
};

interface Change extends Partial<Facts> {
  readonly since: Since;
}

type Since = readonly [major: number, minor: number, patch: number];

/** What each release changed, oldest first. A change also applies to all later releases. */
const CHANGES: Readonly<Record<Flavour, readonly Change[]>> = {
  mysql: [
    // Whether 5.7 counts failed logins has not been tried; 5.6 does not, 8.0 does.
    { since: [5, 7, 0], hasThreadStatus: true, userLength: 32, countsFailedLogins: true },
    { since: [5, 7, 6], accountLocks: 'mysql.user' },
    {
      since: [8, 0, 0],
      evicts: 'most recently used',
      roles: 'all at once',
      hasErrorSummary: true,
    },
    { since: [8, 0, 17], nameLength: 255 },
    { since: [8, 0, 19], countsLocksAsPluginErrors: true },
    // The source exempts TRUNCATE from read_only from 8.0.21 on; starting at 8.0.22 is the
    // conservative choice. The source of 8.0.21 hides the cache; 8.0.30, tried, shows it.
    { since: [8, 0, 22], showsCacheWhenOff: 'if-rows', truncatesReadOnly: true, hasErrorLog: true },
    { since: [8, 0, 23], rules: 'mysql-8.0.23' },
    { since: [8, 0, 30], showsCacheWhenOff: 'yes' },
    // 8.0.30 was tried, the sources of 8.0.44 and 8.4.9 were read. What lies between is not known.
    { since: [8, 0, 31], rules: 'mysql-8.0.31' },
    { since: [8, 0, 44], rules: 'mysql-8.0.44' },
    { since: [8, 1, 0], rules: 'mysql-8.0.31' },
    { since: [8, 3, 0], hasSkipHostCache: false },
    { since: [8, 4, 0], rules: 'mysql-8.0.44' },
    { since: [9, 0, 0], hasNativePassword: false },
    { since: [9, 6, 0], countsLocksAsPluginErrors: false },
    { since: [9, 7, 4], rules: 'mysql' },
  ],
  mariadb: [
    { since: [10, 5, 2], hasThreadStatus: true },
    { since: [10, 6, 0], nameLength: 255, userLength: 128 },
  ],
};

/** A run of `npm run prove` without a disagreement. It covers the rest of its series, as far as the rules are the same. */
export interface Proof {
  readonly since: Since;
  /** The release that ran. */
  readonly on: string;
  readonly date: string;
  readonly cases: number;
  /** null = not recorded. */
  readonly seed: number | null;
}

/** All proofs; docs/proved.md says what each one tried. */
export const PROVED: Readonly<Record<Flavour, readonly Proof[]>> = {
  mysql: [
    { since: [5, 6, 0], on: '5.6.24', date: '2026-11-29', cases: 5_000, seed: 1 },
    { since: [8, 0, 30], on: '8.0.30', date: '2026-11-28', cases: 10_006, seed: null },
    { since: [9, 7, 4], on: '9.7.4', date: '2026-11-29', cases: 5_000, seed: 1 },
  ],
  mariadb: [
    { since: [10, 5, 0], on: '10.5.23', date: '2026-11-29', cases: 5_000, seed: 1 },
    { since: [10, 11, 0], on: '10.11.18', date: '2026-11-29', cases: 5_000, seed: 1 },
    { since: [11, 8, 0], on: '11.8.9', date: '2026-11-29', cases: 5_000, seed: 1 },
  ],
};

/** Where rules come from that no proof has tried. */
const UNPROVED: Readonly<Partial<Record<Rules, string>>> = {
  'mysql-8.0.44': 'the rules of 8.0.44, read from its source',
  'mysql-8.0.31': 'what the rules of 8.0.30 and 8.0.44 share',
};

export const TRUNCATE: FlushStatement = {
  sql: 'TRUNCATE TABLE performance_schema.host_cache',
  privilege: 'DROP',
  on: 'performance_schema.host_cache',
};

/** LOCAL keeps it out of the binary log. MySQL has it until 8.2, MariaDB always. */
const FLUSH_HOSTS: FlushStatement = { sql: 'FLUSH LOCAL HOSTS', privilege: 'RELOAD', on: '*.*' };

/** The settings that a release's behaviour depends on. */
export type ReleaseSettings = Pick<
  ServerSettings,
  'flavour' | 'version' | 'performanceSchema' | 'readOnly'
>;

/** What an approver should know about a flush statement; null = nothing. */
export function flushNote(sql: string): string | null {
  if (sql !== FLUSH_HOSTS.sql) return null;
  return 'This is FLUSH HOSTS without an event in the binary log, so replicas keep their caches.';
}

/** A sweep asks for each of many hosts, with the same settings. */
const known = new WeakMap<ReleaseSettings, Release>();

export function releaseOf(settings: ReleaseSettings): Release {
  const release = known.get(settings) ?? readRelease(settings);
  known.set(settings, release);
  return release;
}

function readRelease(settings: ReleaseSettings): Release {
  const { flavour, version, performanceSchema, readOnly } = settings;
  const { showsCacheWhenOff, truncatesReadOnly, ...facts } = factsOf(flavour, version);
  const showsCache = performanceSchema ? 'yes' : showsCacheWhenOff;
  // If the cache is hidden, TRUNCATE reports OK and does nothing.
  const truncates = showsCache === 'yes' && (truncatesReadOnly || !readOnly);
  return {
    ...facts,
    name: `${flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${version.text}`,
    showsCache,
    flush: truncates ? TRUNCATE : FLUSH_HOSTS,
    basis: sayBasis(settings),
  };
}

/** Why the host cache cannot be seen, given the number of rows in its table; null = it can. */
export function whyHidden(settings: ReleaseSettings, rows: number): string | null {
  const { showsCache, name } = releaseOf(settings);
  if (showsCache === 'yes' || (showsCache === 'if-rows' && rows > 0)) return null;
  const shows = showsCache === 'no' ? 'shows' : 'may show';
  return `The host cache cannot be seen: performance_schema is off, so ${name} ${shows} no rows.`;
}

/** Why failed logins cannot be read; null = they can, if the reading account may. */
export function whyNoFailures(settings: ReleaseSettings): string | null {
  const { hasErrorSummary, name } = releaseOf(settings);
  if (!hasErrorSummary) return `${name} keeps no record of failed logins.`;
  return settings.performanceSchema
    ? null
    : `performance_schema is off, so ${name} keeps no record of failed logins.`;
}

function factsOf(flavour: Flavour, version: Version): Facts {
  let all = OLDEST[flavour];
  for (const { since, ...change } of CHANGES[flavour]) {
    if (isAtLeast(version, ...since)) all = { ...all, ...change };
  }
  return all;
}

function sayBasis({ flavour, version }: ReleaseSettings): string {
  const { rules } = factsOf(flavour, version);
  const proofs = PROVED[flavour].filter(({ since: [major, minor, patch], on }) => {
    return factsOf(flavour, { text: on, major, minor, patch }).rules === rules;
  });
  const own = proofs.find(({ since: [major, minor, patch] }) => {
    return version.major === major && version.minor === minor && version.patch >= patch;
  });
  if (own !== undefined) return `proved on ${own.on}`;
  const others = `the rules proved on ${proofs.map(({ on }) => on).join(', ')}`;
  return `follows ${UNPROVED[rules] ?? others}; not proved here`;
}
