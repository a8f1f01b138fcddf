import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Caller } from '../../src/chat/subcommand.ts';
import { flushCommand } from '../../src/flush/ask.ts';
import { approveCommand, rejectCommand } from '../../src/flush/decide.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import { type Bed, CACHE, HOUR, NOON, openBed, request, seconds } from '../flush/bed.ts';

/** Maintenance of old requests, of requests with a wrong clock and of removed servers, with a given clock. */

let bed: Bed;

beforeEach(async () => {
  bed = await openBed();
});

afterEach(() => bed.close());

async function click(line: string, given: Partial<Caller> = {}): Promise<string> {
  const [name, ...words] = line.split(' ');
  const command = [flushCommand, approveCommand, rejectCommand].find((each) => each.name === name);
  const caller: Caller = {
    kind: 'person',
    user: 'U0BOB',
    channel: 'C1',
    thread: null,
    isClick: true,
    ...given,
  };
  const reply = await command?.run(
    { words, line: words.join(' '), options: {}, caller },
    bed.parts(),
  );
  return reply?.messages.map(({ headline }) => headline).join('\n') ?? '';
}

describe('an approval that the program found when it started', () => {
  it.each([
    { name: 'a minute ago, is carried out', agoS: 60, ends: 'flushed', flushes: 1 },
    {
      name: 'hours ago, though it would not have expired',
      agoS: 6 * HOUR,
      ends: 'failed',
      flushes: 0,
    },
    { name: 'by a clock that is ahead', agoS: -HOUR, ends: 'failed', flushes: 0 },
  ])('$name', async ({ agoS, ends, flushes: ran }) => {
    await bed.approvedAt(seconds(10));
    bed.now = seconds(10 + agoS);
    await maintainRequests(bed.parts());
    expect(await bed.outcome()).toMatchObject({ state: ends, flushes: ran });
    if (ends === 'failed') expect((await bed.outcome()).outcome).toContain('within two minutes');
    // A second run changes nothing.
    await maintainRequests(bed.parts());
    expect(bed.flushes).toBe(ran);
  });

  it('begun by one that died: nobody knows, its evidence is kept, and it is not run again', async () => {
    await bed.approvedAt(seconds(10));
    await bed.state.flushes.saveSnapshot('FR-1', {
      csv: 'IP\n192.0.2.7',
      oldestAt: null,
      readAt: new Date(),
    });
    await bed.state.flushes.begin('FR-1', 'who died', seconds(11));
    bed.now = seconds(30);
    await maintainRequests(bed.parts());
    expect(await bed.outcome()).toMatchObject({ state: 'uncertain', flushes: 0 });
    expect(await bed.said()).toEqual([
      expect.stringContaining('Uncertain'),
      expect.stringContaining('is not run again'),
      'IP\n192.0.2.7',
    ]);
  });
});

const EMPTIED = 'so the cache was emptied';
const STILL = 'still there, so the statement did not run';
const UNSEEN = 'cannot be determined';

it.each([
  { name: 'an old entry is still there', saved: 0, oldest: 0, ends: STILL },
  { name: 'the oldest was evicted', saved: 0, oldest: 9, ends: STILL },
  { name: 'as old as the reading, none older', saved: 0, oldest: 10, ends: EMPTIED },
  { name: 'nothing is there', saved: 0, oldest: null, ends: EMPTIED },
  { name: 'all was young, and is as young', saved: 10, oldest: 11, ends: UNSEEN },
  { name: 'all was young, and is younger', saved: 10, oldest: 12, ends: EMPTIED },
  { name: 'nothing was there', saved: null, oldest: null, ends: UNSEEN },
  { name: 'nothing was saved', saved: undefined, oldest: 0, ends: UNSEEN },
])('of a statement whose end nobody heard: $name', async ({ saved, oldest, ends }) => {
  // One hour ahead of this machine's clock.
  const byItsClock = (at: number | null) => (at === null ? null : seconds(at + HOUR));
  await bed.approvedAt(seconds(10));
  if (saved !== undefined) {
    const times = { oldestAt: byItsClock(saved), readAt: seconds(10 + HOUR) };
    await bed.state.flushes.saveSnapshot('FR-1', { csv: 'IP', ...times });
  }
  await bed.state.flushes.begin('FR-1', 'me', seconds(11));
  const outcome = { outcome: 'x', at: seconds(20) };
  await bed.state.flushes.move('FR-1', 'approved', 'uncertain', outcome, []);
  bed.now = seconds(81);
  bed.cache = { ...CACHE, readAt: seconds(81 + HOUR), oldestAt: byItsClock(oldest) };
  await maintainRequests(bed.parts());
  expect(await bed.said()).toEqual([expect.stringContaining(ends)]);
});

it('of a server that is not in the settings any more nothing runs', async () => {
  await bed.approvedAt(seconds(10));
  bed.now = seconds(20);
  await maintainRequests(bed.parts([]));
  expect(await bed.outcome()).toMatchObject({ state: 'failed', flushes: 0 });
  expect((await bed.outcome()).outcome).toContain('no longer in the settings');
  await bed.state.flushes.add(request({ id: 'FR-2', server: 'old' }), []);
  for (const line of ['approve FR-2', 'reject FR-2']) {
    expect(await click(line)).toBe(
      'FR-2 requests a flush of old, which is no longer in the settings. Nothing was run.',
    );
  }
  const refused = { by: 'U0BOB', what: expect.stringContaining('refused: FR-2 requests') };
  expect((await bed.state.flushes.auditOf('FR-2')).slice(1)).toMatchObject([refused, refused]);
  expect(await click('flush on old')).toContain('expected "on" and one of main');
  expect(await bed.state.flushes.openOn('main')).toBeNull();
});

it('asked by a replica whose clock is ahead it cannot be approved, and can be rejected', async () => {
  await bed.state.flushes.add(request({ requestedAt: seconds(HOUR) }), []);
  expect(await click('approve FR-1')).toMatch(
    /is in the future by the clock of this replica.*Nothing was run/,
  );
  expect(await bed.state.flushes.find('FR-1')).toMatchObject({ state: 'pending' });
  expect(await click('reject FR-1')).toContain('is rejected');
  // A small difference is allowed.
  await bed.state.flushes.add(request({ id: 'FR-2', requestedAt: seconds(30) }), []);
  expect(await click('approve FR-2')).toContain('is approved');
});

it('an old card, whose id was given again, approves nothing', async () => {
  await bed.state.flushes.add(request(), [
    {
      id: 'FR-1/card',
      channel: 'C1',
      subject: 'FR-1',
      content: { kind: 'root', message: { headline: 'card', blocks: [] } },
      queuedAt: NOON,
    },
  ]);
  await bed.state.outbox.take('me', NOON, seconds(9));
  await bed.state.outbox.begin('FR-1/card', 'me', seconds(9));
  await bed.state.outbox.sent('FR-1/card', '20.0', NOON);
  expect(await click('approve FR-1', { thread: '10.0' })).toContain('This card is out of date');
  expect(await click('reject FR-1', { thread: '10.0' })).toContain('This card is out of date');
  expect(await bed.state.flushes.find('FR-1')).toMatchObject({ state: 'pending' });
  expect(await click('approve FR-1', { thread: '20.0' })).toContain('is approved');
});
