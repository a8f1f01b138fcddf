import { describe, expect, it } from 'vitest';
import { binsOf, chartOf } from '../../src/access/bins.ts';
import type { AccessDay } from '../../src/access/record.ts';
import { failuresOf, firstAtOf, timelineOf } from '../../src/access/timeline.ts';
import type { TimelineClient } from '../../src/access/timeline-client.ts';
import { timelineMessage } from '../../src/access/timeline-message.ts';
import { episodesOf, rowOf, toRow } from '../../src/access/timeline-rows.ts';
import { plain } from '../../src/chat/message.ts';
import { fc } from '../chance.ts';
import { addressOf } from '../scenarios/clients.ts';
import { at, day, failed, span } from './days.ts';

const ADDRESS: TimelineClient = {
  text: '192.0.2.7',
  addresses: [addressOf('192.0.2.7')],
  isName: false,
};
const NAMED: TimelineClient = { text: 'shop.example.com', addresses: [], isName: true };

const timeline = (days: readonly AccessDay[], client = ADDRESS, flushes = FLUSHES) =>
  timelineOf({ server: 'main', client, days, flushes });
const FLUSHES: Parameters<typeof timelineOf>[0]['flushes'] = [];

function wordsOf(days: readonly AccessDay[], client = ADDRESS, flushes = FLUSHES) {
  return timeline(days, client, flushes).entries.map((entry) => rowOf(entry).join(' | '));
}

const USE = {
  ...{ user: 'shop', host: 'shop.example.com', address: '192.0.2.7', account: "'shop'@'%'" },
  ...{ logins: 7, failures: 2, lastLoginAt: at('20T11:00:00') },
};

