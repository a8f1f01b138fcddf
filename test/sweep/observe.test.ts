import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { CacheReading } from '../../src/hostcache/server.ts';
import type { NameCheck, ServerLook } from '../../src/sweep/look.ts';
import { inhibit, isFiring, type Observation, observe } from '../../src/sweep/observe.ts';
import { ALERT_RULE_IDS, type AlertRuleId } from '../../src/sweep/rules/index.ts';
import {
  broken,
  entry,
  NULL_MISMATCH,
  NULL_NO_ADDRESS,
  NULL_NO_PTR,
  PTR_FAILS,
} from '../scenarios/entries.ts';
import { waiting as activityOf, QUIET } from '../scenarios/evidence.ts';
import { MYSQL } from '../scenarios/servers.ts';
import { look } from './server-look.ts';

/** What one look finds; the limit of connect errors is 100, the size 279. */

const MATTER = { nullHostAlerts: 'matter', paces: new Map() } as const;
const ALL = { ...MATTER, nullHostAlerts: 'all' } as const;

function firing(seen: ServerLook, options: Parameters<typeof observe>[1] = ALL): AlertRuleId[] {
  return observe(seen, options)
    .filter(isFiring)
    .map(({ rule }) => rule);
}

function judged(seen: ServerLook, rule: AlertRuleId) {
  return observe(seen, ALL).some((each) => each.rule === rule);
}

const STALE: NameCheck = { kind: 'stale', today: [] };
const FAILED: NameCheck = { kind: 'failed' };
const { address } = entry();

function filled(total: number): CacheReading {
  return { total, notable: [], named: [], errorTotals: {}, oldestAt: null };
}

function connected(count: number): Partial<ServerLook> {
  return { activity: known({ ...QUIET, connected: count }) };
}

function waiting(count: number, seconds: number): Partial<ServerLook> {
  return { activity: known(activityOf('dns', ...Array.from({ length: count }, () => seconds))) };
}

describe('what fires', () => {
  it.each([
    ['a healthy host', look([entry()]), []],
    ['at the limit of errors', look([entry({ connectErrors: 100 })]), ['blocked-host']],
    ['one below it', look([entry({ connectErrors: 99 })]), ['near-block']],
    ['at half of it', look([entry({ connectErrors: 50 })]), ['near-block']],
    ['just below half', look([entry({ connectErrors: 49 })]), []],
    ['a lasting NULL', look([NULL_NO_PTR]), ['null-host']],
    ['a passing fault of DNS', look([PTR_FAILS]), ['dns-failing']],
    [
      'a name that DNS gave up',
      look([entry()], { names: new Map([[address, STALE]]) }),
      ['stale-host'],
    ],
    ['a name whose check failed', look([entry()], { names: new Map([[address, FAILED]]) }), []],
    [
      'a full cache',
      look([entry()], { settings: known({ ...MYSQL, hostCacheSize: 1 }) }),
      ['cache-full'],
    ],
    ['three that wait', look([], waiting(3, 2)), ['handshake-pileup']],
    ['two that wait', look([], waiting(2, 60)), []],
    ['three that came just now', look([], waiting(3, 1)), []],
    ['unread settings', look([], { settings: unknown('away') }), ['server-unreadable']],
    ['an unread cache', look([], { cache: unknown('no SELECT') }), ['server-unreadable']],
  ] as const)('%s', (_, seen, rules) => {
    expect(firing(seen)).toEqual(rules);
  });

  it('leaves NULL hosts alone where no account needs a name, if so wished', () => {
    const idle = look([NULL_NO_PTR], { namedAccounts: known(0) });
    expect(firing(idle, MATTER)).toEqual([]);
    expect(firing(idle, ALL)).toEqual(['null-host']);
    expect(firing(look([NULL_NO_PTR]), MATTER)).toEqual(['null-host']);
    const unsure = look([NULL_NO_PTR], { namedAccounts: unknown('no SELECT') });
    expect(firing(unsure, MATTER)).toEqual(['null-host']);
  });

  it('judges nothing that it could not see', () => {
    const rules = ['handshake-pileup', 'too-many-connections'] as const;
    for (const rule of rules) expect(judged(look([]), rule), rule).toBe(false);
    const blind = look([], { activity: known({ ...QUIET, seesOthers: false }) });
    expect(rules.map((rule) => judged(blind, rule))).toEqual([false, true]);
    const noDns = look([entry()], { names: new Map([[address, FAILED]]) });
    expect(judged(noDns, 'stale-host')).toBe(false);
    const someDns = new Map<string, NameCheck>([
      [address, FAILED],
      ['192.0.2.8', STALE],
    ]);
    expect(judged(look([entry()], { names: someDns }), 'stale-host')).toBe(true);
    const unread = observe(look([], { cache: unknown('no SELECT') }), ALL);
    expect(unread.map(({ rule }) => rule)).toEqual(['server-unreadable']);
  });

  it('what a greater fault explains is not raised, and goes on where it is open', () => {
    const fault = (rule: AlertRuleId, fact: string | null): Observation => ({
      rule,
      hosts: [],
      fact,
    });
    const held = (cause: AlertRuleId, fact: string | null, open: readonly AlertRuleId[] = []) => {
      const observations = ALERT_RULE_IDS.map((rule) => fault(rule, rule === cause ? fact : null));
      const kept = inhibit(observations, new Set(open)).map(({ rule }) => rule);
      return ALERT_RULE_IDS.filter((rule) => !kept.includes(rule));
    };
    expect(held('dns-failing', 'DNS is down')).toEqual(['null-host', 'stale-host']);
    expect(held('cache-full', 'it is full')).toEqual(['stale-host']);
    expect(held('blocked-host', 'all of them')).toEqual([]);
    expect(held('dns-failing', null)).toEqual([]);
    expect(held('dns-failing', 'DNS is down', ['null-host'])).toEqual(['stale-host']);
  });

  it('while DNS is down for many, names that come and go are not raised', () => {
    const down = Array.from({ length: 5 }, (_, at) => ({ ...PTR_FAILS, address: `192.0.2.${at}` }));
    const found = observe(look([...down, NULL_NO_PTR]), ALL);
    const rulesOf = (open: readonly AlertRuleId[]) =>
      inhibit(found, new Set(open)).map(({ rule }) => rule);
    expect(rulesOf([])).not.toContain('null-host');
    expect(rulesOf(['null-host'])).toContain('null-host');
  });
});

