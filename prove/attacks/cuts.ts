// Breaks the connections of a flush at many bytes, and compares what people were told with what the server did. Does I/O.
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Break } from '../../sandbox/broken-line.ts';
import { createRandom } from '../../sandbox/random.ts';
import type { World } from '../../sandbox/world.ts';
import { type CutLane, type CutLine, openCutLane, type Told, type Whole } from './cut-lane.ts';

export interface CutOptions {
  readonly world: World;
  readonly line: CutLine;
  readonly points: number;
  readonly seed: number;
  /** The only point to try, from the report of a failure; null = all. */
  readonly only: number | null;
  /** How lines break; default in every way. Ten seconds pass before a silent server is given up. */
  readonly ways?: readonly [Break['how'], ...Break['how'][]];
  /** Points that are tried at the same time, each with its own accounts. */
  readonly lanes: number;
  say(line: string): void;
  progress?(done: number): void;
}

export interface CutReport {
  readonly line: CutLine;
  readonly points: number;
  readonly failures: readonly string[];
  /** How often each end was told. */
  readonly ends: Readonly<Record<string, number>>;
  readonly truncates: number;
  readonly seconds: number;
}

export async function tryCuts(options: CutOptions): Promise<CutReport> {
  const startedMs = performance.now();
  const { world } = options;
  const folder = mkdtempSync('/tmp/hostcache-cuts-');
  const state = options.line === 'state' ? ('mysql' as const) : ('sqlite' as const);
  const lanes: CutLane[] = [];
  try {
    for (let number = 0; number < options.lanes; number += 1)
      lanes.push(await openCutLane(world, folder, { number, state }));
    const tried = await tryAll(lanes, options);
    return { ...tried, line: options.line, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
    rmSync(join(folder), { recursive: true });
  }
}

async function tryAll(lanes: readonly CutLane[], options: CutOptions) {
  const { points, only } = options;
  const numbers = only === null ? Array.from({ length: points }, (_, at) => at) : [only];
  const log: Log = { failures: [], ends: {}, done: 0, truncates: 0 };
  await Promise.all(lanes.map((lane) => tryOn(lane, numbers, log, options)));
  const { failures, ends, done, truncates } = log;
  return { points: done, failures, ends, truncates };
}

interface Log {
  readonly failures: string[];
  readonly ends: Record<string, number>;
  done: number;
  truncates: number;
}

/** Takes one number after the other, until none is left. */
async function tryOn(lane: CutLane, numbers: number[], log: Log, options: CutOptions) {
  const { line, seed, say, progress } = options;
  const whole = await measure(lane, line);
  const before = await lane.truncates();
  let seen = 0;
  for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
    const fault = faultOf(seed * 100_000 + number, whole, options);
    const outcome = await attempt(lane, line, fault);
    const why = typeof outcome === 'string' ? outcome : wrongIn(outcome);
    if (why !== null) log.failures.push(sayFailure(why, fault, { line, seed, number }));
    if (why !== null) say(log.failures.at(-1) ?? '');
    log.done += 1;
    progress?.(log.done);
    if (typeof outcome === 'string') continue;
    const { state } = outcome.request;
    log.ends[state] = (log.ends[state] ?? 0) + 1;
    seen += outcome.truncates;
  }
  const ran = (await lane.truncates()) - before;
  log.truncates += ran;
  // A statement that ran after everybody was told.
  if (ran !== seen) log.failures.push(`${ran} flushes were counted, ${seen} seen at the time`);
}

const DIRECTIONS = ['to-server', 'to-client'] as const;

const WAYS = ['cut', 'stall', 'half-close'] as const;

/** The statement and its answer; the stored mark, the result and what is told. */
const LATE_BYTES = {
  flush: { 'to-server': 60, 'to-client': 14 },
  state: { 'to-server': 6000, 'to-client': 6000 },
} as const;

/** A flush on a line that does not break: how many bytes pass. It must succeed, unless the machine stalls. */
async function measure(lane: CutLane, line: CutLine): Promise<Whole> {
  for (let left = 5; ; left -= 1) {
    const { request, truncates, passed } = await lane.tryOnce(() => lane.lines[line].breakAt(null));
    if (request.state === 'flushed' && truncates === 1) return passed[line];
    if (left === 0) throw new Error(`a flush on a whole line ended as ${request.state}`);
  }
}

function faultOf(seed: number, whole: Whole, { line, ways = WAYS }: CutOptions): Break {
  const random = createRandom(seed);
  const direction = random.pick(DIRECTIONS);
  // Most bytes pass before the statement, and most of what can go wrong is around it.
  const last = whole[direction];
  const afterBytes = random.between(
    random.chance(0.5) ? Math.max(0, last - LATE_BYTES[line][direction]) : 0,
    last,
  );
  const how = random.pick(ways);
  return { direction, afterBytes, how, isForAll: line === 'state' && random.chance(0.5) };
}

async function attempt(lane: CutLane, line: CutLine, fault: Break): Promise<Told | string> {
  try {
    return await lane.tryOnce(() => lane.lines[line].breakAt(fault));
  } catch (error) {
    lane.lines[line].repair();
    return `it did not end: ${String(error)}`;
  }
}

/** What was told that is not true; null = everything is. */
function wrongIn({ request, answer, posts, truncates }: Told): string | null {
  const { state, outcome } = request;
  if (truncates > 1) return `the statement ran ${truncates} times`;
  const expected = { flushed: [1], failed: [0], rejected: [0], uncertain: [0, 1] };
  const may = state in expected ? expected[state as keyof typeof expected] : [];
  if (!may.includes(truncates)) return `told "${state}: ${outcome}", and it ran ${truncates} times`;
  if (/Nothing was/.test(answer) && truncates > 0)
    return `told "${answer}", and it ran ${truncates} times`;
  const isToldApproved = /is approved/.test(answer) && !/not known whether/.test(answer);
  if (isToldApproved && state === 'rejected') return `told "${answer}", and it was not decided`;
  const heading = {
    flushed: /Flushed/,
    failed: /Failed/,
    rejected: /Rejected/,
    uncertain: /Uncertain/,
  };
  const shows = state in heading ? heading[state as keyof typeof heading] : /./;
  if (!posts.some((headline) => shows.test(headline))) return `no card says "${state}"`;
  return null;
}

function sayFailure(
  why: string,
  { direction, afterBytes, how, isForAll }: Break,
  {
    line,
    seed,
    number,
  }: { readonly line: CutLine; readonly seed: number; readonly number: number },
): string {
  return [
    `${line} connection, ${how} after ${afterBytes} bytes ${direction}${isForAll ? ', and for all that follow' : ''}: ${why}`,
    `replay: npm run prove -- --attacks 1 --seed ${seed} --cut ${line}:${number}`,
  ].join('\n');
}
