import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { gather } from '../../src/diagnosis/gather.ts';
import { RULES } from '../../src/diagnosis/rules/index.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { lookAt } from '../../src/sweep/look.ts';
import { nullHostsByKind } from '../../src/sweep/metrics.ts';
import { isFiring, observe } from '../../src/sweep/observe.ts';
import { recordOf } from '../../src/sweep/record.ts';
import { ALERT_RULE_IDS, type AlertRuleId } from '../../src/sweep/rules/index.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { CLIENT, NAME } from '../scenarios/clients.ts';
import { entry, NULL_NO_PTR, NUMERIC_NAME, PTR_FAILS } from '../scenarios/entries.ts';
import { waiting as activityOf, QUIET } from '../scenarios/evidence.ts';

/** Each condition at its boundary: `why`, alerts, the sweep's numbers and saved rows agree on it. */

interface World {
  readonly server: FakeServer;
  readonly dns?: FakeDns;
}

interface Boundary {
  readonly rule: AlertRuleId;
  readonly name: string;
  readonly on: World;
  readonly below: World;
}

const NOW = new Date('2026-11-21T04:00:12Z');

function cached(...entries: readonly HostCacheEntry[]): World {
  return { server: { entries } };
}

function limited(limit: bigint, connectErrors: number): World {
  return { server: { settings: { maxConnectErrors: limit }, entries: [entry({ connectErrors })] } };
}

/** Connections that wait, by their age. */
function waiting(...seconds: readonly (number | null)[]): World {
  return { server: { activity: activityOf('tls', ...seconds) } };
}

function connected(count: number): World {
  return { server: { activity: { ...QUIET, connected: count } } };
}

/** The client has no entry; others have this many. */
function filled(count: number, settings: FakeServer['settings'] = {}): World {
  const entries = Array.from({ length: count }, (_, at) => entry({ address: `192.0.2.${at}` }));
  return { server: { settings: { hostCacheSize: 3, ...settings }, entries } };
}

function named(host: string, ...today: readonly string[]): World {
  return { server: { entries: [entry({ host })] }, dns: { ptr: { [CLIENT.text]: today } } };
}

const ageless = (count: number) => waiting(...Array.from({ length: count }, () => null));

const BOUNDARIES: readonly Boundary[] = [
  { rule: 'blocked-host', name: 'the limit', on: limited(100n, 100), below: limited(100n, 99) },
  { rule: 'near-block', name: 'half of it', on: limited(100n, 50), below: limited(100n, 49) },
  { rule: 'near-block', name: 'an odd limit', on: limited(3n, 2), below: limited(3n, 1) },
  { rule: 'near-block', name: 'the block', on: limited(100n, 99), below: limited(100n, 100) },
  { rule: 'near-block', name: 'no error', on: limited(2n, 1), below: limited(1n, 0) },
  {
    rule: 'null-host',
    name: 'validated',
    on: cached(NULL_NO_PTR),
    below: cached({ ...NULL_NO_PTR, validated: false }),
  },
  {
    rule: 'stale-host',
    name: 'another case of the second name',
    on: named(NAME, 'other.example.com'),
    below: named(NAME, 'other.example.com', NAME.toUpperCase()),
  },
  {
    rule: 'dns-failing',
    name: 'one failed lookup',
    on: cached({ ...PTR_FAILS, counters: { COUNT_ADDRINFO_TRANSIENT_ERRORS: 1 } }),
    below: cached({ ...PTR_FAILS, counters: { COUNT_ADDRINFO_TRANSIENT_ERRORS: 0 } }),
  },
  {
    rule: 'dns-failing',
    name: 'history of a validated entry',
    on: cached(PTR_FAILS),
    below: cached({ ...PTR_FAILS, validated: true, host: NAME }),
  },
  {
    rule: 'dns-failing',
    name: 'a name that the server rejects is an answer',
    on: cached(PTR_FAILS),
    below: cached(NUMERIC_NAME),
  },
  { rule: 'cache-full', name: 'one free row', on: filled(3), below: filled(2) },
  { rule: 'cache-full', name: 'no cache', on: filled(3), below: filled(0, { hostCacheSize: 0 }) },
  { rule: 'handshake-pileup', name: 'three', on: waiting(2, 2, 2), below: waiting(60, 60) },
  { rule: 'handshake-pileup', name: 'age', on: waiting(2, 2, 2, 0), below: waiting(2, 2, 1, 0) },
  { rule: 'handshake-pileup', name: 'no age shown', on: ageless(10), below: ageless(9) },
  {
    rule: 'handshake-pileup',
    name: 'many that came just now',
    on: ageless(10),
    below: waiting(...Array.from({ length: 20 }, () => 0)),
  },
  { rule: 'too-many-connections', name: 'all', on: connected(151), below: connected(150) },
];

