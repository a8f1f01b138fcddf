import { min } from 'date-fns/min';
import type { Updateable } from 'kysely';
import { freeAt, nextOfEach } from '../../outbox/order.ts';
import type { OutboxStore, TakenPost } from '../../outbox/store.ts';
import { countUp, type Database, type Db, isUpdated, type Trx } from './database.ts';
import { beginTimeToApprove } from './flushes.ts';
import { endEdits, ended, endNeedlessEdits, selectCandidates } from './posts.ts';
import type { OutboxTable } from './tables.ts';

/** Stores the outbox, one row per post. */

export function createOutboxStore({ db, atomically }: Database): OutboxStore {
  return {
    take: async (holder, now, untilAt) => {
      // Usually nothing is due. This read blocks no writer.
      if ((await selectNext(db, now)).length === 0) return [];
      return await atomically((trx) => take(trx, holder, now, untilAt));
    },
    begin: (id, holder, untilAt) =>
      isUpdated(
        db
          .updateTable('hostcache_outbox')
          // MySQL assigns from left to right, so `repeats` is first.
          .set(({ eb, ref }) => ({
            repeats: eb('repeats', '+', ref('wasBegun')),
            attempts: eb('attempts', '+', 1),
            wasBegun: 1,
            heldUntil: untilAt,
          }))
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .where('holder', '=', holder),
      ),
    sent: (id, ts, at) => atomically((trx) => markSent(trx, id, ts, at)),
    retry: (id, { dueAt, mayBeSent, isAside, why }) =>
      atomically(async (trx) => {
        const free = { holder: null, heldUntil: null };
        const change = { dueAt, wasBegun: mayBeSent ? 1 : 0, aside: isAside ? 1 : 0, why, ...free };
        const post = await changeWaiting(trx, id, change);
        if (post?.kind === 'edit') await endNeedlessEdits(trx, post.subject, dueAt);
      }),
    refused: (id, why, at) =>
      atomically(async (trx) => {
        const post = await changeWaiting(trx, id, { ...ended('refused', at), why });
        if (post?.kind === 'root') await freeFollowers(trx, post.subject);
      }),
    nextDueAt: async () => {
      const candidates = await selectCandidates(db).execute();
      return candidates.length === 0 ? null : min(candidates.map(freeAt));
    },
    rootOf: async (subject) => {
      const root = db.selectFrom('hostcache_roots').select(['channel', 'ts']);
      return (await root.where('subject', '=', subject).executeTakeFirst()) ?? null;
    },
    stateOf: async (id) => {
      const post = db.selectFrom('hostcache_outbox').select(['state', 'why']);
      return (await post.where('id', '=', id).executeTakeFirst()) ?? null;
    },
  };
}

async function selectNext(db: Db, now: Date): Promise<readonly number[]> {
  const candidates = await selectCandidates(db).execute();
  return nextOfEach(candidates, now).map(({ number }) => number);
}

async function take(
  trx: Trx,
  holder: string,
  now: Date,
  untilAt: Date,
): Promise<readonly TakenPost[]> {
  // This row lets one process through at a time, so two never take posts of the same channel.
  await countUp(trx, 'take');
  const numbers = await selectNext(trx, now);
  if (numbers.length === 0) return [];
  // Held before they are read, because other processes merge posts into those that nobody holds.
  await trx
    .updateTable('hostcache_outbox')
    .set({ holder, heldUntil: untilAt })
    .where('number', 'in', numbers)
    .where('state', '=', 'waiting')
    .execute();
  const rows = await trx
    .selectFrom('hostcache_outbox as post')
    .leftJoin('hostcache_roots as root', 'root.subject', 'post.subject')
    .selectAll('post')
    .select(['root.channel as rootChannel', 'root.ts as ts'])
    .where('post.number', 'in', numbers)
    .where('post.holder', '=', holder)
    .orderBy('post.number')
    .execute();
  return rows.map(({ id, channel, subject, content, queuedAt, attempts, repeats, ...row }) => {
    const { rootChannel, ts } = row;
    const root = rootChannel === null || ts === null ? null : { channel: rootChannel, ts };
    const wasBegun = row.wasBegun === 1;
    const urgency = row.urgent === 1 ? ({ isUrgent: true } as const) : {};
    const sendings = { attempts, repeats, wasBegun };
    return { id, channel, subject, content, queuedAt, ...urgency, ...sendings, root };
  });
}

async function markSent(trx: Trx, id: string, ts: string, at: Date): Promise<void> {
  const post = await changeWaiting(trx, id, { ...ended('sent', at), content: '' });
  if (post === null) return;
  const { number, channel, subject, kind } = post;
  if (kind === 'root' || kind === 'edit') {
    await keepRoot(trx, { subject, channel, ts }, kind);
    await beginTimeToApprove(trx, subject, at);
  }
  if (kind === 'root') await freeFollowers(trx, subject);
  if (kind === 'edit') await endEdits(trx, subject, number, at).execute();
}

/** An edit of a deleted message was posted as a new root; a root never replaces another. */
async function keepRoot(
  trx: Trx,
  root: { readonly subject: string; readonly channel: string; readonly ts: string },
  kind: 'root' | 'edit',
): Promise<void> {
  const { subject, ts, channel } = root;
  const stored = await trx
    .selectFrom('hostcache_roots')
    .select('ts')
    .where('subject', '=', subject)
    .executeTakeFirst();
  if (stored === undefined) await trx.insertInto('hostcache_roots').values(root).execute();
  else if (kind === 'edit' && stored.ts !== ts) {
    const before = trx.updateTable('hostcache_roots').where('subject', '=', subject);
    await before.set({ channel, ts }).execute();
  }
}

/** Frees the posts that wait for a root, because it was posted or never will be. */
async function freeFollowers(trx: Trx, subject: string): Promise<void> {
  await trx
    .updateTable('hostcache_outbox')
    .set({ waitsForRoot: 0 })
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('waitsForRoot', '=', 1)
    .execute();
}

/** Changes a waiting post; null = it has ended or does not exist, so nothing changed. */
async function changeWaiting(
  trx: Trx,
  id: string,
  change: Updateable<OutboxTable>,
): Promise<
  (Pick<OutboxTable, 'channel' | 'subject' | 'kind'> & { readonly number: number }) | null
> {
  const waiting = trx.updateTable('hostcache_outbox').where('id', '=', id);
  if (!(await isUpdated(waiting.where('state', '=', 'waiting').set(change)))) return null;
  return await trx
    .selectFrom('hostcache_outbox')
    .select(['number', 'channel', 'subject', 'kind'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}
