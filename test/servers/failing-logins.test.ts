import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { openStage, type Stage } from './stage.ts';
import { openSwept, type Swept } from './swept.ts';

/** The alert about failing logins, from a real server's own record, without a host cache. */

let stage: Stage;
let on: Swept;

beforeAll(async () => {
  stage = await openStage({ flavour: 'mysql', args: ['--skip-name-resolve'] });
  await stage.world.query(
    "CREATE USER shop@'%'; CREATE USER lockd@'%' ACCOUNT LOCK; CREATE USER billing@'%' IDENTIFIED BY 'right'",
  );
});
afterAll(() => stage?.close());
beforeEach(async () => {
  on = await openSwept(stage);
});
afterEach(() => on.close());

async function fail(user: string, address: string, count: number): Promise<void> {
  for (let time = 0; time < count; time += 1) await stage.world.connectFrom(address, { user });
}

it('names login, client, error and count, and ends when nobody fails', async () => {
  expect(await on.sweep()).toEqual([]);
  await fail('billing', '10.0.0.1', 1);
  await fail('shop', '10.0.0.2', 8);
  await stage.world.breakHandshakeFrom('10.0.0.3', 8);
  on.pass(5);
  expect(await on.sweep()).toEqual([]);

  await fail('lockd', '10.0.0.1', 6);
  on.pass(5);
  expect(await on.sweep()).toEqual(['root', 'reply']);
  const [chart] = on.thread('AL-1');
  expect(chart).toMatch(
    /^10\.0\.0\.1 failed to log in to main 7 times in the last 24 hours, first /,
  );
  expect(chart).toContain('account locked (3118): 6 times, as lockd (6)');
  expect(chart).toMatch(/# account locked: 6\n= access denied: 1\n/);
  expect(on.card('AL-1')).toMatch(/^Firing: 1 client that fails to log in on main/);
  expect(on.card('AL-1')).toMatch(/10\.0\.0\.1 .*lockd: the account is locked \(3118\) 6 times/);
  expect(on.card('AL-1')).not.toMatch(/10\.0\.0\.[23]/);
  expect(on.card('AL-1')).toContain('ACCOUNT UNLOCK');
  expect(on.buttons('AL-1')).toContain('why 10.0.0.1 on main');

  await stage.flush();
  on.pass(5);
  await on.sweep();
  expect(on.card('AL-1')).toMatch(/^Firing/);
  on.pass(10);
  await on.sweep();
  expect(on.card('AL-1')).toMatch(
    /^Resolved.*10\.0\.0\.1: no login from it failed for 10 minutes/s,
  );
});

it('is silenced by the address', async () => {
  await on.sweep();
  await on.say('silence 10.0.0.8/31 for 1h the tests are ours');
  await fail('billing', '10.0.0.9', 6);
  on.pass(1);
  expect(await on.sweep()).toEqual([]);
  on.pass(1);
  await fail('billing', '10.0.0.10', 6);
  expect(await on.sweep()).toEqual(['root', 'reply']);
  expect(on.card('AL-1')).toMatch(/Also silenced: 1\.[\s\S]*10\.0\.0\.10 /);
});
