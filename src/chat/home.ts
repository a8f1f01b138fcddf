import { HEADLINE } from './help.ts';
import { checkAgain } from './listing.ts';
import type { Log } from './log.ts';
import { type Block, type Button, bold, type Message, note, paragraph, time } from './message.ts';
import type { Reply } from './reply.ts';
import type { Caller } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { within } from './waiting.ts';

/** App Home for one person: one section per feature. A section that fails does not hide the others. */

/** One feature's section of App Home. */
export interface HomePart {
  readonly title: string;
  /** For this person, by id. May reject; a result after the time limit is ignored. */
  readonly blocks: (viewer: string) => Promise<readonly Block[]>;
}

/** The App Home of one person, by id. Never rejects. */
export type Home = (viewer: string) => Promise<Message>;

export interface HomeParts {
  readonly parts: readonly HomePart[];
  /** Why this person may see nothing; null = they may. Never rejects. */
  readonly refusal: (caller: Caller) => Promise<Reply | null>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Of each part; they are read at the same time, and the person sees an empty page until then. */
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

/** App Home has no channel, so an answer goes to the person. A click counts as a typed line. */
export function callerAtHome(viewer: string): Extract<Caller, { kind: 'person' }> {
  return { kind: 'person', user: viewer, channel: viewer, thread: null };
}

async function draw(
  { title, blocks }: HomePart,
  viewer: string,
  { log }: HomeParts,
): Promise<readonly Block[]> {
  const head: Block = { kind: 'heading', text: title };
  try {
    const late = () => [notKnown(`there was no answer within ${LIMIT_MS / 1000} s.`)];
    return [head, ...(await within(blocks(viewer), LIMIT_MS, late))];
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
    checkAgain('sweep', 'Sweep all servers now and refresh this page'),
    { label: 'Help', line: 'help', says: 'Show what you can type' },
  ];
}
