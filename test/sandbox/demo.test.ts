import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { HELP, readOptions } from '../../sandbox/demo/options.ts';

const DEMO = ['--import', 'tsx', 'sandbox/demo.ts'];

/** Runs the demo to its end, without a terminal. */
function run(...options: readonly string[]) {
  return spawnSync(process.execPath, [...DEMO, ...options], {
    cwd: ROOT,
    encoding: 'utf8',
    input: '',
    timeout: 300_000,
  });
}

const ROOT = join(import.meta.dirname, '../..');

it('plays the whole story and ends without a terminal', () => {
  const demo = run();
  expect(demo.stderr).toBe('');
  const places = [
    'Open http://127.0.0.1:',
    'Starting a MySQL server',
    "ERROR 1130: Host '240.221.242.64' is not allowed to connect",
    'without a name',
    'a flush alone will not help',
    'Somebody fixes DNS',
    'a flush of the host cache cures it',
    '/hostcache flush DNS is fixed',
    'Approval needed: flush main',
    'bob presses "Approve and flush"',
    'The cache was emptied: 1 entry before, 0 now.',
    'logged in as jdoe@merp.example.com',
    'a flush changes nothing',
  ].map((line) => demo.stdout.indexOf(line));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(demo.status).toBe(0);
});

it('stays up with --stay until a signal ends it', async () => {
  const demo = spawn(process.execPath, [...DEMO, '--stay'], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  demo.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    await expect.poll(() => said).toContain('and try it yourself');
    const [, address = ''] = /^Open (http:\S+) /m.exec(said) ?? [];
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('hostcache sandbox');
    demo.kill('SIGTERM');
    expect(await once(demo, 'exit')).toEqual([0, null]);
    await expect(fetch(address)).rejects.toThrow();
  } finally {
    demo.kill('SIGKILL');
  }
}, 120_000);

const WRONG = [
  { options: ['--forever'], says: 'got "--forever"' },
  { options: ['stay'], says: 'got "stay"' },
  { options: ['--stay=yes'], says: 'got "--stay=yes"' },
  { options: ['--port'], says: '--port: expected 1 to 65535, got ""' },
  { options: ['--port', '70000'], says: '--port: expected 1 to 65535, got "70000"' },
];

it.each(WRONG)('refuses $options in one line', ({ options, says }) => {
  expect(readOptions(options)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(says) });
});

it('takes --stay and --port', () => {
  const taken = { kind: 'good', plan: false, stay: true, port: 8080 };
  expect(readOptions(['--stay', '--port', '8080'])).toEqual(taken);
  expect(readOptions(['--port=8080', '--stay'])).toEqual(taken);
  expect(readOptions([])).toEqual({ kind: 'good', plan: false, stay: false, port: undefined });
});

it('exits with 2 before anything is started', () => {
  const { status, stdout, stderr } = run('--forever');
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^demo: .*\n$/);
});

it('ends when the process that started it is gone', async () => {
  const waiter = 'exec node --import tsx test/sandbox/until-told-waiter.ts';
  // A shell stays in between, so that the test can kill it alone.
  const shell = spawn('sh', ['-c', `(${waiter}) & wait`], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await expect.poll(() => said).toMatch(/^\d+\n/);
  shell.kill('SIGKILL');
  await expect.poll(() => said).toMatch(/told\n$/);
});

it('plays how a fleet gets ready for skip_name_resolve', () => {
  const demo = run('--plan');
  expect(demo.stderr).toBe('');
  const places = [
    'A fleet logs in: 50 of 50 admitted',
    '5 lose access',
    'An administrator runs: ',
    'restarted with skip_name_resolve=ON',
    'The fleet logs in again: 50 of 50 admitted',
    '/hostcache plan check PL-1',
    'promises hold',
  ].map((line) => demo.stdout.indexOf(line));
  expect(places, demo.stdout).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(demo.status).toBe(0);
});

it('--help and -h describe each option', () => {
  for (const words of [['--help'], ['-h'], ['--stay', '--help']]) {
    expect(readOptions(words)).toEqual({ kind: 'help' });
  }
  for (const option of ['--plan', '--port', '--stay']) expect(HELP).toContain(`\n    ${option}`);
});
