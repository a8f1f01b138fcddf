import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { type Ended, type Run, runHostcache } from './process.ts';

/** What `explain` and `why -` read: files, pipes and standard input, also endless, silent and missing ones. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-input-'));
const pipe = join(folder, 'pipe');
const REFUSED =
  "ERROR 1130 (HY000): Host '192.0.2.7' is not allowed to connect to this MySQL server";

/** Nothing listens there. */
const settings = { MYSQL_URL: 'mysql://bot:s3cret@127.0.0.1:1' };

let run: Run | null = null;

beforeAll(() => {
  mkdirSync(join(folder, 'directory'));
  writeFileSync(join(folder, 'long.log'), Buffer.alloc(17 * 1024 * 1024, 'x\n'));
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
});

afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  run = null;
});

afterAll(() => rmSync(folder, { recursive: true }));

function start(words: readonly string[], input: string | Uint8Array | null = ''): Run {
  run = runHostcache(words, settings, { folder, input });
  return run;
}

function expectOneLine({ code, stdout, stderr }: Ended, says: RegExp): void {
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^[^\n]+\n$/);
  expect(stderr).toMatch(says);
  expect(code).toBe(2);
}

it.each([
  { path: 'directory', says: /expected a file or a pipe with text, got a directory: directory\n/ },
  { path: '/dev/zero', says: /got a device: \/dev\/zero\n/ },
  { path: 'none.log', says: /got ENOENT at none\.log\n/ },
  { path: 'long.log', says: /at most 16 MB of text, got more from long\.log; pass only the part/ },
])('explain $path: one line', async ({ path, says }) => {
  expectOneLine(await start(['explain', path]).ended, says);
});

it.each([
  { words: ['check', 'none.json'], says: /got ENOENT at none\.json\n/ },
  { words: ['check', '-'], says: /^Expected the lines .*, got "so long" in line 1\.\n/ },
  { words: ['check', 'PL-12'], says: /^PL-12 can be checked in Slack\./ },
])('plan $words: one line', async ({ words, says }) => {
  expectOneLine(await start(['plan', ...words], 'so long\n').ended, says);
});

it('bytes that are no text are not understood, and that is all', async () => {
  const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 7) % 256);
  expectOneLine(await start(['explain', '-'], bytes).ended, /^Expected an error message/);
});

it.each(['explain', 'why'])('%s - of an endless input: one line', async (name) => {
  const { child, ended } = start([name, '-'], null);
  const { stdin } = child;
  if (stdin === null) throw new Error('expected a standard input');
  const chunk = Buffer.alloc(64 * 1024, 'y\n');
  const endless = new Readable({ read: () => endless.push(chunk) });
  // The process ends before its input does.
  await expect(pipeline(endless, stdin)).rejects.toThrow();
  expectOneLine(await ended, /at most 16 MB of text, got more from standard input/);
});

describe.each([
  { signal: 'SIGINT', code: 130 },
  { signal: 'SIGTERM', code: 143 },
] as const)('$signal', ({ signal, code }) => {
  it('ends explain of a pipe that nobody writes to', async () => {
    const { child, ended } = start(['explain', 'pipe']);
    await expect.poll(() => openFiles(child.pid)).toContain(pipe);
    child.kill(signal);
    expect(await ended).toEqual({ code, stdout: '', stderr: '' });
  });

  it.each(['explain', 'why'])('ends %s - of a silent input', async (name) => {
    const { child, ended } = start([name, '-'], null);
    // More than a pipe holds, so somebody has read.
    await new Promise<void>((resolve) =>
      child.stdin?.write('x\n'.repeat(200_000), () => resolve()),
    );
    child.kill(signal);
    expect(await ended).toEqual({ code, stdout: '', stderr: '' });
  });
});

function openFiles(pid = 0): readonly string[] {
  const { stdout } = spawnSync('sh', ['-c', `readlink /proc/${pid}/fd/*`]);
  return String(stdout).split('\n');
}

it('explain of a pipe: what is written to it, in parts', async () => {
  const { ended } = start(['explain', 'pipe']);
  const writer = `{ printf '%s' "ERROR 1130 (HY000): Host '192.0.2.7' is"; echo ' not allowed to connect to this MySQL server'; } > pipe`;
  expect(spawnSync('sh', ['-c', writer], { cwd: folder }).status).toBe(0);
  const { code, stdout } = await ended;
  expect(stdout).toContain('hostcache why 192.0.2.7');
  expect(code).toBe(1);
});

it('explain of a process substitution', () => {
  const script = `exec "${process.execPath}" "${inject('cli')}" explain <(echo "$MESSAGE")`;
  const { PATH = '' } = process.env;
  const env = { PATH, MESSAGE: REFUSED };
  const { stdout, status } = spawnSync('bash', ['-c', script], { cwd: folder, env });
  expect(String(stdout)).toContain('hostcache why 192.0.2.7');
  expect(status).toBe(1);
});

it('why - of a text: the clients that it names, not its lines', async () => {
  const text = `Warning: mysqli_connect()\n${REFUSED}\n\nStack trace:\n#0 index.php(3)\n`;
  const { code, stdout } = await start(['why', '-', '--json'], text).ended;
  const rows = stdout.trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row))).toMatchObject([
    { client: '192.0.2.7', version: null },
  ]);
  expect(code).toBe(3);
});

it('why - of clients, one a line', async () => {
  const { stdout } = await start(['why', '-', '--json'], '192.0.2.7\r\n\n 2001:db8::7 \n').ended;
  const rows = stdout.trimEnd().split('\n');
  expect(rows.map((row) => JSON.parse(row).client)).toEqual(['192.0.2.7', '2001:db8::7']);
});
