import { describe, expect, it } from 'vitest';
import type { Post, TakenPost } from '../../../src/outbox/store.ts';
import type { Bed } from './contract.ts';
import { NOON, post, seconds } from './samples.ts';

/** In which order the store returns posts: urgent ones, those set aside, and what it knows of each. */

const UNTIL = seconds(30);

export function outboxOrderContract(bed: Bed): void {
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

  describe('the order of posts', () => {
    it('takes an urgent post first; the others keep their order', async () => {
      await store(post('a1', 'root'), post('a2', 'root', { subject: 'AL-2' }));
      await store(post('u1', 'root', { subject: 'FR-1', isUrgent: true }));
      await store(post('u2', 'root', { subject: 'FR-2', isUrgent: true }));
      for (const id of ['u1', 'u2', 'a1', 'a2']) {
        expect(await taken()).toEqual([id]);
        await sent(id);
      }
    });

    it('lets others go ahead of a post that was set aside, until none of them is due', async () => {
      await store(post('a1', 'root'), post('a2', 'root', { subject: 'AL-2' }));
      await store(post('a3', 'root', { subject: 'AL-3' }));
      const setAside = (id: string, dueAt: Date) =>
        bed.state.outbox.retry(id, { dueAt, mayBeSent: false, isAside: true, why: 'not a member' });
      await take();
      await setAside('a1', seconds(5));
      expect(await bed.state.outbox.stateOf('a1')).toEqual({
        state: 'waiting',
        why: 'not a member',
      });
      expect(await taken()).toEqual(['a2']);
      expect(await taken(seconds(5))).toEqual([]);
      await sent('a2');
      await take();
      await setAside('a3', seconds(6));
      expect(await taken(seconds(4))).toEqual([]);
      expect(await due()).toEqual(seconds(5));
      expect(await taken(seconds(6))).toEqual(['a1']);
      await sent('a1');
      expect(await taken(seconds(6))).toEqual(['a3']);
    });

    it('counts how often a post is sent again without knowing the result of before', async () => {
      await store(post('a1', 'root'));
      await take();
      await begin('a1');
      await retry('a1', true);
      await take();
      await begin('a1');
      await retry('a1', false);
      await take();
      await begin('a1');
      await retry('a1', true);
      expect(await take()).toMatchObject([{ attempts: 3, repeats: 1, wasBegun: true }]);
    });

    it('knows the state of a post', async () => {
      await store(post('a1', 'root'), post('a2', 'reply'));
      expect(await bed.state.outbox.stateOf('a1')).toEqual({ state: 'waiting', why: null });
      await sent('a1');
      await refused('a2');
      expect(await bed.state.outbox.stateOf('a1')).toEqual({ state: 'sent', why: null });
      expect(await bed.state.outbox.stateOf('a2')).toEqual({
        state: 'refused',
        why: 'not a member',
      });
      expect(await bed.state.outbox.stateOf('a3')).toBeNull();
    });
  });
}

function idsOf(posts: readonly TakenPost[]): readonly string[] {
  return posts.map(({ id }) => id);
}
