import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { LIMIT, textOf } from '../../../src/adapters/terminal/read.ts';

const MB = 1024 * 1024;

/** Counts the bytes that were taken from it. */
function endless() {
  const chunk = Buffer.alloc(64 * 1024, 'y\n');
  const taken = { bytes: 0 };
  const stream = new Readable({
    read() {
      taken.bytes += chunk.length;
      this.push(chunk);
    },
  });
  return { stream, taken };
}

const bytes = (...parts: readonly (string | Buffer)[]) =>
  Readable.from(parts.map((part) => Buffer.from(part)));

it('stops reading an endless stream at the limit, and closes it', async () => {
  const { stream, taken } = endless();
  expect(await textOf(stream, MB)).toBeNull();
  expect(taken.bytes).toBeLessThan(1.25 * MB);
  expect(stream.destroyed).toBe(true);
});

it('reads up to 16 MB, and not one byte more', async () => {
  const half = Buffer.alloc(LIMIT / 2, 'x');
  expect((await textOf(bytes(half, half)))?.length).toBe(16 * MB);
  expect(await textOf(bytes(half, half, 'x'))).toBeNull();
});

it.each([
  { name: 'nothing', parts: [], text: '' },
  {
    name: 'a letter cut by a chunk',
    parts: [Buffer.from([0xc3]), Buffer.from([0xa4])],
    text: 'ä',
  },
  { name: 'UTF-8 with a mark', parts: ['\ufeffHost'], text: 'Host' },
  {
    name: 'UTF-16, as PowerShell writes it',
    parts: [Buffer.from('\ufeffHost ‘ä’', 'utf16le')],
    text: 'Host ‘ä’',
  },
  { name: 'no text', parts: [Buffer.from([0, 0xff, 0xc3])], text: '\0\ufffd\ufffd' },
])('reads $name', async ({ parts, text }) => {
  expect(await textOf(bytes(...parts))).toBe(text);
});
