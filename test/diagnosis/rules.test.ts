import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Evidence } from '../../src/diagnosis/evidence.ts';
import { RULES } from '../../src/diagnosis/rules/index.ts';
import * as blind from '../scenarios/blind.ts';
import * as blocks from '../scenarios/blocks.ts';
import { healthy } from '../scenarios/evidence.ts';
import * as logins from '../scenarios/logins.ts';
import * as names from '../scenarios/names.ts';
import { ACCOUNT_CASES } from './rule-cases/accounts.ts';
import { COUNTER_CASES } from './rule-cases/counters.ts';
import { FAILURE_CASES } from './rule-cases/failures.ts';
import { NAME_CASES } from './rule-cases/names.ts';
import { cached, serverOf } from './rule-cases/rule-case.ts';
import { SERVER_CASES } from './rule-cases/servers.ts';

/** Which rules fire on which scenario, and how grave each is there. */

interface ScenarioRow {
  readonly name: string;
  readonly evidence: Evidence;
  /** In the order in which they are reported. */
  readonly rules: readonly string[];
}

const TABLE: readonly ScenarioRow[] = [
  { name: 'all is well', evidence: healthy, rules: [] },
  {
    name: 'no PTR record, cached',
    evidence: names.nullHostNoPtr,
    rules: ['null-host: blocking', 'no-matching-account: blocking'],
  },
  {
    name: 'DNS is fixed, the cache is not',
    evidence: names.nullHostFixed,
    rules: ['null-host: blocking', 'no-matching-account: blocking'],
  },
  {
    name: 'name and address disagree',
    evidence: names.nullHostMismatch,
    rules: [
      'null-host: blocking',
      'no-matching-account: blocking',
      'privileges-not-reloaded: note',
    ],
  },
  {
    name: 'a NULL that keeps nobody out',
    evidence: names.nullHostByAddress,
    rules: ['null-host: note'],
  },
  {
    name: 'a role lets the host in to the password, jdoe waits for the name',
    evidence: names.roleOpensHostCheck,
    rules: ['null-host: blocking'],
  },
  {
    name: 'the same before DNS is fixed',
    evidence: names.roleOpensUnfixed,
    rules: ['null-host: blocking'],
  },
  {
    name: 'a NULL beside an account by address',
    evidence: names.nullBesideAddress,
    rules: ['null-host: degraded'],
  },
  {
    name: 'a name that DNS no longer gives',
    evidence: names.staleHost,
    rules: [
      'stale-host: blocking',
      'no-matching-account: blocking',
      'privileges-not-reloaded: note',
    ],
  },
  {
    name: 'a stale name that has an account as well',
    evidence: names.staleHostOtherAccount,
    rules: ['stale-host: degraded'],
  },
  { name: 'let in by the cache alone', evidence: names.dnsGone, rules: ['stale-host: risk'] },
  { name: 'DNS is down, the cached name works', evidence: names.dnsDownCached, rules: [] },
  {
    name: 'DNS fails at each connection',
    evidence: names.servfail,
    rules: [
      'dns-failing: blocking',
      'no-matching-account: blocking',
      'privileges-not-reloaded: note',
    ],
  },
  {
    name: 'DNS failed and answers again',
    evidence: names.servfailHealed,
    rules: ['dns-failing: degraded'],
  },
  {
    name: 'a PTR name that looks like an address',
    evidence: names.numericName,
    rules: [
      'numeric-host-name: blocking',
      'no-matching-account: blocking',
      'privileges-not-reloaded: note',
    ],
  },
  { name: 'never seen', evidence: names.neverSeen, rules: ['never-seen: note'] },
  { name: 'a local client', evidence: names.loopback, rules: ['loopback: note'] },
  {
    name: 'a health check reached the limit',
    evidence: blocks.blocked,
    rules: ['blocked-host: blocking', 'handshake-errors: note'],
  },
  {
    name: 'blocked, and nobody would let it in',
    evidence: blocks.blockedWithoutAccount,
    rules: [
      'blocked-host: blocking',
      'no-matching-account: degraded',
      'handshake-errors: note',
      'privileges-not-reloaded: note',
    ],
  },
  {
    name: 'blocked and nameless',
    evidence: blocks.blockedNull,
    rules: ['blocked-host: blocking', 'null-host: blocking', 'no-matching-account: degraded'],
  },
  {
    name: 'half the limit',
    evidence: blocks.halfway,
    rules: ['near-block: risk', 'handshake-errors: note'],
  },
  { name: 'below half the limit', evidence: blocks.belowHalf, rules: ['handshake-errors: note'] },
  {
    name: 'the limit was raised',
    evidence: blocks.unblockedByLimit,
    rules: ['handshake-errors: note'],
  },
  { name: 'no account', evidence: logins.noAccount, rules: ['no-matching-account: blocking'] },
  {
    name: 'no account, and no 1130 has proved it',
    evidence: logins.noAccountUnproved,
    rules: ['no-matching-account: blocking', 'privileges-not-reloaded: note'],
  },
  {
    name: 'the user may only come from elsewhere',
    evidence: logins.accountElsewhere,
    rules: ['account-not-from-here: blocking'],
  },
  {
    name: 'an anonymous account comes first',
    evidence: logins.anonymousInFront,
    rules: ['anonymous-account: degraded'],
  },
  { name: 'it stands behind', evidence: logins.anonymousBehind, rules: [] },
  {
    name: 'the user waits for a name, a role lets him in to the password',
    evidence: logins.waitingUser,
    rules: ['null-host: blocking', 'account-not-from-here: blocking'],
  },
  {
    name: 'the account is locked',
    evidence: logins.lockedAccount,
    rules: ['account-locked: blocking'],
  },
  { name: 'the account asks for TLS', evidence: logins.tlsAccount, rules: ['tls-required: note'] },
  {
    name: 'the plugin is gone',
    evidence: logins.nativePassword,
    rules: ['plugin-missing: blocking'],
  },
  {
    name: 'names are never looked up',
    evidence: blind.skipNameResolve,
    rules: [
      'no-matching-account: blocking',
      'name-resolution-off: blocking',
      'privileges-not-reloaded: note',
    ],
  },
  { name: 'the cache is off', evidence: blind.cacheOff, rules: ['cache-off: note'] },
  {
    name: 'the cache is full',
    evidence: blind.cacheFull,
    rules: ['cache-full: risk', 'never-seen: note'],
  },
  { name: 'MariaDB shows nothing', evidence: blind.mariadbBlind, rules: ['cache-off: note'] },
  { name: 'mysql.user may not be read', evidence: blind.noGrantOnMysqlUser, rules: [] },
  { name: 'host_cache may not be read', evidence: blind.noGrantOnHostCache, rules: [] },
  { name: 'the server is down', evidence: blind.serverDown, rules: [] },
];

