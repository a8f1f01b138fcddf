import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { FlushState } from '../../flush/request.ts';
import {
  failuresSince,
  isLogin,
  LOGIN_ERRORS,
  type LoginReading,
} from '../../hostcache/failures.ts';
import type { Outbox } from '../../outbox/outbox.ts';
import type { Alert } from '../../sweep/alert.ts';
import type { ServerLook } from '../../sweep/look.ts';
import { errorsByKind, nullHostsByKind } from '../../sweep/metrics.ts';
import type { SweepRecord } from '../../sweep/stores.ts';

/** Prometheus metrics; their names are public. Labels: servers, rules, kinds; never addresses. */

export type Metrics = ReturnType<typeof createMetrics>;

/** Seconds. A local server takes milliseconds, a distant or slow one up to the sweep's limit. */
const SWEEP_BUCKETS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const RESULTS: readonly FlushState[] = ['flushed', 'failed', 'uncertain'];

export function createMetrics({ servers }: { readonly servers: readonly string[] }) {
  // Not the global registry, which would also print the metrics of libraries.
  const registry = new Registry();
  const meters = createMeters(registry);
  const risesOf = createRises();
  const failedOf = createFailedLogins();
  for (const server of servers) {
    // rate() cannot see the first event of a counter that did not start at 0.
    meters.sweepFailures.inc({ server }, 0);
    for (const result of RESULTS) meters.flushes.inc({ server, result }, 0);
  }
  return {
    /** A server was read, or could not be. */
    swept: (record: SweepRecord, look: ServerLook) => {
      const { server, failure, tookMs } = record;
      meters.up.set({ server }, failure === null ? 1 : 0);
      if (failure !== null) meters.sweepFailures.inc({ server });
      meters.sweepSeconds.observe(tookMs / 1000);
      if (look.activity.known) {
        meters.unauthenticated.set({ server }, look.activity.value.pending.length);
      }
      if (look.logins.known) {
        for (const [error, rise] of failedOf(server, look.logins.value)) {
          meters.loginFailures.inc({ server, error: String(error) }, rise);
        }
      }
      // Numbers that could not be read stay; `hostcache_up` says that they are old.
      if (failure !== null || !look.cache.known) return;
      const { notable, errorTotals } = look.cache.value;
      for (const { gauge, value } of meters.ofRecord) gauge.set({ server }, value(record));
      for (const [kind, hosts] of Object.entries(nullHostsByKind(notable))) {
        meters.nullHosts.set({ server, kind }, hosts);
      }
      const errors = risesOf(server, errorsByKind(errorTotals));
      for (const [kind, rise] of errors) meters.errors.inc({ server, kind }, rise);
    },
    /** A sweep was aborted, so it has no record. */
    sweepFailed: (server: string) => meters.sweepFailures.inc({ server }),
    flushed: (server: string, result: FlushState) => meters.flushes.inc({ server, result }),
    /** All open alerts. Counts those that were posted, for servers that are still swept. */
    alertsOpen: (alerts: readonly Pick<Alert, 'server' | 'rule' | 'state'>[]) => {
      meters.alertsOpen.reset();
      for (const { server, rule, state } of alerts) {
        // No sweep resolves the alert of a server that was removed from the settings.
        if (state === 'pending' || !servers.includes(server)) continue;
        meters.alertsOpen.inc({ server, rule });
      }
    },
    /** Since the start: how often Slack answered 429, and how many messages got a simpler form. */
    posts: ({ rateLimited, simplified }: ReturnType<Outbox['counts']>) => {
      meters.rateLimited.reset();
      meters.rateLimited.inc(rateLimited);
      meters.simplified.reset();
      meters.simplified.inc(simplified);
    },
    /** In Prometheus's text format. */
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/**
 * How much each kind of a server has increased since the last call; 0 on the first call. Sums over a
 * cache fall when entries go, and Prometheus counters must not.
 */
function createRises() {
  const lastSums = new Map<string, ReadonlyMap<string, number>>();
  return (
    server: string,
    sums: Readonly<Record<string, number>>,
  ): readonly (readonly [kind: string, rise: number])[] => {
    const entries = Object.entries(sums);
    // A reading without sums is not a fall to 0.
    if (entries.length === 0) return [];
    const last = lastSums.get(server);
    lastSums.set(server, new Map(entries));
    if (last === undefined) return entries.map(([kind]) => [kind, 0]);
    // After a fall, entries are gone, and new errors cannot be told apart. They count as 0.
    return entries.map(([kind, sum]) => [kind, Math.max(0, sum - (last.get(kind) ?? 0))]);
  };
}

/**
 * How often each error ended a login since the last call; 0 on the first call, so that rate() sees the
 * first failure. Counters of a new run of the server begin at 0.
 */
function createFailedLogins() {
  const lastReadings = new Map<string, LoginReading>();
  return (
    server: string,
    reading: LoginReading,
  ): readonly (readonly [error: number, rise: number])[] => {
    if (reading.failures === null) return [];
    const last = lastReadings.get(server);
    lastReadings.set(server, { ...reading, logins: null });
    if (last === undefined) return Array.from(LOGIN_ERRORS.keys(), (error) => [error, 0]);
    return failuresSince(last, reading)
      .filter(isLogin)
      .map(({ error, count }) => [error, count]);
  };
}

/** The numbers of a sweep record, with a gauge for each. */
const OF_RECORD: readonly (readonly [string, string, (record: SweepRecord) => number])[] = [
  ['hostcache_entries', 'Entries in the host cache.', ({ entries }) => entries],
  [
    'hostcache_size',
    'Entries that the host cache can hold; 0 = it is off.',
    ({ capacity }) => capacity,
  ],
  [
    'hostcache_blocked_hosts',
    'Hosts whose connect errors have reached max_connect_errors.',
    ({ blocked }) => blocked,
  ],
  [
    'hostcache_near_block_hosts',
    'Hosts with at least half of max_connect_errors, not blocked.',
    ({ nearBlock }) => nearBlock,
  ],
  [
    'hostcache_stale_hosts',
    'Hosts whose cached name DNS no longer gives, among those checked in the last sweep.',
    ({ stale }) => stale,
  ],
];

function createMeters(registry: Registry) {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, ...labelNames: readonly L[]) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <L extends string>(name: string, help: string, ...labelNames: readonly L[]) =>
    new Counter({ name, help, labelNames, registers });
  return {
    up: gauge('hostcache_up', 'Whether the last sweep could read the server.', 'server'),
    ofRecord: OF_RECORD.map(([name, help, value]) => ({
      gauge: gauge(name, help, 'server'),
      value,
    })),
    nullHosts: gauge(
      'hostcache_null_hosts',
      'Entries without a name, by reason: no_ptr, no_address, fcrdns, other (all lasting), transient, numeric.',
      'server',
      'kind',
    ),
    errors: counter(
      'hostcache_errors_total',
      'Increases of the counters in the host cache from sweep to sweep, over all entries.',
      'server',
      'kind',
    ),
    loginFailures: counter(
      'hostcache_login_failures_total',
      'Logins that ended with an error, by its number, as the server counts them by account.',
      'server',
      'error',
    ),
    unauthenticated: gauge(
      'hostcache_unauthenticated_sessions',
      'Connections that have not finished authentication.',
      'server',
    ),
    sweepSeconds: new Histogram({
      name: 'hostcache_sweep_seconds',
      help: 'How long the sweep of one server took.',
      buckets: SWEEP_BUCKETS,
      registers,
    }),
    sweepFailures: counter(
      'hostcache_sweep_failures_total',
      'Sweeps that could not read the server, or were aborted.',
      'server',
    ),
    flushes: counter(
      'hostcache_flushes_total',
      'Approved flushes by result: flushed, failed, uncertain.',
      'server',
      'result',
    ),
    alertsOpen: gauge('hostcache_alerts_open', 'Open alerts.', 'server', 'rule'),
    rateLimited: counter(
      'hostcache_slack_rate_limited_total',
      'How often Slack refused a message because of its rate limit (429).',
    ),
    simplified: counter(
      'hostcache_slack_simplified_total',
      'Messages that Slack did not accept as they were, so that they were sent in a simpler form.',
    ),
  };
}
