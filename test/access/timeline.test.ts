import { describe, expect, it } from 'vitest';
import type { AccessDay } from '../../src/access/record.ts';
import { timelineOf } from '../../src/access/timeline.ts';
import type { TimelineClient } from '../../src/access/timeline-client.ts';
import { episodesOf, rowOf, toRow } from '../../src/access/timeline-rows.ts';
import { addressOf } from '../scenarios/clients.ts';
import { ADDRESS, at, day, failed, span, USE } from './days.ts';

const NAMED: TimelineClient = { text: 'shop.example.com', addresses: [], isName: true };

const timeline = (days: readonly AccessDay[], client = ADDRESS, flushes = FLUSHES) =>
  timelineOf({ server: 'main', client, days, flushes });
const FLUSHES: Parameters<typeof timelineOf>[0]['flushes'] = [];

function wordsOf(days: readonly AccessDay[], client = ADDRESS, flushes = FLUSHES) {
  return timeline(days, client, flushes).entries.map((entry) => rowOf(entry).join(' | '));
}

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
