import type { Button } from '../../chat/message.ts';
import type { Reply } from '../../chat/reply.ts';
import { withoutSteering } from '../../chat/steering.ts';
import { messageText } from './text.ts';
import { type Stream, write } from './write.ts';

/** Writes a reply to the streams of a process. Does I/O. */

export interface Terminal {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a button's line can be typed here. */
  readonly offers: (button: Button) => boolean;
}

/** Resolves when everything is written; a closed pipe is not an error. */
export async function printReply(reply: Reply, isJson: boolean, terminal: Terminal): Promise<void> {
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
  const isTty = stream.isTTY === true;
  const paper = {
    width: widthFor(stream, terminal.env),
    isColoured: isTty && !terminal.env['NO_COLOR'] && terminal.env['TERM'] !== 'dumb',
    offers: terminal.offers,
  };
  return write(stream, messages.map((message) => messageText(message, paper)).join('\n'));
}

/** Lines in a pipe are not wrapped, unless COLUMNS says how wide its end is. */
function widthFor({ isTTY, columns }: Stream, env: Terminal['env']): number {
  const given = Number(env['COLUMNS']);
  const configured = Number.isInteger(given) && given > 0 ? given : null;
  if (isTTY !== true) return configured ?? Infinity;
  // A terminal that does not know its width reports 0.
  return columns || configured || 80;
}
