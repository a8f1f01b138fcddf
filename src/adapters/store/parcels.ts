import type { Parcel, TakenParcel } from '../../chat/outbox-store.ts';
import type { Db, Trx } from './database.ts';
import { fromJson, toJson } from './json.ts';
import type { OutboxTable } from './tables.ts';

/** Parcels as rows: how they get in, and which come next. */

/** Part of the transaction that stores what they tell of. Rejects where an id was there before. */
export async function addParcels(trx: Trx, parcels: readonly Parcel[]): Promise<void> {
  for (const parcel of parcels) {
    await trx.insertInto('hostcache_outbox').values(toRow(parcel)).execute();
    if (parcel.content.kind === 'edit')
      await endNeedlessEdits(trx, parcel.subject, parcel.queuedAt);
  }
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
    .set({ ...ended('needless', at), content_json: '' })
    .where(
      'number',
      'in',
      earlier.map(({ number }) => number),
    )
    .where('state', '=', 'waiting')
    .where('was_begun', '=', 0)
    .execute();
}

export function ended(
  state: OutboxTable['state'],
  at: Date,
): Pick<OutboxTable, 'state' | 'ended_at' | 'holder' | 'held_until'> {
  return { state, ended_at: at.getTime(), holder: null, held_until: null };
}

/** The first parcel of each channel: all others of the channel wait for it. */
export function selectHeads(db: Db) {
  return db
    .selectFrom('hostcache_outbox as parcel')
    .innerJoin(selectHeadNumbers(db).as('head'), 'head.number', 'parcel.number');
}

/** What follows a root that still waits, in another channel, is passed over. */
function selectHeadNumbers(db: Db) {
  return db
    .selectFrom('hostcache_outbox as candidate')
    .select(({ fn }) => fn.min('candidate.number').as('number'))
    .where('candidate.state', '=', 'waiting')
    .where(({ eb, or, not, exists, selectFrom }) =>
      or([
        eb('candidate.kind', '=', 'root'),
        not(
          exists(
            selectFrom('hostcache_outbox as root')
              .select('root.number')
              .whereRef('root.subject', '=', 'candidate.subject')
              .where('root.state', '=', 'waiting')
              .where('root.kind', '=', 'root')
              .whereRef('root.number', '<', 'candidate.number'),
          ),
        ),
      ]),
    )
    .groupBy('candidate.channel');
}

function toRow({ id, channel, subject, content, queuedAt }: Parcel): Omit<OutboxTable, 'number'> {
  return {
    id,
    channel,
    subject,
    kind: content.kind,
    content_json: toJson(content),
    queued_at: queuedAt.getTime(),
    due_at: queuedAt.getTime(),
    state: 'waiting',
    holder: null,
    held_until: null,
    attempts: 0,
    was_begun: 0,
    why: null,
    ended_at: null,
  };
}

export function toTaken(
  row: Pick<
    OutboxTable,
    'id' | 'channel' | 'subject' | 'content_json' | 'queued_at' | 'attempts' | 'was_begun'
  >,
  root: TakenParcel['root'],
): TakenParcel {
  const { id, channel, subject, attempts } = row;
  return {
    id,
    channel,
    subject,
    content: fromJson<TakenParcel['content']>(row.content_json),
    queuedAt: new Date(row.queued_at),
    attempts,
    wasBegun: row.was_begun === 1,
    root,
  };
}