describe('what is said of a host', () => {
  const forward = { COUNT_NAMEINFO_TRANSIENT_ERRORS: 1, COUNT_ADDRINFO_TRANSIENT_ERRORS: 2 };
  const pace = { errorsPerMinute: 7, overMs: 60_000 };
  const stale = (today: readonly string[]) => ({
    names: new Map([[address, { ...STALE, today }]]),
  });
  it.each([
    ['no PTR record', look([NULL_NO_PTR]), 'no PTR record'],
    ['a name without an address', look([NULL_NO_ADDRESS]), 'its name has no address'],
    ['a name of another host', look([NULL_MISMATCH]), 'its name has other addresses'],
    ['no counter', look([entry({ host: null })]), 'no name'],
    ['DNS that fails for the PTR', look([PTR_FAILS]), 'PTR failed 7 times'],
    [
      'DNS that fails for the name',
      look([{ ...PTR_FAILS, counters: forward }]),
      'address lookup failed 2 times',
    ],
    ['a block', look([broken(100)]), '100 of 100 connect errors'],
    [
      'half a block',
      look([broken(50)]),
      '50 of 100 connect errors, 7 a minute: blocks in about 7 minutes',
    ],
    [
      'a name that was given up',
      look([entry()], stale([])),
      'cached as merp.example.com, DNS gives no name',
    ],
    [
      'other names',
      look([entry()], stale(['a.example.com', 'b.example.com'])),
      'cached as merp.example.com, DNS gives a.example.com, b.example.com',
    ],
  ] as const)('%s', (_, seen, says) => {
    const observed = observe(seen, { ...ALL, paces: new Map([[address, pace]]) });
    expect(observed.flatMap(({ hosts }) => hosts.map((host) => host.says))).toEqual([says]);
  });
});

describe('what is said of the server', () => {
  const many = Array.from({ length: 5 }, (_, at) => ({ ...PTR_FAILS, address: `192.0.2.${at}` }));
  const full = { settings: known({ ...MYSQL, hostCacheSize: 5 }) };
  it.each([
    ['DNS down for many', look(many), /^DNS fails for 5 hosts: check the resolver/],
    ['DNS down for fewer', look(many.slice(1)), null],
    [
      'a full cache',
      look([entry()], { ...full, cache: known(filled(5)) }),
      /^The host cache holds 5 of 5/,
    ],
    ['one free row', look([entry()], { ...full, cache: known(filled(4)) }), null],
    [
      'a pile-up',
      look([], waiting(3, 2)),
      /^3 connections have not .*: 3 waiting for DNS\. Check the resolver /,
    ],
    [
      'no connection free',
      look([], connected(151)),
      /^151 connections are open, max_connections is 151\.$/,
    ],
    ['one connection free', look([], connected(150)), null],
    ['nothing read', look([], { cache: unknown('no SELECT') }), /^no SELECT$/],
  ] as const)('%s', (_, seen, says) => {
    const facts = observe(seen, ALL).flatMap(({ fact }) => (fact === null ? [] : [fact]));
    expect(facts).toEqual(says === null ? [] : [expect.stringMatching(says)]);
  });
});
