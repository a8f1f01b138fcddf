/** The start and the end of a sandbox world. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { createConnection } from 'mysql2/promise';
import { expect, it, onTestFinished } from 'vitest';
import { startWorld } from '../../sandbox/world.ts';

it('admits TCP clients from the loopback with their own address', async () => {
  const world = await startWorld({ flavour: 'mariadb', network: 'loopback' });
  onTestFinished(() => world.stop());
  await world.query("CREATE USER any@'127.0.0.9'");
  const { port } = world;
  const stream = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.9' });
  const client = await createConnection({ stream, user: 'any' });
  const [rows] = await client.query('SELECT CURRENT_USER() AS me');
  expect(rows).toEqual([{ me: 'any@127.0.0.9' }]);
  await client.end();

  await world.stopServer();
  await expect(createConnection({ port, user: 'any' })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await world.startServer(['--skip-name-resolve']);
  expect(await world.query('SELECT @@skip_name_resolve AS off')).toEqual([{ off: 1 }]);
});

it('hangs while it is stopped by a signal, and then continues', async () => {
  const world = await startWorld({ flavour: 'mariadb' });
  onTestFinished(() => world.stop());
  await world.query("CREATE USER any@'%'");
  await world.signal('SIGSTOP');
  const silent = await world.connectFrom('10.0.0.7', { user: 'any', timeoutMs: 200 });
  expect(silent).toEqual({ outcome: 'closed', reason: 'ETIMEDOUT' });
  await world.signal('SIGCONT');
  expect(await world.connectFrom('10.0.0.7', { user: 'any' })).toMatchObject({
    outcome: 'admitted',
  });
});

it('says why the server did not start, and leaves nothing behind', async () => {
  const started = startWorld({ flavour: 'mariadb', args: ['--no-such-option'] });
  await expect(started).rejects.toThrow(/no-such-option/);
});

it('ends when its parent is killed', async () => {
  const script = fileURLToPath(new URL('killed-parent.ts', import.meta.url));
  const tsx = createRequire(import.meta.url).resolve('tsx');
  const parent = spawn(process.execPath, ['--import', tsx, script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line]: Buffer[] = await once(parent.stdout, 'data');
  const folder = dirname(String(line));
  // The agent, the server, and the commands that started them.
  expect(processesOf(folder).length).toBeGreaterThan(1);
  parent.kill('SIGKILL');
  await expect.poll(() => processesOf(folder)).toEqual([]);
  await expect.poll(() => existsSync(folder)).toBe(false);
});

/** The processes in all namespaces with that folder in their command line. */
function processesOf(folder: string): readonly string[] {
  const ids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return ids.filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(folder);
    } catch {
      // The process has ended meanwhile.
      return false;
    }
  });
}
