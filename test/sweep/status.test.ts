import { describe, expect, it } from 'vitest';
import { EMPTY_CARD } from '../../src/sweep/card.ts';
import { readStatus, statusMessage } from '../../src/sweep/status.ts';
import { alert, NOON, seconds, silence, sweepRecord } from '../adapters/store/samples.ts';

/** What `status` shows of the open alerts, and of the next sweep. */

it.each([
  { name: 'as many alerts as it shows', count: 20, more: [] },
  { name: 'more alerts than it shows', count: 23, more: ['+ 3 more'] },
])('$name', ({ count, more }) => {
  const alerts = Array.from({ length: count }, (_, at) =>
    alert({ id: `AL-${at}`, card: EMPTY_CARD }),
  );
  const known = { record: null, sweptAt: null, nextAt: null, flushing: 'off' };
  const { headline, blocks } = statusMessage([{ server: 'main', alerts, ...known }], NOON);
  expect(headline).toBe(`1 server, ${count} open alerts, 1 not read.`);
  const lines = blocks.flatMap((block) =>
    'spans' in block ? [block.spans.map((span) => ('text' in span ? span.text : '')).join('')] : [],
  );
  expect(lines.filter((line) => line.startsWith('AL-'))).toHaveLength(20);
  expect(lines.filter((line) => line.startsWith('+'))).toEqual(more);
});

it('says which alerts are silenced, by whom and until when', async () => {
  const [silenced, ended] = [silence({ reason: 'ours' }), silence({ endsAt: NOON })];
  const servers = await readStatus({
    targets: [{ server: { name: 'main' } }],
    alerts: {
      open: async () => [
        alert({ id: 'AL-1', card: { ...EMPTY_CARD, silence: silenced } }),
        alert({ id: 'AL-2', card: { ...EMPTY_CARD, silence: ended } }),
      ],
    },
    sweeps: { records: async () => [sweepRecord()] },
    now: () => NOON,
    nextSweepAt: () => null,
    flushing: () => 'off',
    linkTo: async () => null,
  });
  const { headline, blocks } = statusMessage(servers, NOON);
  expect(headline).toBe('1 server, 2 open alerts (1 silenced).');
  const [, first, second] = blocks.flatMap((block) =>
    'spans' in block
      ? [block.spans.map((span) => ('text' in span ? span.text : span.kind)).join('')]
      : [],
  );
  const title = '2 hosts without a name on main, firing';
  expect(first).toBe(`AL-1 ${title}, silenced by user until time (SI-1)`);
  expect(second).toBe(`AL-2 ${title}`);
});

describe('the next sweep', () => {
  const record = sweepRecord({ nextAt: seconds(300) });

  it.each([
    { name: 'of a bot that sweeps on time', record, at: 240, next: 'in 1 minute' },
    { name: 'of a bot that is a little late', record, at: 330, next: 'now' },
    { name: 'of a bot that has missed it', record, at: 361, next: 'none' },
    { name: 'of a bot without a schedule', record: sweepRecord({ nextAt: null }), next: 'none' },
    { name: 'where no bot has swept', record: null, next: 'none' },
    { name: "by the bot's own schedule", record, at: 400, own: seconds(520), next: 'in 2 minutes' },
    { name: 'of a bot whose schedule is off', record, at: 240, own: null, next: 'none' },
  ])('$name: $next', async ({ record: last, at = 0, own, next }) => {
    const now = seconds(at);
    const servers = await readStatus({
      targets: [{ server: { name: 'main' } }],
      alerts: { open: async () => [] },
      sweeps: { records: async () => (last === null ? [] : [last]) },
      now: () => now,
      nextSweepAt: () => own,
      flushing: () => 'off',
      linkTo: async () => null,
    });
    const { blocks } = statusMessage(servers, now);
    const [row] = blocks.flatMap((block) => (block.kind === 'table' ? block.rows : []));
    expect(row?.at(-2)).toBe(next);
  });
});
