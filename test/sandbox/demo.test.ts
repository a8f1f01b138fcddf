import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');

it('tells the whole story and ends by itself without a terminal', () => {
  const demo = spawnSync(process.execPath, ['--import', 'tsx', 'sandbox/demo.ts'], {
    cwd: ROOT,
    encoding: 'utf8',
    input: '',
    timeout: 90_000,
  });
  expect(demo.stderr).toBe('');
  const told = [
    "ERROR 1130: Host '240.221.242.64' is not allowed to connect",
    'without a name',
    'a flush alone will not help',
    'Somebody mends DNS',
    'a flush of the host cache cures it',
    '/hostcache flush DNS is mended',
    'Approval needed: flush main',
    'bob presses "Approve and flush"',
    'The cache was emptied: 1 entries before, 0 now.',
    'logged in as jdoe@merp.example.com',
    'a flush changes nothing',
  ].map((line) => demo.stdout.indexOf(line));
  expect(told).not.toContain(-1);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(demo.status).toBe(0);
});
