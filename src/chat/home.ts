import type { Caller } from './caller.ts';
import { HEADLINE } from './help.ts';
import type { Log } from './log.ts';
import { type Block, type Button, bold, type Message, note, paragraph, time } from './message.ts';
import { checkAgain } from './read-at.ts';
import type { Reply } from './reply.ts';
import { isUnreadable } from './unreadable.ts';
import { within } from './waiting.ts';

/** App Home: the parts of the features one below the other, for one person; none of them hides another. */

/** What one feature tells a person at a glance. */
export interface HomePart {
  readonly title: string;
  /** For this person, by id; may reject, and is not waited for beyond a limit. */
  readonly blocks: (viewer: string) => Promise<readonly Block[]>;
}

/** What stands before one person, by id. Never rejects. */
export type Home = (viewer: string) => Promise<Message>;

export interface HomeParts {
  readonly parts: readonly HomePart[];
  /** Why this person may see nothing; null = they may. Never rejects. */
  readonly refusal: (caller: Caller) => Promise<Reply | null>;
  readonly now: () => Date;
  readonly log: Log;
  /** For each part; they are read side by side. */
  readonly limitMs?: number;
}

/** Somebody waits before an empty page. */
const LIMIT_MS = 3000;

export function createHome(home: HomeParts): Home {
  return async (viewer) => {
    const refused = await home.refusal(callerAtHome(viewer));
    if (refused !== null) {
      const [first] = refused.messages;
      const headline = first?.headline ?? HEADLINE;
      return { headline, blocks: refused.messages.flatMap(({ blocks }) => blocks) };
    }
    const readAt = home.now();
    const drawn = await Promise.all(home.parts.map((part) => draw(part, viewer, home)));
    return {
      headline: HEADLINE,
      blocks: [
        { kind: 'heading', text: HEADLINE },
        { kind: 'buttons', buttons: topButtons() },
        ...drawn.flat(),
        note('Read ', time(readAt)),
      ],
    };
  };
}

/** A click there stands in no channel: the answer goes to the person. It counts as a typed line. */
export function callerAtHome(viewer: string): Extract<Caller, { kind: 'person' }> {
  return { kind: 'person', user: viewer, channel: viewer, thread: null };
}

async function draw(
  { title, blocks }: HomePart,
  viewer: string,
  { limitMs = LIMIT_MS, log }: HomeParts,
): Promise<readonly Block[]> {
  const head: Block = { kind: 'heading', text: title };
  try {
    const late = () => [notKnown(`there was no answer within ${limitMs / 1000} s.`)];
    return [head, ...(await within(blocks(viewer), limitMs, late))];
  } catch (error) {
    if (isUnreadable(error)) return [head, notKnown(error.message)];
    log.error('a part of App Home failed', { part: title, error });
    return [head, notKnown('Internal error. Details are in the log.')];
  }
}

function notKnown(why: string): Block {
  return paragraph(bold('Not known: '), why);
}

function topButtons(): readonly Button[] {
  return [
    {
      label: 'Why is a client refused?…',
      line: 'why',
      says: 'Ask why a client is refused',
      style: 'primary',
    },
    checkAgain('sweep', 'Look at all servers now, and show this page anew'),
    { label: 'Help', line: 'help', says: 'Show what can be typed' },
  ];
}
