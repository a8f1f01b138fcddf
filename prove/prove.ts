// Predicts and tries small worlds until there are enough cases; stops at the first disagreement. Does I/O.

import { createRandom } from '../sandbox/random.ts';
import type { ServerProgram } from '../sandbox/server/program.ts';
import { startWorld } from '../sandbox/world.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { type Release, releaseOf } from '../src/hostcache/release.ts';
import { lackedBy } from './accounts.ts';
import { type Comparison, describe } from './comparison.ts';
import { type Thing, thingsIn } from './coverage.ts';
import { imagine, type SmallAccount, type SmallWorld } from './small-world.ts';
import { type Stage, tryOut } from './trial.ts';

export interface ProofOptions {
  /** As `prove/servers.ts` calls the server that is tried. */
  readonly name: string;
  readonly program: ServerProgram;
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
  readonly name: string;
  /** `MySQL 9.7.4`. */
  readonly release: string;
  /** What hostcache says of its predictions for this release, from `PROVED` in hostcache/release.ts. */
  readonly basis: string;
  readonly evicts: Release['evicts'];
  readonly cases: number;
  readonly byTie: number;
  readonly hedged: number;
  readonly unknown: number;
  readonly disagreements: number;
  readonly seconds: number;
  /** How often each outcome was predicted. A proof with only one outcome proves little. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** The cases that each thing played a part in. */
  readonly covered: Readonly<Partial<Record<Thing, number>>>;
  /** The kinds of accounts that this release does not have, and how many were left out. */
  readonly lacked: readonly SmallAccount['kind'][];
  readonly skipped: Readonly<Partial<Record<SmallAccount['kind'], number>>>;
}

/** One in ten worlds is tried on a server that does not resolve names. */
const NAMELESS_SHARE = 10;

export async function proveServer(options: ProofOptions): Promise<Report> {
  const startedMs = performance.now();
  const stages = await Promise.all([openStage(options, true), openStage(options, false)]);
  const seen: Seen = { comparisons: [], things: [], skipped: [] };
  try {
    await tryWorlds(options, stages, seen);
  } finally {
    await Promise.all(stages.map(closeStage));
  }
  const { release } = stages[0];
  const count = (verdict: Comparison['verdict']) =>
    seen.comparisons.filter((comparison) => comparison.verdict === verdict).length;
  return {
    name: options.name,
    release: release.name,
    basis: release.basis,
    evicts: release.evicts,
    cases: seen.comparisons.length,
    byTie: count('agrees by tie'),
    hedged: count('hedged'),
    unknown: count('unknown'),
    disagreements: count('disagrees'),
    seconds: (performance.now() - startedMs) / 1000,
    outcomes: tally(seen.comparisons.map(({ outcome }) => outcome)),
    covered: tally(seen.things),
    lacked: lackedBy(release),
    skipped: tally(seen.skipped),
  };
}

interface Seen {
  readonly comparisons: Comparison[];
  readonly things: Thing[];
  readonly skipped: SmallAccount['kind'][];
}

async function tryWorlds(
  options: ProofOptions,
  stages: readonly [Stage, Stage],
  { comparisons, things, skipped }: Seen,
): Promise<void> {
  const lacked = lackedBy(stages[0].release);
  const lacks = ({ kind }: SmallAccount) => lacked.includes(kind);
  let shownMs = performance.now();
  for (let index = 0; needsMore(options, comparisons.length, index); index += 1) {
    const worldSeed = options.onlyWorld ?? options.seed * 1_000_000 + index;
    const { accounts, ...imagined } = imagine(createRandom(worldSeed));
    const small = { ...imagined, accounts: accounts.filter((account) => !lacks(account)) };
    skipped.push(...accounts.filter(lacks).map(({ kind }) => kind));
    const stage = stages[worldSeed % NAMELESS_SHARE === 0 ? 1 : 0];
    const compared = await tryOut(stage, small);
    comparisons.push(...compared);
    things.push(...compared.flatMap((each) => thingsIn(each, small, stage.keepsCache)));
    const wrong = compared.find(({ verdict }) => verdict === 'disagrees' || verdict === 'unknown');
    if (wrong !== undefined) options.say(sayWrong(wrong, small, worldSeed, options.name));
    if (wrong?.verdict === 'disagrees') return;
    if (performance.now() - shownMs > options.progress.everyMs) {
      shownMs = performance.now();
      options.progress.show(`${options.name}: ${comparisons.length} of ${options.cases} cases`);
    }
  }
}

function tally(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function needsMore({ cases, onlyWorld }: ProofOptions, seen: number, index: number): boolean {
  return onlyWorld === null ? seen < cases : index < 1;
}

async function openStage({ program }: ProofOptions, keepsCache: boolean): Promise<Stage> {
  const world = await startWorld({
    flavour: program.flavour,
    program,
    args: ['--performance-schema=ON', ...(keepsCache ? [] : ['--skip-name-resolve'])],
  });
  const { socketPath } = world;
  const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
  const server = createServer({ name: 'proof', login });
  const release = releaseOf(await server.settings());
  const target = { server, resolver: createResolver([world.dnsServer]) };
  return { world, target, release, keepsCache };
}

async function closeStage({ world, target }: Stage): Promise<void> {
  await target.server.close();
  await world.stop();
}

function sayWrong(wrong: Comparison, small: SmallWorld, seed: number, name: string): string {
  return [
    `${wrong.verdict}: ${describe(wrong)}`,
    `replay: npm run prove -- --servers ${name} --world ${seed}`,
    `options: max_connect_errors ${small.maxConnectErrors}, host_cache_size ${small.hostCacheSize}`,
    `accounts: ${small.accounts.map(({ kind, user, host }) => `${kind} '${user}'@'${host}'`).join(', ')}`,
    `client: ${JSON.stringify(wrong.client)}`,
    `facts: ${JSON.stringify(wrong.facts)}`,
  ].join('\n');
}
