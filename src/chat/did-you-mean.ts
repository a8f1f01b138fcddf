import { find } from './choose.ts';
import { type Surface, typed } from './help.ts';
import { type Block, code, type Spans, sentence, text } from './message.ts';
import { answer, type Reply, refuse } from './reply.ts';
import type { Subcommand } from './subcommand.ts';
import { joinWords } from './words.ts';

/** "Did you mean": a refusal with the line that was likely meant; in Slack a click on it runs it. */

/** A longer line is a pasted text, which nobody wants to read again. */
const LINE_SHOWN = 200;

/** A refusal, with the words that were likely meant; null = not known. */
export function suggest(
  says: Spans,
  instead: readonly string[] | null,
  subcommands: readonly Subcommand[],
  surface: Surface,
): Reply {
  const line = joinWords(instead ?? []);
  if (instead === null || line.length > LINE_SHOWN) return refuse(says);
  const { headline, blocks } = askWhether(says, typed(line, surface));
  const subcommand = find(instead[0] ?? '', subcommands, surface);
  const mayClick = surface === 'slack' && subcommand !== undefined && !subcommand.clickDecides;
  const buttons: readonly Block[] = mayClick
    ? [{ kind: 'buttons', buttons: [{ label: line, line, says: `Run ${line}` }] }]
    : [];
  return answer({ headline, blocks: [...blocks, ...buttons] }, [], 2);
}

/** What a subcommand refused for one mistyped word, with its whole line corrected. */
export function withCorrection(
  reply: Reply,
  line: { readonly subcommand: Subcommand; readonly words: readonly string[] },
  subcommands: readonly Subcommand[],
  surface: Surface,
): Reply {
  const [message] = reply.messages;
  const { word, instead = null } = reply.didYouMean ?? {};
  if (word === undefined || instead === null || message === undefined) return reply;
  const says = text(message.headline);
  const words = line.words.map((each) => (each === word ? instead : each));
  const corrected = [line.subcommand.name, ...words];
  // An option of a terminal, or a word out of a pasted text, stands in no place of its own.
  if (!line.words.includes(word) || joinWords(corrected).length > LINE_SHOWN) {
    return answer(askWhether(says, instead), [], 2);
  }
  return suggest(says, corrected, subcommands, surface);
}

function askWhether(says: Spans, instead: string) {
  return sentence(text(...says, ' Did you mean ', code(instead), '?'));
}
