import { find, offered, refuseTopic, surfaceOf } from './choose.ts';
import { type Examples, helpMessage, subcommandHelp } from './help.ts';
import { answer, type Reply } from './reply.ts';
import type { Request, Subcommand } from './subcommand.ts';
import { within } from './waiting.ts';

/** `help`: lists what can be typed, with examples from the caller's servers if they are read in time. */

/** Help waits this long for the data; then it uses the subcommands' own examples. */
const PATIENCE_MS = 400;

const NOTHING: Examples = { servers: [], client: null };

export interface HelpParts {
  /** Every subcommand, on every surface. */
  readonly subcommands: readonly Subcommand[];
  /** Reads the data for the examples; parts that cannot be read are left out. */
  readonly examples: () => Promise<Examples>;
}

export const helpCommand: Subcommand<HelpParts> = {
  name: 'help',
  usage: 'help [<subcommand>]',
  summary: 'Lists what you can type here.',
  example: 'help',
  surfaces: ['slack', 'terminal'],
  needs: [],
  run: help,
};

async function help(
  { words, caller }: Request,
  { subcommands, examples }: HelpParts,
): Promise<Reply> {
  const surface = surfaceOf(caller);
  const inTime = () => within(examples(), PATIENCE_MS, () => NOTHING);
  const listed = offered(subcommands, surface);
  const topic = words[0];
  if (topic === undefined) {
    const rows = listed.map(({ name, usage, summary }) => ({ name, usage, summary }));
    return answer(helpMessage(listed, surface, await inTime()), rows);
  }
  const subcommand = find(topic, subcommands, surface);
  if (subcommand === undefined) return refuseTopic(topic, subcommands, surface);
  const { name, usage, summary } = subcommand;
  const message = subcommandHelp(subcommand, surface, await inTime());
  return answer(message, [{ name, usage, summary }]);
}
