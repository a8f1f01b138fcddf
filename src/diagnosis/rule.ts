import { utc } from '../chat/lists.ts';
import { isLoopback, parseAddress } from '../hostcache/address.ts';
import { counter, type HostCacheEntry } from '../hostcache/entry.ts';
import { type ManualPage, manualUrl } from '../hostcache/manual.ts';
import { releaseOf, TRUNCATE } from '../hostcache/release.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import type { FlushForecast } from './after-flush.ts';
import type { Evidence } from './evidence.ts';
import type { Prediction } from './predict.ts';

/** What a diagnosis rule is, and what all rules read from the evidence. */

/** Every rule by its public name, and the manual page that its findings cite. */
export const MANUAL_PAGES = {
  'blocked-host': 'blocked-host',
  'near-block': 'blocked-host',
  'handshake-errors': 'blocked-host',
  'null-host': 'host-cache',
  'dns-failing': 'host-cache',
  'numeric-host-name': 'account-names',
  'stale-host': 'host-cache',
  'no-matching-account': 'connection-access',
  'account-not-from-here': 'connection-access',
  'anonymous-account': 'connection-access',
  'wrong-password': 'problems-connecting',
  'account-locked': 'account-locking',
  'tls-required': 'using-encrypted-connections',
  'plugin-missing': 'pluggable-authentication',
  'user-limits': 'user-resources',
  'proxy-user': 'proxy-users',
  'default-database': 'problems-connecting',
  'init-connect': 'server-system-variables',
  'local-errors': 'performance-schema-host-cache-table',
  'unknown-errors': 'performance-schema-host-cache-table',
  'name-resolution-off': 'host-cache',
  'cache-off': 'host-cache',
  'cache-full': 'host-cache',
  'privileges-not-reloaded': 'connection-access',
  'refused-by-proxy': 'problems-connecting',
  'no-longer-blocked': 'blocked-host',
  'too-many-connections': 'server-system-variables',
  'handshake-pileup': 'host-cache',
  'not-listening': 'server-system-variables',
  'local-name': 'host-cache',
  'failing-login': 'performance-schema-error-summary-tables',
  'never-seen': 'host-cache',
  loopback: 'host-cache',
} as const satisfies Readonly<Record<string, ManualPage>>;

export type RuleId = keyof typeof MANUAL_PAGES;

/**
 * Worst first. `blocking` explains an outcome other than admitted, or a refusal after it;
 * `degraded` sometimes does; `risk` may one day; `note` is for information only.
 */
export const SEVERITIES = ['blocking', 'degraded', 'risk', 'note'] as const;

export type Severity = (typeof SEVERITIES)[number];

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly title: string;
  /** With numbers and, where known, since when. */
  readonly cause: string;
  /** What to do; a way that loses no data comes first. */
  readonly remedy: string;
  /** The remedy as statements to copy; hostcache never runs them. */
  readonly statements: readonly string[];
  /** The URL of the page in the manual of the server's own release. */
  readonly source: string;
}

/** One client on one server: the facts, what the server will answer, what a flush changes. */
export interface Case {
  readonly evidence: Evidence;
  readonly prediction: Prediction;
  readonly forecast: FlushForecast;
}

export interface Rule {
  readonly id: RuleId;
  /** null: the rule does not apply, or its facts are not known. */
  examine(subject: Case): Finding | null;
}

/** What a rule writes; without `statements` there is nothing to copy. */
export type Explanation = Omit<Finding, 'rule' | 'source' | 'statements'> &
  Partial<Pick<Finding, 'statements'>>;

/** A rule from the facts that it looks for (`find`) and the text about them (`explain`). */
export function createRule<Facts>(
  id: RuleId,
  parts: {
    readonly find: (subject: Case) => Facts | null;
    readonly explain: (facts: Facts, subject: Case) => Explanation;
  },
): Rule {
  return {
    id,
    examine: (subject) => {
      const facts = parts.find(subject);
      if (facts === null) return null;
      const source = manualUrl(MANUAL_PAGES[id], settingsOf(subject) ?? {});
      return { rule: id, statements: [], ...parts.explain(facts, subject), source };
    },
  };
}

/** The server's entry for this client; null = none, or not known. */
export function entryOf({ evidence }: Case): HostCacheEntry | null {
  return evidence.entry.known ? evidence.entry.value : null;
}

/** null = not known. */
export function settingsOf({ evidence }: Case): ServerSettings | null {
  return evidence.settings.known ? evidence.settings.value : null;
}

/** 0 where the entry or the column does not exist. */
export function counterOf(subject: Case, column: string): number {
  const entry = entryOf(subject);
  return entry === null ? 0 : counter(entry, column);
}

/** Whether the client is refused (1130) or denied (1045) now. */
export function isKeptOut({ prediction }: Case): boolean {
  return ['refused', 'denied'].includes(prediction.now.outcome);
}

/**
 * Whether the client has an IPv6 address and the accounts that wait for its name have patterns of
 * four parts, such as '%.%.%.%': they are meant for IPv4 addresses, not for names.
 */
export function isForIpv4Only({ evidence: { client }, forecast: { accounts } }: Case): boolean {
  const waiting = accounts.filter(({ now }) => !now).map(({ account }) => account.host);
  const isShaped = (host: string) => /^[\d%_]+(?:\.[\d%_]+){3}$/.test(host);
  return client.family === 6 && waiting.length > 0 && waiting.every(isShaped);
}

/**
 * How many hosts are connected although the cache has no entry at all, so that it may be off; 0 where
 * the release has no option for that.
 */
export function hostsWithoutCache(subject: Case): number {
  const { entryCount, activity } = subject.evidence;
  const settings = settingsOf(subject);
  const mayBeOff = entryCount === 0 && settings !== null && releaseOf(settings).hasSkipHostCache;
  if (!mayBeOff || !activity.known) return 0;
  const isRemote = (host: string) => {
    const address = parseAddress(host);
    return host !== '' && host !== 'localhost' && (address === null || !isLoopback(address));
  };
  const hosts = new Set(activity.value.sessions.map(({ host }) => host));
  return [...hosts].filter(isRemote).length;
}

/** `, since 2026-11-21 04:00:12 UTC`, or nothing. */
export function since(at: Date | null): string {
  return at === null ? '' : `, since ${utc(at)}`;
}

/** The statement that empties the host cache of this server. */
export function flushStatement(subject: Case): string {
  const settings = settingsOf(subject);
  const { sql } = settings === null ? TRUNCATE : releaseOf(settings).flush;
  return `${sql};`;
}
