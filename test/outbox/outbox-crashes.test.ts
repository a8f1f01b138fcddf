import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Chat } from '../../src/outbox/chat.ts';
import { createOutbox } from '../../src/outbox/outbox.ts';
import type { OutboxStore, Post, PostContent } from '../../src/outbox/store.ts';
import { createChance, fc } from '../chance.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { type ChatFault, createFakeChat, type FakeChat } from '../fakes/chat.ts';
import { createMemoryOutboxStore, type MemoryOutboxStore } from '../fakes/outbox-store.ts';
import { edit, file, post, QUEUED_AT, reply, root } from './posts.ts';

/** Any sequence of faults and crashes: what was stored is said, in order, once where that can be known. */

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const CHANNELS = ['C1', 'C2', 'C3'];

const fault: fc.Arbitrary<ChatFault> = fc.oneof(
  fc.record({
    kind: fc.constant('rate-limited' as const),
    retryAfterMs: fc.integer({ min: 1000, max: 90_000 }),
  }),
  fc.constant({ kind: 'unsent' as const }),
  fc.record({ kind: fc.constant('ambiguous' as const), isTaken: fc.boolean() }),
  fc.record({ kind: fc.constant('slow' as const), ms: fc.integer({ min: 1, max: 8000 }) }),
);

interface Trial {
  readonly posts: readonly Post[];
  /** For each channel, what its next calls meet. */
  readonly faults: readonly (readonly ChatFault[])[];
  /** Each process dies at its so-manieth call, before it or after it took effect. */
  readonly crashes: readonly { readonly call: number; readonly isAfter: boolean }[];
}

const trial: fc.Arbitrary<Trial> = fc.record({
  posts: fc
    .array(
      fc.record({
        channel: fc.constantFrom(...CHANNELS),
        alert: fc.integer({ min: 1, max: 2 }),
        kind: fc.constantFrom('edit', 'reply', 'file'),
      }),
      { maxLength: 12 },
    )
    .map(postsOf),
  faults: fc.array(fc.array(fault, { maxLength: 8 }), { minLength: 3, maxLength: 3 }),
  crashes: fc.array(fc.record({ call: fc.integer({ min: 1, max: 15 }), isAfter: fc.boolean() }), {
    maxLength: 5,
  }),
});

/** The first of each alert is its root. */
function postsOf(
  drafts: readonly { channel: string; alert: number; kind: 'edit' | 'reply' | 'file' }[],
): readonly Post[] {
  const begun = new Set<string>();
  return drafts.map(({ channel, alert, kind }, index) => {
    const subject = `${channel}-AL-${alert}`;
    const id = `${index}`;
    const contents: Record<typeof kind, PostContent> = {
      edit: edit(id),
      reply: reply(id),
      file: file(id),
    };
    const content = begun.has(subject) ? contents[kind] : root(id);
    begun.add(subject);
    return post(id, content, { channel, subject });
  });
}

/** Runs process after process until all is said. */
async function survive({ posts, faults, crashes }: Trial, canFind: boolean): Promise<World> {
  vi.setSystemTime(QUEUED_AT);
  const [now, chance] = [() => new Date(), createChance()];
  const world = { store: createMemoryOutboxStore(), chat: createFakeChat({ now, canFind }) };
  world.store.save(...posts);
  for (const [index, channel] of CHANNELS.entries()) {
    world.chat.fail(channel, ...(faults[index] ?? []));
  }
  for (const crash of [...crashes, null]) {
    const life = createLife(world, crash);
    const holder = `process ${crashes.indexOf(crash ?? { call: 0, isAfter: false })}`;
    const outbox = createOutbox({ ...life, now, log: createFakeLog(), holder, chance });
    outbox.start();
    for (let second = 0; second < 3600; second += 1) {
      if (life.isOver() || world.store.isEmpty()) break;
      await vi.advanceTimersByTimeAsync(1000);
    }
    const stopped = outbox.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    await stopped;
  }
  return world;
}

interface World {
  readonly store: MemoryOutboxStore;
  readonly chat: FakeChat;
}