it.each(TABLE)('$name', ({ evidence, rules }) => {
  const { findings } = diagnose(evidence);
  expect(findings.map(({ rule, severity }) => `${rule}: ${severity}`)).toEqual(rules);
});

const RULE_CASES = [
  ...NAME_CASES,
  ...ACCOUNT_CASES,
  ...SERVER_CASES,
  ...COUNTER_CASES,
  ...FAILURE_CASES,
];

describe('each rule', () => {
  const fires = (evidence: Evidence, id: string) =>
    diagnose(evidence).findings.some(({ rule }) => rule === id);

  it('has its cases', () => {
    const covered = new Set(RULE_CASES.map(({ rule }) => rule));
    expect(RULES.map(({ id }) => id).filter((id) => !covered.has(id))).toEqual([]);
  });

  it('has one id', () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(RULE_CASES)('$rule fires: $name', ({ rule, on }) => expect(fires(on, rule)).toBe(true));

  it.each(RULE_CASES)('$rule does not fire just below: $name', ({ rule, below }) => {
    expect(fires(below, rule)).toBe(false);
  });

  it.each(RULE_CASES.filter(({ unknown }) => unknown !== null))(
    '$rule does not fire where the fact is unknown: $name',
    ({ rule, unknown }) => expect(unknown !== null && fires(unknown, rule)).toBe(false),
  );
});

it.each([
  { version: [8, 0, 18], column: 'COUNT_AUTH_PLUGIN_ERRORS', says: false },
  { version: [8, 0, 30], column: 'COUNT_AUTH_PLUGIN_ERRORS', says: true },
  { version: [8, 0, 30], column: 'COUNT_AUTHENTICATION_ERRORS', says: false },
  { version: [9, 6, 0], column: 'COUNT_AUTH_PLUGIN_ERRORS', says: false },
] as const)('a lock after failed logins (3955) in $column of MySQL $version', (row) => {
  const { version, column, says } = row;
  const [major, minor, patch] = version;
  const text = version.join('.');
  const evidence = serverOf({ version: { text, major, minor, patch } });
  const { findings } = diagnose(cached({ counters: { [column]: 3 } }, evidence));
  const denied = findings.find(({ rule }) => rule === 'wrong-password');
  expect(denied?.remedy.includes('3955')).toBe(says);
});
