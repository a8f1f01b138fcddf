// Reads a file, a pipe or standard input as text, up to a limit. Does I/O.
import { closeSync, constants, createReadStream, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { codeOf } from '../../chat/unreadable.ts';
import { shorten } from '../../chat/words.ts';

/** Bytes. A longer input is refused: it is no message that somebody copied. */
export const LIMIT = 16 * 1024 * 1024;

/** A text that was read, or why there is none, in one sentence. */
export type Content = { readonly text: string } | { readonly fault: string };

export function readStandardInput(): Promise<Content> {
  return contentOf(() => process.stdin, 'standard input');
}

export function readPath(path: string): Promise<Content> {
  return contentOf(() => streamOf(path), shorten(path));
}

/** The text of a stream; null = it is longer than `limit` bytes. Closes the stream at the limit. */
export async function textOf(
  stream: AsyncIterable<Uint8Array>,
  limit: number = LIMIT,
): Promise<string | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > limit) return null;
    chunks.push(chunk);
  }
  return decode(Buffer.concat(chunks));
}

async function contentOf(open: () => Readable | string, place: string): Promise<Content> {
  try {
    const stream = open();
    if (typeof stream === 'string') {
      return { fault: `expected a file or a pipe with text, got ${stream}: ${place}` };
    }
    const text = await textOf(stream);
    return text === null ? { fault: tooLong(place) } : { text };
  } catch (error) {
    const code = codeOf(error);
    if (code === null) throw error;
    return { fault: `expected a file that can be read, got ${code} at ${place}` };
  }
}

function tooLong(place: string): string {
  const most = `${LIMIT / 1024 / 1024} MB`;
  return `expected at most ${most} of text, got more from ${place}; pass only the part with the error`;
}

/** A string says what it is instead. */
function streamOf(path: string): Readable | string {
  // Without O_NONBLOCK, a thread would wait for someone to write to the pipe, and no signal could end it.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stat = fstatSync(fd);
  if (stat.isFile()) return createReadStream(path, { fd });
  if (stat.isFIFO()) return new Socket({ fd, readable: true, writable: false });
  closeSync(fd);
  return stat.isDirectory() ? 'a directory' : 'a device';
}

/** PowerShell's `>` writes UTF-16. Bytes that are no text become U+FFFD. */
function decode(bytes: Uint8Array): string {
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
}
