// One episode: a request, attacks on it, its end, and attacks on what has ended. Does I/O.

import { createRandom, type Random } from '../../sandbox/random.ts';
import type { Message } from '../../sandbox/slack/message.ts';
import { ATTACKS, type Attack } from './attacks.ts';
import { ENDINGS, type Ending } from './endings.ts';
import { type Scene, type Sent, send, typed } from './scene.ts';
import type { Lane, Stage } from './stage.ts';

export interface EpisodeReport {
  readonly attacks: number;
  /** Legitimate approvals, each of which flushed the server once. */
  readonly controls: number;
  /** How often each attack and each end was tried. */
  readonly tried: readonly string[];
  /** What must not have happened, with what was done before it; null = nothing. */
  readonly failure: string | null;
}

export interface EpisodeOptions {
  /** False = without those that count on one identity for all ids of a person. */
  readonly hasAliases: boolean;
}

export async function playEpisode(
  stage: Stage,
  seed: number,
  { hasAliases }: EpisodeOptions,
): Promise<EpisodeReport> {
  const random = createRandom(seed);
  const attacks = ATTACKS.filter(({ isAlias }) => hasAliases || isAlias === undefined);
  const sent: Sent[] = [];
  const log: Log = { tried: [], attacks: 0, controls: 0, expected: await stage.truncates() };
  try {
    for (let round = random.between(1, 2); round > 0; round -= 1) {
      const scene = await openScene({ stage, lane: pickOf(random, stage.lanes), random, sent });
      await playRequest(scene, attacks, log);
    }
    return { ...log, failure: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ...log, failure: `${log.tried.join('; ')}: ${why}` };
  }
}

interface Log {
  readonly tried: string[];
  attacks: number;
  controls: number;
  /** How often the statement must have run, by server. */
  readonly expected: Record<string, number>;
}

async function playRequest(scene: Scene, attacks: readonly Attack[], log: Log): Promise<void> {
  const { stage, lane, random } = scene;
  const attack = () => tryAttack(pickOf(random, attacks), scene, log);
  for (let left = random.between(9, 14); left > 0; left -= 1) await attack();
  await compareCounts(stage, log);
  const ending = endingFor(random);
  log.tried.push(ending.name);
  log.attacks += 1;
  const ran = await ending.run(scene);
  log.controls += ran;
  log.expected[lane.server] = (log.expected[lane.server] ?? 0) + ran;
  await compareCounts(stage, log);
  for (let left = random.between(2, 4); left > 0; left -= 1) await attack();
  await compareCounts(stage, log);
}

async function tryAttack({ name, run }: Attack, scene: Scene, log: Log): Promise<void> {
  const { stage, id } = scene;
  log.tried.push(name);
  log.attacks += 1;
  const { state } = await stage.request(id);
  await run(scene);
  const after = await stage.request(id);
  if (after.state !== state)
    throw new Error(`${id} was ${state} before, and is ${after.state}: ${after.outcome}`);
}

async function compareCounts(stage: Stage, { expected }: Log): Promise<void> {
  const ran = await stage.truncates();
  for (const [server, count] of Object.entries(ran)) {
    const all = expected[server] ?? 0;
    if (count !== all) throw new Error(`${server} was flushed ${count} times, expected ${all}`);
  }
}

function endingFor(random: Random): Ending {
  const weighted = ENDINGS.flatMap((ending) => Array.from({ length: ending.weight }, () => ending));
  return pickOf(random, weighted);
}

function pickOf<T>(random: Random, [first, ...others]: readonly T[]): T {
  if (first === undefined) throw new Error('expected something to pick from');
  return random.pick([first, ...others]);
}

/** Alice requests a flush; resolves when its card can be clicked. */
async function openScene(given: Pick<Scene, 'stage' | 'lane' | 'random' | 'sent'>): Promise<Scene> {
  const { stage, lane } = given;
  const { id } = await openRequest(given);
  const card = await stage.peer.workspace.until(() => cardOf(stage, lane, id));
  const truncatesBefore = (await stage.truncates())[lane.server] ?? 0;
  return { ...given, id, card, truncatesBefore, movedMs: 0 };
}

async function openRequest(
  given: Pick<Scene, 'stage' | 'lane' | 'random'>,
): Promise<{ readonly id: string }> {
  const { stage, lane } = given;
  // A machine that stalls may answer too late.
  for (let tries = 0; tries < 5; tries += 1) {
    const line = typed(given, stage.people.alice, `flush on ${lane.server} it is time`);
    await send({ ...given, sent: [] }, line);
    const open = await withCard(stage, lane);
    if (open !== null) return open;
  }
  throw new Error('the request was not made');
}

/** The open request, as soon as its card is posted; null = there is none. */
async function withCard({ state }: Stage, { server }: Lane) {
  for (;;) {
    const open = await state.flushes.openOn(server);
    if (open === null || open.cardAt !== null) return open;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function cardOf({ peer }: Stage, { channel }: Lane, id: string): Message | undefined {
  const button = JSON.stringify(`approve ${id}`);
  return peer.workspace
    .roots(channel)
    .find(({ blocks }) => JSON.stringify(blocks).includes(button));
}
