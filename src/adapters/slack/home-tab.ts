import type { webApi } from '@slack/bolt';
import { z } from 'zod';
import type { Home } from '../../chat/home.ts';
import type { Log } from '../../chat/log.ts';
import type { Block, Spans } from '../../chat/message.ts';
import type { Wait } from '../../chat/waiting.ts';
import type { Undelivered } from '../../outbox/chat.ts';
import { homeView } from './blocks.ts';
import { callFault, shortPause } from './call-fault.ts';

/** Publishes each person's App Home, one view at a time, so that the newest stays. Does I/O. */

export interface HomeTab {
  /** Resolves when a view read after this call is published, or could not be. Never rejects. */
  publish(user: string, options: PublishOptions): Promise<void>;
}

interface PublishOptions {
  /** The hash of the view that was open; left out = replace any view. */
  readonly hash?: string;
  /** The result of a click, shown above everything else. */
  readonly notice?: Spans;
}

interface HomeTabParts {
  readonly home: Home;
  readonly client: webApi.WebClient;
  readonly now: () => Date;
  readonly wait: Wait;
  readonly log: Log;
}

/** An event may arrive this long after a newer view was published. */
const RECENT_MS = 10_000;

const RETRY_MS = 500;

interface Queued {
  options: PublishOptions;
  /** Until then later calls join it, because its reading is new enough for them. */
  isBegun: boolean;
  done: Promise<void>;
}

const publishedRule = z.object({ view: z.object({ hash: z.string() }) });

export function createHomeTab(parts: HomeTabParts): HomeTab {
  /** The last view of each person that is not published yet. */
  const queue = new Map<string, Queued>();
  const latest = createLatest(parts.now);

  async function publishQueued(user: string, queued: Queued): Promise<void> {
    queued.isBegun = true;
    const { options } = queued;
    const hash = options.hash && (latest.find(user) ?? options.hash);
    const published = await publishNewest(user, { ...options, ...(hash && { hash }) }, parts);
    if (published !== null) latest.add(user, published);
    if (queue.get(user) === queued) queue.delete(user);
  }

  return {
    publish: (user, options) => {
      const before = queue.get(user);
      if (before?.isBegun === false) {
        before.options = { ...before.options, ...options };
        return before.done;
      }
      const queued: Queued = { options, isBegun: false, done: Promise.resolve() };
      queued.done = (before?.done ?? queued.done).then(() => publishQueued(user, queued));
      queue.set(user, queued);
      return queued.done;
    },
  };
}

/** The hashes of recently published views: a late event carries an older hash. */
function createLatest(now: () => Date) {
  const recent = new Map<string, { readonly hash: string; readonly atMs: number }>();
  return {
    find: (user: string) => {
      const found = recent.get(user);
      return found !== undefined && now().getTime() - found.atMs < RECENT_MS ? found.hash : null;
    },
    add: (user: string, hash: string) => {
      const atMs = now().getTime();
      for (const [other, { atMs: otherMs }] of recent) {
        if (atMs - otherMs >= RECENT_MS) recent.delete(other);
      }
      recent.set(user, { hash, atMs });
    },
  };
}

/** The hash of the published view; null = it could not be published. */
async function publishNewest(
  user: string,
  options: PublishOptions,
  parts: HomeTabParts,
): Promise<string | null> {
  const first = await publishOnce(user, options, parts);
  if (typeof first !== 'number') return first;
  await parts.wait(first);
  // Another replica may have published, so the page is read again: the newest must come last.
  const { hash: _, ...withoutHash } = options;
  const second = await publishOnce(user, withoutHash, parts);
  return typeof second === 'number' ? null : second;
}

/** The hash of the view; otherwise the pause before another try; null = another try would not help. */
async function publishOnce(
  user: string,
  { hash, notice }: PublishOptions,
  { home, client, log }: HomeTabParts,
): Promise<string | number | null> {
  try {
    const { headline, blocks } = await home(user);
    const top: readonly Block[] = notice === undefined ? [] : [{ kind: 'text', spans: notice }];
    const view = homeView({ headline, blocks: [...top, ...blocks] });
    const published = await client.views.publish({ user_id: user, view, ...(hash && { hash }) });
    return publishedRule.parse(published).view.hash;
  } catch (error) {
    const fault = callFault(error, `publish App Home of ${user}`);
    const afterMs = pauseAfter(fault);
    if (afterMs === null) log.error('App Home was not published', { user, fault, error });
    else log.info('App Home is not published yet', { user, fault, afterMs });
    return afterMs;
  }
}

/** null = another try would be refused again, or would come too late. */
function pauseAfter(fault: Undelivered): number | null {
  if (fault.kind === 'refused') return fault.code === 'hash_conflict' ? 0 : null;
  return shortPause(fault.afterMs, RETRY_MS);
}
