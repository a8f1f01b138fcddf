import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHome, type HomeParts } from '../../src/chat/home.ts';
import { type Message, sentence } from '../../src/chat/message.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { createFakeLog, spoken } from './fake-subcommand.ts';

/** The parts of App Home joined: each in its place, whatever became of the others. */

const NOON = new Date('2026-07-01T12:00:00Z');

function part(title: string, says: string | Promise<never>): HomeParts['parts'][number] {
  return { title, blocks: async () => (typeof says === 'string' ? sentence(says).blocks : says) };
}

function wordsOf({ blocks }: Message): string {
  return blocks
    .map((block) => {
      if (block.kind === 'heading') return block.text;
      if (block.kind === 'buttons') return block.buttons.map(({ line }) => line).join(' | ');
      return 'spans' in block
        ? block.spans.map((span) => ('text' in span ? span.text : span.kind)).join('')
        : block.kind;
    })
    .join('\n');
}

function stage(parts: HomeParts['parts'], change: Partial<HomeParts> = {}) {
  const log = createFakeLog();
  const home = createHome({
    parts,
    refusal: async () => null,
    now: () => NOON,
    log,
    ...change,
  });
  return { home, log };
}

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

describe('App Home', () => {
  it('joins the parts in their order, and says when they were read', async () => {
    const { home } = stage([part('One', 'first'), part('Two', 'second')]);
    expect(wordsOf(await home('U0ALICE'))).toBe(
      'Why does MySQL refuse a client?\nwhy | sweep | help\nOne\nfirst\nTwo\nsecond\nRead time',
    );
  });

  it('asks each part for the person who looks', async () => {
    const asked: string[] = [];
    const blocks = async (viewer: string) => {
      asked.push(viewer);
      return [];
    };
    await stage([{ title: 'One', blocks }]).home('U0ALICE');
    expect(asked).toEqual(['U0ALICE']);
  });

  it.each([
    {
      name: 'cannot be read',
      fault: () => Promise.reject(createUnreadable('STATE_URL is away.')),
      says: 'Not known: STATE_URL is away.',
      logged: 0,
    },
    {
      name: 'breaks',
      fault: () => Promise.reject(new Error('secret inside')),
      says: 'Not known: Internal error. Details are in the log.',
      logged: 1,
    },
    {
      name: 'hangs',
      fault: () => new Promise<never>(() => undefined),
      says: 'Not known: there was no answer within 3 s.',
      logged: 0,
    },
  ])('a part that $name hides no other', async ({ fault, says, logged }) => {
    const { home, log } = stage([part('One', fault()), part('Two', 'second')]);
    const drawn = home('U0ALICE');
    await vi.advanceTimersByTimeAsync(3000);
    expect(wordsOf(await drawn)).toContain(`One\n${says}\nTwo\nsecond\n`);
    expect(log.lines).toHaveLength(logged);
  });

  it('shows nothing but why to somebody who may not use the bot', async () => {
    const asked: unknown[] = [];
    const refusal: HomeParts['refusal'] = async (caller) => {
      asked.push(caller);
      return spoken('not for you', { exit: 2 });
    };
    const { home } = stage([part('One', 'first')], { refusal });
    expect(wordsOf(await home('U0EVE'))).toBe('not for you');
    expect(asked).toMatchObject([{ kind: 'person', user: 'U0EVE' }]);
  });
});
