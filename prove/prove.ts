// Predicts and tries small worlds until there are enough cases; stops at the first disagreement. Does I/O.

import { createRandom } from '../sandbox/random.ts';
import { startWorld } from '../sandbox/world.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { releaseOf } from '../src/hostcache/release.ts';
import type { Flavour } from '../src/hostcache/settings.ts';
import { type Comparison, describe } from './comparison.ts';
import { imagine, type SmallWorld } from './small-world.ts';
import { type Stage, tryOut } from './trial.ts';

export interface ProofOptions {
  readonly flavour: Flavour;
  /** The minimum number of predictions to compare: four for each client of each small world. */
  readonly cases: number;
  readonly seed: number;
  /** The seed of the only small world to try; null = as many worlds as the cases need. */
  readonly onlyWorld: number | null;
  say(line: string): void;
  /** Shows progress every `everyMs` milliseconds. */
  readonly progress: { readonly everyMs: number; readonly show: (line: string) => void };
}

export interface Report {
  readonly flavour: Flavour;
  readonly version: string;
  /** Whether `PROVED` in hostcache/release.ts lists this version. */
  readonly isListed: boolean;
  readonly cases: number;
  readonly byTie: number;
  readonly hedged: number;
  readonly unknown: number;
  readonly disagreements: number;
  readonly seconds: number;
  /** How often each outcome was predicted. A proof with only one outcome proves little. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** One in ten worlds is tried on a server that does not resolve names. */
const NAMELESS_SHARE = 10;

export async function proveFlavour(options: ProofOptions): Promise<Report> {
  const startedMs = performance.now();
  const stages = await Promise.all([openStage(options, true), openStage(options, false)]);
  const { isProved: isListed } = releaseOf(await stages[0].target.server.settings());
  const seen: Comparison[] = [];
  let shownMs = startedMs;
  try {
    for (let index = 0; needsMore(options, seen.length, index); index += 1) {
      const worldSeed = options.onlyWorld ?? options.seed * 1_000_000 + index;
      const small = imagine(createRandom(worldSeed));
      const stage = stages[worldSeed % NAMELESS_SHARE === 0 ? 1 : 0];
      const comparisons = await tryOut(stage, small);
      seen.push(...comparisons);
      const wrong = comparisons.find(
        ({ verdict }) => verdict === 'disagrees' || verdict === 'unknown',
      );
      if (wrong !== undefined) options.say(sayWrong(wrong, small, worldSeed, options.flavour));
      if (wrong?.verdict === 'disagrees') break;
      if (performance.now() - shownMs > options.progress.everyMs) {
        shownMs = performance.now();
        options.progress.show(`${options.flavour}: ${seen.length} of ${options.cases} cases`);
      }
    }
  } finally {
    await Promise.all(stages.map(closeStage));
  }
  const count = (verdict: Comparison['verdict']) =>
    seen.filter((comparison) => comparison.verdict === verdict).length;
  return {
    flavour: options.flavour,
    version: stages[0].world.version,
    isListed,
    cases: seen.length,
    byTie: count('agrees by tie'),
    hedged: count('hedged'),
    unknown: count('unknown'),
    disagreements: count('disagrees'),
    seconds: (performance.now() - startedMs) / 1000,
    outcomes: tally(seen.map(({ outcome }) => outcome)),
  };
}

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function needsMore({ cases, onlyWorld }: ProofOptions, seen: number, index: number): boolean {
  return onlyWorld === null ? seen < cases : index < 1;
}

async function openStage({ flavour }: ProofOptions, keepsCache: boolean): Promise<Stage> {
  const world = await startWorld({
    flavour,
    args: ['--performance-schema=ON', ...(keepsCache ? [] : ['--skip-name-resolve'])],
  });
  const { socketPath } = world;
  const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
  const server = createServer({ name: 'proof', login });
  const { flush } = releaseOf(await server.settings());
  const target = { server, resolver: createResolver([world.dnsServer]) };
  return { world, target, flush: flush.sql, keepsCache };
}

async function closeStage({ world, target }: Stage): Promise<void> {
  await target.server.close();
  await world.stop();
}

function sayWrong(wrong: Comparison, small: SmallWorld, seed: number, flavour: Flavour): string {
  return [
    `${wrong.verdict}: ${describe(wrong)}`,
    `replay: npm run prove -- --flavour ${flavour} --world ${seed}`,
    `options: max_connect_errors ${small.maxConnectErrors}, host_cache_size ${small.hostCacheSize}`,
    `accounts: ${small.accounts.map(({ kind, user, host }) => `${kind} '${user}'@'${host}'`).join(', ')}`,
    `client: ${JSON.stringify(wrong.client)}`,
    `facts: ${JSON.stringify(wrong.facts)}`,
  ].join('\n');
}
