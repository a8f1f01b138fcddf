import { createUnreadable } from '../../src/chat/unreadable.ts';
import type { Account } from '../../src/hostcache/account.ts';
import type { Activity } from '../../src/hostcache/activity.ts';
import type { Address } from '../../src/hostcache/address.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import type { LoginCounts, LoginFailure } from '../../src/hostcache/failures.ts';
import {
  couldMatchSomeName,
  matches,
  parseHostPattern,
  type Rules,
} from '../../src/hostcache/host-pattern.ts';
import { releaseOf } from '../../src/hostcache/release.ts';
import type {
  AccountQuestion,
  AccountRows,
  CacheReading,
  Server,
} from '../../src/hostcache/server.ts';
import type { ServerSettings } from '../../src/hostcache/settings.ts';
import { equalIgnoringCase } from '../../src/hostcache/wildcard.ts';
import { addressOf } from '../scenarios/clients.ts';
import { QUIET } from '../scenarios/evidence.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** The names of the server's queries. */
type Question = Exclude<keyof Server, 'name' | 'close'>;

export interface FakeServer {
  readonly name?: string;
  readonly settings?: Partial<ServerSettings>;
  /** The host cache; hidden if the settings hide it on a real server. */
  readonly entries?: readonly HostCacheEntry[];
  readonly accounts?: readonly Account[];
  readonly activity?: Activity;
  readonly failures?: readonly LoginFailure[];
  readonly logins?: LoginCounts;
  /** Names that the error log reports as rejected, by address. */
  readonly rejectedNames?: Readonly<Record<string, string>>;
  /** Queries that fail with this message; `all` = the server is down. */
  readonly unreadable?: { readonly [question in Question | 'all']?: string };
}

/** The most rows of a user for other hosts. They are only shown, so a few are enough. */
const ELSEWHERE_LIMIT = 20;

/** A server in memory that returns the same rows as the adapter for real servers. */
export function createFakeServer(world: FakeServer): Server {
  const settings: ServerSettings = { ...MYSQL, ...world.settings };
  const { name = 'main', accounts = [], rejectedNames = {}, unreadable = {} } = world;
  const keeps = settings.hostCacheSize > 0 && !settings.skipNameResolve;
  const { rules, showsCache } = releaseOf(settings);
  // If the release may or may not show the cache, this server shows it.
  const entries = keeps && showsCache !== 'no' ? (world.entries ?? []) : [];

  async function answer<T>(question: Question, value: () => T): Promise<T> {
    const why = unreadable[question] ?? unreadable.all;
    if (why !== undefined) throw createUnreadable(why);
    return value();
  }

  return {
    name,
    settings: () => answer('settings', () => settings),
    entry: ({ text }) =>
      answer('entry', () => entries.find(({ address }) => address === text) ?? null),
    entriesOf: (host) =>
      answer('entriesOf', () =>
        entries.filter((entry) => entry.host !== null && equalIgnoringCase(entry.host, host)),
      ),
    accounts: (question) => answer('accounts', () => rowsFor(question, accounts, rules)),
    countNamedAccounts: () =>
      answer('countNamedAccounts', () => {
        const couldBe = ({ host }: Account) =>
          couldMatchSomeName(parseHostPattern(host, rules), ANY_ADDRESS, rules);
        return accounts.filter(couldBe).length;
      }),
    cache: () => answer('cache', () => readingOf(entries)),
    allAccounts: () => answer('allAccounts', () => ({ rows: accounts, more: 0 })),
    accountsMark: () => answer('accountsMark', () => JSON.stringify(accounts)),
    entryCount: () => answer('entryCount', () => entries.length),
    activity: () => answer('activity', () => world.activity ?? QUIET),
    failures: (hosts) =>
      answer('failures', () =>
        (world.failures ?? []).filter(({ host }) => host === null || isOf(hosts, host)),
      ),
    logins: (hosts) =>
      answer('logins', () => {
        const { counts, lost } = world.logins ?? { counts: [], lost: 0 };
        return { counts: counts.filter(({ host }) => isOf(hosts, host)), lost };
      }),
    rejectedName: ({ text }) => answer('rejectedName', () => rejectedNames[text] ?? null),
    close: async () => undefined,
  };
}

function isOf(hosts: readonly string[] | null, host: string | null): boolean {
  return hosts === null || (host !== null && hosts.includes(host));
}

/** An address that no host pattern in the tests matches. */
const ANY_ADDRESS = addressOf('0.0.0.1');

function readingOf(entries: readonly HostCacheEntry[]): CacheReading {
  const totals: Record<string, number> = {};
  for (const { counters, connectErrors } of entries) {
    const all = { ...counters, SUM_CONNECT_ERRORS: connectErrors };
    for (const [name, count] of Object.entries(all)) totals[name] = (totals[name] ?? 0) + count;
  }
  const seen = entries.map(({ firstSeenAt }) => firstSeenAt).filter((at) => at !== null);
  return {
    total: entries.length,
    notable: entries.filter(isNotable),
    named: entries.flatMap(({ address, host, firstSeenAt }) =>
      host === null ? [] : [{ address, host, firstSeenAt }],
    ),
    errorTotals: totals,
    oldestAt: seen.sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
  };
}

function isNotable({ host, validated, connectErrors, counters }: HostCacheEntry): boolean {
  const hasErrors = connectErrors > 0 || Object.values(counters).some((count) => count > 0);
  return host === null || !validated || hasErrors;
}

/** Filters rows like the adapter: rows that match, rows that a name could match, and the user's rows for other hosts. */
function rowsFor(
  { address, names, user, anyName }: AccountQuestion,
  accounts: readonly Account[],
  rules: Rules,
): AccountRows {
  if (names.length > 2) throw new Error(`asked for ${names.length} names, the adapter takes two`);
  const matching = accounts.filter((account) => couldMatch(account, address, names, rules));
  const named = accounts.filter(
    (account) =>
      anyName &&
      (user === undefined || account.user === user) &&
      couldMatchSomeName(parseHostPattern(account.host, rules), address, rules),
  );
  const isFound = user === undefined || matching.some((account) => account.user === user);
  const elsewhere = isFound ? [] : accounts.filter((account) => account.user === user);
  const rows = [...matching, ...named, ...elsewhere.slice(0, ELSEWHERE_LIMIT)];
  return { rows: [...new Set(rows)], moreMatching: 0, moreNamed: 0 };
}

function couldMatch(
  { host }: Account,
  address: Address,
  names: readonly string[],
  rules: Rules,
): boolean {
  const pattern = parseHostPattern(host, rules);
  return (
    [null, ...names].some((name) => matches(pattern, address, name, rules)) ||
    [address.text, ...names].some((text) => equalIgnoringCase(host, text))
  );
}
