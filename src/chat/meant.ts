import { find } from './choose.ts';
import { type Surface, typed } from './help.ts';
import { type Block, code, type Message, type Spans, text } from './message.ts';
import type { ExitCode, Reply, Subcommand } from './subcommand.ts';
import { joinWords, splitWords } from './words.ts';

/** "Did you mean": a refusal with the line that was likely meant; in Slack a click on it runs it. */

/** A longer line is a pasted text, which nobody wants to read again. */
const LINE_SHOWN = 200;

/** A reply of one plain line, without rows. */
export function plainReply(spans: Spans, exit: ExitCode, after: readonly Block[] = []): Reply {
  const headline = spans.map((span) => ('text' in span ? span.text : '')).join('');
  const message: Message = { headline, blocks: [{ kind: 'text', spans }, ...after] };
  return { messages: [message], rows: [], exit, isPublic: false };
}

/** A refusal, with what was likely meant where that is known. */
export function suggesting(
  spans: Spans,
  instead: string | null,
  subcommands: readonly Subcommand[],
  surface: Surface,
): Reply {
  if (instead === null || instead.length > LINE_SHOWN) return plainReply(spans, 2);
  const asked = text(...spans, ' Did you mean ', code(typed(instead, surface)), '?');
  return plainReply(asked, 2, buttonsFor(instead, subcommands, surface));
}

/** What a subcommand refused for one mistyped word, with its line mended. */
export function withMended(
  reply: Reply,
  line: { readonly subcommand: Subcommand; readonly words: readonly string[] },
  subcommands: readonly Subcommand[],
  surface: Surface,
): Reply {
  const [message] = reply.messages;
  const { meant } = reply;
  if (meant === undefined || message === undefined) return reply;
  const mended = line.words.map((word) => (word === meant.word ? meant.instead : word));
  const whole = joinWords([line.subcommand.name, ...mended]);
  const says = text(message.headline);
  // An option of a terminal, or a word out of a pasted text, stands in no place of its own.
  if (!line.words.includes(meant.word) || whole.length > LINE_SHOWN) {
    const asked = text(...says, ' Did you mean ', code(meant.instead), '?');
    return { ...plainReply(asked, reply.exit), rows: reply.rows };
  }
  const told = suggesting(says, whole, subcommands, surface);
  return { ...told, rows: reply.rows, exit: reply.exit };
}

function buttonsFor(
  line: string,
  subcommands: readonly Subcommand[],
  surface: Surface,
): readonly Block[] {
  const subcommand = find(splitWords(line)[0] ?? '', subcommands, surface);
  if (surface !== 'slack' || subcommand === undefined || subcommand.clickDecides) return [];
  return [{ kind: 'buttons', buttons: [{ label: line, line, says: `Run ${line}` }] }];
}
