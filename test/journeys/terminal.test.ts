import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './bot.ts';
import { type Run, runHostcache } from './process.ts';

/** `hostcache …` in a shell: texts, streams and exit codes. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-terminal-'));
const PASSWORD = 's3cret';

let silent: Server;
let silentPort = 0;
let run: Run | null = null;

beforeAll(async () => {
  // A MySQL server that accepts and never answers.
  silent = createServer();
  silentPort = await freePort();
  await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', resolve));
});

afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  run = null;
});

afterAll(() => {
  silent.close();
  rmSync(folder, { recursive: true });
});

const settings = () => ({ MYSQL_URL: `mysql://bot:${PASSWORD}@127.0.0.1:${silentPort}` });

it.each([
  {
    name: '--version',
    words: ['--version'],
    code: 0,
    out: /^hostcache \d+\.\d+\.\d+\n$/,
    err: /^$/,
  },
  { name: 'help', words: [], code: 0, out: /hostcache why/, err: /^$/ },
  { name: '--help of one', words: ['why', '--help'], code: 0, out: /why <client>/, err: /^$/ },
  {
    name: 'help of one as JSON',
    words: ['--json', 'help', 'why'],
    code: 0,
    out: /^\{"name":"why",.*\}\n$/,
    err: /^$/,
  },
  {
    name: 'an unknown option',
    words: ['why', '--jsn'],
    code: 2,
    out: /^$/,
    err: /^hostcache: unknown option --jsn; did you mean --json\?.*\n$/,
  },
  {
    name: 'a mistyped subcommand',
    words: ['wyh'],
    code: 2,
    out: /^$/,
    err: /Did you mean hostcache why\?/,
  },
  { name: 'a bare word', words: ['merp'], code: 2, out: /^$/, err: /neither a client/ },
  {
    name: 'a file that is none',
    words: ['explain', 'none.json'],
    code: 2,
    out: /^$/,
    err: /ENOENT at none.json\n$/,
  },
])('$name', async ({ words, code, out, err }) => {
  run = runHostcache(words, settings(), { folder });
  const ended = await run.ended;
  expect(ended.stdout).toMatch(out);
  expect(ended.stderr).toMatch(err);
  expect(ended.code).toBe(code);
});

it('why of a server that never answers: 3, and JSON all the same', async () => {
  run = runHostcache(['why', '-', '--json'], settings(), {
    folder,
    input: '192.0.2.7\n\n 2001:db8::7 \n',
  });
  const { code, stdout, stderr } = await run.ended;
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(rows).toMatchObject([
    { client: '192.0.2.7', version: null },
    { client: '2001:db8::7', version: null },
  ]);
  expect(stdout + stderr).not.toContain(PASSWORD);
  expect(code).toBe(3);
});

it('explain reads standard input, a file, or the message itself', async () => {
  const message =
    "ERROR 1130 (HY000): Host '192.0.2.7' is not allowed to connect to this MySQL server";
  writeFileSync(join(folder, 'error.txt'), message);
  const runs = [
    runHostcache(['explain', '-'], {}, { folder, input: message }),
    runHostcache(['explain', 'error.txt'], {}, { folder }),
    runHostcache(['explain', message], {}, { folder }),
  ];
  const [first, ...others] = await Promise.all(runs.map(({ ended }) => ended));
  expect(first?.stdout).toContain('1130');
  for (const other of others) expect(other.stdout).toBe(first?.stdout);
});

it('a reader that has seen enough ends it quietly', async () => {
  run = runHostcache(['help'], {}, { folder });
  run.child.stdout?.destroy();
  expect((await run.ended).stderr).toBe('');
});

describe('the state', () => {
  it.each([
    {
      name: 'that no setting means',
      url: 'redis://x',
      code: 2,
      err: /STATE_URL: expected sqlite:/,
    },
    {
      name: 'without its folder',
      url: 'sqlite:none/x.db',
      code: 3,
      err: /the folder .* does not exist/,
    },
    { name: 'of another kind', url: 'sqlite:error.db', code: 3, err: /error.db is not a SQLite/ },
    {
      name: 'on a server that is away',
      url: `mysql://u:${PASSWORD}@127.0.0.1:1/state`,
      code: 3,
      err: /nothing listens at u@127.0.0.1:1/,
    },
  ])('$name is told in one line, by $code', async ({ url, code, err }) => {
    writeFileSync(join(folder, 'error.db'), 'no database '.repeat(1000));
    run = runHostcache(['history'], { ...settings(), STATE_URL: url }, { folder });
    const ended = await run.ended;
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr).toMatch(err);
    expect(ended.stderr).toMatch(/^hostcache: [^\n]*\n$/);
    expect(ended.stderr).not.toContain(PASSWORD);
  });

  it('that nobody has begun is said to be empty, and is not begun by a look', async () => {
    const fresh = mkdtempSync(join(folder, 'fresh-'));
    const runs = ['status', 'history'].map((word) =>
      runHostcache([word, '--json'], settings(), { folder: fresh }),
    );
    const [status, history] = await Promise.all(runs.map(({ ended }) => ended));
    // That server does not answer, and there is no state about it.
    expect(status).toMatchObject({ code: 3, stdout: expect.stringContaining('"server":"main"') });
    expect(history).toMatchObject({ code: 0, stdout: '' });
    expect(history?.stderr).toMatch(
      /^hostcache: STATE_URL: .*hostcache\.db does not exist yet: .*\n$/,
    );
    expect(readdirSync(fresh)).toEqual([]);
  });
});

it('Ctrl-C while a server is waited for: 130 at once, and the socket is closed', async () => {
  // Without a signal it waits for five seconds, so the one that started earlier ends later.
  const patient = runHostcache(['sweep'], settings(), { folder });
  await once(silent, 'connection');
  const connected = once(silent, 'connection');
  run = runHostcache(['sweep'], settings(), { folder });
  const [socket] = await connected;
  const closed = once(socket.resume(), 'close');
  run.child.kill('SIGINT');
  expect(await Promise.race([run.ended, patient.ended])).toMatchObject({ code: 130 });
  const { code, stdout, stderr } = await run.ended;
  await closed;
  expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: '' });
  expect((await patient.ended).code).toBe(3);
});