describe('the entries of a client', () => {
  const CASES: readonly {
    readonly name: string;
    readonly days: readonly AccessDay[];
    readonly client?: TimelineClient;
    readonly flushes?: typeof FLUSHES;
    readonly words: readonly string[];
  }[] = [
    {
      name: 'failures by address, and those of others not',
      days: [
        day([
          failed('20T09:00:00', '20T09:05:00'),
          failed('20T09:01:00', '20T09:05:00', { host: '192.0.2.8', address: '192.0.2.8' }),
          failed('20T09:02:00', '20T09:02:00', { user: null, error: 1159, count: 1 }),
        ]),
      ],
      words: [
        '2026-11-20 09:00:00 to 09:05:00 | shop from 192.0.2.7: access denied (1045) | 2',
        '2026-11-20 09:02:00 | handshake from 192.0.2.7: client fell silent (1159) | 1',
      ],
    },
    {
      name: 'a broken handshake once, by the error that says more',
      days: [
        day([
          failed('20T09:00:00', '20T09:05:00', { user: null, error: 1043, count: 3 }),
          failed('20T09:00:00', '20T09:05:00', { user: null, error: 1158, count: 3 }),
        ]),
      ],
      words: [
        '2026-11-20 09:00:00 to 09:05:00 | handshake from 192.0.2.7: client went away (1158) | 3',
      ],
    },
    {
      name: 'a single failure happened when the server saw the last',
      days: [day([failed('20T09:00:00', '20T09:04:00', { count: 1 })])],
      words: ['2026-11-20 09:04:00 | shop from 192.0.2.7: access denied (1045) | 1'],
    },
    {
      name: 'an address by its name, which the server wrote without it',
      days: [
        day([failed('20T09:00:00', '20T09:05:00', { host: 'Shop.example.com', address: null })], {
          uses: [USE],
        }),
      ],
      words: [
        '2026-11-20 09:00:00 to 09:05:00 | shop from Shop.example.com: access denied (1045) | 2',
      ],
    },
    {
      name: 'not the other address of a shared name',
      days: [
        day(
          [
            failed('20T09:00:00', '20T09:05:00', {
              host: 'shop.example.com',
              address: '192.0.2.99',
            }),
          ],
          { uses: [USE] },
        ),
      ],
      words: [],
    },
    {
      name: 'a name by each address that had it',
      client: NAMED,
      days: [
        day(
          [
            failed('20T09:00:00', '20T09:05:00'),
            { kind: 'blocked', at: at('20T10:00:00'), address: '192.0.2.7' },
            { kind: 'unblocked', at: at('20T10:30:00'), address: '192.0.2.7' },
            { kind: 'blocked', at: at('20T11:00:00'), address: '192.0.2.8' },
          ],
          { uses: [USE] },
        ),
      ],
      words: [
        '2026-11-20 09:00:00 to 09:05:00 | shop from 192.0.2.7: access denied (1045) | 2',
        '2026-11-20 10:00:00 | 192.0.2.7 is a blocked host | ',
        '2026-11-20 10:30:00 | 192.0.2.7 is no longer blocked | ',
      ],
    },
    {
      name: 'names, restarts, and times that are not known',
      days: [
        day(
          [
            {
              ...{ kind: 'name', at: at('20T01:00:00'), address: '192.0.2.7' },
              ...{ from: 'shop.example.com', to: null },
            },
            { kind: 'restart', at: at('20T08:00:00') },
          ],
          { spans: [span('20T00:00:00', '20T02:00:00'), span('20T08:00:00', '21T00:00:00')] },
        ),
        day([], { day: '2026-11-21', spans: [span('21T00:00:00', '21T01:00:00')] }),
      ],
      words: [
        '2026-11-20 01:00:00 | the cached name of 192.0.2.7 is NULL, before shop.example.com | ',
        '2026-11-20 02:00:00 to 08:00:00 | not known: nothing was read | ',
        '2026-11-20 08:00:00 | the server was started | ',
      ],
    },
    {
      name: 'flushes with their requests, each once',
      days: [
        day([
          { kind: 'flush', at: at('20T03:04:00'), request: null },
          { kind: 'flush', at: at('20T05:00:00'), request: 'FR-2' },
          { kind: 'flush', at: at('20T07:00:00'), request: null },
        ]),
      ],
      flushes: [
        { request: 'FR-3', at: at('20T09:00:00'), reason: 'DNS is fixed' },
        { request: 'FR-2', at: at('20T04:59:00'), reason: 'a test' },
        { request: 'FR-1', at: at('20T03:00:00'), reason: 'unblock shop' },
        { request: 'FR-0', at: at('19T03:00:00'), reason: 'before the record' },
      ],
      words: [
        '2026-11-20 03:00:00 | the host cache was emptied by FR-1: unblock shop | ',
        '2026-11-20 04:59:00 | the host cache was emptied by FR-2: a test | ',
        '2026-11-20 07:00:00 | the host cache was emptied, without a request here | ',
        '2026-11-20 09:00:00 | the host cache was emptied by FR-3: DNS is fixed | ',
      ],
    },
    {
      name: 'changes of accounts that could be for it',
      days: [
        day(
          ["'shop'@'192.0.2.%'", "'shop'@'198.51.100.%'", "'other'@'%'", "''@'%.example.com'"].map(
            (account) => ({
              ...({ kind: 'account', at: at('20T06:00:00') } as const),
              ...({ account, change: 'dropped' } as const),
            }),
          ),
          { uses: [USE] },
        ),
      ],
      words: [
        "2026-11-20 06:00:00 | the account 'shop'@'192.0.2.%' was dropped | ",
        "2026-11-20 06:00:00 | the account ''@'%.example.com' was dropped | ",
      ],
    },
  ];

  it.each(CASES)('$name', ({ days, client, flushes, words }) => {
    expect(wordsOf(days, client, flushes)).toEqual(words);
  });

  it('are one row each in JSON, and say the same in words', () => {
    const [entry] = timeline([day([failed('20T09:00:00', '20T09:05:00')])]).entries;
    expect(entry && toRow('main', '192.0.2.7', entry)).toEqual({
      ...{ server: 'main', client: '192.0.2.7', kind: 'failures' },
      ...{ at: at('20T09:00:00'), until: at('20T09:05:00') },
      ...{ user: 'shop', host: '192.0.2.7', address: '192.0.2.7', error: 1045, count: 2 },
      what: 'shop from 192.0.2.7: access denied (1045)',
    });
  });

  it('of the client on the loopback are those of localhost', () => {
    const local = failed('20T09:00:00', '20T09:05:00', { host: 'localhost', address: null });
    const client = { text: 'localhost', addresses: [addressOf('127.0.0.1')], isName: false };
    expect(wordsOf([day([local])], client)).toHaveLength(1);
    expect(wordsOf([day([local])])).toHaveLength(0);
  });
});

