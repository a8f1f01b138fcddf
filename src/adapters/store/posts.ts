import type { Post } from '../../outbox/store.ts';
import { type Db, isUpdated, type Trx } from './database.ts';
import type { OutboxTable } from './tables.ts';

/** Adds posts to the outbox, and selects the next ones. */

/** Runs in the transaction that stores what the posts report. Rejects if an id exists already. */
export async function addPosts(trx: Trx, posts: readonly Post[]): Promise<void> {
  for (const post of posts) {
    const { subject, queuedAt } = post;
    const { kind } = post.content;
    const waitsForRoot = kind !== 'root' && (await isRootWaiting(trx, subject)) ? 1 : 0;
    const fresh = { state: 'waiting', attempts: 0, wasBegun: 0 } as const;
    await trx
      .insertInto('hostcache_outbox')
      .values({ ...post, ...fresh, kind, waitsForRoot, dueAt: queuedAt })
      .execute();
    if (kind === 'edit') await endNeedlessEdits(trx, subject, queuedAt);
  }
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

/** The oldest post of each channel, for which the others wait. Skips posts that wait for a root. */
export function selectHeads(db: Db) {
  const heads = db
    .selectFrom('hostcache_outbox')
    .select(({ fn }) => fn.min('number').as('number'))
    .where('state', '=', 'waiting')
    .where('waitsForRoot', '=', 0)
    .groupBy('channel');
  return db
    .selectFrom('hostcache_outbox as post')
    .innerJoin(heads.as('head'), 'head.number', 'post.number');
}
