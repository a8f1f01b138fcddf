import { expect, it } from 'vitest';
import type { Block } from '../../src/chat/message.ts';
import type { Alert } from '../../src/sweep/alert.ts';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import { createSweepHome, type SweepHomeParts } from '../../src/sweep/home.ts';
import type { SweepRecord } from '../../src/sweep/stores.ts';
import { alert, NOON, seconds, silence, sweepRecord } from '../adapters/store/samples.ts';

/** Alerts, servers and silences at a glance: the worst first, at most a given number, each with what can be done. */

interface Remembered {
  readonly servers?: readonly string[];
  readonly records?: readonly SweepRecord[];
  readonly alerts?: readonly Alert[];
  readonly silences?: Parameters<typeof silence>[0][];
}

async function shown(remembered: Remembered): Promise<Readonly<Record<string, string>>> {
  const { servers = ['main'], records = [], alerts = [], silences = [] } = remembered;
  const parts: SweepHomeParts = {
    targets: servers.map((name) => ({ server: { name } })),
    alerts: { open: async () => alerts },
    sweeps: { records: async () => records },
    silences: { active: async () => silences.map(silence) },
    now: () => NOON,
    nextSweepAt: (server) => (server === 'main' ? seconds(60) : null),
    flushing: (server) => (server === 'main' ? 'off' : 'on'),
    linkTo: async (id) => (id === 'AL-1' ? 'https://sandbox.example/p1' : null),
  };
  const drawn = createSweepHome(parts).map(async ({ title, blocks }) => [
    title,
    (await blocks('U0ALICE')).map(wordsOf).join('\n'),
  ]);
  return Object.fromEntries(await Promise.all(drawn));
}

function wordsOf(block: Block): string {
  if (block.kind === 'buttons') return block.buttons.map(({ line }) => `[${line}]`).join(' ');
  return 'spans' in block
    ? block.spans.map((span) => ('text' in span ? span.text : span.kind)).join('')
    : '';
}

it('a server that was read, one that was not, one that nobody swept', async () => {
  const { Servers = '' } = await shown({
    servers: ['quiet', 'main', 'away'],
    records: [
      sweepRecord(),
      sweepRecord({ server: 'away', failure: 'away did not answer.', version: null }),
    ],
  });
  expect(Servers.split('\n')).toEqual([
    'away',
    'Not read: away did not answer.',
    'Last sweep time, no next sweep scheduled. Flushing: on.',
    'main 9.7.4',
    '65536 of 65536 entries, 1 blocked, 300 NULL, 2 stale, 4 silenced.',
    'Last sweep time, next sweep time. Flushing: off, MYSQL_FLUSH_URL is not set.',
    '[list blocked on main] [list null on main] [list stale on main]',
    'quiet',
    'Nothing is known about it yet.',
    'Not swept yet, no next sweep scheduled. Flushing: on.',
  ]);
});

it('servers by their trouble: not read, blocked hosts, alerts; the others as they are named', async () => {
  const well = { blocked: 0, nullHosts: 0, stale: 0 };
  const { Servers = '' } = await shown({
    servers: ['unswept', 'well', 'alerts', 'one-alert', 'blocked', 'unread', 'quiet'],
    records: [
      sweepRecord({ ...well, server: 'well' }),
      sweepRecord({ ...well, server: 'alerts' }),
      sweepRecord({ ...well, server: 'one-alert' }),
      sweepRecord({ ...well, server: 'blocked', blocked: 1 }),
      sweepRecord({ ...well, server: 'unread', failure: 'unread did not answer.' }),
      sweepRecord({ ...well, server: 'quiet' }),
    ],
    alerts: [
      alert({ id: 'AL-1', server: 'one-alert' }),
      ...[2, 3, 4].map((at) => alert({ id: `AL-${at}`, server: 'alerts' })),
    ],
  });
  const names = /^(unswept|well|alerts|one-alert|blocked|unread|quiet)( 9.7.4)?$/;
  const order = Servers.split('\n').flatMap((line) => names.exec(line)?.[1] ?? []);
  expect(order).toEqual(['unread', 'blocked', 'alerts', 'one-alert', 'unswept', 'well', 'quiet']);
});

it('alerts of one rule, the longest open first', async () => {
  const { 'Open alerts': alerts = '' } = await shown({
    alerts: [
      alert({ id: 'AL-3', openedAt: seconds(2) }),
      alert({ id: 'AL-1', openedAt: seconds(1) }),
      alert({ id: 'AL-2', openedAt: seconds(0) }),
    ],
  });
  expect(alerts.match(/^AL-\d/gm)).toEqual(['AL-2', 'AL-1', 'AL-3']);
});

it('alerts by their weight, with link, state and what can be done', async () => {
  const acknowledged = { by: 'U0BOB', at: NOON };
  const flushable = { ...EMPTY_CARD, flush: 'TRUNCATE TABLE performance_schema.host_cache' };
  const silenced = (endsIn: number) => {
    return { ...EMPTY_CARD, silence: silence({ endsAt: seconds(endsIn) }) };
  };
  const { 'Open alerts': alerts = '' } = await shown({
    alerts: [
      alert({ id: 'AL-2', state: 'acknowledged', acknowledged, card: flushable }),
      alert({ id: 'AL-3', state: 'pending' }),
      alert({ id: 'AL-1', rule: 'blocked-host', card: flushable }),
      alert({ id: 'AL-4', rule: 'cache-full', hosts: [], card: silenced(1) }),
      alert({ id: 'AL-5', rule: 'cache-full', hosts: [], card: silenced(0) }),
    ],
  });
  expect(alerts.split('\n')).toEqual([
    'AL-1 2 blocked hosts on main, firing, since time',
    '[ack AL-1] [why 192.0.2.7 on main] [flush on main] [why 2001:db8::7 on main] [silence blocked-host on main]',
    'AL-2 2 hosts without a name on main, acknowledged by user, since time',
    '[why 192.0.2.7 on main] [flush on main] [why 2001:db8::7 on main] [silence null-host on main]',
    'AL-4 The host cache is full on main, firing, silenced by user until time (SI-1), since time',
    '[ack AL-4] [unsilence SI-1]',
    'AL-5 The host cache is full on main, firing, since time',
    '[ack AL-5] [silence cache-full on main]',
  ]);
});

it('nothing, and very much', async () => {
  expect(await shown({})).toMatchObject({ 'Open alerts': 'None.', Silences: 'None.' });
  const many = Array.from({ length: 300 }, (_, at) => at);
  const all = await shown({
    servers: many.map((at) => `db-${at}`),
    alerts: many.map((at) => alert({ id: `AL-${at}` })),
    silences: many.map((at) => ({ id: `SI-${at}`, reason: 'ours' })),
  });
  expect(all['Open alerts']).toMatch(/\+ 288 more\n\[status\]$/);
  expect(all['Servers']).toMatch(/\+ 280 more\n\[status\]$/);
  expect(all['Silences']).toMatch(/\[unsilence SI-9\]\n\+ 290 more\n\[silences\]$/);
});