describe('failures that go on', () => {
  const sweeps = Array.from({ length: 12 }, (_, sweep) =>
    failed(
      `20T09:${String(sweep * 5).padStart(2, '0')}:00`,
      `20T09:${String(sweep * 5 + 4).padStart(2, '0')}:00`,
    ),
  );

  it('are one row until they pause', () => {
    const later = failed('20T11:00:00', '20T11:00:00', { count: 1 });
    const { entries } = timeline([day([...sweeps, later])]);
    expect(episodesOf(entries, 60_000).map((entry) => rowOf(entry).join(' | '))).toEqual([
      '2026-11-20 09:00:00 to 09:59:00 | shop from 192.0.2.7: access denied (1045) | 24',
      '2026-11-20 11:00:00 | shop from 192.0.2.7: access denied (1045) | 1',
    ]);
  });

  it('of two names are two rows', () => {
    const other = sweeps.map((each) => ({ ...each, user: 'billing' }));
    const { entries } = timeline([day([...sweeps, ...other])]);
    expect(episodesOf(entries, 60_000)).toHaveLength(2);
  });
});

describe('the bins', () => {
  it.each([
    { until: '20T09:03:00', step: 1, bins: 4 },
    { until: '20T09:15:00', step: 1, bins: 19 },
    { until: '20T09:30:00', step: 2, bins: 19 },
    { until: '20T18:30:00', step: 60, bins: 12 },
    { until: '27T18:30:00', step: 12 * 60, bins: 19 },
  ])('until $until are $bins of $step minutes', ({ until, step, bins }) => {
    const found = binsOf([failed('20T09:00:00', until)], at('29T00:00:00'));
    expect({ step: found.stepMs / 60_000, bins: found.bins.length }).toEqual({ step, bins });
  });

  it('have each failure once, near its time, and are few and equal, whatever the record holds', () => {
    const minutes = fc.integer({ min: 0, max: 90 * 24 * 60 });
    const failure = fc
      .record({
        ...{ start: minutes, length: fc.oneof(fc.nat(6), minutes) },
        ...{ count: fc.integer({ min: 1, max: 4_000_000_000 }) },
        error: fc.constantFrom(1045, 1129, 1049, 1158, 1159, 1203, 3118, 3159, 1),
      })
      .map(({ start, length, count, error }) => {
        const from = at('01T00:00:00').getTime() + start * 60_000;
        const times = { at: new Date(from), until: new Date(from + length * 60_000) };
        return failed('01T00:00:00', '01T00:00:00', { ...times, count, error });
      });
    fc.assert(
      fc.property(fc.array(failure, { minLength: 1, maxLength: 8 }), (failures) => {
        const { bins, stepMs } = binsOf(failures, new Date('2027-02-01T00:00:00Z'));
        const counts = bins.map(({ counts }) => [...counts.values()].reduce((a, b) => a + b, 0));
        expect(counts.reduce((a, b) => a + b, 0)).toBe(
          failures.reduce((sum, { count }) => sum + count, 0),
        );
        expect(counts[0]).toBeGreaterThan(0);
        const first = Math.min(...failures.map((each) => firstAtOf(each).getTime()));
        expect(bins[0]?.from.getTime()).toBeLessThanOrEqual(first);
        expect(bins[0]?.to.getTime()).toBeGreaterThan(first);
        if (stepMs < 5 * 86_400_000) expect(bins.length).toBeLessThanOrEqual(20);
        const chart = chartOf({ bins, stepMs }, []);
        expect(new Set(chart?.labels).size).toBe(bins.length);
        expect(chart?.series.length).toBeLessThanOrEqual(6);
      }),
    );
  });

  it('have no number where nothing was read and nothing is known', () => {
    const events = [failed('20T09:00:00', '20T09:01:00'), failed('20T09:14:00', '20T09:15:00')];
    const bins = binsOf(events, at('20T09:15:00'));
    const hole = span('20T09:05:30', '20T09:14:00');
    expect(chartOf(bins, [hole])?.series[0]?.values).toEqual([
      ...[1, 1, 0, 0, 0, 0],
      ...Array.from({ length: 8 }, () => null),
      ...[1, 1],
    ]);
  });
});

