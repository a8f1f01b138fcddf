import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ChatFault } from '../fakes/chat.ts';
import { createStage, pass } from './outbox-stage.ts';
import { edit, file, post, reply, root } from './posts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const OTHER = { channel: 'C2', subject: 'AL-2' };

describe('what was stored', () => {
  it('is said: the root, its thread, a file, the newest text', async () => {
    const { store, chat, outbox } = createStage();
    store.save(
      post('1', root('3 blocked hosts')),
      post('2', reply('one more', true)),
      post('3', file('hosts.csv')),
      post('4', edit('4 blocked hosts')),
      post('5', edit('5 blocked hosts')),
    );
    outbox.start();
    await pass(10_000);
    expect(chat.said).toMatchObject([
      { key: '1', thread: null, message: { headline: '5 blocked hosts' } },
      { key: '2', thread: '1', isBroadcast: true },
      { key: '3', thread: '1', message: null },
    ]);
    expect(chat.calls).toEqual(['post 1', 'post 2', 'upload 3', 'edit 1']);
    expect(store.isEmpty()).toBe(true);
    await outbox.stop();
  });

  it('is said at once after a wake, and within two seconds without', async () => {
    const { store, outbox, said } = createStage();
    outbox.start();
    await pass(100);
    store.save(post('1', root('first')));
    outbox.wake();
    await pass(0);
    expect(said()).toEqual(['1']);
    store.save(post('2', root('second'), OTHER));
    await pass(2000);
    expect(said()).toEqual(['1', '2']);
    await outbox.stop();
  });

  it('goes into one channel no faster than Slack takes it', async () => {
    const { store, outbox, said } = createStage();
    store.save(...['1', '2', '3'].map((id) => post(id, root(id), { subject: `AL-${id}` })));
    outbox.start();
    await pass(999);
    expect(said()).toEqual(['1']);
    await pass(1);
    expect(said()).toEqual(['1', '2']);
    await pass(1000);
    expect(said()).toEqual(['1', '2', '3']);
    await outbox.stop();
  });
});

