import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createChannels, HOLD_MS } from '../../src/outbox/channels.ts';
import { createResults } from '../../src/outbox/results.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { type ChatFault, createFakeChat } from '../fakes/chat.ts';
import { createMemoryOutboxStore } from '../fakes/outbox-store.ts';
import { pass } from './outbox-stage.ts';
import { post, QUEUED_AT, root } from './posts.ts';

/** One channel: how long it waits after faults, how long a post is held, and what a stop leaves. */

beforeEach(() => {
  vi.useFakeTimers({ now: QUEUED_AT });
});

afterEach(() => {
  vi.useRealTimers();
});

const unsent: ChatFault = { kind: 'unsent' };

function stage() {
  const now = () => new Date();
  const log = createFakeLog();
  const [store, chat] = [createMemoryOutboxStore(), createFakeChat({ now })];
  const results = createResults(store, now, log);
  const parts = { store, chat, results, now, log, holder: 'one', chance: () => 1 };
  const channels = createChannels(parts);
  /** Takes what is due, and sends it; resolves when it has ended. */
  const send = async (heldUntil = new Date(Date.now() + HOLD_MS)) => {
    const taken = await store.take('one', now(), heldUntil);
    await Promise.all(taken.map((each) => channels.send(each, heldUntil)));
  };
  const inMs = (at: number) => (store.kept[at]?.dueAt.getTime() ?? 0) - Date.now();
  return { store, chat, channels, send, inMs };
}

it('after a post that was sent, the first fault counts as the first again', async () => {
  const { store, chat, send, inMs } = stage();
  chat.fail('C1', unsent, unsent);
  store.save(post('1', root('one')), post('2', root('two'), { subject: 'AL-2' }));
  await send();
  expect(inMs(0)).toBe(1000);
  await pass(1000);
  await send();
  expect(inMs(0)).toBe(2000);
  await pass(2000);
  await send();
  expect(chat.said).toMatchObject([{ key: '1' }]);
  chat.fail('C1', unsent);
  await pass(1000);
  await send();
  expect(inMs(1)).toBe(1000);
});

it('a post is held for its full time from when its sending begins', async () => {
  const { store, chat, send } = stage();
  chat.fail('C1', { kind: 'slow', ms: 20_000 });
  store.save(post('1', root('one')));
  // It waited for its turn, so that little is left of the time for which it was taken.
  const sending = send(new Date(Date.now() + 5000));
  await pass(0);
  expect(store.kept[0]?.hold?.untilAt).toEqual(new Date(QUEUED_AT.getTime() + HOLD_MS));
  await pass(20_000);
  await sending;
  expect(store.kept).toMatchObject([{ end: 'said' }]);
});

it('a stop leaves a post that may have been sent as one that may have been sent', async () => {
  const { store, chat, channels, send } = stage();
  chat.fail('C1', { kind: 'ambiguous', isTaken: true });
  store.save(post('1', root('one')));
  await send();
  await channels.stop();
  await pass(1000);
  await send();
  expect(store.kept).toMatchObject([
    { wasBegun: true, hold: null, end: null, why: 'the bot was stopped' },
  ]);
  expect(chat.calls).toEqual(['post 1']);
});
