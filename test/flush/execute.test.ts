import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { execute } from '../../src/flush/flush.ts';
import type { FlushCache, FlushSession } from '../../src/flush/flusher.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import { identity } from '../scenarios/flush-requests.ts';
import { type Bed, CACHE, openBed, STATEMENT, seconds } from './bed.ts';

/** What is reported of an approved flush, by the step at which it ends. */

let bed: Bed;
/** How many connections of the flush account were closed. */
let closed: number;

beforeEach(async () => {
  bed = await openBed();
  closed = 0;
});

afterEach(() => bed.close());

/** The server, where the flush account's connection differs in this. */
function targetWith(change: Partial<FlushSession>): FlushTarget {
  const target = bed.target();
  const open = async () => {
    const session = await target.flusher?.open();
    if (session === undefined) throw new Error('the bed has a flusher');
    const close = () => {
      closed += 1;
    };
    return { ...session, close, ...change };
  };
  return { ...target, flusher: { mayFlush: async () => ({ kind: 'may' }), open } };
}

/** The server, where the reading account sees this after the statement. */
function targetThen(after: () => FlushCache | null): FlushTarget {
  let isFlushed = false;
  const target = targetWith({
    flush: async () => {
      isFlushed = true;
      return { kind: 'flushed' };
    },
  });
  const cache = async () => (isFlushed ? after() : bed.cache);
  return { ...target, view: { ...target.view, cache } };
}

async function run(target: FlushTarget) {
  const told: string[] = [];
  const flushed = (server: string, result: string) => void told.push(`${server} ${result}`);
  await execute(await bed.approvedAt(seconds(1)), target, { ...bed.parts(), flushed });
  return { ...(await bed.outcome()), told };
}

describe('before the statement', () => {
  it.each([
    {
      name: 'there is no flush account',
      target: () => ({ ...bed.target(), flusher: null }),
      says: 'Not flushed: MYSQL_FLUSH_URL is not set.',
      closes: 0,
    },
    {
      name: 'the account lost its right',
      target: () =>
        targetWith({ mayFlush: async () => ({ kind: 'off', why: 'no DROP', statements: [] }) }),
      says: 'Not flushed: no DROP.',
      closes: 1,
    },
    {
      name: 'the server does not answer',
      target: () =>
        targetWith({ identity: () => Promise.reject(createUnreadable('main is away.')) }),
      says: 'Not flushed: main is away.',
      closes: 1,
    },
    {
      name: 'there is a bug',
      target: () => targetWith({ identity: () => Promise.reject(new Error('secret inside')) }),
      says: 'Not flushed: Internal error. Details are in the log.',
      closes: 1,
    },
  ])('$name: it has failed, and nothing runs', async ({ target, says, closes }) => {
    const ended = { state: 'failed', outcome: says, flushes: 0, told: ['main failed'] };
    expect(await run(target())).toEqual(ended);
    expect(closed).toBe(closes);
  });

  it('another process has begun it: this one leaves it alone', async () => {
    const approved = await bed.approvedAt(seconds(1));
    await bed.state.flushes.begin(approved.id, 'another process', seconds(1));
    await execute(approved, bed.target(), bed.parts());
    expect(await bed.outcome()).toEqual({ state: 'approved', outcome: null, flushes: 0 });
  });

  it('the replacement can be approved for the usual time', async () => {
    bed.leads.flusher = identity({ hostname: 'db2' });
    expect(await run(bed.target())).toMatchObject({ told: ['main superseded'] });
    expect(await bed.state.flushes.find('FR-2')).toMatchObject({ expiresAt: seconds(600) });
  });
});

