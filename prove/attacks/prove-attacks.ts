// The long run of attacks: approvals, then cuts of the flush connection and of the state connection. Does I/O.

import { startWorld } from '../../sandbox/world.ts';
import { attackApprovals } from './approvals.ts';
import type { CutLine } from './cut-lane.ts';
import { tryCuts } from './cuts.ts';

export interface AttackOptions {
  /** On the approval; a tenth as many points at which each connection breaks. */
  readonly attacks: number;
  readonly seed: number;
  readonly only: {
    readonly episode: number | null;
    readonly cut: { readonly line: CutLine; readonly number: number } | null;
  };
  say(line: string): void;
  readonly progress: { readonly everyMs: number; readonly show: (line: string) => void };
}

/** Each has its own accounts and state; most of a cut is waiting. */
const LANES = { flush: 24, state: 8 };

/** False = an attack succeeded, or people were told something that is not true. */
export async function proveAttacks(options: AttackOptions): Promise<boolean> {
  const { only } = options;
  const worlds: Worlds = await Promise.all([
    startWorld({ flavour: 'mysql' }),
    startWorld({ flavour: 'mysql' }),
  ]);
  try {
    const results: boolean[] = [];
    if (only.cut === null) results.push(await approvals(worlds, options));
    for (const line of ['flush', 'state'] as const) {
      const isWanted = only.cut?.line === line || (only.cut === null && only.episode === null);
      if (isWanted) results.push(await cuts(worlds, line, options));
    }
    return results.every((isSound) => isSound);
  } finally {
    await Promise.all(worlds.map((world) => world.stop()));
  }
}

type Worlds = Parameters<typeof attackApprovals>[0]['worlds'];

async function approvals(worlds: Worlds, options: AttackOptions): Promise<boolean> {
  const { attacks, seed, only, say, progress } = options;
  const show = every(progress, (done) => `${done} of ${attacks} attacks on approvals`);
  const report = await attackApprovals({
    ...{ worlds, attacks, seed, say, hasAliases: true },
    only: only.episode,
    progress: show,
  });
  const { controls, failures, tried, seconds } = report;
  const kinds = Object.entries(tried).map(([name, count]) => `${count} ${name}`);
  say(
    `approvals: ${report.attacks} attacks in ${seconds.toFixed(0)} s: ${failures.length} failures, ${controls} legitimate approvals that each flushed once (${kinds.join(', ')})`,
  );
  // A run in which nothing is ever approved proves nothing.
  return failures.length === 0 && (controls > 0 || only.episode !== null);
}

async function cuts([world]: Worlds, line: CutLine, options: AttackOptions): Promise<boolean> {
  const { attacks, seed, only, say, progress } = options;
  const points = Math.max(1, Math.round(attacks / 10));
  const lanes = only.cut === null ? Math.min(LANES[line], points) : 1;
  const show = every(progress, (done) => `${done} of ${points} cuts of the ${line} connection`);
  const number = only.cut?.number ?? null;
  const report = await tryCuts({
    world,
    line,
    points,
    seed,
    only: number,
    lanes,
    say,
    progress: show,
  });
  const { failures, ends, truncates, seconds } = report;
  const told = Object.entries(ends).map(([end, count]) => `${count} ${end}`);
  say(
    `${line} connection: ${report.points} cuts in ${seconds.toFixed(0)} s: ${failures.length} failures, ${truncates} flushes (told: ${told.join(', ')})`,
  );
  return failures.length === 0;
}

function every(
  { everyMs, show }: AttackOptions['progress'],
  line: (done: number) => string,
): (done: number) => void {
  let shownMs = performance.now();
  return (done) => {
    if (performance.now() - shownMs < everyMs) return;
    shownMs = performance.now();
    show(line(done));
  };
}
