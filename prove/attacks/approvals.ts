// Attacks approvals in many episodes, each with a seed of its own. Does I/O.
import type { World } from '../../sandbox/world.ts';
import { type EpisodeReport, playEpisode } from './episode.ts';
import { openStage, type Stage } from './stage.ts';

export interface ApprovalOptions {
  /** The server of all lanes, and the one to which a turned address leads. */
  readonly worlds: readonly [World, World];
  /** At least that many attacks; those that a legitimate approval ends are among them. */
  readonly attacks: number;
  readonly seed: number;
  /** The seed of the only episode to play, from the report of a failure; null = as many as it takes. */
  readonly only: number | null;
  readonly hasAliases: boolean;
  say(line: string): void;
  progress?(done: number): void;
}

export interface ApprovalReport {
  readonly attacks: number;
  readonly controls: number;
  readonly failures: readonly string[];
  /** How often each attack and each end was tried. */
  readonly tried: Readonly<Record<string, number>>;
  readonly seconds: number;
}

/** The workspace keeps everything that ever happened in it, so it is a new one after so many. */
const EPISODES_ON_STAGE = 40;

export async function attackApprovals(options: ApprovalOptions): Promise<ApprovalReport> {
  const startedMs = performance.now();
  const played = await playAll(options);
  return { ...played, seconds: (performance.now() - startedMs) / 1000 };
}

async function playAll(options: ApprovalOptions) {
  const [home, elsewhere] = options.worlds;
  const { attacks: wanted, seed, only, hasAliases, say } = options;
  const tried: Record<string, number> = {};
  const failures: string[] = [];
  let [attacks, controls] = [0, 0];
  let stage: Stage | null = null;
  for (let number = 0; only === null ? attacks < wanted : number < 1; number += 1) {
    if (number % EPISODES_ON_STAGE === 0) {
      await stage?.stop();
      stage = await openStage(home, elsewhere);
    }
    if (stage === null) break;
    const own = only ?? seed * 1_000_000 + number;
    const report: EpisodeReport = await playEpisode(stage, own, { hasAliases });
    attacks += report.attacks;
    controls += report.controls;
    for (const name of report.tried) tried[name] = (tried[name] ?? 0) + 1;
    options.progress?.(attacks);
    if (report.failure === null) continue;
    failures.push(`${report.failure}\nreplay: npm run prove -- --attacks 1 --episode ${own}`);
    say(failures.at(-1) ?? '');
    // What a failed episode has left behind would disturb the next one.
    await stage.stop();
    stage = await openStage(home, elsewhere);
  }
  await stage?.stop();
  return { attacks, controls, failures, tried };
}
