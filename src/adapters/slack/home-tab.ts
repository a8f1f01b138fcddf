import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Home } from '../../chat/home.ts';
import type { Log } from '../../chat/log.ts';
import type { Block, Spans } from '../../chat/message.ts';
import type { Wait } from '../../chat/waiting.ts';
import type { Undelivered } from '../../outbox/chat.ts';
import { homeView } from './blocks.ts';
import { callFault } from './call-fault.ts';

/** Asks the world: App Home of each person, drawn and published one after the other, the newest last. */

export interface HomeTab {
  /** Resolves when what was read after this call stands there, or could not be put there. Never rejects. */
  publish(user: string, wish: PublishWish): Promise<void>;
}

export interface PublishWish {
  /** Of the view that stood there when the page was opened; left out = whatever stands there goes. */
  readonly hash?: string;
  /** What came of a click, above everything else. */
  readonly notice?: Spans;
}

export interface HomeTabParts {
  readonly home: Home;
  readonly client: webApi.WebClient;
  readonly now: () => Date;
  readonly wait: Wait;
  readonly log: Log;
}

/** So long an event may be behind what was published meanwhile. */
const RECENT_MS = 10_000;

const RETRY_MS = 500;

/** Slack's pauses are obeyed up to so long; whoever opens the page later gets it anew. */
const LONGEST_PAUSE_MS = 10_000;

/** A later wish joins the one that has not begun: what that reads is new enough for both. */
interface Turn {
  wish: PublishWish;
  done: Promise<void>;
}

const publishedRule = z.object({ view: z.object({ hash: z.string() }) });

export function createHomeTab(parts: HomeTabParts): HomeTab {
  const waiting = new Map<string, Turn>();
  const running = new Map<string, Promise<void>>();
  const latest = createLatest(parts.now);

  async function take(user: string, { wish }: Turn): Promise<void> {
    waiting.delete(user);
    const hash = wish.hash && (latest.of(user) ?? wish.hash);
    const published = await publishNewest(user, { ...wish, ...(hash && { hash }) }, parts);
    if (published !== null) latest.keep(user, published);
  }

  return {
    publish: (user, wish) => {
      const joined = waiting.get(user);
      if (joined !== undefined) {
        joined.wish = { ...joined.wish, ...wish };
        return joined.done;
      }
      const turn: Turn = { wish, done: Promise.resolve() };
      const before = running.get(user) ?? Promise.resolve();
      turn.done = before.then(() => take(user, turn));
      waiting.set(user, turn);
      running.set(user, turn.done);
      void turn.done.then(() => {
        if (running.get(user) === turn.done) running.delete(user);
      });
      return turn.done;
    },
  };
}

/** The hashes of what we published a moment ago: an event that is late names an older one. */
function createLatest(now: () => Date) {
  const kept = new Map<string, { readonly hash: string; readonly atMs: number }>();
  return {
    of: (user: string) => {
      const found = kept.get(user);
      return found !== undefined && now().getTime() - found.atMs < RECENT_MS ? found.hash : null;
    },
    keep: (user: string, hash: string) => {
      const atMs = now().getTime();
      for (const [other, { atMs: keptMs }] of kept) {
        if (atMs - keptMs >= RECENT_MS) kept.delete(other);
      }
      kept.set(user, { hash, atMs });
    },
  };
}

/** The hash of what stands there now; null = it could not be published. */
async function publishNewest(
  user: string,
  wish: PublishWish,
  parts: HomeTabParts,
): Promise<string | null> {
  const first = await publishOnce(user, wish, parts);
  if (first.kind === 'published') return first.hash;
  if (first.kind === 'refused') return null;
  await parts.wait(first.afterMs);
  // Another replica was faster, or nobody knows: read anew, so that what stands there last is newest.
  const { hash: _, ...anew } = wish;
  const second = await publishOnce(user, anew, parts);
  return second.kind === 'published' ? second.hash : null;
}

type Published =
  | { readonly kind: 'published'; readonly hash: string }
  | { readonly kind: 'again'; readonly afterMs: number }
  | { readonly kind: 'refused' };

async function publishOnce(
  user: string,
  { hash, notice }: PublishWish,
  { home, client, log }: HomeTabParts,
): Promise<Published> {
  try {
    const { headline, blocks } = await home(user);
    const told: readonly Block[] = notice === undefined ? [] : [{ kind: 'text', spans: notice }];
    const view = homeView({ headline, blocks: [...told, ...blocks] });
    const published = await client.views.publish({ user_id: user, view, ...(hash && { hash }) });
    return { kind: 'published', hash: publishedRule.parse(published).view.hash };
  } catch (error) {
    const fault = callFault(error, `publish App Home of ${user}`);
    const afterMs = pauseAfter(fault);
    if (afterMs === null) log.error('App Home was not published', { user, fault, error });
    else log.info('App Home is not published yet', { user, fault, afterMs });
    return afterMs === null ? { kind: 'refused' } : { kind: 'again', afterMs };
  }
}

/** null: the same again would be refused again, or is too late for whoever waits. */
function pauseAfter(fault: Undelivered): number | null {
  if (fault.kind === 'refused') return fault.code === 'hash_conflict' ? 0 : null;
  const { afterMs } = fault;
  if (afterMs === null) return RETRY_MS;
  return afterMs <= LONGEST_PAUSE_MS ? afterMs : null;
}
