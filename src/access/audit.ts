import { type Account, accountName } from '../hostcache/account.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import { accountsIn, createLoginAccounts } from '../hostcache/login-account.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { AccountList } from '../hostcache/server.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import { MARKS, type Mark, marksOf } from './account-marks.ts';
import { type AccountChanges, changesSince } from './changes.ts';
import { type Counters, type Coverage, coverageOf } from './coverage.ts';
import type { AccessDay } from './record.ts';
import { createShadows } from './shadows.ts';
import { loggedIn, type Use, usesOf } from './uses.ts';

/** What every account of one server is used for. Pure. */

export interface AuditFacts {
  readonly server: string;
  readonly settings: ServerSettings;
  readonly accounts: AccountList;
  readonly days: readonly AccessDay[];
  readonly counters: Counters;
  /** Whether the server tells failed logins from others. */
  readonly knowsFailures: boolean;
  /** Clients that the host cache names, and others that the server has seen. */
  readonly clients: readonly SeenClient[];
}

export interface SeenClient {
  readonly address: string;
  /** The name in the host cache; null = none. */
  readonly name: string | null;
}

export interface Audit extends Coverage {
  readonly server: string;
  /** The worst first. */
  readonly rows: readonly AuditRow[];
  /** Accounts that were not read, so their logins may be counted for others. */
  readonly more: number;
  /** Logins and failures that belong to none of the rows. */
  readonly unplaced: Unplaced;
  readonly changes: AccountChanges;
}

export interface AuditRow {
  readonly account: Account;
  /** Addresses or names, as the server wrote them; the busiest first. */
  readonly clients: readonly string[];
  /** null = not known. */
  readonly logins: number | null;
  readonly failures: number | null;
  /** null = not seen. */
  readonly lastSeenAt: Date | null;
  /** Some login was by this account or by another one. */
  readonly mayBeUsed: boolean;
  readonly shadowedBy: readonly string[];
  readonly marks: readonly Mark[];
}

export interface Unplaced {
  /** Logins that several accounts can have admitted: the order of ties, or the client's address, is not known. */
  readonly ambiguous: number;
  /** Failed logins by names that no account matches. */
  readonly strangers: number;
}

export function auditOf(facts: AuditFacts): Audit {
  const { settings, accounts, days, counters } = facts;
  const { rules } = releaseOf(settings);
  const rows = accounts.rows.filter(({ isRole }) => !isRole || rules !== 'mariadb');
  const chosen = createLoginAccounts(rows, { ...settings, rules }, addressesIn(facts));
  const uses = usesOf(days, counters, rows, chosen);
  const coverage = coverageOf(days, counters);
  const seen = [...uses, ...allPairs(counters)];
  const hosts = new Set([...seen, ...facts.clients.map(hostOf)].map(({ host }) => host));
  const shadowsOf = createShadows(rows, seen, [...hosts], chosen, rules);
  const isSure = coverage.isWhole && accounts.more === 0;
  const byAccount = gathered(uses);
  const used = new Set(
    loggedIn(counters).flatMap(({ user, host }) => accountsIn(chosen.of(user, host))),
  );
  const listed = rows.map((account): AuditRow => {
    const use = byAccount.get(account) ?? noUse();
    const isSeen = use.seenAt !== null || use.logins > 0 || use.isPossible || used.has(account);
    const isUnused = isSure && !isSeen;
    return {
      account,
      clients: clientsOf(use),
      logins: coverage.since === null ? null : use.logins,
      failures: coverage.since === null || !facts.knowsFailures ? null : use.failures,
      lastSeenAt: use.seenAt,
      mayBeUsed: use.isPossible,
      shadowedBy: shadowsOf(account).map(accountName),
      marks: marksOf(account, settings, rules, isUnused),
    };
  });
  return {
    ...coverage,
    isWhole: isSure,
    server: facts.server,
    rows: listed.sort(worstFirst),
    more: accounts.more,
    unplaced: unplacedOf(uses),
    changes: changesSince(facts, coverage, listed),
  };
}

/** Every login name and host since the server's start, for the question which account they get. */
function allPairs({ now }: Counters) {
  return (now.logins ?? []).flatMap(({ user, host }) => (user === null ? [] : [{ user, host }]));
}

function hostOf({ address, name }: SeenClient) {
  return { host: name ?? address };
}

/** By the names in the host cache, and by those that clients had when they logged in. */
function addressesIn({ clients, days }: AuditFacts): (name: string) => readonly Address[] {
  const byName = new Map<string, Map<string, Address>>();
  const add = (name: string | null, text: string | null) => {
    const address = text === null ? null : parseAddress(text);
    if (name === null || address === null || name === address.text) return;
    const key = name.toLowerCase();
    const known = byName.get(key) ?? new Map<string, Address>();
    byName.set(key, known.set(address.text, address));
  };
  for (const { address, name } of clients) add(name, address);
  for (const { uses } of days) for (const { host, address } of uses) add(host, address);
  return (name) => [...(byName.get(name)?.values() ?? [])];
}

interface AccountUses {
  logins: number;
  failures: number;
  seenAt: Date | null;
  /** A login that may have been by this account, or by another one. */
  isPossible: boolean;
  readonly byHost: Map<string, number>;
}

function noUse(): AccountUses {
  return { logins: 0, failures: 0, seenAt: null, isPossible: false, byHost: new Map() };
}

function gathered(uses: readonly Use[]): ReadonlyMap<Account, AccountUses> {
  const result = new Map<Account, AccountUses>();
  for (const use of uses) {
    for (const account of accountsIn(use.account)) {
      const known = result.get(account) ?? noUse();
      result.set(account, known);
      if (use.account.kind === 'account') add(known, use);
      else if (use.logins > 0 || use.seenAt !== null) known.isPossible = true;
    }
  }
  return result;
}

function add(known: AccountUses, { host, logins, failures, seenAt }: Use): void {
  known.logins += logins;
  known.failures += failures;
  known.seenAt = later(known.seenAt, seenAt);
  if (logins + failures === 0 && seenAt === null) return;
  known.byHost.set(host, (known.byHost.get(host) ?? 0) + logins + failures);
}

function later(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}

function clientsOf({ byHost }: AccountUses): readonly string[] {
  return [...byHost].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([host]) => host);
}

function unplacedOf(uses: readonly Use[]): Unplaced {
  const sum = (kind: Use['account']['kind'], what: 'logins' | 'failures') =>
    uses.reduce((total, use) => total + (use.account.kind === kind ? use[what] : 0), 0);
  return { ambiguous: sum('one-of', 'logins'), strangers: sum('none', 'failures') };
}

function worstFirst(a: AuditRow, b: AuditRow): number {
  const failures = (b.failures ?? 0) - (a.failures ?? 0);
  return (
    rank(a) - rank(b) || failures || (accountName(a.account) < accountName(b.account) ? -1 : 1)
  );
}

/** The place of its worst mark; a shadowed account comes before one that is only unused. */
function rank({ marks, shadowedBy }: AuditRow): number {
  const places = marks.map((mark) => MARKS.indexOf(mark) * 2);
  return Math.min(...places, shadowedBy.length > 0 ? SHADOWED : MARKS.length * 2);
}

const SHADOWED = MARKS.indexOf('unused') * 2 - 1;
