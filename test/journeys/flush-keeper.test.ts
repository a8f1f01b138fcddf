import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import type { Caller } from '../../src/chat/caller.ts';
import { type Background, createBackground } from '../../src/compose/background.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { FlushCommandParts } from '../../src/flush/command-parts.ts';
import { approveCommand, flushCommand, rejectCommand } from '../../src/flush/commands.ts';
import type { FlushTarget } from '../../src/flush/flush.ts';
import type { FlushCache } from '../../src/flush/flusher.ts';
import { keep } from '../../src/flush/keeper.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';

/** Requests that are found long after, by a clock that is wrong, or of a server that is gone; by a clock that is handed in. */

const NOON = new Date('2026-11-20T12:00:00Z');
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);
const HOUR = 3600;

let state: State;
let folder: string;
let now: Date;
let flushes: number;
let background: Background;
let cache: FlushCache;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
  now = NOON;
  background = createBackground(createFakeLog());
  flushes = 0;
  cache = { entries: 1, blockedHosts: [], csv: 'IP\n192.0.2.7', readAt: NOON, oldestAt: NOON };
});

afterEach(async () => {
  await background.settled();
  await state.close();
  rmSync(folder, { recursive: true });
});

function request(given: Partial<FlushRequest> = {}): FlushRequest {
  return {
    id: 'FR-1',
    server: 'main',
    reason: 'DNS is mended',
    requester: 'U0ALICE',
    requestedAt: NOON,
    expiresAt: seconds(24 * HOUR),
    shown: {
      identity: { id: 'a' },
      statement: 'TRUNCATE TABLE performance_schema.host_cache',
      entries: 1,
      blockedHosts: [],
      forecast: [],
    },
    channel: 'C1',
    thread: null,
    state: 'pending',
    decision: null,
    outcome: null,
    changedAt: NOON,
    ...given,
  };
}

function target(): FlushTarget {
  return {
    ...{ server: createFakeServer({}), resolver: createFakeResolver({}) },
    view: {
      identity: async () => ({ id: 'a' }),
      cache: async () => cache,
    },
    flusher: {
      mayFlush: async () => ({ kind: 'may' }),
      open: async () => ({
        mayFlush: async () => ({ kind: 'may' }),
        identity: async () => ({ id: 'a' }),
        flush: async () => {
          flushes += 1;
          return { kind: 'flushed' };
        },
        close: () => undefined,
      }),
    },
    channel: 'C1',
    approvers: ['U0BOB'],
  };
}

function parts(targets: readonly FlushTarget[] = [target()]): FlushCommandParts {
  return composeInside({
    ...{ targets, state, log: createFakeLog(), now: () => now },
    requestTtlMs: 600_000,
    membersOf: async (ids) => ids,
    inBackground: background.add,
  });
}

async function approvedAt(at: Date): Promise<void> {
  await state.flushes.add(request(), []);
  const decision = { by: 'U0BOB', at, reason: null, approvers: ['U0BOB'] };
  expect(await state.flushes.decide('FR-1', 'approved', decision, [])).toBe(true);
}

async function outcome() {
  const found = await state.flushes.find('FR-1');
  return { state: found?.state, outcome: found?.outcome, flushes };
}

/** What is to be said: texts, and files whole. */
async function said(): Promise<readonly string[]> {
  const texts: string[] = [];
  for (;;) {
    const [post] = await state.outbox.take('me', now, seconds(48 * HOUR));
    if (post === undefined) return texts;
    const { id, content } = post;
    texts.push(content.kind === 'file' ? content.text : content.message.headline);
    await state.outbox.begin(id, 'me', seconds(48 * HOUR));
    await state.outbox.sent(id, '1', now);
  }
}

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
  const reply = await command?.run({ words, line: words.join(' '), options: {}, caller }, parts());
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
    await approvedAt(seconds(10));
    now = seconds(10 + agoS);
    await keep(parts());
    expect(await outcome()).toMatchObject({ state: ends, flushes: ran });
    if (ends === 'failed') expect((await outcome()).outcome).toContain('within two minutes');
    // And it stays so.
    await keep(parts());
    expect(flushes).toBe(ran);
  });

  it('begun by one that died: nobody knows, its evidence is kept, and it is not run again', async () => {
    await approvedAt(seconds(10));
    await state.flushes.saveSnapshot('FR-1', {
      csv: 'IP\n192.0.2.7',
      oldestAt: null,
      readAt: new Date(),
    });
    await state.flushes.begin('FR-1', 'who died', seconds(11));
    now = seconds(30);
    await keep(parts());
    expect(await outcome()).toMatchObject({ state: 'uncertain', flushes: 0 });
    expect(await said()).toEqual([
      expect.stringContaining('Uncertain'),
      expect.stringContaining('it is not run again'),
      'IP\n192.0.2.7',
    ]);
  });
});

