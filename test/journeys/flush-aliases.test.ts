import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { activesOf } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { type FlushStage, openFlushStage } from './flush-stage.ts';

/** People of an Enterprise organisation, who have two ids each: the second one decides nothing more, and nothing less. */

let world: World;
let stage: FlushStage | null = null;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
});

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

afterAll(() => world.stop());

async function start(mode: 'socket' | 'http') {
  const port = await freePort();
  const on = await openFlushStage(world, 'flusher', {
    mode,
    httpTarget: `http://127.0.0.1:${port}/slack/events`,
  });
  stage = on;
  const { peer, people } = on;
  for (const name of ['alice', 'bob'] as const) {
    const id = `W0${name.toUpperCase()}`;
    peer.workspace.changeUser(people[name], { organisationId: id });
    peer.workspace.addUser({ name: `${name}-there`, id, organisationId: id });
  }
  await on.start({
    APPROVERS: 'W0ALICE,W0BOB',
    ...(mode === 'http' && {
      SLACK_MODE: 'http',
      SLACK_SIGNING_SECRET: peer.signingSecret,
      HOST: '127.0.0.1',
      PORT: String(port),
    }),
  });
  return on;
}

it.each(['socket', 'http'] as const)('one person, one say, over %s', async (mode) => {
  const on = await start(mode);
  const { peer } = on;
  const before = await on.truncates();
  await on.ask('alice', 'flush under two names');
  const card = await on.card(/Approval needed/);
  const mentioned = activesOf(card).map(({ target }) => target);
  expect(mentioned).toEqual(expect.arrayContaining(['U0ALICE', 'W0BOB']));
  expect(mentioned).not.toContain('W0ALICE');
  const clickAs = async (id: string) => {
    const click = await peer.click(id, card, { text: 'Approve and flush' }, { isStale: true });
    return (await click.answer()).text;
  };
  for (const id of ['U0ALICE', 'W0ALICE']) expect(await clickAs(id)).toContain('yourself');
  // Slack answers about somebody else, or not at all.
  peer.workspace.addUser({ name: 'mallory', answeredAs: 'W0BOB' });
  expect(await clickAs('U0MALLORY')).toContain('Slack did not confirm who you are');
  expect(await clickAs('U0CAROL')).toContain('not an approver');
  expect(await on.truncates()).toBe(before);
  expect(await clickAs('U0BOB')).toContain('is approved');
  await on.card(/Flushed: flush main/);
  expect((await on.truncates()) - before).toBe(1);
  const [row] = (await on.inTerminal(['history', '--json'])).split('\n');
  expect(JSON.parse(row ?? '')).toMatchObject({ requester: 'U0ALICE', decidedBy: 'U0BOB' });
});
