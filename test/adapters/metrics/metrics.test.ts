import { describe, expect, it } from 'vitest';
import { createMetrics, type Metrics } from '../../../src/adapters/metrics/metrics.ts';
import { known, unknown } from '../../../src/diagnosis/evidence.ts';
import type { HostCacheEntry } from '../../../src/hostcache/entry.ts';
import type { ServerLook } from '../../../src/sweep/look.ts';
import type { SweepRecord } from '../../../src/sweep/stores.ts';
import { waiting } from '../../scenarios/evidence.ts';
import { parseScrape } from './scrape.ts';

const READ_AT = new Date('2026-11-20T09:02:11Z');

const RECORD: SweepRecord = {
  server: 'main',
  endedAt: READ_AT,
  tookMs: 120,
  failure: null,
  version: '9.7.4',
  entries: 40,
  capacity: 279,
  blocked: 2,
  nullHosts: 3,
  stale: 1,
  nearBlock: 4,
  silenced: 0,
  nextAt: null,
};

const FAILED: SweepRecord = { ...RECORD, failure: 'main does not answer', entries: 0, blocked: 0 };

function entry(address: string, change: Partial<HostCacheEntry>): HostCacheEntry {
  const times = { firstSeenAt: null, lastSeenAt: null, firstErrorAt: null, lastErrorAt: null };
  const empty = { address, host: null, validated: true, connectErrors: 0, counters: {} };
  return { ...empty, ...times, ...change };
}

const NAMELESS = [
  entry('192.0.2.1', { counters: { COUNT_NAMEINFO_PERMANENT_ERRORS: 1 } }),
  entry('192.0.2.2', { counters: { COUNT_NAMEINFO_PERMANENT_ERRORS: 4 } }),
  entry('192.0.2.3', { counters: { COUNT_ADDRINFO_PERMANENT_ERRORS: 1 } }),
  entry('192.0.2.4', { counters: { COUNT_FCRDNS_ERRORS: 1 } }),
  entry('2001:db8::5', {}),
  entry('192.0.2.6', { validated: false, counters: { COUNT_NAMEINFO_TRANSIENT_ERRORS: 1 } }),
  entry('192.0.2.7', { host: 'merp.example.com', connectErrors: 100 }),
];

function look(errorTotals: Readonly<Record<string, number>> = {}): ServerLook {
  const cache = { total: 40, notable: NAMELESS, addresses: new Set(['192.0.2.1']), named: [] };
  const rest = { sessions: [], connected: 1, counters: {} };
  return {
    server: 'main',
    settings: unknown('not read here'),
    cache: known({ ...cache, errorTotals, oldestAt: null }),
    activity: known({ ...waiting('dns', 1), ...rest }),
    namedAccounts: known(0),
    names: new Map(),
    logins: unknown('not read here'),
    readAt: READ_AT,
  };
}

const AWAY: ServerLook = { ...look(), cache: unknown('no'), activity: unknown('no') };

/** The value of each sample, by its name and labels: `hostcache_up{main}`. */
async function valuesOf(metrics: Metrics): Promise<Readonly<Record<string, number>>> {
  const families = parseScrape(await metrics.text());
  const samples = Array.from(families.values()).flatMap((family) => family.samples);
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => [`${name}{${Object.values(labels)}}`, value]),
  );
}

