import type { Button } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { withoutSteering } from '../../chat/steering.ts';
import type { Colour } from './arguments.ts';
import { messageText } from './text.ts';
import { type Stream, write } from './write.ts';

/** Writes a reply to the streams of a process. Does I/O. */

export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly colour: Colour;
  /** Whether a button's line can be typed here. */
  readonly offers: (button: Button) => boolean;
}

/** Resolves when everything is written; a closed pipe is not an error. */
export async function printReply(reply: Reply, isJson: boolean, terminal: Terminal): Promise<void> {
  if (reply.verbatim !== undefined) return write(terminal.stdout, reply.verbatim);
  if (isJson && reply.rows.length > 0) {
    await write(
      terminal.stdout,
      withoutSteering(reply.rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    );
    if (reply.faults !== undefined) await printMessages(reply.faults, terminal.stderr, terminal);
    return;
  }
  // A pipe must not read an error as an answer.
  const isFault = reply.rows.length === 0 && reply.exit >= 2;
  if (isJson && !isFault) return;
  await printMessages(reply.messages, isFault ? terminal.stderr : terminal.stdout, terminal);
}

function printMessages(
  messages: Reply['messages'],
  stream: Stream,
  terminal: Terminal,
): Promise<void> {
  const paper = {
    width: widthFor(stream, terminal.env),
    isColoured: isColoured(stream, terminal),
    offers: terminal.offers,
  };
  return write(stream, messages.map((message) => messageText(message, paper)).join('\n'));
}

function isColoured({ isTTY }: Stream, { colour, env }: Terminal): boolean {
  if (colour !== 'auto') return colour === 'always';
  return isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}

/** Lines in a pipe are not wrapped, unless COLUMNS says how wide its end is. */
function widthFor({ isTTY, columns }: Stream, env: Terminal['env']): number {
  const given = Number(env['COLUMNS']);
  const configured = Number.isInteger(given) && given > 0 ? given : null;
  if (isTTY !== true) return configured ?? Infinity;
  // A terminal that does not know its width reports 0.
  return columns || configured || 80;
}
