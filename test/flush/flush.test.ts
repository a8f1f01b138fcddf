import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../src/flush/flush.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { BlockedHost, Shown } from '../../src/flush/request.ts';
import { identity } from '../scenarios/flush-requests.ts';
import { type Bed, CACHE, openBed, request, seconds } from './bed.ts';

/** The moment of the flush, and the minute after it; by a clock that is handed in. */

const DB2 = identity({ hostname: 'db2' });

const OTHER = 'a different server answers under this name';

let bed: Bed;

beforeEach(async () => {
  bed = await openBed();
});

afterEach(() => bed.close());

async function flushed(shown: Partial<Shown> = {}) {
  const approved = await bed.approvedAt(seconds(1), { shown: { ...request().shown, ...shown } });
  await execute(approved, bed.target(), bed.parts());
  return await bed.outcome();
}

const BLOCKED: BlockedHost = {
  address: '192.0.2.66',
  connectErrors: 100,
  looksLikeAttack: false,
};

describe('just before the statement', () => {
  it('all is as the card shows it: it runs, once', async () => {
    bed.cache = { ...CACHE, blockedHosts: [BLOCKED] };
    expect(await flushed({ blockedHosts: [BLOCKED] })).toMatchObject({ flushes: 1 });
  });

  it.each([
    {
      name: 'the reading account is led to another server',
      change: { reader: DB2, flusher: DB2 },
      says: `${OTHER}: hostname db1 -> db2`,
    },
    {
      name: 'a host more is blocked',
      change: {},
      blockedHosts: [BLOCKED],
      says: '1 host was blocked that the card did not list: 192.0.2.66',
    },
    {
      name: 'another statement flushes it',
      change: {},
      shown: { statement: 'FLUSH HOSTS' },
      says: 'the server is now flushed by TRUNCATE TABLE performance_schema.host_cache',
    },
  ])('$name: nothing runs, and a new request replaces it', async (each) => {
    const { change, blockedHosts = [], shown = {}, says } = each;
    Object.assign(bed.leads, change);
    bed.cache = { ...CACHE, blockedHosts };
    expect(await flushed(shown)).toEqual({
      state: 'superseded',
      outcome: `Not flushed: ${says}. FR-2 replaces this request.`,
      flushes: 0,
    });
    expect(await bed.state.flushes.find('FR-2')).toMatchObject({
      state: 'pending',
      decision: null,
      shown: { identity: bed.leads.reader, blockedHosts },
    });
  });

  it('the flush account alone is led to another server: nothing runs, and doctor is due', async () => {
    bed.leads.flusher = DB2;
    expect(await flushed()).toEqual({
      state: 'superseded',
      outcome: `Not flushed: ${OTHER}: hostname db1 -> db2 (for the flush account). FR-2 replaces this request. MYSQL_URL and MYSQL_FLUSH_URL reach different servers; run doctor before you approve it.`,
      flushes: 0,
    });
  });

  it('the reading account is led elsewhere while it reads: nothing runs', async () => {
    const target = bed.target();
    const cache = async () => {
      bed.leads.reader = DB2;
      return CACHE;
    };
    await execute(
      await bed.approvedAt(seconds(1)),
      { ...target, view: { ...target.view, cache } },
      bed.parts(),
    );
    expect(await bed.outcome()).toMatchObject({ state: 'superseded', flushes: 0 });
  });

  it('the request was stored by an older version: nothing runs', async () => {
    expect(await flushed({ identity: '83de194b-ebd5-11f1-95ef-d66162c8c379' })).toEqual({
      state: 'superseded',
      outcome:
        'Not flushed: an older version stored the request, without all that tells servers apart. FR-2 replaces this request.',
      flushes: 0,
    });
  });

  it('the server was restarted since: it is the same, and is flushed', async () => {
    const restarted = identity({ startedAt: seconds(30), readAt: seconds(40) });
    Object.assign(bed.leads, { reader: restarted, flusher: restarted });
    expect(await flushed()).toMatchObject({ state: 'flushed', flushes: 1 });
  });
});

describe('just after the statement', () => {
  it('the name leads to another server: its cache proves nothing', async () => {
    const target = bed.target();
    const open = async () => {
      const session = await target.flusher?.open();
      if (session === undefined) throw new Error('the bed has a flusher');
      const flush: typeof session.flush = async (statement) => {
        bed.leads.reader = DB2;
        return await session.flush(statement);
      };
      return { ...session, flush };
    };
    const flusher = { mayFlush: async () => ({ kind: 'may' }) as const, open };
    await execute(await bed.approvedAt(seconds(1)), { ...target, flusher }, bed.parts());
    expect(await bed.outcome()).toEqual({
      state: 'uncertain',
      outcome: `The statement ran without an error, but the result cannot be verified: ${OTHER}: hostname db1 -> db2.`,
      flushes: 1,
    });
    await bed.said();
    bed.now = seconds(300);
    await maintainRequests(bed.parts());
    expect(await bed.said()).toEqual([
      `5 minutes after the flush: unknown: ${OTHER}: hostname db1 -> db2.`,
    ]);
  });
});

describe('in the first minute after a statement whose end nobody heard', () => {
  const WAITING = { ...CACHE, readAt: seconds(40), oldestAt: seconds(-600) };
  const EMPTIED = { ...CACHE, readAt: seconds(40), oldestAt: null };

  it.each([
    { name: 'old entries are there: it may still wait for a lock', cache: WAITING, told: [] },
    { name: 'the cache cannot be seen', cache: null, told: [] },
    {
      name: 'none is there any more',
      cache: EMPTIED,
      told: ['Now: no earlier entry is left, so the cache was emptied.'],
    },
  ])('$name', async ({ cache, told }) => {
    bed.cache = { ...CACHE, oldestAt: seconds(-600) };
    bed.result = { kind: 'uncertain', why: 'main did not answer within 10 s.' };
    expect(await flushed()).toMatchObject({ state: 'uncertain', flushes: 1 });
    await bed.said();
    bed.cache = cache;
    bed.now = seconds(59);
    await maintainRequests(bed.parts());
    expect(await bed.said()).toEqual(told);
  });

  it('what could not be told then is told after it', async () => {
    bed.cache = { ...CACHE, oldestAt: seconds(-600) };
    bed.result = { kind: 'uncertain', why: 'main did not answer within 10 s.' };
    await flushed();
    await bed.said();
    bed.cache = WAITING;
    bed.now = seconds(60);
    await maintainRequests(bed.parts());
    expect(await bed.said()).toEqual([
      '1 minute after the flush: earlier entries are still there, so the statement did not run.',
    ]);
  });
});
