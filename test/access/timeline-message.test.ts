import { describe, expect, it } from 'vitest';
import type { AccessDay } from '../../src/access/record.ts';
import { failuresOf, timelineOf } from '../../src/access/timeline.ts';
import { timelineMessage } from '../../src/access/timeline-message.ts';
import { plain } from '../../src/chat/message.ts';
import { ADDRESS, at, day, failed, USE } from './days.ts';

const timeline = (days: readonly AccessDay[]) =>
  timelineOf({ server: 'main', client: ADDRESS, days, flushes: [] });

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
