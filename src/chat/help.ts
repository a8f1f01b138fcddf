import { type Block, code, type Message, text } from './message.ts';
import type { Subcommand } from './subcommand.ts';

/** Help is made from the list of subcommands: what is not in the list cannot be promised. */

export type Surface = Subcommand['surfaces'][number];

/** Every subcommand of one surface, with a line to try for each. */
export function helpMessage(subcommands: readonly Subcommand[], surface: Surface): Message {
  const blocks: Block[] = [{ kind: 'heading', text: 'Why does MySQL turn a client away?' }];
  for (const { usage, summary, example } of subcommands) {
    const call = typed(example, surface);
    blocks.push({ kind: 'text', spans: text(code(usage), `\n${summary}\nTry `, code(call)) });
  }
  blocks.push({
    kind: 'note',
    spans: text('One of them in detail: ', code(typed('help why', surface))),
  });
  return { headline: `hostcache help: ${subcommands.map(({ name }) => name).join(', ')}`, blocks };
}

/** One subcommand: how it is typed, what it does, a line to try. */
export function subcommandHelp(subcommand: Subcommand, surface: Surface): Message {
  return {
    headline: `hostcache ${subcommand.name}: ${subcommand.summary}`,
    blocks: [
      { kind: 'heading', text: subcommand.name },
      { kind: 'text', spans: text(subcommand.summary) },
      { kind: 'statement', text: typed(subcommand.usage, surface) },
      { kind: 'text', spans: text('Try ', code(typed(subcommand.example, surface))) },
    ],
  };
}

/** A line as it is typed on this surface: `/hostcache why …`, `hostcache why …`. */
export function typed(line: string, surface: Surface): string {
  return `${surface === 'slack' ? '/hostcache' : 'hostcache'} ${line}`;
}