describe('a fault', () => {
  const limited: ChatFault = { kind: 'rate-limited', retryAfterMs: 20_000 };
  const unsent: ChatFault = { kind: 'unsent' };
  const taken: ChatFault = { kind: 'ambiguous', isTaken: true };
  const lost: ChatFault = { kind: 'ambiguous', isTaken: false };
  const refused: ChatFault = { kind: 'refused' };
  const uninvited: ChatFault = { kind: 'refused', cause: 'outside' };

  const cases: readonly {
    name: string;
    faults: readonly ChatFault[];
    canFind?: boolean;
    calls: readonly string[];
    levels: readonly string[];
  }[] = [
    { name: 'none', faults: [], calls: ['post 1'], levels: [] },
    {
      name: 'a rate limit is waited out',
      faults: [limited, limited],
      calls: ['post 1', 'post 1', 'post 1'],
      levels: ['info', 'info'],
    },
    {
      name: 'out of reach: tried again, not looked for',
      faults: [unsent, unsent],
      calls: ['post 1', 'post 1', 'post 1'],
      levels: ['warn', 'warn'],
    },
    {
      name: 'no answer, and taken: found, not said twice',
      faults: [taken],
      calls: ['post 1', 'find 1'],
      levels: ['warn'],
    },
    {
      name: 'no answer, and not taken: looked for, then said',
      faults: [lost],
      calls: ['post 1', 'find 1', 'post 1'],
      levels: ['warn'],
    },
    {
      name: 'no answer to the looks either: looked for again before it is sent',
      faults: [taken, unsent, limited, lost],
      calls: ['post 1', 'find 1', 'find 1', 'find 1', 'find 1'],
      levels: ['warn', 'warn', 'info', 'warn'],
    },
    {
      name: 'no answer, and no scope to look: rather twice than never',
      faults: [taken],
      canFind: false,
      calls: ['post 1', 'find 1', 'post 1'],
      levels: ['warn', 'warn'],
    },
    { name: 'a refusal is final', faults: [refused], calls: ['post 1'], levels: ['error'] },
    {
      name: 'not in the channel: said once it is invited',
      faults: [uninvited, uninvited],
      calls: ['post 1', 'post 1', 'post 1'],
      levels: ['warn', 'warn'],
    },
  ];

  it.each(cases)('$name', async ({ faults, canFind = true, calls, levels }) => {
    const { store, chat, outbox, logged } = createStage({ canFind });
    chat.fail('C1', ...faults);
    store.save(post('1', root('3 blocked hosts')));
    outbox.start();
    await pass(300_000);
    expect(chat.calls).toEqual(calls);
    expect(logged.map(({ level }) => level).filter((level) => level !== 'debug')).toEqual(levels);
    expect(store.isEmpty()).toBe(true);
    const limits = faults.filter(({ kind }) => kind === 'rate-limited').length;
    expect(outbox.counts()).toEqual({ rateLimited: limits, simplified: 0 });
    await outbox.stop();
  });

  it.each([
    { name: 'a rate limit', fault: limited },
    { name: 'a slow answer', fault: { kind: 'slow', ms: 8000 } },
    { name: 'a Slack out of reach', fault: unsent },
  ] as const)('$name holds up its own channel, in order, and no other', async ({ fault }) => {
    const { store, chat, outbox, said } = createStage();
    chat.fail('C1', fault);
    store.save(
      post('1', root('one')),
      post('2', root('two'), { subject: 'AL-3' }),
      post('3', root('three'), OTHER),
    );
    outbox.start();
    await pass(400);
    expect(said()).toEqual(['3']);
    await pass(30_000);
    expect(said()).toEqual(['3', '1', '2']);
    await outbox.stop();
  });

  it('that lasts is asked about ever more seldom, once a minute at most', async () => {
    const { store, chat, outbox } = createStage();
    chat.fail('C1', ...Array.from({ length: 200 }, () => unsent));
    store.save(post('1', root('one')));
    outbox.start();
    await pass(3_600_000);
    expect(chat.calls.length).toBeGreaterThan(60);
    expect(chat.calls.length).toBeLessThan(135);
    await outbox.stop();
  });

  it('of over a minute is told in the message', async () => {
    const { store, chat, outbox } = createStage();
    chat.fail('C1', { kind: 'rate-limited', retryAfterMs: 61_000 });
    store.save(post('1', root('3 blocked hosts')));
    outbox.start();
    await pass(70_000);
    expect(chat.said).toMatchObject([{ message: { headline: '3 blocked hosts (delayed)' } }]);
    await outbox.stop();
  });
});

it('what waits a day for an invitation is given up', async () => {
  const { store, chat, outbox, logged } = createStage();
  chat.fail('C1', ...Array<ChatFault>(2000).fill({ kind: 'refused', cause: 'outside' }));
  store.save(post('1', root('3 blocked hosts')));
  outbox.start();
  await pass(25 * 60 * 60_000);
  expect(chat.said).toEqual([]);
  expect(store.isEmpty()).toBe(true);
  expect(logged.filter(({ level }) => level === 'error')).toHaveLength(1);
  await outbox.stop();
});

describe('a refused root', () => {
  it('lets the channel go on; its thread is given up, its next text takes its place', async () => {
    const { store, chat, outbox, logged } = createStage();
    chat.fail('C1', { kind: 'refused' });
    store.save(
      post('1', root('3 blocked hosts')),
      post('2', reply('one more')),
      post('3', edit('4 blocked hosts')),
      post('5', root('DNS fails'), { subject: 'AL-9' }),
    );
    outbox.start();
    await pass(10_000);
    store.save(post('4', reply('and another')));
    await pass(10_000);
    expect(chat.said).toMatchObject([
      { key: '3', thread: null, message: { headline: '4 blocked hosts' } },
      { key: '5', thread: null },
      { key: '4', thread: '1' },
    ]);
    expect(store.kept.map(({ end }) => end)).toEqual([
      'refused',
      'refused',
      'said',
      'said',
      'said',
    ]);
    const reasons = logged.filter(({ level }) => level === 'error').map(({ facts }) => facts);
    expect(reasons).toMatchObject([
      { id: '1', why: 'not in the channel' },
      { id: '2', why: 'its root message was never posted' },
    ]);
    await outbox.stop();
  });
});