function targetOf({ server, dns = agreeing(CLIENT.text, NAME) }: World) {
  return { server: createFakeServer(server), resolver: createFakeResolver(dns) };
}

async function findingsOf(world: World): Promise<readonly string[]> {
  const subject = { client: CLIENT, user: null, readAt: NOW };
  return diagnose(await gather(targetOf(world), subject)).findings.map(({ rule }) => rule);
}

async function lookOf(world: World) {
  return await lookAt(targetOf(world), NOW, ({ named }) => named);
}

async function alertsOf(world: World): Promise<readonly string[]> {
  const observed = observe(await lookOf(world), { nullHostAlerts: 'all', paces: new Map() });
  return observed.filter(isFiring).map(({ rule }) => rule);
}

describe.each(BOUNDARIES)('$rule at $name', ({ rule, on, below }) => {
  it('why and the alert fire', async () => {
    expect(await findingsOf(on)).toContain(rule);
    expect(await alertsOf(on)).toContain(rule);
  });

  it('neither fires below', async () => {
    expect(await findingsOf(below)).not.toContain(rule);
    expect(await alertsOf(below)).not.toContain(rule);
  });
});

it('every alert on what why can find has its boundary', () => {
  const shared = ALERT_RULE_IDS.filter((rule) => RULES.some(({ id }) => id === rule));
  expect(new Set(BOUNDARIES.map(({ rule }) => rule))).toEqual(new Set(shared));
});

describe('what a sweep counts is what it alerts on', () => {
  const COUNTS = [
    ['blocked-host', 'blocked'],
    ['near-block', 'nearBlock'],
    ['null-host', 'nullHosts'],
    ['stale-host', 'stale'],
  ] as const;

  async function numbers(world: World) {
    const look = await lookOf(world);
    const record = recordOf(look, 0, { startedAt: NOW, endedAt: NOW, nextAt: null });
    return {
      record,
      nullHosts: look.cache.known ? nullHostsByKind(look.cache.value.notable) : null,
    };
  }

  it.each(
    COUNTS.flatMap(([rule, column]) =>
      BOUNDARIES.filter((each) => each.rule === rule).map((each) => ({ ...each, column })),
    ),
  )('$rule at $name', async ({ column, on, below }) => {
    expect((await numbers(on)).record[column]).toBe(1);
    expect((await numbers(below)).record[column]).toBe(0);
  });

  it.each(BOUNDARIES.filter(({ rule }) => rule === 'dns-failing'))(
    'hosts whose DNS fails at $name',
    async ({ on, below }) => {
      expect((await numbers(on)).nullHosts?.transient).toBe(1);
      expect((await numbers(below)).nullHosts?.transient).toBe(0);
    },
  );

  it('a name that is rejected at each connection is a kind of its own', async () => {
    expect((await numbers(cached(NUMERIC_NAME))).nullHosts).toMatchObject({
      numeric: 1,
      transient: 0,
    });
  });
});

describe('saved rows', () => {
  function saved({ address, host, validated, connectErrors, counters }: HostCacheEntry): object {
    const columns = { IP: address, HOST: host, HOST_VALIDATED: validated ? 'YES' : 'NO' };
    return { ...columns, SUM_CONNECT_ERRORS: connectErrors, ...counters };
  }

  /** As it is now; what only was once is a note. */
  function isTold({ server: { entries = [] } }: World, rule: string): boolean {
    // The rows are the contract's objects.
    const [row] = explain(JSON.stringify(entries.map(saved)), NOW).rows as readonly {
      findings: readonly Told[];
    }[];
    return row?.findings.some((each) => each.rule === rule && each.severity !== 'note') ?? false;
  }

  it.each(BOUNDARIES.filter(({ rule }) => ['null-host', 'dns-failing'].includes(rule)))(
    'tell $rule at $name',
    ({ rule, on, below }) => {
      expect(isTold(on, rule)).toBe(true);
      expect(isTold(below, rule)).toBe(false);
    },
  );
});

interface Told {
  readonly rule: string;
  readonly severity: string;
}
