import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Break, type BrokenLine, openBrokenLine } from '../../sandbox/broken-line.ts';

/** The line in front of a server that breaks at a given byte. */

let folder: string;
let server: Server;
let line: BrokenLine;
let heard: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  heard = '';
  // It answers each letter with the same letter in capitals.
  server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.on('end', () => socket.end('.'));
    socket.on('data', (part) => {
      heard += String(part);
      socket.write(String(part).toUpperCase());
    });
  });
  const path = join(folder, 'server.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  line = await openBrokenLine(join(folder, 'line.sock'), path);
});

afterEach(async () => {
  await line.close();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

/** What a client hears that says "abcdef", and whether its connection ended. */
async function say(
  text = 'abcdef',
): Promise<{ readonly answer: string; readonly isOver: boolean }> {
  let answer = '';
  let isOver = false;
  const client = connect({ path: line.path, allowHalfOpen: true });
  client.on('error', () => undefined);
  client.on('data', (part) => (answer += String(part)));
  client.on('end', () => (isOver = true));
  client.on('close', () => (isOver = true));
  client.write(text);
  await expect.poll(() => isOver || answer.length >= text.length || heard.length > 0).toBe(true);
  // The line is in this process, so a few turns of the loop are enough for the rest.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  client.destroy();
  return { answer, isOver };
}

it.each<Break & { readonly hears: string; readonly answers: string; readonly ends: boolean }>([
  { direction: 'to-server', afterBytes: 3, how: 'cut', hears: 'abc', answers: '', ends: true },
  { direction: 'to-server', afterBytes: 3, how: 'stall', hears: 'abc', answers: '', ends: false },
  { direction: 'to-client', afterBytes: 2, how: 'cut', hears: 'abcdef', answers: 'AB', ends: true },
  {
    direction: 'to-client',
    afterBytes: 2,
    how: 'half-close',
    hears: 'abcdef',
    answers: 'AB',
    ends: true,
  },
])('$how after $afterBytes bytes $direction', async ({ hears, answers, ends, ...fault }) => {
  line.breakAt(fault);
  expect(await say()).toEqual({ answer: answers, isOver: ends });
  expect(heard).toBe(hears);
  // The next connection is whole.
  expect(await say('xyz')).toEqual({ answer: 'XYZ', isOver: false });
});

it('breaks all that follow, until it is mended', async () => {
  line.breakAt({ direction: 'to-server', afterBytes: 1, how: 'cut', isForAll: true });
  await say();
  expect(await say()).toMatchObject({ answer: '', isOver: true });
  line.repair();
  expect(await say('xyz')).toEqual({ answer: 'XYZ', isOver: false });
});