describe('at the statement', () => {
  it('the server is sent what the card shows, and the connection is closed', async () => {
    const sent: string[] = [];
    const flush: FlushSession['flush'] = async (statement) => {
      sent.push(statement);
      return { kind: 'flushed' };
    };
    expect(await run(targetWith({ flush }))).toMatchObject({ told: ['main flushed'] });
    expect([sent, closed]).toEqual([[STATEMENT], 1]);
  });

  it.each([
    { kind: 'failed', says: 'Not flushed: why', files: [] },
    { kind: 'uncertain', says: 'The statement may have run: why', files: [CACHE.csv] },
  ] as const)('$kind: the thread has $files', async ({ kind, says, files }) => {
    bed.result = { kind, why: 'why' };
    expect(await run(bed.target())).toMatchObject({ state: kind, outcome: says });
    const said = await bed.said();
    expect(said.filter((text) => text === CACHE.csv)).toEqual(files);
  });
});

describe('after the statement', () => {
  const hidden =
    'The statement ran without an error, but the result cannot be verified: performance_schema is off, so the host cache cannot be seen.';
  const away = () => {
    throw createUnreadable('main is away.');
  };
  const broken = () => {
    throw new Error('secret inside');
  };
  const oldest = (oldestAt: Date | null, entries = 1) => ({ ...CACHE, entries, oldestAt });

  it.each([
    {
      name: 'no entry is left',
      after: () => oldest(null, 0),
      state: 'flushed',
      says: 'The cache was emptied: 1 entry before, 0 now.',
    },
    {
      name: 'the oldest is as old as rounding makes one that is new',
      after: () => oldest(seconds(-1)),
      state: 'flushed',
      says: 'The cache was emptied: 1 entry before, 1 now.',
    },
    {
      name: 'the oldest is older',
      after: () => oldest(seconds(-1.001)),
      state: 'uncertain',
      says: 'The statement ran, but old entries are still there: 1 entry before, 1 now.',
    },
    { name: 'the cache is hidden', after: () => null, state: 'uncertain', says: hidden },
    {
      name: 'the server does not answer',
      after: away,
      state: 'uncertain',
      says: 'The statement ran, but the result could not be verified: main is away.',
    },
    {
      name: 'there is a bug',
      after: broken,
      state: 'uncertain',
      says: 'The statement may have run; its result is unknown: Internal error. Details are in the log.',
    },
  ])('$name: $state', async ({ after, state, says }) => {
    expect(await run(targetThen(after))).toMatchObject({ state, outcome: says });
  });

  it('a cache that was hidden before proves nothing', async () => {
    bed.cache = null;
    const ended = await run(targetThen(() => CACHE));
    expect(ended).toMatchObject({ state: 'uncertain', outcome: hidden });
  });
});

describe('the state does not answer when the result is stored', () => {
  /** `isStored`: only the answer is lost. */
  async function runWith(lost: number, isStored: boolean) {
    const approved = await bed.approvedAt(seconds(1));
    const told: string[] = [];
    const parts = bed.parts();
    let left = lost;
    const move: typeof parts.flushes.move = async (...change) => {
      if (left === 0) return await parts.flushes.move(...change);
      left -= 1;
      if (isStored) await parts.flushes.move(...change);
      throw createUnreadable('the state did not answer.');
    };
    const flushes = { ...parts.flushes, move };
    const flushed = (server: string, result: string) => void told.push(`${server} ${result}`);
    await execute(approved, bed.target(), {
      ...{ ...parts, flushes, flushed },
      wait: async () => undefined,
    });
    return { ...(await bed.outcome()), told };
  }

  it.each([
    { name: 'once', lost: 1, isStored: false },
    { name: 'twice', lost: 2, isStored: false },
    { name: 'though it has stored it', lost: 1, isStored: true },
  ])('$name: the result is told all the same, once', async ({ lost, isStored }) => {
    expect(await runWith(lost, isStored)).toMatchObject({
      ...{ state: 'flushed', flushes: 1, told: ['main flushed'] },
      outcome: 'The cache was emptied: 1 entry before, 1 now.',
    });
  });

  it('at all tries: it is uncertain', async () => {
    expect(await runWith(3, false)).toMatchObject({
      ...{ state: 'uncertain', flushes: 1, told: ['main uncertain'] },
      outcome: 'The statement may have run; its result is unknown: the state did not answer.',
    });
  });
});
