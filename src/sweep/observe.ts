import { isAtMaxConnections, pileupOf } from '../hostcache/activity.ts';
import {
  counter,
  DNS_FAILURES,
  type HostCacheEntry,
  isBlocked,
  isDnsFailing,
  isLastingNull,
  isNearBlock,
  type NullCause,
  nullCause,
} from '../hostcache/entry.ts';
import { isCacheFull, type ServerSettings } from '../hostcache/settings.ts';
import type { AlertHost, AlertRuleId } from './alert.ts';
import type { ServerLook } from './look.ts';
import { type Pace, sayPace } from './pace.ts';

/** What one look found, rule by rule; pure. */

export interface Observation {
  readonly rule: AlertRuleId;
  /** false: this look could not judge the rule, so nothing is cleared by it. */
  readonly isJudged: boolean;
  readonly hosts: readonly AlertHost[];
  /** What is said of the server as a whole; null = the rule does not fire, or its hosts say it. */
  readonly fact: string | null;
}

export interface ObserveOptions {
  readonly nullHostAlerts: 'all' | 'matter';
  /** How fast each host's errors grow, by address. */
  readonly paces: ReadonlyMap<string, Pace>;
}

/** So many hosts whose DNS fails are a fault of DNS, not of the hosts. */
const DNS_DOWN_FOR_MANY = 5;

export function observe(look: ServerLook, options: ObserveOptions): readonly Observation[] {
  const { settings, cache } = look;
  if (!settings.known || !cache.known) {
    const why = settings.known ? (cache.known ? '' : cache.why) : settings.why;
    return [ofServer('server-unreadable', why)];
  }
  const seen: Seen = { look, settings: settings.value, entries: cache.value.telling };
  return [
    ofServer('server-unreadable', null),
    ofHosts('blocked-host', blocked(seen)),
    ofHosts('near-block', nearBlocked(seen, options)),
    nullHosts(seen, options),
    stale(seen),
    dnsFailing(seen),
    ofServer('cache-full', sayFull(cache.value.total, settings.value)),
    ...ofActivity(seen),
  ];
}

/**
 * What a greater fault explains is not raised beside it: while DNS is down for many, names come and
 * go, and in a full cache stale ones go by themselves. Alerts that are open already go on.
 */
export function inhibit(
  found: readonly Observation[],
  openRules: ReadonlySet<AlertRuleId>,
): readonly Observation[] {
  const isDown = found.some(({ rule, fact }) => rule === 'dns-failing' && fact !== null);
  const isFull = found.some(({ rule, fact }) => rule === 'cache-full' && fact !== null);
  const held: readonly AlertRuleId[] = [
    ...(isDown ? (['null-host'] as const) : []),
    ...(isDown || isFull ? (['stale-host'] as const) : []),
  ];
  return found.map((each) =>
    held.includes(each.rule) && !openRules.has(each.rule) ? unjudged(each.rule) : each,
  );
}

/** Rules that the look could not judge leave their alerts as they are. */
export function unjudged(rule: AlertRuleId): Observation {
  return { rule, isJudged: false, hosts: [], fact: null };
}

interface Seen {
  readonly look: ServerLook;
  readonly settings: ServerSettings;
  readonly entries: readonly HostCacheEntry[];
}

function ofServer(rule: AlertRuleId, fact: string | null): Observation {
  return { rule, isJudged: true, hosts: [], fact };
}

function ofHosts(rule: AlertRuleId, hosts: readonly AlertHost[]): Observation {
  return { rule, isJudged: true, hosts, fact: null };
}

function toHost(entry: HostCacheEntry, says: string, sinceAt: Date | null): AlertHost {
  return { address: entry.address, name: entry.host, says, sinceAt };
}

function blocked({ entries, settings }: Seen): readonly AlertHost[] {
  const limit = settings.maxConnectErrors;
  return entries
    .filter((entry) => isBlocked(entry, limit))
    .map((entry) =>
      toHost(entry, `${entry.connectErrors} of ${limit} connect errors`, entry.lastErrorAt),
    );
}

