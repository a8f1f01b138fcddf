import type { Button } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { harmlessJson } from './harmless.ts';
import { messageText } from './text.ts';
import { type Stream, write } from './write.ts';

/** Asks the world: writes a reply to the streams of a process. */

export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a button's line is something to type here. */
  readonly offers: (button: Button) => boolean;
}

/** Resolves when all is written; a reader that has gone away is no fault. */
export async function printReply(reply: Reply, isJson: boolean, terminal: Terminal): Promise<void> {
  if (isJson && reply.rows.length > 0) {
    await write(terminal.stdout, reply.rows.map((row) => `${harmlessJson(row)}\n`).join(''));
    if (reply.faults !== undefined) await printMessages(reply.faults, terminal.stderr, terminal);
    return;
  }
  // An answer goes where a pipe reads it; a fault must not be taken for one.
  const isFault = reply.rows.length === 0 && reply.exit >= 2;
  if (isJson && !isFault) return;
  await printMessages(reply.messages, isFault ? terminal.stderr : terminal.stdout, terminal);
}

function printMessages(
  messages: Reply['messages'],
  stream: Stream,
  terminal: Terminal,
): Promise<void> {
  const isTty = stream.isTTY === true;
  const paper = {
    width: widthFor(stream, terminal.env),
    isColoured: isTty && !terminal.env['NO_COLOR'] && terminal.env['TERM'] !== 'dumb',
    offers: terminal.offers,
  };
  return write(stream, messages.map((message) => messageText(message, paper)).join('\n'));
}

/** A pipe keeps lines whole, unless somebody has said how wide its end is. */
function widthFor({ isTTY, columns }: Stream, env: Terminal['env']): number {
  const told = Number(env['COLUMNS']);
  const said = Number.isInteger(told) && told > 0 ? told : null;
  if (isTTY !== true) return said ?? Infinity;
  // A terminal that does not know its width says 0.
  return columns || said || 80;
}
