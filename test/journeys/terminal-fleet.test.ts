import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { runHostcache } from './process.ts';

/** Every terminal subcommand on a real server and one that is down: only JSON on stdout, and the exit codes. */

const CLIENT = '240.221.242.64';
const ROWS = 'SELECT * FROM performance_schema.host_cache';

let world: World;
let folder: string;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
  await world.query("CREATE USER 'jdoe'@'merp.example.com' IDENTIFIED BY 'x'");
  await world.connectFrom(CLIENT, { user: 'jdoe', password: 'x' });
  folder = mkdtempSync(join(tmpdir(), 'hostcache-fleet-'));
  const url = `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`;
  const servers = ['main', 'replica'].map((name) => `  - { name: ${name}, url: '${url}' }`);
  const away = "  - { name: away, url: 'mysql://root@127.0.0.1:1' }";
  writeFileSync(join(folder, 'servers.yml'), ['servers:', ...servers, away, ''].join('\n'));
  writeFileSync(join(folder, 'rows.json'), JSON.stringify(await world.query(ROWS)));
});

afterAll(async () => {
  await world.stop();
  rmSync(folder, { recursive: true });
});

async function hostcache(...words: readonly string[]) {
  const settings = { SERVERS_FILE: join(folder, 'servers.yml'), DNS_SERVERS: world.dnsServer };
  const { code, stdout, stderr } = await runHostcache(words, settings, { folder }).ended;
  return { code, stdout, stderr };
}

it.each([
  { words: ['why', CLIENT, '--server', 'main'], code: 1, rows: [{ server: 'main' }] },
  {
    words: ['why', CLIENT],
    code: 3,
    rows: [{ server: 'main' }, { server: 'replica' }, { server: 'away', version: null }],
  },
  { words: ['list', 'null', 'on', 'main'], code: 0, rows: [{ address: CLIENT, host: null }] },
  { words: ['accounts', CLIENT, 'on', 'main'], code: 0, rows: null },
  { words: ['pending', 'on', 'main'], code: 0, rows: null },
  { words: ['sweep', 'on', 'main'], code: 0, rows: [{ rule: 'null-host', address: CLIENT }] },
  { words: ['sweep'], code: 3, rows: null },
  {
    words: ['status'],
    code: 3,
    rows: [
      {
        ...{ server: 'main', version: expect.stringMatching(/^[\d.]+$/), nullHosts: 1 },
        ...{ endedAt: null, nextSweepAt: null },
      },
      { server: 'replica', nextSweepAt: null },
      { server: 'away' },
    ],
  },
  { words: ['history'], code: 0, rows: [] },
  { words: ['timeline', CLIENT], code: 0, rows: [] },
  { words: ['explain', 'rows.json'], code: 1, rows: [{ server: null, address: CLIENT }] },
  { words: ['doctor'], code: 3, rows: null },
])('$words --json: $code', async ({ words, code, rows }) => {
  const ended = await hostcache(...words, '--json');
  const lines = ended.stdout.split('\n').filter((line) => line !== '');
  const objects = lines.map((line): unknown => JSON.parse(line));
  expect(ended).toMatchObject({ code });
  for (const one of objects) expect(one).toBeTypeOf('object');
  if (rows !== null) expect(objects).toMatchObject(rows);
});

it('JSON of several servers: stderr names those without an object', async () => {
  const { code, stdout, stderr } = await hostcache('list', 'null', '--json');
  const servers = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  expect(servers).toMatchObject([{ server: 'main' }, { server: 'replica' }]);
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: 'away: nothing listens at root@127.0.0.1:1; check whether the server is running.\n',
  });
});

it('status takes no words, whatever they name', async () => {
  const { code, stdout, stderr } = await hostcache('status', '--server', 'main', '--json');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('status takes no --server.\n');
});

it('the words of a pipe have no colour, no progress, and lines that are whole', async () => {
  const { stdout, stderr } = await hostcache('why', CLIENT, 'on', 'main');
  expect(stderr).toBe('');
  expect(stdout).not.toContain('\u001b');
  expect(stdout.split('\n')[0]).toBe(
    `${CLIENT} is not allowed to connect to main (1130); a flush alone will not help: fix DNS first, then flush.`,
  );
});