function nearBlocked({ entries, settings }: Seen, { paces }: ObserveOptions): readonly AlertHost[] {
  const limit = settings.maxConnectErrors;
  return entries
    .filter((entry) => isNearBlock(entry, limit))
    .map((entry) => {
      const pace = sayPace(paces.get(entry.address), entry.connectErrors, Number(limit));
      return toHost(
        entry,
        `${entry.connectErrors} of ${limit} connect errors${pace}`,
        entry.firstErrorAt,
      );
    });
}

function nullHosts({ entries, look }: Seen, { nullHostAlerts }: ObserveOptions): Observation {
  // Where no account needs a name, a NULL keeps nobody out.
  if (nullHostAlerts === 'matter') {
    if (!look.namedAccounts.known) return unjudged('null-host');
    if (look.namedAccounts.value === 0) return ofHosts('null-host', []);
  }
  const hosts = entries
    .filter(isLastingNull)
    .map((entry) => toHost(entry, CAUSES[nullCause(entry)], entry.firstSeenAt));
  return ofHosts('null-host', hosts);
}

const CAUSES: Readonly<Record<NullCause, string>> = {
  no_ptr: 'no PTR record',
  no_address: 'its name has no address',
  fcrdns: 'its name leads elsewhere',
  other: 'no name',
};

/** Only the names that were asked for this time are judged; see `reconcile` for the others. */
function stale({ look, settings }: Seen): Observation {
  const checks = [...look.names.values()];
  const failed = checks.filter(({ kind }) => kind === 'failed').length;
  if (failed > 0 && failed === checks.length) return unjudged('stale-host');
  const named = look.cache.known ? look.cache.value.named : [];
  const hosts = named.flatMap(({ address, host, firstSeenAt }): readonly AlertHost[] => {
    const check = look.names.get(address);
    if (check?.kind !== 'stale') return [];
    const today = check.today.length === 0 ? 'no name' : check.today.join(', ');
    const says = `cached as ${host}, DNS gives ${today}`;
    return [{ address, name: host, says, sinceAt: firstSeenAt }];
  });
  return settings.skipNameResolve ? ofHosts('stale-host', []) : ofHosts('stale-host', hosts);
}

function dnsFailing({ entries }: Seen): Observation {
  const failing = entries.filter(isDnsFailing);
  const hosts = failing.map((entry) => toHost(entry, sayTransient(entry), entry.firstErrorAt));
  const fact =
    hosts.length >= DNS_DOWN_FOR_MANY
      ? `DNS fails for ${hosts.length} hosts: look at the resolver of the database host, not at them.`
      : null;
  return { rule: 'dns-failing', isJudged: true, hosts, fact };
}

function sayTransient(entry: HostCacheEntry): string {
  const reverse = counter(entry, DNS_FAILURES.reverse);
  const forward = counter(entry, DNS_FAILURES.forward);
  return reverse >= forward
    ? `PTR failed ${reverse} times`
    : `address lookup failed ${forward} times`;
}

function sayFull(total: number, settings: ServerSettings): string | null {
  if (!isCacheFull(total, settings)) return null;
  return `The host cache holds ${total} of ${settings.hostCacheSize} entries: hosts lose theirs, and a missing entry proves nothing.`;
}

function ofActivity({ look: { activity }, settings }: Seen): readonly Observation[] {
  if (!activity.known) return [unjudged('handshake-pileup'), unjudged('too-many-connections')];
  const { connected, seesOthers } = activity.value;
  const isFull = isAtMaxConnections(activity.value, settings);
  const pileup = pileupOf(activity.value);
  const says =
    pileup === null
      ? null
      : `${pileup.pending} connections have not finished authentication, ${pileup.inDns} of them wait for DNS.`;
  return [
    seesOthers ? ofServer('handshake-pileup', says) : unjudged('handshake-pileup'),
    ofServer(
      'too-many-connections',
      isFull
        ? `${connected} connections are open, max_connections is ${settings.maxConnections}.`
        : null,
    ),
  ];
}
