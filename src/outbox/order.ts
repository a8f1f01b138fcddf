import { max } from 'date-fns/max';

/** Chooses the next post of each channel. */

/** A waiting post whose root is sent or will never be. */
export interface Waiting {
  readonly number: number;
  readonly channel: string;
  /** 0 or 1. */
  readonly urgent: number;
  /** 0 or 1: others go ahead of it. */
  readonly aside: number;
  readonly dueAt: Date;
  readonly heldUntil: Date | null;
}

/**
 * `waiting`: of each channel, the oldest urgent post, the oldest other one, and all that were set
 * aside. At most one per channel is returned; none while a post of the channel is held.
 */
export function nextOfEach<T extends Waiting>(waiting: readonly T[], now: Date): readonly T[] {
  const channels = new Map<string, T[]>();
  for (const post of waiting) {
    channels.set(post.channel, [...(channels.get(post.channel) ?? []), post]);
  }
  return [...channels.values()].flatMap((posts) => nextOf(posts, now) ?? []);
}

/** When the post may be taken. */
export function freeAt({ dueAt, heldUntil }: Pick<Waiting, 'dueAt' | 'heldUntil'>): Date {
  return max([dueAt, heldUntil ?? dueAt]);
}

function nextOf<T extends Waiting>(posts: readonly T[], now: Date): T | null {
  if (posts.some(({ heldUntil }) => heldUntil !== null && heldUntil > now)) return null;
  const isDue = ({ dueAt }: T) => dueAt <= now;
  const candidates = posts.filter((post) => post.aside === 0 || isDue(post)).toSorted(inOrder);
  const [first] = candidates;
  // A post that waits, for example for a rate limit, delays those after it.
  return first !== undefined && isDue(first) ? first : null;
}

/** Urgent posts first; those set aside after the others; then the oldest. */
function inOrder(a: Waiting, b: Waiting): number {
  return b.urgent - a.urgent || a.aside - b.aside || a.number - b.number;
}