describe('the message', () => {
  const readAt = at('20T12:00:30');
  const message = (days: readonly AccessDay[], gaps: readonly string[] = []) =>
    timelineMessage({ timeline: timeline(days), client: '192.0.2.7', readAt, gaps });
  const texts = (days: readonly AccessDay[], gaps: readonly string[] = []) =>
    message(days, gaps).blocks.flatMap((block) =>
      block.kind === 'text' || block.kind === 'note' ? [plain(block.spans)] : [],
    );

  it('answers first, then says who, with which error, and what the chart shows', () => {
    const days = [
      day(
        [
          failed('20T09:00:00', '20T09:30:00', { count: 60 }),
          failed('20T09:00:00', '20T09:10:00', { user: 'billing', count: 3 }),
          failed('20T09:20:00', '20T09:20:00', { user: 'shop', error: 1049, count: 1 }),
          failed('20T09:00:00', '20T11:00:00', {
            ...{ user: null, host: null, address: null },
            ...{ error: 1130, count: 9 },
          }),
        ],
        { uses: [USE], leftOut: 3 },
      ),
    ];
    expect(texts(days, ['A gap.'])).toEqual([
      '192.0.2.7 failed to log in to main 63 times, first 2026-11-20 09:00:00 UTC, last 2026-11-20 09:30:00 UTC.',
      [
        'access denied (1045): 63 times, as shop (60), billing (3)',
        'database refused (1049): once, as shop (1); a session can have this error too',
      ].join('\n'),
      'Logged in: shop 7 times, last seen 2026-11-20 11:00:00 UTC.',
      expect.stringMatching(/^Peak: \d+ errors per 2 minutes, at 09:\d\d\. None since 09:32\.$/),
      'Recorded until the sweep of 2026-11-20 12:00:00 UTC.',
      'main also counted host refused (1130): 9 times; it does not say for which client.',
      '3 entries were left out on days that are full.',
      'A gap.',
      'Read 2026-11-20T12:00:30.000Z',
    ]);
    expect(message(days).blocks.map(({ kind }) => kind)).toContain('chart');
  });

  it.each([
    {
      name: 'nothing recorded',
      days: [],
      headline: 'Nothing is recorded of main yet.',
    },
    {
      name: 'nothing of the client',
      days: [day([{ kind: 'restart', at: at('20T10:00:00') }])],
      headline: 'Nothing is recorded of 192.0.2.7 on main since 2026-11-20 00:00:00 UTC.',
    },
    {
      name: 'no failure',
      days: [day([{ kind: 'blocked', at: at('20T10:00:00'), address: '192.0.2.7' }])],
      headline: 'No failed login of 192.0.2.7 on main is recorded since 2026-11-20 00:00:00 UTC.',
    },
  ])('says $name, and has no chart', ({ days, headline }) => {
    const said = message(days);
    expect(said.headline).toBe(headline);
    expect(said.blocks.map(({ kind }) => kind)).not.toContain('chart');
  });

  it('counts errors that a session can have too apart from failed logins', () => {
    const found = timeline([day([failed('20T09:00:00', '20T09:00:00', { error: 1049 })])]);
    expect(failuresOf(found, true)).toEqual([]);
    expect(failuresOf(found, false)).toHaveLength(1);
  });
});
