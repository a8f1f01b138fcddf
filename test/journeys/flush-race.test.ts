import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Card, type FlushStage, openFlushStage, plainText, socketUrl } from './flush-stage.ts';

/** Two replicas on one MySQL state, and a hundred clicks by five people: one decision, one flush, and an answer to each click. */

let world: World;
let stateWorld: World;
let stage: FlushStage;

beforeAll(async () => {
  [world, stateWorld] = await Promise.all([
    startWorld({ flavour: 'mysql' }),
    startWorld({ flavour: 'mysql' }),
  ]);
  await stateWorld.query(`CREATE DATABASE bot; CREATE USER 'bot'@'localhost' IDENTIFIED BY 'state';
    GRANT ALL ON bot.* TO 'bot'@'localhost'`);
  stage = await openFlushStage(world);
  const { alice, bob, carol } = stage.people;
  const more = {
    STATE_URL: socketUrl('bot:state', stateWorld, '/bot'),
    APPROVERS: `${alice},${bob},${carol}`,
  };
  await Promise.all([stage.start(more), stage.start(more)]);
  expect(stage.peer.sockets.length).toBeGreaterThan(1);
});

afterAll(async () => {
  await stage.stop();
  await Promise.all([world.stop(), stateWorld.stop()]);
});

const FIVE = ['alice', 'bob', 'carol', 'dave', 'erin'] as const;

/** The answers to a hundred clicks, and more if the state took too long for all of them; `amid` runs in their middle. */
async function clickAHundredTimes(
  card: Card,
  amid: () => Promise<unknown> = async () => undefined,
): Promise<readonly string[]> {
  const click = async (at: number) =>
    (await (await stage.approve(FIVE[at % 5] ?? 'alice', card)).answer()).text;
  const clicks = (from: number) => Array.from({ length: 50 }, (_, at) => click(from + at));
  const first = clicks(0);
  await amid();
  const answers = await Promise.all([...first, ...clicks(50)]);
  // A machine that is busy with something else may have given none of them an answer in time.
  while (!answers.some((text) => SETTLED.test(text))) answers.push(await click(1));
  return answers;
}

const SETTLED = /already decided by|is approved\. The flush|expired/;

const LOST =
  /already decided by .+ at .+|requested FR-\d+ yourself|not an approver|expired|(?:Nothing was decided|It is not known whether FR-\d+ is (?:approved|rejected)): .+ did not answer within/;

it('of a hundred clicks at once one decides', async () => {
  await stage.ask('alice', 'flush a race');
  const card = await stage.card(/Approval needed/);
  const answers = await clickAHundredTimes(card);
  const done = await stage.card(/Flushed: flush main/);
  expect(await stage.truncates()).toBe(1);
  expect(answers.filter((text) => text.includes('is approved. The flush'))).toHaveLength(1);
  expect(answers.filter((text) => !LOST.test(text))).toHaveLength(1);
  expect(answers.some((text) => /already decided by @U0(BOB|CAROL) at \d{4}-/.test(text))).toBe(
    true,
  );
  expect(plainText(done)).not.toContain('Approve and flush');
});

it('the same when the request expires between the clicks', async () => {
  const before = await stage.truncates();
  await stage.ask('alice', 'flush at the last moment');
  const card = await stage.card(/Approval needed/);
  const answers = await clickAHundredTimes(card, () =>
    stateWorld.query('UPDATE bot.hostcache_flushes SET expires_at = ?', [Date.now()]),
  );
  const done = await stage.card(/(Flushed|Expired): flush main[\s\S]*at the last moment/);
  const approved = answers.filter((text) => text.includes('is approved. The flush'));
  const isFlushed = plainText(done).includes('Flushed');
  expect(approved).toHaveLength(isFlushed ? 1 : 0);
  expect((await stage.truncates()) - before).toBe(isFlushed ? 1 : 0);
  expect(answers.filter((text) => !LOST.test(text))).toHaveLength(isFlushed ? 1 : 0);
});
