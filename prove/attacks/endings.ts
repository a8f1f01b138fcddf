// How a request ends: approved by the right person, or in one of the ways in which nothing may run. Does I/O.
import { approver } from './persons.ts';
import { approval, click, deliver, type Scene, send, typed } from './scene.ts';
import type { Side } from './stage.ts';

export interface Ending {
  readonly name: string;
  readonly weight: number;
  /** Resolves with how often the statement must have run. */
  readonly run: (scene: Scene) => Promise<0 | 1>;
}

const SIDES = ['socket', 'http'] as const;

const TTL_MS = 600_000;

async function expectState({ stage, id }: Scene, ...expected: readonly string[]): Promise<void> {
  const { state, outcome } = await stage.request(id);
  if (!expected.includes(state))
    throw new Error(`${id} is ${state} (${outcome}), expected ${expected.join(' or ')}`);
}

/** On a machine that stalls, a server may not answer in time; that is told, and nothing runs. */
async function expectFlushed(scene: Scene): Promise<0 | 1> {
  const { state, outcome } = await scene.stage.request(scene.id);
  if (state === 'failed' && /did not answer within/.test(outcome ?? '')) return 0;
  await expectState(scene, 'flushed');
  return 1;
}

async function approved(scene: Scene): Promise<0 | 1> {
  await send(scene, approval(scene, approver(scene)));
  return await expectFlushed(scene);
}

/** On the private card that a typed line shows. */
async function approvedPrivately(scene: Scene): Promise<0 | 1> {
  const { stage, lane, id } = scene;
  const { bob } = stage.people;
  const asked = await stage.peer.command(bob, lane.channel, `/hostcache approve ${id}`);
  const { shown } = await asked.answer(/Approve and flush/);
  const place = { kind: 'ephemeral', id: 'id' in shown ? shown.id : '' } as const;
  await stage.peer.click(bob, place, { text: 'Approve and flush' });
  await stage.settled();
  return await expectFlushed(scene);
}

/** On the card as Slack shows it, by way of Slack. */
async function approvedInSlack(scene: Scene): Promise<0 | 1> {
  const { stage, card } = scene;
  await stage.peer.click(approver(scene), card, { text: 'Approve and flush' }, { isStale: true });
  await stage.settled();
  return await expectFlushed(scene);
}

/** Both approvers at both replicas at once, each several times. */
async function raced(scene: Scene): Promise<0 | 1> {
  const { stage, lane, sent } = scene;
  const { bob, carol } = stage.people;
  const clicks = [bob, carol, bob, carol].map((user) => approval(scene, user));
  const both = clicks.flatMap((each) => SIDES.map((side) => [each, side] as const));
  sent.push(...clicks);
  await Promise.all(both.map(([each, side]) => deliver(stage, lane, each, side)));
  await stage.settled();
  return await expectFlushed(scene);
}

async function rejected(scene: Scene): Promise<0> {
  const { id } = scene;
  await send(scene, typed(scene, approver(scene), `reject ${id} not now`));
  await expectState(scene, 'rejected');
  await send(scene, approval(scene, approver(scene)));
  await expectState(scene, 'rejected');
  return 0;
}

async function expired(scene: Scene): Promise<0> {
  const { stage } = scene;
  stage.clocks.all += TTL_MS + 1000;
  for (const side of SIDES) await send(scene, approval(scene, approver(scene)), side);
  await expectState(scene, 'pending', 'expired');
  await stage.replicas.socket.maintain();
  await expectState(scene, 'expired');
  return 0;
}

/** The address of the flush account leads to another server, from now on or while the click is on its way. */
async function turned(scene: Scene): Promise<0> {
  const { stage, lane } = scene;
  const home = stage.home.socketPath;
  lane.line.turnTo(stage.elsewhere.socketPath);
  await send(scene, approval(scene, approver(scene)));
  lane.line.turnTo(home);
  await expectState(scene, 'superseded', 'failed');
  const next = await stage.state.flushes.openOn(lane.server);
  // The old card does not approve the request that replaces it.
  await send(scene, click(scene, approver(scene), { value: `approve ${next?.id ?? scene.id}` }));
  if (next !== null)
    await send(scene, typed(scene, approver(scene), `reject ${next.id} another time`));
  const left = await stage.state.flushes.openOn(lane.server);
  if (left !== null) throw new Error(`${left.id} replaced the request and is ${left.state}`);
  return 0;
}

/** Longer than the lease of a killed process. */
const TAKEN_OVER_MS = 15_000;

/** The replica that is approving is killed between any two steps; the other one finishes the work. */
async function killed(scene: Scene): Promise<0 | 1> {
  const { stage, lane, random, sent } = scene;
  const side: Side = random.pick(SIDES);
  const other = side === 'http' ? 'socket' : 'http';
  const replica = stage.replicas[side];
  replica.dieAfter(random.between(1, 60));
  const what = approval(scene, approver(scene));
  sent.push(what);
  await Promise.race([deliver(stage, lane, what, side), dead(replica)]);
  await stage.settled();
  await stage.restart(side);
  stage.clocks.all += TAKEN_OVER_MS;
  await stage.replicas[other].maintain();
  await stage.settled();
  const { state, outcome } = await stage.request(scene.id);
  // It died before the decision, so the person clicks again.
  if (state === 'pending') return await approved(scene);
  const since = ((await stage.truncates())[lane.server] ?? 0) - scene.truncatesBefore;
  const may = { flushed: [1], failed: [0], superseded: [0], uncertain: [0, 1] };
  const told = state in may ? may[state as keyof typeof may] : [];
  if (!told.includes(since))
    throw new Error(`told ${state}: ${outcome}, and it ran ${since} times`);
  return since === 1 ? 1 : 0;
}

async function dead({ isDead }: { readonly isDead: () => boolean }): Promise<void> {
  while (!isDead()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export const ENDINGS: readonly Ending[] = [
  { name: 'approved', weight: 8, run: approved },
  { name: 'approved on a private card', weight: 2, run: approvedPrivately },
  { name: 'approved in Slack', weight: 2, run: approvedInSlack },
  { name: 'approved by two at once', weight: 2, run: raced },
  { name: 'rejected', weight: 1, run: rejected },
  { name: 'expired', weight: 1, run: expired },
  { name: 'the address is turned', weight: 1, run: turned },
  { name: 'killed in the middle', weight: 2, run: killed },
];
