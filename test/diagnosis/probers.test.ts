import { describe, expect, it } from 'vitest';
import { fits } from '../../src/diagnosis/beat.ts';
import type { Probed } from '../../src/diagnosis/prober.ts';
import { HTTP_CHECKS, SOME_TCP_CHECK, TCP_CHECKS } from '../../src/diagnosis/prober-products.ts';
import { probersOf } from '../../src/diagnosis/probers.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { LOGIN_ERRORS, type LoginFailure } from '../../src/hostcache/failures.ts';
import { fc } from '../chance.ts';
import { addressOf, CLIENT, NAME } from '../scenarios/clients.ts';
import { entry, PTR_FAILS } from '../scenarios/entries.ts';

const START = new Date('2026-11-29T12:00:00Z');

function row(change: Partial<LoginFailure>, seconds = 0): LoginFailure {
  const lastAt = new Date(START.getTime() + Math.floor(seconds) * 1000);
  const times = { firstAt: START, lastAt };
  return { user: null, host: NAME, error: 1158, count: 1, ...times, ...change };
}

/** A handshake that broke off: 1043, and beside it the error that says how. */
function broken(
  error: number,
  count: number,
  seconds = 0,
  user: string | null = null,
): readonly LoginFailure[] {
  return [row({ user, error, count }, seconds), row({ user, error: 1043, count }, seconds)];
}

function probed(change: Partial<Probed>): Probed {
  const failures = change.failures ?? [];
  const users = [...new Set((failures ?? []).map(({ user }) => user))];
  const logins = users.map((user) => {
    const own = (failures ?? []).filter((each) => each.user === user);
    const connections = Math.max(0, ...own.map(({ count }) => count));
    return { user, host: NAME, connections, open: 0 };
  });
  return { client: CLIENT, failures: [], logins, entry: null, ...change };
}

const whatOf = (change: Partial<Probed>) => probersOf(probed(change)).flatMap(({ what }) => what);

const named = (products: typeof TCP_CHECKS, period: number) =>
  products.filter(({ periods }) => periods.includes(period)).map(({ what }) => what);

describe('a check that connects and leaves', () => {
  const periods = [...new Set(TCP_CHECKS.flatMap((product) => product.periods))];

  it.each(periods)('every %s s: all whose usual interval it is', (period) => {
    const counts = fc.integer({ min: period < 3 ? 6 : 5, max: 40_000 });
    const late = fc.double({ min: 0, max: 0.015, noNaN: true });
    fc.assert(
      fc.property(counts, late, (count, drift) => {
        const seconds = (count - 1) * period * (1 + drift);
        const failures = broken(1158, count, seconds);
        expect(whatOf({ failures })).toEqual(named(TCP_CHECKS, period));
      }),
    );
  });

  it.each([1, 3, 7, 20, 45, 120, 3600])(
    'every %s s: all of them, and none is guessed',
    (period) => {
      const failures = broken(1158, 50, 49 * period);
      expect(whatOf({ failures })).toEqual(SOME_TCP_CHECK.what);
    },
  );

  it('says the count, the interval, the times and each cure', () => {
    const [prober] = probersOf(probed({ failures: broken(1158, 40, 78) }));
    expect(prober).toEqual({
      proof: 'usual',
      error: 1158,
      user: null,
      what: named(TCP_CHECKS, 2),
      why: '40 connections ended before a login name came (1158), one every 2.0 s on average, from 2026-11-29 12:00:00 UTC to 2026-11-29 12:01:18 UTC. No login name has ever come from this client.',
      cure: expect.stringMatching(/Use option httpchk/),
    });
  });

  it('is read from the rows by address and by name together', () => {
    const failures = [
      ...broken(1158, 30, 290).map((each) => ({ ...each, host: CLIENT.text })),
      ...broken(1158, 31, 600).map((each) => ({ ...each, firstAt: new Date(+START + 300_000) })),
    ];
    expect(whatOf({ failures })).toEqual(named(TCP_CHECKS, 10));
  });

  const NOT_PROVED: readonly (Partial<Probed> & { readonly name: string })[] = [
    { name: 'four connections', failures: broken(1158, 4, 6) },
    { name: 'who logs in is not known', failures: broken(1158, 40, 78), logins: null },
    {
      name: 'somebody logs in from there',
      failures: broken(1158, 40, 78),
      logins: [{ user: 'jdoe', host: NAME, connections: 1, open: 0 }],
    },
    {
      name: 'somebody fails to log in from there',
      failures: [...broken(1158, 40, 78), row({ user: 'jdoe', error: 1045 })],
    },
    {
      name: 'DNS is slow, so a client may give up before the greeting',
      failures: broken(1158, 40, 78),
      entry: PTR_FAILS,
    },
    { name: 'TLS fails too', failures: [...broken(1158, 40, 78), row({ error: 1043, count: 60 })] },
    { name: 'it falls silent too', failures: [...broken(1158, 40, 78), ...broken(1159, 9)] },
    { name: 'failures are not known', failures: null },
    { name: 'rows of all clients', failures: broken(1158, 40, 78).map(noHost) },
  ];

  it.each(NOT_PROVED)('is not named: $name', ({ name: _, ...change }) => {
    expect(whatOf(change)).toEqual([]);
  });
});

function noHost(each: LoginFailure): LoginFailure {
  return { ...each, host: null };
}

