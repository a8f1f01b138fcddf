// Approvals at the wrong time, place or clock, and by people who were approvers once. Does I/O.
import type { User } from '../../sandbox/slack/people.ts';
import { outsiderClicks } from './forgeries.ts';
import { approver, outsider } from './persons.ts';
import { approval, click, deliver, frame, type Scene, send, typed } from './scene.ts';
import { ALIAS, type Cast, type Side } from './stage.ts';

const SIDES = ['socket', 'http'] as const;

/** Something that was sent before, as it was or with another trigger, over either transport. */
export async function replayed(scene: Scene): Promise<void> {
  const { sent, random, stage, id } = scene;
  const { state } = await stage.request(id);
  const earlier = sent.filter(({ approves }) => approves !== id || state !== 'pending');
  const what = earlier[random.between(0, earlier.length - 1)];
  if (what === undefined) return await outsiderClicks(scene);
  const { trigger_id, response_url } = frame(scene, stage.people.dave);
  const payload = random.chance(0.5) ? what.payload : { ...what.payload, trigger_id, response_url };
  await send(scene, { ...what, payload });
}

/** The right click, at a replica whose clock is wrong by an hour. */
export async function wrongClock(scene: Scene): Promise<void> {
  const { stage, random } = scene;
  const side: Side = random.pick(SIDES);
  stage.clocks[side] = random.pick([-1, 1]) * random.between(3_600_000, 90_000_000);
  await send(scene, approval(scene, approver(scene)), side);
  stage.clocks[side] = 0;
}

export async function manyAtOnce(scene: Scene): Promise<void> {
  const { stage, lane } = scene;
  const clicks = Array.from({ length: 6 }, () => click(scene, outsider(scene)));
  await Promise.all(clicks.map((each, at) => deliver(stage, lane, each, SIDES[at % 2] ?? 'http')));
  await stage.settled();
}

export async function afterRestart(scene: Scene): Promise<void> {
  const side: Side = scene.random.pick(SIDES);
  await scene.stage.restart(side);
  await send(scene, click(scene, outsider(scene)), side);
}

/** Slack's answers about people are remembered for a minute, so the clocks move on. */
const FORGOTTEN_MS = 61_000;

/** Half of the time in which the card can be approved. */
const MOVES_UNTIL_MS = 300_000;

async function whileForgotten(
  scene: Scene,
  change: (people: Cast) => () => void,
  who: (scene: Scene) => string,
): Promise<void> {
  const { stage } = scene;
  if (scene.movedMs > MOVES_UNTIL_MS) return await outsiderClicks(scene);
  const undo = change(stage.people);
  const pass = () => {
    scene.movedMs += FORGOTTEN_MS;
    stage.clocks.all += FORGOTTEN_MS;
  };
  pass();
  await send(scene, approval(scene, who(scene)));
  undo();
  pass();
}

const carol = ({ stage }: Scene) => stage.people.carol;

/** Carol may approve as a member of a group, which she has left. */
export const leftGroup = (scene: Scene) =>
  whileForgotten(
    scene,
    ({ carol: left }) => {
      const { workspace } = scene.stage.peer;
      workspace.changeUserGroup('S0DBAS', { members: [] });
      return () => workspace.changeUserGroup('S0DBAS', { members: [left, ALIAS] });
    },
    carol,
  );

export const becameGuest = (scene: Scene) =>
  whileForgotten(
    scene,
    ({ bob }) => {
      const { workspace } = scene.stage.peer;
      const change = scene.random.pick<Partial<Omit<User, 'id'>>>([
        { isRestricted: true },
        { deleted: true },
        { isStranger: true },
      ]);
      workspace.changeUser(bob, change);
      return () =>
        workspace.changeUser(bob, { isRestricted: false, deleted: false, isStranger: false });
    },
    ({ stage }) => stage.people.bob,
  );

export const slackAway = (scene: Scene) =>
  whileForgotten(
    scene,
    () => {
      const method = scene.random.pick(['users.info', 'usergroups.users.list']);
      const fault = { kind: 'refusal', error: 'missing_scope' } as const;
      return scene.stage.peer.fail({ method, fault }).stop;
    },
    approver,
  );

/** The flush account is the reading account there, so nothing can be requested. */
export async function oneAccount(scene: Scene): Promise<void> {
  const { stage } = scene;
  await send(scene, typed(scene, approver(scene), `flush on ${stage.sameAccount} now`));
  const open = await stage.state.flushes.openOn(stage.sameAccount);
  if (open !== null) throw new Error('a flush by the reading account could be requested');
}
