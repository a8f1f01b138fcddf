import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutbox } from '../../src/outbox/outbox.ts';
import { createResults } from '../../src/outbox/results.ts';
import type { OutboxStore } from '../../src/outbox/store.ts';
import { createChance } from '../chance.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createStage, pass } from './outbox-stage.ts';
import { post, root } from './posts.ts';

/** The outbox beside a store that fails, a second process, and its own end. */

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const OTHER = { channel: 'C2', subject: 'AL-2' };

describe('a store that is away', () => {
  type Call = keyof OutboxStore;

  /** Rejects these calls for so long. */
  function away(calls: readonly Call[], forMs: number): (store: OutboxStore) => OutboxStore {
    return (store) => {
      const backAt = Date.now() + forMs;
      const guarded =
        <T extends readonly unknown[], R>(name: Call, call: (...given: T) => Promise<R>) =>
        async (...given: T): Promise<R> => {
          if (Date.now() < backAt && calls.includes(name)) throw new Error('the store is away');
          return await call(...given);
        };
      return {
        take: guarded('take', store.take),
        begin: guarded('begin', store.begin),
        sent: guarded('sent', store.sent),
        retry: guarded('retry', store.retry),
        refused: guarded('refused', store.refused),
        nextDueAt: guarded('nextDueAt', store.nextDueAt),
        rootOf: guarded('rootOf', store.rootOf),
        stateOf: guarded('stateOf', store.stateOf),
      };
    };
  }

  it.each([
    { name: 'altogether', calls: ['take', 'begin', 'sent', 'nextDueAt'] },
    { name: 'when it is asked', calls: ['take'] },
    { name: 'when sending begins', calls: ['begin'] },
    { name: 'when it was said', calls: ['sent'] },
    { name: 'when asked what is next', calls: ['nextDueAt'] },
  ] as const)('$name loses and doubles nothing', async ({ calls }) => {
    const { store, chat, outbox, said, logged } = createStage({
      canFind: false,
      before: away(calls, 50_000),
    });
    store.save(post('1', root('one')), post('2', root('two'), OTHER));
    outbox.start();
    await pass(100_000);
    expect(said().toSorted()).toEqual(['1', '2']);
    expect(chat.calls.filter((call) => call.startsWith('post'))).toHaveLength(2);
    expect(store.isEmpty()).toBe(true);
    const faults = logged.filter(({ level }) => level === 'error');
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.length).toBeLessThan(8);
    await outbox.stop();
  });
});

describe('two processes on one store', () => {
  it('say everything once', async () => {
    const { store, chat, outbox, said } = createStage();
    const now = () => new Date();
    const other = createOutbox({
      ...{ store, chat, now, log: createFakeLog() },
      ...{ holder: 'two', chance: createChance() },
    });
    const ids = Array.from({ length: 20 }, (_, index) => `${index}`);
    store.save(
      ...ids.map((id) => post(id, root(id), { channel: `C${+id % 3}`, subject: `AL-${id}` })),
    );
    outbox.start();
    other.start();
    await pass(30_000);
    expect(said().toSorted()).toEqual(ids.toSorted());
    await Promise.all([outbox.stop(), other.stop()]);
  });

  it('where one slept through its hold, the other has it, and the sleeper lets it be', async () => {
    let isAwake = true;
    const awake = async () => {
      while (!isAwake) await new Promise((resolve) => setTimeout(resolve, 1000));
    };
    const { store, chat, outbox, said } = createStage({
      before: (real) => ({
        ...real,
        take: (...given) => awake().then(() => real.take(...given)),
        begin: async (...given) => {
          isAwake = false;
          await awake();
          return await real.begin(...given);
        },
      }),
    });
    const now = () => new Date();
    store.save(post('1', root('one')));
    outbox.start();
    await pass(1000);
    const other = createOutbox({
      ...{ store, chat, now, log: createFakeLog() },
      ...{ holder: 'two', chance: createChance() },
    });
    other.start();
    await pass(28_000);
    expect(said()).toEqual([]);
    await pass(5000);
    isAwake = true;
    await pass(10_000);
    expect(chat.calls).toEqual(['post 1']);
    await Promise.all([outbox.stop(), other.stop()]);
  });

  it('of which one takes longer than its hold: it is not begun a second time', async () => {
    const { store, chat, outbox } = createStage();
    chat.fail('C1', { kind: 'slow', ms: 45_000 });
    store.save(post('1', root('one')));
    outbox.start();
    await pass(200_000);
    expect(chat.calls).toEqual(['post 1']);
    expect(store.isEmpty()).toBe(true);
    await outbox.stop();
  });

  it.each([
    { name: 'within the hold it is free again', lateMs: -1, holder: undefined },
    { name: 'past the hold it stays with its holder', lateMs: 0, holder: 'two' },
  ])('of which one reports a failure: $name', async ({ lateMs, holder }) => {
    const { store } = createStage();
    const heldUntil = new Date(Date.now() + 30_000);
    store.save(post('1', root('one')));
    await store.take('two', new Date(), heldUntil);
    const at = new Date(+heldUntil + lateMs);
    const results = createResults(store, () => at, createFakeLog());
    const delivery = { kind: 'retry', why: 'away', mayBeSent: false, afterMs: null } as const;
    await results.write({ id: '1', delivery, at, retryAt: heldUntil, heldUntil });
    expect(store.kept[0]?.hold?.holder).toBe(holder);
  });
});

describe('a stop', () => {
  it('waits for what is under way, and begins nothing more', async () => {
    const { store, chat, outbox, said } = createStage();
    chat.fail('C1', { kind: 'slow', ms: 5000 });
    store.save(
      post('1', root('one')),
      post('2', root('two'), { subject: 'AL-3' }),
      post('3', root('three'), OTHER),
      post('4', root('four'), { ...OTHER, subject: 'AL-4' }),
    );
    outbox.start();
    await pass(500);
    const stopped = outbox.stop();
    await pass(5000);
    await stopped;
    expect(said()).toEqual(['3', '1']);
    await pass(60_000);
    expect(said()).toEqual(['3', '1']);
    // What waited for its turn is free for the next process.
    expect(store.kept.map(({ hold, wasBegun, end }) => [hold, wasBegun, end])).toEqual([
      [expect.anything(), true, 'said'],
      [null, false, null],
      [expect.anything(), true, 'said'],
      [null, false, null],
    ]);
  });

  it('waits until what its last look took is free again', async () => {
    const late = () => new Promise((resolve) => setTimeout(resolve, 500));
    const { store, chat, outbox } = createStage({
      before: (real) => ({
        ...real,
        take: (...given) => late().then(() => real.take(...given)),
        retry: (...given) => late().then(() => real.retry(...given)),
      }),
    });
    store.save(post('1', root('one')));
    outbox.start();
    await pass(100);
    let isStopped = false;
    const stopped = outbox.stop().then(() => {
      isStopped = true;
    });
    await pass(800);
    expect([isStopped, store.kept[0]?.hold?.holder]).toEqual([false, 'one']);
    await pass(100);
    await stopped;
    expect([store.kept[0]?.hold, chat.calls]).toEqual([null, []]);
  });

  it('stops waiting', async () => {
    const { store, chat, outbox, logged } = createStage();
    chat.fail('C1', { kind: 'slow', ms: 600_000 });
    store.save(post('1', root('one')));
    outbox.start();
    await pass(500);
    const stopped = outbox.stop();
    await pass(10_000);
    await stopped;
    expect(logged.map(({ message }) => message)).toContain(
      'the outbox stopped before all its posts had ended',
    );
  });
});
