import { afterAll, beforeAll, expect, it } from 'vitest';
import { postSigned } from '../../sandbox/slack/signed-http.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { type FlushStage, openFlushStage, socketUrl } from './flush-stage.ts';

/** Two replicas in HTTP mode on one MySQL state: a request that one has handled is replayed to the other. */

let world: World;
let stateWorld: World;
let stage: FlushStage;
/** The address of the replica that Slack does not know. */
let other: string;

beforeAll(async () => {
  [world, stateWorld] = await Promise.all([
    startWorld({ flavour: 'mysql' }),
    startWorld({ flavour: 'mysql' }),
  ]);
  await stateWorld.query(`CREATE DATABASE bot; CREATE USER 'bot'@'localhost' IDENTIFIED BY 'state';
    GRANT ALL ON bot.* TO 'bot'@'localhost'`);
  const ports = [await freePort(), await freePort()];
  const [here = '', there = ''] = ports.map((port) => `http://127.0.0.1:${port}/slack/events`);
  other = there;
  stage = await openFlushStage(world, 'flusher', { mode: 'http', httpTarget: here });
  for (const port of ports) {
    await stage.start({
      STATE_URL: socketUrl('bot:state', stateWorld, '/bot'),
      SLACK_MODE: 'http',
      SLACK_SIGNING_SECRET: stage.peer.signingSecret,
      PORT: String(port),
    });
  }
});

afterAll(async () => {
  expect([stage.peer.refusals, stage.peer.workspace.broadcasts]).toEqual([[], []]);
  await stage.stop();
  await Promise.all([world.stop(), stateWorld.stop()]);
});

type Act = Parameters<FlushStage['peer']['replay']>[0];

/** Replays the same bytes to the other replica. It accepts them, and answers with the result of the first time. */
async function again(act: Act, answer: RegExp): Promise<void> {
  const reply = await postSigned(other, stage.peer.signed(act), 60_000);
  expect(reply?.status).toBe(200);
  await act.answer(answer);
}

const cards = () => stage.peer.workspace.roots(stage.dba).length;

it('nothing takes effect twice', async () => {
  const { peer, people, dba } = stage;
  const ask = async () => {
    const asked = await peer.command(people.alice, dba, '/hostcache flush a replay');
    await asked.answer(/your request/);
    return asked;
  };
  const first = await ask();
  await stage.ask('bob', 'reject FR-1 not yet');
  await stage.card(/Rejected: flush main/);
  // No request is open now, but the replay does not create one.
  await again(first, /already handled/);
  expect(cards()).toBe(1);

  // A new command with the same text is a new request.
  await again(await ask(), /FR-2 already requests/);
  const click = await stage.approve('bob', await stage.card(/Approval needed/));
  await click.answer(/FR-2 is approved/);
  await stage.card(/Flushed: flush main/);
  await again(click, /FR-2 was already decided by @U0BOB at .*: flushed/);
  await Promise.all([peer.replay(click), peer.replay(first)]);
  // Any effect of the replays would come before this answer.
  await stage.ask('carol', 'history');
  expect(await stage.truncates()).toBe(1);
  expect(cards()).toBe(2);
});
