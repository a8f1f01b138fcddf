import type { OutboxStore, Post, RootMessage, TakenPost } from '../../src/outbox/store.ts';

/** A stored post. */
export interface KeptPost {
  readonly post: Post;
  attempts: number;
  wasBegun: boolean;
  dueAt: Date;
  hold: { readonly holder: string; readonly untilAt: Date } | null;
  /** null = not sent yet. */
  end: 'said' | 'refused' | 'needless' | null;
  why: string | null;
}

export interface MemoryOutboxStore extends OutboxStore {
  /** Adds posts, like a feature in its own transaction. */
  save(...posts: readonly Post[]): void;
  readonly kept: readonly KeptPost[];
  isEmpty(): boolean;
}

/** An outbox in memory that follows the port's contract. */
export function createMemoryOutboxStore(): MemoryOutboxStore {
  const kept: KeptPost[] = [];
  const roots = new Map<string, RootMessage>();
  const open = () => kept.filter(({ end }) => end === null);
  const find = (id: string) => open().find(({ post }) => post.id === id);

  return {
    kept,
    isEmpty: () => open().length === 0,
    save: (...posts) => {
      const fresh = { attempts: 0, wasBegun: false, hold: null, end: null, why: null };
      kept.push(...posts.map((post) => ({ ...fresh, post, dueAt: post.queuedAt })));
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
      const { content, subject, channel } = one.post;
      if (content.kind !== 'root' && content.kind !== 'edit') return;
      if (!roots.has(subject)) roots.set(subject, { channel, ts });
      if (content.kind === 'edit')
        for (const edit of editsBefore(open(), one)) edit.end = 'needless';
    },
    retry: async (id, dueAt, wasBegun, why) => {
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

/** Edits that are not started and have a later edit of the same subject. */
function needless(open: readonly KeptPost[]): readonly KeptPost[] {
  const edits = open.filter(({ post }) => post.content.kind === 'edit');
  return edits.filter(
    ({ post, wasBegun }, index) =>
      !wasBegun && edits.slice(index + 1).some((later) => later.post.subject === post.subject),
  );
}

/** The next post of each channel. */
function heads(open: readonly KeptPost[]): readonly KeptPost[] {
  const first = new Map<string, KeptPost>();
  for (const one of open) {
    const { channel, subject, content } = one.post;
    const waitsForRoot =
      content.kind !== 'root' &&
      open.some(
        ({ post }) =>
          post.subject === subject && post.content.kind === 'root' && post.channel !== channel,
      );
    if (!waitsForRoot && !first.has(channel)) first.set(channel, one);
  }
  return [...first.values()];
}

function editsBefore(open: readonly KeptPost[], said: KeptPost): readonly KeptPost[] {
  return open.filter(
    ({ post }) =>
      post.content.kind === 'edit' &&
      post.subject === said.post.subject &&
      post.queuedAt <= said.post.queuedAt,
  );
}

function freeAt({ dueAt, hold }: KeptPost): Date {
  return hold !== null && hold.untilAt > dueAt ? hold.untilAt : dueAt;
}

function takenOf(
  { post, attempts, wasBegun }: KeptPost,
  roots: ReadonlyMap<string, RootMessage>,
): TakenPost {
  return { ...post, attempts, wasBegun, root: roots.get(post.subject) ?? null };
}