/** What a process sees of the world; from its crash on no call of it comes back, or does anything. */
function createLife(
  { store, chat }: World,
  crash: Trial['crashes'][number] | null,
): { readonly store: OutboxStore; readonly chat: Chat; readonly isOver: () => boolean } {
  let calls = 0;
  let isOver = false;
  const never = new Promise<never>(() => undefined);
  const mortal =
    <T extends readonly unknown[], R>(call: (...given: T) => Promise<R>) =>
    async (...given: T): Promise<R> => {
      if (isOver) return await never;
      calls += 1;
      const isLast = calls === crash?.call;
      isOver = isLast;
      if (isLast && !crash.isAfter) return await never;
      const answer = await call(...given);
      return isLast || isOver ? await never : answer;
    };
  return {
    isOver: () => isOver,
    store: {
      take: mortal(store.take),
      begin: mortal(store.begin),
      sent: mortal(store.sent),
      retry: mortal(store.retry),
      refused: mortal(store.refused),
      nextDueAt: mortal(store.nextDueAt),
      rootOf: mortal(store.rootOf),
      stateOf: mortal(store.stateOf),
    },
    chat: {
      post: mortal(chat.post),
      edit: mortal(chat.edit),
      upload: mortal(chat.upload),
      find: mortal(chat.find),
    },
  };
}

/** What should stand in a channel about a subject, in order: the root and replies, or the files. */
function expectedOf(subject: string, posts: readonly Post[], isFile: boolean): readonly string[] {
  return posts
    .filter((each) => each.subject === subject && each.content.kind !== 'edit')
    .filter(({ content }) => (content.kind === 'file') === isFile)
    .map(({ id }) => id);
}

/** The ids of all that stands there. A merged reply contains several; the root shows its last edit. */
function saidOf(posts: readonly Post[], { chat }: World, isFile: boolean): readonly string[] {
  const ids = new Set(posts.map(({ id }) => id));
  const roots = new Set(posts.flatMap(({ id, content }) => (content.kind === 'root' ? id : [])));
  // After many faults, a line stands in place of a file.
  const isOfFile = ({ message }: FakeChat['said'][number]) =>
    message === null || message.headline.startsWith('The file ');
  return chat.said
    .filter((one) => ids.has(one.key) && isOfFile(one) === isFile)
    .flatMap(({ key, message }) =>
      message === null || isFile || roots.has(key)
        ? [key]
        : message.headline.replace(' (delayed)', '').split(' '),
    );
}

/** By alert, the text that its root message should show in the end. */
function lastTexts(posts: readonly Post[]): readonly (readonly [string, string])[] {
  const texts = new Map<string, string>();
  for (const { subject, content } of posts) {
    if (content.kind === 'root' || content.kind === 'edit') {
      texts.set(subject, content.message.headline);
    }
  }
  return [...texts];
}

async function shownText(subject: string, { store, chat }: World): Promise<string | undefined> {
  const { ts } = (await store.rootOf(subject)) ?? { ts: '' };
  return chat.said.find((each) => each.ts === ts)?.message?.headline.replace(' (delayed)', '');
}

describe('faults and crashes in any order', () => {
  it.each([
    { name: 'where it can be looked for: said once', canFind: true },
    { name: 'where it cannot: said at least once', canFind: false },
  ])('$name, in order', async ({ canFind }) => {
    await fc.assert(
      fc.asyncProperty(trial, async (given) => {
        const world = await survive(given, canFind);
        expect(world.store.isEmpty()).toBe(true);
        for (const subject of new Set(given.posts.map((each) => each.subject))) {
          const posts = given.posts.filter((each) => each.subject === subject);
          for (const isFile of [false, true]) {
            const said = saidOf(posts, world, isFile);
            const heard = canFind ? said : [...new Set(said)];
            expect(heard).toEqual(expectedOf(subject, posts, isFile));
          }
        }
        for (const [subject, text] of lastTexts(given.posts)) {
          expect(await shownText(subject, world)).toBe(text);
        }
      }),
      { numRuns: 150 },
    );
  });
});