const EMPTIED = 'so the cache was emptied';
const STILL = 'still there, so it did not run';
const UNSEEN = 'cannot be seen here';

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
  // An hour ahead of ours.
  const byItsClock = (at: number | null) => (at === null ? null : seconds(at + HOUR));
  await approvedAt(seconds(10));
  if (saved !== undefined) {
    const times = { oldestAt: byItsClock(saved), readAt: seconds(10 + HOUR) };
    await state.flushes.saveSnapshot('FR-1', { csv: 'IP', ...times });
  }
  await state.flushes.begin('FR-1', 'me', seconds(11));
  const outcome = { outcome: 'x', at: seconds(20) };
  await state.flushes.move('FR-1', 'approved', 'uncertain', outcome, []);
  now = seconds(81);
  cache = { ...cache, readAt: seconds(81 + HOUR), oldestAt: byItsClock(oldest) };
  await keep(parts());
  expect(await said()).toEqual([expect.stringContaining(ends)]);
});

it('of a server that is not in the settings any more nothing runs', async () => {
  await approvedAt(seconds(10));
  now = seconds(20);
  await keep(parts([]));
  expect(await outcome()).toMatchObject({ state: 'failed', flushes: 0 });
  expect((await outcome()).outcome).toContain('not in the settings any more');
  await state.flushes.add(request({ id: 'FR-2', server: 'old' }), []);
  for (const line of ['approve FR-2', 'reject FR-2']) {
    expect(await click(line)).toBe(
      'FR-2 asks for a flush of old, which is not in the settings any more: nothing runs.',
    );
  }
  const refused = { by: 'U0BOB', what: expect.stringContaining('refused: FR-2 asks') };
  expect((await state.flushes.auditOf('FR-2')).slice(1)).toMatchObject([refused, refused]);
  expect(await click('flush on old')).toContain('expected "on" and one of main');
  expect(await state.flushes.openOn('main')).toBeNull();
});

it('asked by a replica whose clock is ahead it cannot be approved, and can be rejected', async () => {
  await state.flushes.add(request({ requestedAt: seconds(HOUR) }), []);
  expect(await click('approve FR-1')).toMatch(/has not come yet by the clock here.*Nothing runs/);
  expect(await state.flushes.find('FR-1')).toMatchObject({ state: 'pending' });
  expect(await click('reject FR-1')).toContain('is rejected');
  // A little is no fault.
  await state.flushes.add(request({ id: 'FR-2', requestedAt: seconds(30) }), []);
  expect(await click('approve FR-2')).toContain('is approved');
});

it('an old card, whose id has been given anew, approves nothing', async () => {
  await state.flushes.add(request(), [
    {
      id: 'FR-1/card',
      channel: 'C1',
      subject: 'FR-1',
      content: { kind: 'root', message: { headline: 'card', blocks: [] } },
      queuedAt: NOON,
    },
  ]);
  await state.outbox.take('me', NOON, seconds(9));
  await state.outbox.begin('FR-1/card', 'me', seconds(9));
  await state.outbox.sent('FR-1/card', '20.0', NOON);
  expect(await click('approve FR-1', { thread: '10.0' })).toContain('This is an old card');
  expect(await click('reject FR-1', { thread: '10.0' })).toContain('This is an old card');
  expect(await state.flushes.find('FR-1')).toMatchObject({ state: 'pending' });
  expect(await click('approve FR-1', { thread: '20.0' })).toContain('is approved');
});
