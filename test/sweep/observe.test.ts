import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import type { CacheReading } from '../../src/hostcache/cache-reading.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import type { NameCheck, ServerLook } from '../../src/sweep/look.ts';
import { inhibit, isFiring, observe } from '../../src/sweep/observe.ts';
import { proofsFrom } from '../../src/sweep/proof.ts';
import type { AlertRuleId } from '../../src/sweep/rules/index.ts';
import { entry, NULL_NO_PTR, PTR_FAILS } from '../scenarios/entries.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** What one look finds, and what it proves; the limit of connect errors is 100, the size 279. */

const READ_AT = new Date('2026-11-21T04:00:00Z');

function look(entries: readonly HostCacheEntry[], change: Partial<ServerLook> = {}): ServerLook {
  const cache: CacheReading = {
    total: entries.length,
    telling: entries.filter(({ host, connectErrors }) => host === null || connectErrors > 0),
    named: entries.flatMap(({ address, host, firstSeenAt }) =>
      host === null ? [] : [{ address, host, firstSeenAt }],
    ),
    errorTotals: {},
    oldestAt: null,
  };
  return {
    server: 'main',
    settings: known(MYSQL),
    cache: known(cache),
    activity: unknown('no PROCESS'),
    namedAccounts: known(1),
    names: new Map(),
    readAt: READ_AT,
    ...change,
  };
}

const MATTER = { nullHostAlerts: 'matter', paces: new Map() } as const;
const ALL = { ...MATTER, nullHostAlerts: 'all' } as const;

function firing(seen: ServerLook, options: Parameters<typeof observe>[1] = ALL): AlertRuleId[] {
  return observe(seen, options)
    .filter(isFiring)
    .map(({ rule }) => rule);
}

function judged(seen: ServerLook, rule: AlertRuleId, options = ALL as typeof MATTER | typeof ALL) {
  return observe(seen, options).some((each) => each.rule === rule);
}

const STALE: NameCheck = { kind: 'stale', cached: 'old.example.com', today: [] };
const FAILED: NameCheck = { kind: 'failed', why: 'SERVFAIL' };
const { address } = entry();

function waiting(count: number, seconds: number): Partial<ServerLook> {
  const one = { id: 1, host: '192.0.2.7', seconds, state: 'login' };
  return {
    activity: known({
      pending: Array.from({ length: count }, () => one),
      sessionsByHost: new Map(),
      connected: 10,
      seesOthers: true,
      counters: {},
    }),
  };
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
    expect(judged(unsure, 'null-host', MATTER)).toBe(false);
  });

  it('judges nothing that it could not see', () => {
    const rules = ['handshake-pileup', 'too-many-connections'] as const;
    for (const rule of rules) expect(judged(look([]), rule), rule).toBe(false);
    const noDns = look([entry()], { names: new Map([[address, FAILED]]) });
    expect(judged(noDns, 'stale-host')).toBe(false);
    const unread = observe(look([], { cache: unknown('no SELECT') }), ALL);
    expect(unread.map(({ rule }) => rule)).toEqual(['server-unreadable']);
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

describe('proofs', () => {
  const full = { settings: known({ ...MYSQL, hostCacheSize: 1 }) };
  it.each([
    ['an entry that is gone', look([]), 'blocked-host', /its entry is gone/],
    ['gone from a full cache', look([entry({ address: '192.0.2.1' })], full), 'blocked-host', null],
    ['a login', look([entry()]), 'blocked-host', /a login set its connect errors back to 0/],
    [
      'a raised limit',
      look([entry({ connectErrors: 7 })]),
      'blocked-host',
      /7 connect errors, max_connect_errors is 100/,
    ],
    ['the block', look([entry({ connectErrors: 100 })]), 'near-block', /it is blocked now/],
    ['a name', look([entry()]), 'null-host', /the server knows it as/],
    ['a name that was not asked for', look([entry()]), 'stale-host', null],
    [
      'a name that came back',
      look([entry()], { names: new Map([[address, { kind: 'current' }]]) }),
      'stale-host',
      /again/,
    ],
    ['nothing read', look([], { cache: unknown('away') }), 'blocked-host', null],
  ] as const)('%s', (_, seen, rule, says) => {
    const proof = proofsFrom(seen, false)(rule, address);
    if (says === null) expect(proof).toBeNull();
    else expect(proof).toMatch(says);
  });
});
