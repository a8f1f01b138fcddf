import type { Insertable } from 'kysely';
import type { Post } from '../../outbox/store.ts';
import type { Db, Trx } from './database.ts';
import type { OutboxTable } from './tables.ts';

/** Posts as rows: how they get in, and which come next. */

/** Part of the transaction that stores what they tell of. Rejects where an id was there before. */
export async function addPosts(trx: Trx, posts: readonly Post[]): Promise<void> {
  for (const post of posts) {
    const { subject, content, queuedAt } = post;
    const isWaiting = content.kind !== 'root' && (await isRootWaiting(trx, subject));
    await trx
      .insertInto('hostcache_outbox')
      .values({ ...toRow(post), waitsForRoot: isWaiting ? 1 : 0 })
      .execute();
    if (content.kind === 'edit') await endNeedlessEdits(trx, subject, queuedAt);
  }
}

/** By an update that changes nothing: so the root cannot be sent before what follows it is stored. */
async function isRootWaiting(trx: Trx, subject: string): Promise<boolean> {
  const { numUpdatedRows } = await trx
    .updateTable('hostcache_outbox')
    .set(({ ref }) => ({ waitsForRoot: ref('waitsForRoot') }))
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('kind', '=', 'root')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Edits that were never begun, or surely came to nothing, and have a later one. */
export async function endNeedlessEdits(trx: Trx, subject: string, at: Date): Promise<void> {
  const [, ...earlier] = await trx
    .selectFrom('hostcache_outbox')
    .select('number')
    .where('subject', '=', subject)
    .where('state', '=', 'waiting')
    .where('kind', '=', 'edit')
    .orderBy('number', 'desc')
    .execute();
  if (earlier.length === 0) return;
  await trx
    .updateTable('hostcache_outbox')
    .set({ ...ended('needless', at), contentJson: '' })
    .where(
      'number',
      'in',
      earlier.map(({ number }) => number),
    )
    .where('state', '=', 'waiting')
    .where('wasBegun', '=', 0)
    .execute();
}

export function ended(
  state: OutboxTable['state'],
  at: Date,
): Pick<OutboxTable, 'state' | 'endedAt' | 'holder' | 'heldUntil'> {
  return { state, endedAt: at, holder: null, heldUntil: null };
}

/** The first post of each channel, for which all others of the channel wait; what waits for a root is passed over. */
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

function toRow({ content, ...same }: Post): Omit<Insertable<OutboxTable>, 'waitsForRoot'> {
  return {
    ...same,
    kind: content.kind,
    contentJson: content,
    dueAt: same.queuedAt,
    state: 'waiting',
    holder: null,
    heldUntil: null,
    attempts: 0,
    wasBegun: 0,
    why: null,
    endedAt: null,
  };
}
