import { beforeEach, describe, expect, it } from 'vitest';
import { note, sentence, time } from '../../../src/chat/message.ts';
import type { Post } from '../../../src/outbox/store.ts';
import type { Bed } from './contract.ts';
import { NOON, post, seconds } from './samples.ts';

/** How waiting replies and files of one subject are merged in the store. */

const UNTIL = seconds(30);

export function outboxMergeContract(bed: Bed): void {
  const store = (...posts: readonly Post[]) => bed.state.alerts.save([], posts);
  const take = (now = NOON) => bed.state.outbox.take('me', now, UNTIL);
  const taken = async () => (await take()).map(({ id }) => id);
  const sent = (id: string) => bed.state.outbox.sent(id, `${id}.ts`, NOON);
  const due = () => bed.state.outbox.nextDueAt();

  describe('posts that wait', () => {
    const reply = (headline: string, isBroadcast = false) =>
      ({ kind: 'reply', message: sentence(headline), isBroadcast }) as const;
    const file = (name: string, text: string) => ({ kind: 'file', name, text }) as const;

    beforeEach(async () => {
      await store(post('root', 'root'));
      await sent('root');
    });

    it('merges replies that wait; each says when it was made', async () => {
      for (const count of [1, 2, 3]) {
        const content = reply(`no ${count}.`);
        await store(post(`r${count}`, 'reply', { content, queuedAt: seconds(count) }));
      }
      const [one] = await take(seconds(9));
      expect(one).toMatchObject({ id: 'r1', queuedAt: seconds(1) });
      expect(one?.content.kind === 'reply' && one.content.message).toEqual({
        headline: 'no 1. no 2. no 3.',
        blocks: [1, 2, 3].flatMap((count) => [
          note(time(seconds(count))),
          ...sentence(`no ${count}.`).blocks,
        ]),
      });
      await sent('r1');
      expect(await due()).toBeNull();
      expect(await bed.state.outbox.stateOf('r3')).toEqual({ state: 'needless', why: null });
    });

    it('does not merge a reply into one for all, or into one that is held', async () => {
      await store(post('r1', 'reply', { content: reply('one') }));
      await store(post('r2', 'reply', { content: reply('two', true) }));
      expect(await taken()).toEqual(['r1']);
      await store(post('r3', 'reply', { content: reply('three') }));
      await sent('r1');
      expect(await taken()).toEqual(['r2']);
      await sent('r2');
      expect(await taken()).toEqual(['r3']);
    });

    it('begins another reply before one message is full', async () => {
      for (let count = 0; count < 100; count += 1) {
        const content = reply(`${count}: ${'x'.repeat(200)}`);
        await store(post(`r${count}`, 'reply', { content }));
      }
      const said: string[] = [];
      for (let next = await take(); next.length > 0; next = await take()) {
        for (const { id, content } of next) {
          if (content.kind !== 'file') said.push(content.message.headline);
          await sent(id);
        }
      }
      expect(said.length).toBeGreaterThan(5);
      expect(said.length).toBeLessThan(20);
      expect(said.join(' ').match(/\d+:/g)).toHaveLength(100);
    });

    it('merges files of one name: each host once, as the later one has it', async () => {
      await store(post('f1', 'file', { content: file('a.csv', 'host,what\na,1\nb,"x,\ny"\n') }));
      await store(post('f2', 'file', { content: file('b.csv', 'host,what\na,1\n') }));
      await store(post('f3', 'file', { content: file('b.csv', 'host,what\nc,3\na,2\n') }));
      await store(post('f4', 'file', { content: file('a.csv', 'host,what\na,2\n') }));
      const texts: string[] = [];
      for (let next = await take(); next.length > 0; next = await take()) {
        for (const { id, content } of next) {
          if (content.kind === 'file') texts.push(content.text);
          await sent(id);
        }
      }
      expect(texts).toEqual([
        'host,what\na,1\nb,"x,\ny"\n',
        'host,what\na,2\nc,3\n',
        'host,what\na,2\n',
      ]);
    });
  });
}