describe('the addresses of clouds', () => {
  const handshakes: HostCacheEntry = entry({ counters: { COUNT_HANDSHAKE_ERRORS: 3 } });

  it.each([
    { client: '168.63.129.16', what: ["Azure Load Balancer's health probe"] },
    { client: '35.191.7.9', what: ["Google Cloud Load Balancing's health check"] },
    { client: '130.211.3.255', what: ["Google Cloud Load Balancing's health check"] },
    { client: '168.63.129.17', what: [] },
    { client: '130.211.4.0', what: [] },
    { client: '2001:db8::5', what: [] },
  ])('$client: $what', ({ client, what }) => {
    const found = whatOf({ client: addressOf(client), entry: handshakes, failures: null });
    expect(found).toEqual(what);
    expect(whatOf({ client: addressOf(client), entry: entry() })).toEqual([]);
  });
});

describe('a check with a login name', () => {
  const POST_41 = "HAProxy's option mysql-check with a user (post-41 or pre-41)";
  const POST_80 = "HAProxy's option mysql-check with post-80";
  const OLD_DRIVER = 'a driver of MySQL 5.1 or older';

  it.each([
    { name: 'post-80', failures: broken(1156, 1, 0, 'check'), what: [POST_80] },
    { name: 'post-41, by its user', failures: broken(1251, 1, 0, 'haproxy'), what: [POST_41] },
    { name: 'post-41, every 2 s', failures: broken(1251, 40, 78, 'check'), what: [POST_41] },
    {
      name: 'post-41 or an old driver',
      failures: broken(1251, 40, 400, 'shop'),
      what: [OLD_DRIVER, POST_41],
    },
    {
      name: 'a session that sent packets out of order',
      failures: [row({ user: 'shop', error: 1156 }), ...broken(1158, 1, 0, 'shop')],
      what: [],
    },
    {
      name: 'check_mysql without a login',
      failures: [row({ user: 'nagios', error: 1045, count: 9 })],
      what: ['check_mysql of Nagios or Icinga, without a login or with a wrong one'],
    },
    {
      name: 'check_mysql with a login that failed for a while',
      failures: [row({ user: 'nagios', error: 1045, count: 9 })],
      logins: [{ user: 'nagios', host: NAME, connections: 900, open: 0 }],
      what: [],
    },
    {
      name: 'another user who is denied each minute',
      failures: [row({ user: 'shop', error: 1045, count: 9 }, 480)],
      what: [],
    },
  ])('$name: $what', ({ name: _, what, ...change }) => {
    expect(whatOf(change)).toEqual(what);
  });

  it('shows a hostile name as data, and short', () => {
    const user = `'; DROP TABLE x; -- ${'y'.repeat(300)}`;
    const [prober] = probersOf(probed({ failures: broken(1156, 1, 0, user) }));
    expect(prober?.why).toMatch(/^''; DROP TABLE x; -- y+…' sends its next packet/);
    expect(prober?.why.length).toBeLessThan(300);
  });
});

describe('HTTP on the port of MySQL', () => {
  it('every 10 s: Kubernetes or a load balancer', () => {
    expect(whatOf({ failures: broken(1156, 40, 390) })).toEqual(named(HTTP_CHECKS, 10));
  });

  it('at no known interval: all that fit, with a proxy and a scanner', () => {
    expect(whatOf({ failures: broken(1156, 1) })).toEqual([
      'an HTTP check of HAProxy, a load balancer, Kubernetes or Nagios',
      'a proxy that sends the PROXY protocol (send-proxy)',
      'a port scanner',
    ]);
  });
});

describe('an ordinary client', () => {
  /** Errors that some program causes as a rule: 1156 and 1251 tell on their own. */
  const errors = [...LOGIN_ERRORS.keys()].filter((error) => ![1156, 1251].includes(error));
  const name = fc.constantFrom('shop', 'billing', 'jdoe', '', 'mon', 'haproxy-less', '*');
  const seconds = fc.integer({ min: 0, max: 900_000 });
  const failure = fc
    .tuple(fc.option(name), fc.constantFrom(...errors), fc.integer({ min: 1, max: 5000 }), seconds)
    .map(([user, error, count, span]) =>
      user === null || error === 1158
        ? broken(error, count, span, user)
        : [row({ user, error, count }, span)],
    );

  it('is never named, whatever fails and how often', () => {
    const clients = fc.record({
      failures: fc.array(failure, { maxLength: 8 }).map((rows) => rows.flat()),
      good: fc.integer({ min: 1, max: 100_000 }),
    });
    fc.assert(
      fc.property(clients, ({ failures, good }) => {
        const users = new Set(failures.flatMap(({ user }) => user ?? []));
        const logins = [...users, 'shop'].map((user) => {
          const failed = failures.filter((each) => each.user === user);
          const sum = failed.reduce((all, { count }) => all + count, 0);
          // Each of them succeeds at least as often as it fails.
          return { user, host: NAME, connections: 2 * sum + good, open: 0 };
        });
        expect(whatOf({ failures, logins })).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('an interval', () => {
  it('is never two periods that are a third or more apart', () => {
    const periods = [2, 5, 10, 15, 30, 60, 300];
    const beats = fc.record({
      count: fc.integer({ min: 1, max: 50_000 }),
      seconds: fc.integer({ min: 0, max: 2_000_000 }),
    });
    fc.assert(
      fc.property(beats, ({ count, seconds }) => {
        const beat = { ...row({ count }, seconds) };
        expect(periods.filter((period) => fits(beat, period)).length).toBeLessThan(2);
      }),
    );
  });

  it.each([
    { name: 'no times', beat: { count: 9, firstAt: null, lastAt: null } },
    { name: 'four', beat: { count: 4, firstAt: START, lastAt: new Date(+START + 6000) } },
    { name: 'all at once', beat: { count: 90, firstAt: START, lastAt: START } },
  ])('is not known: $name', ({ beat }) => {
    expect([1, 2, 5, 10].filter((period) => fits(beat, period))).toEqual([]);
  });
});
