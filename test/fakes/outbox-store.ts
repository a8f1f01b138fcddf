import { merged } from '../../src/outbox/merge.ts';
import { freeAt, nextOfEach, type Waiting } from '../../src/outbox/order.ts';
import type { Again, OutboxStore, Post, RootMessage, TakenPost } from '../../src/outbox/store.ts';

/** A stored post. */
export interface KeptPost {
  post: Post;
  attempts: number;
  repeats: number;
  wasBegun: boolean;
  isAside: boolean;
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
      for (const post of posts) kept.push(added(post, open()));
    },
    take: async (holder, now, untilAt) => {
      for (const one of needless(open())) one.end = 'needless';
      const taken = nextOfEach(candidates(open()), now).map(({ one }) => one);
      for (const one of taken) one.hold = { holder, untilAt };
      return taken.map((one) => takenOf(one, roots));
    },
    begin: async (id, holder, untilAt) => {
      const one = find(id);
      if (one?.hold?.holder !== holder) return false;
      one.hold = { holder, untilAt };
      one.attempts += 1;
      one.repeats += one.wasBegun ? 1 : 0;
      one.wasBegun = true;
      return true;
    },
    sent: async (id, ts) => {
      const one = find(id);
      if (one === undefined) return;
      one.end = 'said';
      const { content, subject, channel } = one.post;
      if (content.kind !== 'root' && content.kind !== 'edit') return;
      if (content.kind === 'edit' || !roots.has(subject)) roots.set(subject, { channel, ts });
      if (content.kind === 'edit')
        for (const edit of editsBefore(open(), one)) edit.end = 'needless';
    },
    retry: async (id, { dueAt, mayBeSent, isAside, why }: Again) => {
      const one = find(id);
      if (one === undefined) return;
      Object.assign(one, { dueAt, wasBegun: mayBeSent, isAside, why, hold: null });
    },
    refused: async (id, why) => {
      const one = find(id);
      if (one !== undefined) Object.assign(one, { end: 'refused', why });
    },
    nextDueAt: async () => {
      const times = candidates(open()).map((one) => freeAt(one).getTime());
      return times.length === 0 ? null : new Date(Math.min(...times));
    },
    rootOf: async (subject) => roots.get(subject) ?? null,
    stateOf: async (id) => {
      const one = kept.find(({ post }) => post.id === id);
      if (one === undefined) return null;
      return { state: one.end === 'said' ? 'sent' : (one.end ?? 'waiting'), why: one.why };
    },
  };
}

/** The post as it is kept; needless if a waiting one contains it from now on. */
function added(post: Post, open: readonly KeptPost[]): KeptPost {
  const waiting = open.findLast(
    (one) => one.post.subject === post.subject && one.post.content.kind === post.content.kind,
  );
  const isFree = waiting !== undefined && waiting.hold === null && !waiting.wasBegun;
  const both = isFree ? merged(waiting.post, post) : null;
  if (both !== null && waiting !== undefined) waiting.post = { ...waiting.post, ...both };
  const fresh = { attempts: 0, repeats: 0, wasBegun: false, isAside: false, hold: null, why: null };
  return { ...fresh, post, dueAt: post.queuedAt, end: both === null ? null : 'needless' };
}

/** Edits that are not started and have a later edit of the same subject. */
function needless(open: readonly KeptPost[]): readonly KeptPost[] {
  const edits = open.filter(({ post }) => post.content.kind === 'edit');
  return edits.filter(
    ({ post, wasBegun }, index) =>
      !wasBegun && edits.slice(index + 1).some((later) => later.post.subject === post.subject),
  );
}

interface Candidate extends Waiting {
  readonly one: KeptPost;
}

/** Of each channel, the oldest urgent post, the oldest other one, and all that were set aside. */
function candidates(open: readonly KeptPost[]): readonly Candidate[] {
  const heads = new Set<string>();
  return open
    .map((one, number) => candidateOf(one, number))
    .filter((each) => !waitsForRoot(each.one, open))
    .filter(({ channel, urgent, aside }) => {
      const head = `${channel} ${urgent}`;
      if (aside === 0 && heads.has(head)) return false;
      if (aside === 0) heads.add(head);
      return true;
    });
}

function candidateOf(one: KeptPost, number: number): Candidate {
  const { post, isAside, dueAt, hold } = one;
  const order = { number, urgent: post.isUrgent === true ? 1 : 0, aside: isAside ? 1 : 0 };
  return { one, ...order, channel: post.channel, dueAt, heldUntil: hold?.untilAt ?? null };
}

function waitsForRoot({ post }: KeptPost, open: readonly KeptPost[]): boolean {
  if (post.content.kind === 'root') return false;
  return open.some(
    (other) => other.post.subject === post.subject && other.post.content.kind === 'root',
  );
}

function editsBefore(open: readonly KeptPost[], said: KeptPost): readonly KeptPost[] {
  return open.filter(
    ({ post }) =>
      post.content.kind === 'edit' &&
      post.subject === said.post.subject &&
      post.queuedAt <= said.post.queuedAt,
  );
}

function takenOf(
  { post, attempts, repeats, wasBegun }: KeptPost,
  roots: ReadonlyMap<string, RootMessage>,
): TakenPost {
  return { ...post, attempts, repeats, wasBegun, root: roots.get(post.subject) ?? null };
}
