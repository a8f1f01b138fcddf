import { createConnection, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type FlushStage, openFlushStage, plainText, socketUrl } from './flush-stage.ts';

/** A statement that the server refuses, or whose result is lost: the card shows only what is known. */

let world: World;
let stateWorld: World;
let stage: FlushStage;
let before: number;

beforeAll(async () => {
  [world, stateWorld] = await Promise.all([
    startWorld({ flavour: 'mysql' }),
    startWorld({ flavour: 'mysql' }),
  ]);
  await stateWorld.query(`CREATE DATABASE bot; CREATE USER 'bot'@'localhost' IDENTIFIED BY 'state';
    GRANT ALL ON bot.* TO 'bot'@'localhost'`);
  await world.connectFrom('240.221.242.64');
});

afterAll(() => Promise.all([world.stop(), stateWorld.stop()]));

beforeEach(async () => {
  stage = await openFlushStage(world);
  before = await stage.truncates();
});

afterEach(() => stage.stop());

/** A request by alice. Resolves with the card when bob has approved it. */
async function approved(more: Readonly<Record<string, string>> = {}) {
  await stage.start(more);
  await stage.ask('alice', 'flush and break');
  const card = await stage.card(/Approval needed/);
  await stage.approve('bob', card);
  return card;
}

async function ranOn(on: World, account: string, statement: string): Promise<boolean> {
  const rows = await on.query(
    `SELECT 1 FROM information_schema.processlist WHERE USER = '${account}' AND INFO LIKE '${statement}%'`,
  );
  return rows.length > 0;
}

/** Resolves when the bot has begun `more` further checks of the cache. */
async function looksAtCache(more: number): Promise<void> {
  const count = async () => {
    const [row] = await world.query(
      `SELECT SUM(COUNT_STAR) AS looks FROM performance_schema.events_statements_summary_by_digest
        WHERE DIGEST_TEXT LIKE 'SELECT%host_cache%'`,
    );
    return Number(row?.['looks']);
  };
  const before = await count();
  await expect.poll(count).toBeGreaterThan(before + more);
}

it('the right is gone when the statement comes, though the check has passed', async () => {
  await stage.start({ STATE_URL: socketUrl('bot:state', stateWorld, '/bot') });
  await stage.ask('alice', 'flush and break');
  const card = await stage.card(/Approval needed/);
  // After the check, the cache is saved; the lock delays that.
  await stateWorld.query('LOCK TABLES bot.hostcache_snapshots WRITE');
  await stage.approve('bob', card);
  const isSaving = () => ranOn(stateWorld, 'bot', 'replace into `hostcache_snapshots`');
  await expect.poll(isSaving).toBe(true);
  await world.query("REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'flusher'@'localhost'");
  await stateWorld.query('UNLOCK TABLES');
  const failed = plainText(await stage.card(/(Failed|Flushed|Uncertain).*: flush main/));
  expect(failed).toContain('Failed: flush main');
  expect(failed).toMatch(
    /Not flushed: main: a privilege is missing: DROP command denied.*\(1142\)/,
  );
  expect(failed).not.toContain('Approve and flush');
  expect(await stage.truncates()).toBe(before);
  expect(stage.thread(card).join('\n')).not.toContain('emptied');
});

it('the server hangs while the statement waits', async () => {
  await world.query('LOCK INSTANCE FOR BACKUP');
  const card = await approved();
  const isWaiting = () => ranOn(world, 'flusher', 'TRUNCATE');
  await expect.poll(isWaiting).toBe(true);
  await world.signal('SIGSTOP');
  const hung = plainText(await stage.card(/Uncertain.*: flush main/));
  expect(hung).toMatch(/The statement may have run: main: .* did not answer within 10 s/);
  expect(hung).not.toContain('Approve and flush');
  await world.signal('SIGCONT');
  // The statement has timed out. If the lock were released earlier, it might still run.
  await expect.poll(isWaiting).toBe(false);
  await world.query('UNLOCK INSTANCE');
  // The thread has the saved cache, and no message claims a flush, because there was none.
  const saved = () => stage.thread(card).join('\n');
  await expect.poll(saved).toContain('240.221.242.64');
  await looksAtCache(2);
  expect(await stage.truncates()).toBe(before);
  expect(saved()).not.toContain('emptied');
  expect(await stage.ask('carol', 'history')).toContain('FR-1 main: uncertain');
});

it.each([
  { name: 'it is lost on its way', when: 'before', flushes: 0 },
  { name: 'its answer is lost', when: 'after', flushes: 1 },
] as const)('the connection ends: $name', async ({ when, flushes }) => {
  const wire = await cutAtStatement(world, when);
  const card = await approved({ MYSQL_FLUSH_URL: wire.url });
  const lost = plainText(await stage.card(/(Failed|Flushed|Uncertain).*: flush main/));
  expect(lost).toMatch(
    /Uncertain, look at the server[\s\S]*The statement may have run: main: .* closed/,
  );
  await wire.close();
  expect((await stage.truncates()) - before).toBe(flushes);
  const told = () => stage.thread(card).join('\n');
  const proof = 'Now: no earlier entry is left, so the cache was emptied.';
  if (flushes === 1) await expect.poll(told).toContain(proof);
  else {
    await looksAtCache(2);
    expect(told()).not.toContain('emptied');
  }
});

/** A proxy to the server that disconnects at the statement: before the server gets it, or before its answer. */
async function cutAtStatement({ socketPath }: World, when: 'before' | 'after') {
  const path = join(socketPath, '..', `cut-${when}.sock`);
  const line = createServer((near) => {
    const far = createConnection(socketPath);
    let isCut = false;
    near.on('data', (sent) => {
      if (sent.includes('TRUNCATE')) isCut = true;
      if (isCut && when === 'before') near.destroy();
      else far.write(sent);
    });
    far.on('data', (answer) => (isCut ? near.destroy() : near.write(answer)));
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('close', () => other.destroy());
      one.on('error', () => other.destroy());
    }
  });
  await new Promise<void>((resolve) => line.listen(path, resolve));
  const url = `mysql://flusher:flush@localhost?socketPath=${encodeURIComponent(path)}`;
  return { url, close: () => new Promise((resolve) => line.close(resolve)) };
}