describe('what is scraped', () => {
  it('has the public names and no other, each with HELP and TYPE', async () => {
    const families = parseScrape(await createMetrics({ servers: [] }).text());
    const types = Array.from(families, ([name, { type }]) => `${name} ${type}`);
    expect(types.sort()).toEqual([
      'hostcache_alerts_open gauge',
      'hostcache_blocked_hosts gauge',
      'hostcache_entries gauge',
      'hostcache_errors_total counter',
      'hostcache_flushes_total counter',
      'hostcache_login_failures_total counter',
      'hostcache_near_block_hosts gauge',
      'hostcache_null_hosts gauge',
      'hostcache_size gauge',
      'hostcache_slack_rate_limited_total counter',
      'hostcache_slack_simplified_total counter',
      'hostcache_stale_hosts gauge',
      'hostcache_sweep_failures_total counter',
      'hostcache_sweep_seconds histogram',
      'hostcache_unauthenticated_sessions gauge',
      'hostcache_up gauge',
    ]);
    for (const { help } of families.values()) expect(help).toMatch(/^[A-Z].*\.$/);
  });

  it('counts from nought, so that the first rise can be seen', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    expect(await valuesOf(metrics)).toMatchObject({
      'hostcache_sweep_failures_total{main}': 0,
      'hostcache_flushes_total{main,flushed}': 0,
      'hostcache_flushes_total{main,uncertain}': 0,
      'hostcache_slack_rate_limited_total{}': 0,
    });
  });

  it('counts failed logins by error, from the first look on', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    const times = { firstAt: READ_AT, lastAt: READ_AT };
    const failing = (count: number, startedAt = READ_AT) => {
      const row = { user: 'billing', host: '192.0.2.7', error: 1045, count, ...times };
      const session = { ...row, error: 1044 };
      const counted = { readAt: READ_AT, startedAt, failures: [row, session], logins: null };
      metrics.swept(RECORD, { ...look(), logins: known(counted) });
    };
    failing(40);
    const named = (error: number) => `hostcache_login_failures_total{main,${error}}`;
    expect(await valuesOf(metrics)).toMatchObject({ [named(1045)]: 0, [named(3118)]: 0 });
    failing(42);
    // The server was started anew.
    failing(3, new Date(READ_AT.getTime() + 60_000));
    expect(await valuesOf(metrics)).toMatchObject({ [named(1045)]: 5, [named(1044)]: 0 });
    expect(await metrics.text()).not.toMatch(/billing|192\.0\.2\.7/);
  });

  it('says what a sweep found', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    metrics.swept(RECORD, look());
    expect(await valuesOf(metrics)).toMatchObject({
      'hostcache_up{main}': 1,
      'hostcache_entries{main}': 40,
      'hostcache_size{main}': 279,
      'hostcache_blocked_hosts{main}': 2,
      'hostcache_near_block_hosts{main}': 4,
      'hostcache_stale_hosts{main}': 1,
      'hostcache_null_hosts{main,no_ptr}': 2,
      'hostcache_null_hosts{main,no_address}': 1,
      'hostcache_null_hosts{main,fcrdns}': 1,
      'hostcache_null_hosts{main,other}': 1,
      'hostcache_null_hosts{main,transient}': 1,
      'hostcache_unauthenticated_sessions{main}': 1,
      'hostcache_sweep_seconds_sum{}': 0.12,
      'hostcache_sweep_seconds_count{}': 1,
    });
  });

  it('keeps the last known numbers of a server that cannot be read', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    metrics.swept(RECORD, look());
    metrics.swept(FAILED, AWAY);
    metrics.swept(FAILED, AWAY);
    metrics.sweepFailed('main');
    expect(await valuesOf(metrics)).toMatchObject({
      'hostcache_up{main}': 0,
      'hostcache_sweep_failures_total{main}': 3,
      'hostcache_blocked_hosts{main}': 2,
      'hostcache_unauthenticated_sessions{main}': 1,
    });
  });

  it.each([
    { name: 'rises', sums: [10, 15], total: 5 },
    { name: 'what was there at the first look is no rise', sums: [10], total: 0 },
    { name: 'a flush takes nothing back, and counts nothing twice', sums: [10, 0, 4], total: 4 },
    { name: 'an eviction takes nothing back', sums: [10, 20, 18, 21], total: 13 },
  ])('counts errors: $name', async ({ sums, total }) => {
    const metrics = createMetrics({ servers: ['main'] });
    for (const sum of sums) metrics.swept(RECORD, look({ COUNT_HANDSHAKE_ERRORS: sum }));
    const values = await valuesOf(metrics);
    expect(values['hostcache_errors_total{main,handshake}']).toBe(total);
  });

  it('a look that could not be had is no fall', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    metrics.swept(RECORD, look({ COUNT_SSL_ERRORS: 10, SUM_CONNECT_ERRORS: 3 }));
    metrics.swept(FAILED, AWAY);
    metrics.swept(RECORD, look({ COUNT_SSL_ERRORS: 12, COUNT_NEW_KIND_ERRORS: 2 }));
    expect(await valuesOf(metrics)).toMatchObject({
      'hostcache_errors_total{main,ssl}': 2,
      'hostcache_errors_total{main,connect}': 0,
      'hostcache_errors_total{main,new_kind}': 2,
    });
  });

  it('shows each open alert that was told, and none that was resolved', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    metrics.alertsOpen([
      { server: 'main', rule: 'null-host', state: 'firing' },
      { server: 'main', rule: 'blocked-host', state: 'firing' },
    ]);
    metrics.alertsOpen([
      { server: 'main', rule: 'null-host', state: 'acknowledged' },
      { server: 'main', rule: 'dns-failing', state: 'pending' },
      { server: 'left-the-settings', rule: 'null-host', state: 'firing' },
    ]);
    const values = await valuesOf(metrics);
    const open = Object.entries(values).filter(([name]) => name.startsWith('hostcache_alerts'));
    expect(Object.fromEntries(open)).toEqual({ 'hostcache_alerts_open{main,null-host}': 1 });
  });

  it('counts flushes and what Slack held back', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    metrics.flushed('main', 'uncertain');
    metrics.posts({ rateLimited: 3, simplified: 0 });
    metrics.posts({ rateLimited: 5, simplified: 2 });
    expect(await valuesOf(metrics)).toMatchObject({
      'hostcache_flushes_total{main,uncertain}': 1,
      'hostcache_slack_rate_limited_total{}': 5,
      'hostcache_slack_simplified_total{}': 2,
    });
  });

  it('names no address and no host, whatever was found', async () => {
    const metrics = createMetrics({ servers: ['main'] });
    const totals = { COUNT_SSL_ERRORS: 1, '192.0.2.8': 1, 'COUNT_192.0.2.8_ERRORS': 1 };
    metrics.swept({ ...RECORD, failure: '192.0.2.10 does not answer' }, look(totals));
    metrics.swept(RECORD, look(totals));
    expect(await metrics.text()).not.toMatch(/192\.|2001|example/);
  });
});
