import type { HomePart } from '../chat/home.ts';
import { moreNote } from '../chat/listing.ts';
import { note } from '../chat/message.ts';
import type { ReadingParts } from '../chat/on-servers.ts';
import { joinWords } from '../chat/words.ts';
import type { Target } from '../diagnosis/gather.ts';

/** App Home's way to a plan: a button for each server, which asks for the change. It asks no server. */

const SERVERS = 5;

export function createPlanHome({ targets }: Pick<ReadingParts<Target>, 'targets'>): HomePart {
  const buttons = targets.slice(0, SERVERS).map(({ server: { name } }) => ({
    label: targets.length === 1 ? 'Plan…' : `Plan on ${name}…`,
    line: `plan on ${joinWords([name])}`,
    says: `Plan a change of ${name}`,
  }));
  return {
    title: 'Before a change',
    blocks: async () => [
      note('Who loses access, and what to run first so that nobody does. It only reads.'),
      { kind: 'buttons', buttons },
      ...moreNote(targets, SERVERS),
    ],
  };
}
