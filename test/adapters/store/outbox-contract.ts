import { beforeEach, describe, expect, it } from 'vitest';
import type { Post, TakenPost } from '../../../src/outbox/store.ts';
import type { Bed } from './contract.ts';
import { NOON, post, seconds } from './samples.ts';

/** How the outbox is stored: posts that are still to be sent. */

const UNTIL = seconds(30);
const DAY_S = 86_400;

export function outboxContract(bed: Bed): void {
  const store = (...posts: readonly Post[]) => bed.state.alerts.save([], posts);
  const take = (now = NOON, holder = 'me') => bed.state.outbox.take(holder, now, UNTIL);
  const taken = async (now = NOON, holder = 'me') => idsOf(await take(now, holder));
  const begin = (id: string, holder = 'me') => bed.state.outbox.begin(id, holder, UNTIL);
  const sent = (id: string, ts = `${id}.ts`) => bed.state.outbox.sent(id, ts, NOON);
  const retry = (id: string, wasBegun = false, dueAt = NOON) =>
    bed.state.outbox.retry(id, {
      ...{ dueAt, mayBeSent: wasBegun, isAside: false },
      why: 'rate-limited',
    });
  const refused = (id: string) => bed.state.outbox.refused(id, 'not a member', NOON);
  const due = () => bed.state.outbox.nextDueAt();

  describe('the outbox', () => {
    it('returns the oldest post of each channel, then the next one', async () => {
      await store(post('a1', 'root'), post('a2', 'reply'));
      await store(post('b1', 'root', { channel: 'C2', subject: 'AL-2' }));
      await store(post('b2', 'root', { channel: 'C2', subject: 'AL-3' }));
      expect(await taken()).toEqual(['a1', 'b1']);
      expect(await taken()).toEqual([]);
      await sent('a1');
      expect(await taken()).toEqual(['a2']);
      await sent('b1');
      expect(await taken()).toEqual(['b2']);
    });

    it('returns posts as they were stored, with the root message of their subject', async () => {
      const kinds = ['root', 'edit', 'reply', 'file'] as const;
      const posts = kinds.map((kind) => post(`${kind}!`, kind));
      await store(...posts);
      const fresh = { attempts: 0, repeats: 0, wasBegun: false };
      for (const each of posts) {
        const root = each.id === 'root!' ? null : { channel: 'C1', ts: 'root!.ts' };
        expect(await take()).toEqual([{ ...each, ...fresh, root }]);
        await sent(each.id, 'root!.ts');
      }
      expect(await bed.state.outbox.rootOf('AL-1')).toEqual({ channel: 'C1', ts: 'root!.ts' });
      expect(await bed.state.outbox.rootOf('AL-2')).toBeNull();
      expect(await due()).toBeNull();
    });

    it('makes a channel wait for its oldest post, but no other channel', async () => {
      await store(post('a1', 'root'), post('a2', 'root', { subject: 'AL-2' }));
      await store(post('b1', 'root', { channel: 'C2', subject: 'AL-3' }));
      await take();
      await retry('a1', false, seconds(5));
      await sent('b1');
      expect(await taken(seconds(4.999))).toEqual([]);
      expect(await due()).toEqual(seconds(5));
      expect(await taken(seconds(5))).toEqual(['a1']);
    });

    it('gives the posts of a dead holder to another one', async () => {
      await store(post('a1', 'root'));
      await take();
      expect(await due()).toEqual(UNTIL);
      expect(await taken(seconds(29.999), 'you')).toEqual([]);
      expect(await take(UNTIL, 'you')).toMatchObject([{ attempts: 0, wasBegun: false }]);
    });

    it('remembers which posts were begun', async () => {
      await store(post('a1', 'root'));
      await take();
      expect(await bed.state.outbox.begin('a1', 'me', seconds(40))).toBe(true);
      expect(await due()).toEqual(seconds(40));
      expect(await take(seconds(40), 'you')).toMatchObject([{ attempts: 1, wasBegun: true }]);
      expect(await begin('a1', 'me')).toBe(false);
      expect(await begin('a1', 'you')).toBe(true);
      await retry('a1');
      expect(await take()).toMatchObject([{ attempts: 2, wasBegun: false }]);
      await retry('a1', true);
      expect(await begin('a1')).toBe(false);
      expect(await take()).toMatchObject([{ attempts: 2, wasBegun: true }]);
    });

    it('never changes a post that has ended', async () => {
      await store(post('a1', 'root'), post('a2', 'reply'));
      await take();
      await sent('a1');
      await retry('a1');
      await refused('a1');
      await sent('a1', 'another.ts');
      expect(await begin('a1')).toBe(false);
      expect(await bed.state.outbox.rootOf('AL-1')).toEqual({ channel: 'C1', ts: 'a1.ts' });
      await take();
      await refused('a2');
      await sent('a2');
      await retry('a2');
      await retry('nobody');
      expect(await due()).toBeNull();
    });

    it.each(['sent', 'refused'] as const)(
      'refuses a second post with the same id, until posts %s a month ago are deleted',
      async (how) => {
        await store(post('a1', 'root'), post('a2', 'root', { subject: 'AL-2' }));
        await sent('a1');
        await expect(store(post('a1', 'root'))).rejects.toThrow();
        await bed.state.outbox[how]('a2', '1.5', seconds(31 * DAY_S));
        await bed.state.forget(seconds(31 * DAY_S));
        await expect(store(post('a2', 'root'))).rejects.toThrow();
        expect(await store(post('a1', 'root'))).toBe(true);
      },
    );

    describe('roots', rootCases);
    describe('edits', editCases);
  });

  function rootCases(): void {
    it('holds back posts that follow a root in another channel, and no others', async () => {
      await store(post('a1', 'root'));
      const there = { channel: 'C2' };
      await store(post('b1', 'reply', there), post('b2', 'root', { ...there, subject: 'AL-2' }));
      expect(await taken()).toEqual(['a1', 'b2']);
      await sent('b2');
      expect(await taken()).toEqual([]);
      await sent('a1');
      expect(await take()).toMatchObject([{ id: 'b1', root: { channel: 'C1', ts: 'a1.ts' } }]);
    });

    it('returns posts after a refused root without a root; an edit becomes the root', async () => {
      await store(post('a1', 'root'), post('a2', 'reply'), post('a3', 'edit'));
      await take();
      await refused('a1');
      expect(await take()).toMatchObject([{ id: 'a2', root: null }]);
      await refused('a2');
      expect(await take()).toMatchObject([{ id: 'a3', root: null }]);
      await sent('a3');
      expect(await bed.state.outbox.rootOf('AL-1')).toEqual({ channel: 'C1', ts: 'a3.ts' });
    });
  }

  function editCases(): void {
    beforeEach(async () => {
      await store(post('root', 'root'));
      await sent('root');
    });

    it('gives an edit that waits the text of a later one, and its turn', async () => {
      const later = { kind: 'edit', message: { headline: 'later', blocks: [] } } as const;
      await store(post('e1', 'edit'), post('r1', 'reply'));
      await store(post('e2', 'edit', { content: later, queuedAt: seconds(1) }));
      expect(await take(seconds(2))).toMatchObject([
        { id: 'e1', content: later, queuedAt: seconds(1) },
      ]);
      await sent('e1', 'root.ts');
      expect(await bed.state.outbox.stateOf('e2')).toEqual({ state: 'needless', why: null });
      expect(await taken(seconds(2))).toEqual(['r1']);
    });

    it('makes the message of an edit the root, because the earlier one was deleted', async () => {
      await store(post('e1', 'edit'));
      await take();
      await sent('e1', 'new.ts');
      expect(await bed.state.outbox.rootOf('AL-1')).toEqual({ channel: 'C1', ts: 'new.ts' });
    });

    it('drops an edit that has a later one', async () => {
      await store(post('e1', 'edit'), post('r1', 'reply'));
      await store(post('other', 'edit', { subject: 'AL-2', channel: 'C2' }));
      expect(await taken()).toEqual(['e1', 'other']);
      await store(post('e2', 'edit'));
      expect(await begin('e1')).toBe(false);
      expect(await taken()).toEqual(['r1']);
      await sent('r1');
      expect(await taken()).toEqual(['e2']);
      await sent('e2');
      expect(await begin('other')).toBe(true);
    });

    it('keeps an edit that was begun until a later one is sent', async () => {
      await store(post('e1', 'edit'));
      await take();
      await begin('e1');
      await store(post('e2', 'edit'));
      await retry('e1', true);
      expect(await taken()).toEqual(['e1']);
      await sent('e2');
      expect(await begin('e1')).toBe(false);
      expect(await due()).toBeNull();
    });

    it('keeps a later edit when an earlier one is sent', async () => {
      await store(post('e1', 'edit'));
      await take();
      await begin('e1');
      await store(post('e2', 'edit'));
      await sent('e1');
      expect(await taken()).toEqual(['e2']);
    });

    it('drops an edit that had no effect if there is a later one', async () => {
      await store(post('e1', 'edit'));
      await take();
      await begin('e1');
      await store(post('e2', 'edit'));
      await retry('e1', false, seconds(60));
      expect(await taken()).toEqual(['e2']);
    });
  }
}

function idsOf(posts: readonly TakenPost[]): readonly string[] {
  return posts.map(({ id }) => id);
}
