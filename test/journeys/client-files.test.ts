import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { encodeLoginFile } from '../config/login-file.ts';
import { runHostcache } from './process.ts';

/** A person who has only the mysql client set up asks a real server. */

const CLIENT = '240.221.242.64';
const PASSWORD = `p"a's\\w #o=;[r]d é`;
const ESCAPED = PASSWORD.replaceAll('\\', '\\\\');

let world: World;
let home: string;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
  const secret = PASSWORD.replace(/['\\]/g, '\\$&');
  await world.query(`CREATE USER jdoe@localhost IDENTIFIED BY '${secret}';
    GRANT ALL ON *.* TO jdoe@localhost;
    CREATE USER guest@localhost IDENTIFIED BY '${secret}';`);
  await world.connectFrom(CLIENT);
  home = mkdtempSync(join(tmpdir(), 'hostcache-client-'));
});
afterAll(async () => {
  await world.stop();
  rmSync(home, { recursive: true });
});

function put(name: string, content: string | Buffer): void {
  writeFileSync(join(home, name), content, { mode: 0o600 });
}

async function why(words: readonly string[], settings = {}) {
  const env = { HOME: home, DNS_SERVERS: world.dnsServer, ...settings };
  const { ended } = runHostcache(['why', CLIENT, ...words], env, { folder: home });
  const { code, stdout, stderr } = await ended;
  expect(stdout + stderr).not.toContain(PASSWORD);
  return { code, stdout, stderr };
}

const REFUSED = {
  code: 1,
  stderr: '',
  stdout: expect.stringContaining(`${CLIENT} is not allowed`),
};

it.each([
  { name: 'in double quotes', value: `"${ESCAPED.replaceAll('"', '\\"')}"` },
  { name: 'in single quotes', value: `'${ESCAPED.replaceAll("'", "\\'")}'` },
])('~/.my.cnf with a password $name', async ({ value }) => {
  put('.my.cnf', `[client]\nuser=jdoe\npassword=${value}\nsocket=${world.socketPath}\n`);
  expect(await why([])).toMatchObject(REFUSED);
});

it('a login path, and MYSQL_PWD', async () => {
  const value = ESCAPED.replaceAll('"', '\\"');
  put('.my.cnf', `[client]\nuser=jdoe\nsocket=${world.socketPath}\n`);
  put('.mylogin.cnf', encodeLoginFile(`[prod]\npassword = "${value}"\n`));
  expect(await why(['--login-path=prod'])).toMatchObject(REFUSED);
  expect(await why([], { MYSQL_PWD: PASSWORD })).toMatchObject(REFUSED);
  const wrong = await why(['--json'], { MYSQL_PWD: 'x' });
  expect(wrong).toMatchObject({ code: 3, stdout: expect.stringMatching(/jdoe@.* is refused/) });
});

it('any login: what it may not see is a gap', async () => {
  put('guest.cnf', `[client]\nuser=guest\nsocket=${world.socketPath}\n`);
  const { stdout, stderr } = await why(['--defaults-file=guest.cnf', '--json'], {
    MYSQL_PWD: PASSWORD,
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({
    version: expect.stringMatching(/^[\d.]+$/),
    gaps: expect.arrayContaining([expect.stringContaining('host_cache')]),
  });
});

it('a password that the file does not give is asked for, and not shown', async () => {
  put('ask.cnf', `[client]\nuser=jdoe\npassword\nsocket=${world.socketPath}\n`);
  const line = `${process.execPath} ${inject('cli')} why ${CLIENT} --defaults-file=ask.cnf`;
  const child = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null'], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', HOME: home, DNS_SERVERS: world.dnsServer },
  });
  let shown = '';
  child.stdout.on('data', (part) => {
    const isAsked = shown.includes('Password of jdoe');
    shown += String(part);
    if (!isAsked && shown.includes('Password of jdoe')) child.stdin.write(`${PASSWORD}\r`);
  });
  const [code] = await once(child, 'close');
  expect(shown).toContain(`${CLIENT} is not allowed`);
  expect(shown).not.toContain(PASSWORD);
  expect(code).toBe(1);
});

it('without a terminal nobody can be asked', async () => {
  put('ask.cnf', `[client]\nuser=jdoe\npassword\nsocket=${world.socketPath}\n`);
  const env = { HOME: home };
  const words = ['why', CLIENT, '--defaults-file=ask.cnf'];
  const run = runHostcache(words, env, { folder: home, through: ['setsid', '--wait'] });
  expect(await run.ended).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^hostcache: password: expected a terminal .*\n$/),
  });
});

it.each([
  {
    words: ['why', CLIENT, '--defaults-file=x'],
    settings: { MYSQL_URL: 'mysql://a@b' },
    says: /--defaults-file or MYSQL_URL, got both/,
  },
  {
    words: ['explain', '-', '--login-path=x'],
    settings: {},
    says: /explain takes no --login-path/,
  },
  { words: ['start', '--login-path=x'], settings: {}, says: /start takes no --login-path/ },
])('$words: one line', async ({ words, settings, says }) => {
  const { code, stderr } = await runHostcache(words, settings, { folder: home }).ended;
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(says) });
  expect(stderr).toMatch(/^hostcache: [^\n]*\n$/);
});
