import { max } from 'date-fns/max';
import { min } from 'date-fns/min';
import type { Updateable } from 'kysely';
import type { OutboxStore, TakenPost } from '../../outbox/store.ts';
import { countUp, type Database, type Db, isInserted, isUpdated, type Trx } from './database.ts';
import { endEdits, ended, endNeedlessEdits, selectHeads } from './posts.ts';
import type { OutboxTable } from './tables.ts';

/** Stores the outbox, one row per post. */

export function createOutboxStore({ db, atomically }: Database): OutboxStore {
  return {
    take: async (holder, now, untilAt) => {
      // Usually nothing is due. This read blocks no writer.
      const due = await selectDue(db, now).select('post.number').execute();
      if (due.length === 0) return [];
      return await atomically((trx) => take(trx, holder, now, untilAt));
    },
    begin: (id, holder, untilAt) =>
      isUpdated(
        db
          .updateTable('hostcache_outbox')
          .set(({ eb }) => ({ attempts: eb('attempts', '+', 1), wasBegun: 1, heldUntil: untilAt }))
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .where('holder', '=', holder),
      ),
    sent: (id, ts, at) => atomically((trx) => markSent(trx, id, ts, at)),
    retry: (id, dueAt, mayBeSent, why) =>
      atomically(async (trx) => {
        const free = { holder: null, heldUntil: null };
        const change = { dueAt, wasBegun: mayBeSent ? 1 : 0, why, ...free };
        const post = await changeWaiting(trx, id, change);
        if (post?.kind === 'edit') await endNeedlessEdits(trx, post.subject, dueAt);
      }),
    refused: (id, why, at) =>
      atomically(async (trx) => {
        const post = await changeWaiting(trx, id, { ...ended('refused', at), why });
        if (post?.kind === 'root') await freeFollowers(trx, post.subject);
      }),
    nextDueAt: async () => {
      const rows = await selectHeads(db).select(['post.dueAt', 'post.heldUntil']).execute();
      if (rows.length === 0) return null;
      return min(rows.map(({ dueAt, heldUntil }) => max([dueAt, heldUntil ?? dueAt])));
    },
    rootOf: async (subject) => {
      const root = db.selectFrom('hostcache_roots').select(['channel', 'ts']);
      return (await root.where('subject', '=', subject).executeTakeFirst()) ?? null;
    },
  };
}

async function take(
  trx: Trx,
  holder: string,
  now: Date,
  untilAt: Date,
): Promise<readonly TakenPost[]> {
  // This row lets one process through at a time, so two never take posts of the same channel.
  await countUp(trx, 'take');
  const rows = await selectDue(trx, now)
    .leftJoin('hostcache_roots as root', 'root.subject', 'post.subject')
    .selectAll('post')
    .select(['root.channel as rootChannel', 'root.ts as ts'])
    .orderBy('post.number')
    .execute();
  if (rows.length === 0) return [];
  await trx
    .updateTable('hostcache_outbox')
    .set({ holder, heldUntil: untilAt })
    .where(
      'number',
      'in',
      rows.map(({ number }) => number),
    )
    .execute();
  return rows.map(({ id, channel, subject, content, queuedAt, attempts, ...row }) => {
    const { rootChannel, ts } = row;
    const root = rootChannel === null || ts === null ? null : { channel: rootChannel, ts };
    const wasBegun = row.wasBegun === 1;
    return { id, channel, subject, content, queuedAt, attempts, wasBegun, root };
  });
}

/** Heads that are due and not held by a process. */
function selectDue(db: Db, now: Date) {
  return selectHeads(db)
    .where('post.dueAt', '<=', now)
    .where(({ eb, or }) => or([eb('post.heldUntil', 'is', null), eb('post.heldUntil', '<=', now)]));
}

async function markSent(trx: Trx, id: string, ts: string, at: Date): Promise<void> {
  const post = await changeWaiting(trx, id, { ...ended('sent', at), content: '' });
  if (post === null) return;
  const { number, channel, subject, kind } = post;
  if (kind === 'root' || kind === 'edit') {
    // The first root stored for a subject stays; a second insert changes nothing.
    await isInserted(trx.insertInto('hostcache_roots').values({ subject, channel, ts }));
  }
  if (kind === 'root') await freeFollowers(trx, subject);
  if (kind === 'edit') await endEdits(trx, subject, number, at).execute();
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
