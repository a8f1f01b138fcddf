import type { OutboxStore, Parcel, RootMessage, TakenParcel } from '../../src/outbox/store.ts';

/** A parcel as the store keeps it. */
export interface KeptParcel {
  readonly parcel: Parcel;
  attempts: number;
  wasBegun: boolean;
  dueAt: Date;
  hold: { readonly holder: string; readonly untilAt: Date } | null;
  /** null: still to be said. */
  end: 'said' | 'refused' | 'needless' | null;
  why: string | null;
}

export interface MemoryOutboxStore extends OutboxStore {
  /** What a feature does in the transaction of its own. */
  save(...parcels: readonly Parcel[]): void;
  readonly kept: readonly KeptParcel[];
  isEmpty(): boolean;
}

/** An outbox in memory that does what the port says. */
export function createMemoryOutboxStore(): MemoryOutboxStore {
  const kept: KeptParcel[] = [];
  const roots = new Map<string, RootMessage>();
  const open = () => kept.filter(({ end }) => end === null);
  const find = (id: string) => open().find(({ parcel }) => parcel.id === id);

  return {
    kept,
    isEmpty: () => open().length === 0,
    save: (...parcels) => {
      const fresh = { attempts: 0, wasBegun: false, hold: null, end: null, why: null };
      kept.push(...parcels.map((parcel) => ({ ...fresh, parcel, dueAt: parcel.queuedAt })));
    },
    take: async (holder, now, untilAt) => {
      for (const one of needless(open())) one.end = 'needless';
      const taken = heads(open()).filter((one) => freeAt(one) <= now);
      for (const one of taken) one.hold = { holder, untilAt };
      return taken.map((one) => takenOf(one, roots));
    },
    begin: async (id, holder, untilAt) => {
      const one = find(id);
      if (one?.hold?.holder !== holder) return false;
      one.hold = { holder, untilAt };
      one.attempts += 1;
      one.wasBegun = true;
      return true;
    },
    sent: async (id, ts) => {
      const one = find(id);
      if (one === undefined) return;
      one.end = 'said';
      const { content, subject, channel } = one.parcel;
      if (content.kind !== 'root' && content.kind !== 'edit') return;
      if (!roots.has(subject)) roots.set(subject, { channel, ts });
      if (content.kind === 'edit')
        for (const edit of editsBefore(open(), one)) edit.end = 'needless';
    },
    later: async (id, dueAt, wasBegun, why) => {
      const one = find(id);
      if (one !== undefined) Object.assign(one, { dueAt, wasBegun, why, hold: null });
    },
    refused: async (id, why) => {
      const one = find(id);
      if (one !== undefined) Object.assign(one, { end: 'refused', why });
    },
    nextDueAt: async () => {
      const times = heads(open()).map((one) => freeAt(one).getTime());
      return times.length === 0 ? null : new Date(Math.min(...times));
    },
    rootOf: async (subject) => roots.get(subject) ?? null,
  };
}

/** Edits that are not begun and have a later edit of their subject. */
function needless(open: readonly KeptParcel[]): readonly KeptParcel[] {
  const edits = open.filter(({ parcel }) => parcel.content.kind === 'edit');
  return edits.filter(
    ({ parcel, wasBegun }, index) =>
      !wasBegun && edits.slice(index + 1).some((later) => later.parcel.subject === parcel.subject),
  );
}

/** The parcel of each channel that is next to be said. */
function heads(open: readonly KeptParcel[]): readonly KeptParcel[] {
  const first = new Map<string, KeptParcel>();
  for (const one of open) {
    const { channel, subject, content } = one.parcel;
    const waitsForRoot =
      content.kind !== 'root' &&
      open.some(
        ({ parcel }) =>
          parcel.subject === subject &&
          parcel.content.kind === 'root' &&
          parcel.channel !== channel,
      );
    if (!waitsForRoot && !first.has(channel)) first.set(channel, one);
  }
  return [...first.values()];
}

function editsBefore(open: readonly KeptParcel[], said: KeptParcel): readonly KeptParcel[] {
  return open.filter(
    ({ parcel }) =>
      parcel.content.kind === 'edit' &&
      parcel.subject === said.parcel.subject &&
      parcel.queuedAt <= said.parcel.queuedAt,
  );
}

function freeAt({ dueAt, hold }: KeptParcel): Date {
  return hold !== null && hold.untilAt > dueAt ? hold.untilAt : dueAt;
}

function takenOf(
  { parcel, attempts, wasBegun }: KeptParcel,
  roots: ReadonlyMap<string, RootMessage>,
): TakenParcel {
  return { ...parcel, attempts, wasBegun, root: roots.get(parcel.subject) ?? null };
}
