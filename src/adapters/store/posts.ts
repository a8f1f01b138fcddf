import { merged } from '../../outbox/merge.ts';
import type { Post } from '../../outbox/store.ts';
import { type Db, isUpdated, type Trx } from './database.ts';
import type { OutboxTable } from './tables.ts';

/** Adds posts to the outbox, and selects the next ones. */

/** Runs in the transaction that stores what the posts report. Rejects if an id exists already. */
export async function addPosts(trx: Trx, posts: readonly Post[]): Promise<void> {
  for (const each of posts) {
    const { isUrgent, ...post } = each;
    const { subject, queuedAt } = post;
    const { kind } = post.content;
    const waitsForRoot = kind !== 'root' && (await isRootWaiting(trx, subject)) ? 1 : 0;
    const fresh = { state: 'waiting', attempts: 0, repeats: 0, wasBegun: 0, aside: 0 } as const;
    const isMerged = await mergeIntoWaiting(trx, each);
    const place = { kind, waitsForRoot, dueAt: queuedAt, urgent: isUrgent === true ? 1 : 0 };
    await trx
      .insertInto('hostcache_outbox')
      .values({
        ...{ ...post, ...fresh, ...place },
        ...(isMerged && { ...ended('needless', queuedAt), content: '' }),
      })
      .execute();
    if (kind === 'edit' && !isMerged) await endNeedlessEdits(trx, subject, queuedAt);
  }
}

/**
 * Whether the post was merged into the last one of its subject and kind, which keeps its turn. That
 * one must not be held or begun, because it may be under way with its old content.
 */
async function mergeIntoWaiting(trx: Trx, post: Post): Promise<boolean> {
  const { subject, queuedAt } = post;
  const waiting = await trx
    .selectFrom('hostcache_outbox')
    .select(['id', 'content', 'queuedAt'])
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('kind', '=', post.content.kind)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  const both = waiting === undefined ? null : merged(waiting, post);
  if (waiting === undefined || both === null) return false;
  return await isUpdated(
    trx
      .updateTable('hostcache_outbox')
      .set(both)
      .where('id', '=', waiting.id)
      .where('state', '=', 'waiting')
      .where('wasBegun', '=', 0)
      .where(({ eb, or }) => or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', queuedAt)])),
  );
}

/** An UPDATE without effect locks the root, so it cannot be sent before the new post is stored. */
function isRootWaiting(trx: Trx, subject: string): Promise<boolean> {
  return isUpdated(
    trx
      .updateTable('hostcache_outbox')
      .set(({ ref }) => ({ waitsForRoot: ref('waitsForRoot') }))
      .where('subject', '=', subject)
      .where('state', '=', 'waiting')
      .where('kind', '=', 'root'),
  );
}

/** Ends edits that a later one replaces, if they were not begun or certainly had no effect. */
export async function endNeedlessEdits(trx: Trx, subject: string, at: Date): Promise<void> {
  const { last } = await trx
    .selectFrom('hostcache_outbox')
    .select(({ fn }) => fn.max('number').as('last'))
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('kind', '=', 'edit')
    .executeTakeFirstOrThrow();
  if (last !== null) await endEdits(trx, subject, last, at).where('wasBegun', '=', 0).execute();
}

/** Ends the waiting edits that were stored before the post with this number. */
export function endEdits(trx: Trx, subject: string, number: number, at: Date) {
  return trx
    .updateTable('hostcache_outbox')
    .set({ ...ended('needless', at), content: '' })
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('kind', '=', 'edit')
    .where('number', '<', number);
}

export function ended(
  state: OutboxTable['state'],
  at: Date,
): Pick<OutboxTable, 'state' | 'endedAt' | 'holder' | 'heldUntil'> {
  return { state, endedAt: at, holder: null, heldUntil: null };
}

/**
 * Of each channel, the oldest urgent post, the oldest other one, and all that were set aside; none
 * that waits for a root.
 */
export function selectCandidates(db: Db) {
  const open = db
    .selectFrom('hostcache_outbox')
    .where('state', '=', 'waiting')
    .where('waitsForRoot', '=', 0);
  const oldest = open
    .select(({ fn }) => fn.min('number').as('number'))
    .where('aside', '=', 0)
    .groupBy(['channel', 'urgent']);
  return open
    .select(['number', 'channel', 'urgent', 'aside', 'dueAt', 'heldUntil'])
    .where(({ eb, or }) => or([eb('aside', '=', 1), eb('number', 'in', oldest)]));
}
