import { describe, expect, it } from 'vitest';
import { clientsMessage, firstDay } from '../../src/access/clients-message.ts';
import { type Message, plain } from '../../src/chat/message.ts';
import { at, day, failed, span } from './days.ts';

/** The follow-up of an alert: one chart of how its clients failed, and the same in words. */

const NOW = at('20T12:00:00');

const BILLING = failed('20T11:30:00', '20T11:50:00', { user: 'billing', count: 30 });
const SHOP = failed('20T11:40:00', '20T11:50:00', { count: 10 });
const OTHER = failed('20T11:40:00', '20T11:59:00', {
  ...{ host: '192.0.2.8', address: '192.0.2.8', error: 3118, count: 7 },
});
const NAMED = failed('20T11:58:00', '20T11:58:00', {
  ...{ host: 'web.example.com', address: null, count: 1 },
});
const DAYS = [day([BILLING, SHOP, OTHER, NAMED], { spans: [span('20T00:00:00', '20T12:00:00')] })];

const message = (clients: readonly string[], days = DAYS) =>
  clientsMessage({ server: 'main', clients, days, at: NOW });

function textsOf(said: Message | null): readonly string[] {
  return (said?.blocks ?? []).flatMap((block) =>
    block.kind === 'text' || block.kind === 'note' ? [plain(block.spans)] : [],
  );
}

function chartOf(said: Message | null) {
  return said?.blocks.find((block) => block.kind === 'chart');
}

function linesOf(said: Message | null): readonly string[] {
  return (said?.blocks ?? []).flatMap((block) =>
    block.kind === 'buttons' ? block.buttons.map(({ line }) => line) : [],
  );
}

describe('the chart of an alert', () => {
  it('shows one client by kind of error', () => {
    const said = message(['192.0.2.7']);
    expect(textsOf(said)).toEqual([
      '192.0.2.7 failed to log in to main 40 times in the last 24 hours, first 2026-11-20 11:30:00 UTC, last 2026-11-20 11:50:00 UTC.',
      'access denied (1045): 40 times, as billing (30), shop (10)',
      expect.stringMatching(/^Peak: \d+ errors per 2 minutes, at 11:\d\d\. None since 11:52\.$/),
      'Recorded since 2026-11-20 00:00:00 UTC.',
    ]);
    expect(chartOf(said)?.series.map(({ name }) => name)).toEqual(['access denied']);
    expect(linesOf(said)).toEqual(['timeline 192.0.2.7 on main']);
  });

  it('shows several clients by client, and counts those of which nothing is recorded', () => {
    const said = message(['192.0.2.8', 'web.example.com', '192.0.2.7', '192.0.2.9']);
    expect(textsOf(said)).toEqual([
      '3 clients failed to log in to main 48 times in the last 24 hours, first 2026-11-20 11:30:00 UTC, last 2026-11-20 11:59:00 UTC.',
      [
        '192.0.2.8: account locked (3118): 7 times, as shop (7)',
        'web.example.com: access denied (1045): once, as shop (1)',
        '192.0.2.7: access denied (1045): 40 times, as billing (30), shop (10)',
      ].join('\n'),
      expect.stringMatching(/^Peak: /),
      'Recorded since 2026-11-20 00:00:00 UTC.',
      'Not drawn: 1 other client of this alert.',
    ]);
    expect(chartOf(said)?.series.map(({ name }) => name)).toEqual([
      '192.0.2.7',
      '192.0.2.8',
      'web.example.com',
    ]);
    expect(linesOf(said)).toHaveLength(3);
  });

  it('is none without a failure in that time', () => {
    expect(message(['192.0.2.9'])).toBeNull();
    expect(message(['192.0.2.7'], [])).toBeNull();
    const old = day([failed('19T09:00:00', '19T09:05:00')], { day: '2026-11-19' });
    expect(message(['192.0.2.7'], [old])).toBeNull();
    expect(firstDay(NOW)).toBe('2026-11-19');
  });
});
