import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createStage, pass } from './outbox-stage.ts';
import { edit, post, reply, root } from './posts.ts';

/** A root message that somebody deleted, with what follows about its subject. */

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A subject whose root was posted, and is gone. */
async function withDeletedRoot() {
  const stage = createStage();
  stage.store.save(post('1', root('one host')));
  stage.outbox.start();
  await pass(2000);
  const all = stage.chat.said as unknown as unknown[];
  all.splice(0, all.length);
  return stage;
}

describe('a deleted root', () => {
  const open = (headline: string) =>
    ({ ...edit(headline), replacesDeleted: true }) as ReturnType<typeof edit>;

  it('of something open is posted anew; the thread goes on there', async () => {
    const { store, outbox, chat } = await withDeletedRoot();
    store.save(post('2', open('two hosts')), post('3', reply('a second one')));
    outbox.wake();
    await pass(5000);
    const [again, said] = chat.said;
    expect(again).toMatchObject({ key: '2', thread: null, message: { headline: 'two hosts' } });
    expect(said).toMatchObject({ key: '3', thread: again?.ts });
    expect(store.isEmpty()).toBe(true);
    await outbox.stop();
  });

  it('is posted anew once, although the first answer was lost', async () => {
    const { store, outbox, chat } = await withDeletedRoot();
    const real = chat.post;
    let isFirst = true;
    Object.assign(chat, {
      post: async (message: Parameters<typeof real>[0]) => {
        const delivery = await real(message);
        const isLost = isFirst;
        isFirst = false;
        return isLost
          ? { kind: 'retry', why: 'internal_error', mayBeSent: true, afterMs: null }
          : delivery;
      },
    });
    store.save(post('2', open('two hosts')));
    outbox.wake();
    await pass(20_000);
    expect(chat.said.map(({ key }) => key)).toEqual(['2']);
    expect(await store.rootOf('AL-1')).toEqual({ channel: 'C1', ts: chat.said[0]?.ts });
    await outbox.stop();
  });

  it('of something that is over is not missed', async () => {
    const { store, outbox, chat } = await withDeletedRoot();
    store.save(post('2', edit('resolved')));
    outbox.wake();
    await pass(5000);
    expect(chat.said).toEqual([]);
    expect(await store.stateOf('2')).toMatchObject({ state: 'refused', why: 'it is gone' });
    await outbox.stop();
  });
});
