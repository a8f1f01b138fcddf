// Tries plans of random small worlds on real servers, and counts what was promised wrongly. Does I/O.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '../../sandbox/random.ts';
import type { Flavour } from '../../src/hostcache/settings.ts';
import { certificateOf } from '../../test/servers/certificate.ts';
import { type ChangeKind, imaginePlan, type PlanWorld } from './imagine.ts';
import type { PlanStages } from './play.ts';
import { openPlanStage, type PlanStage } from './stage.ts';
import { type ChangeResult, tryPlans } from './trial.ts';

export interface PlanProofOptions {
  readonly flavour: Flavour;
  readonly servers: PlanServers;
  readonly kinds: readonly ChangeKind[];
  readonly worlds: number;
  readonly seed: number;
  /** In how many worlds each statement is left out once. */
  readonly thorough: number;
  /** The seed of the only small world to try; null = as many as asked for. */
  readonly onlyWorld: number | null;
  say(line: string): void;
  readonly progress: { readonly everyMs: number; readonly show: (line: string) => void };
}

export interface PlanReport {
  readonly flavour: Flavour;
  readonly worlds: number;
  readonly byKind: ReadonlyMap<ChangeKind, ChangeTotals>;
  readonly wrong: number;
  readonly seconds: number;
}

export type ChangeTotals = Omit<ChangeResult, 'kind' | 'wrong'> & { readonly wrong: number };

/** After so many wrong worlds it stops. */
const WRONG_LIMIT = 20;

export async function provePlans(options: PlanProofOptions): Promise<PlanReport> {
  const startedMs = performance.now();
  const stages = options.servers.of(options.flavour);
  const byKind = new Map<ChangeKind, ChangeTotals>();
  let [worlds, wrong, shownMs] = [0, 0, startedMs];
  for (; worlds < (options.onlyWorld === null ? options.worlds : 1); worlds += 1) {
    const seed = options.onlyWorld ?? options.seed * 1_000_000 + worlds;
    const imagined = imaginePlan(seed, createRandom(seed));
    const isThorough = worlds < options.thorough;
    const trial = { kinds: options.kinds, isThorough };
    for (const result of await tryPlans(stages, imagined, trial)) {
      byKind.set(result.kind, plus(byKind.get(result.kind), result));
      if (result.wrong.length === 0) continue;
      wrong += 1;
      options.say(sayWrong(result, imagined, options.flavour));
    }
    if (wrong >= WRONG_LIMIT) break;
    if (performance.now() - shownMs > options.progress.everyMs) {
      shownMs = performance.now();
      options.progress.show(`${options.flavour}: ${worlds} of ${options.worlds} worlds`);
    }
  }
  const seconds = (performance.now() - startedMs) / 1000;
  return { flavour: options.flavour, worlds, byKind, wrong, seconds };
}

export interface PlanServers {
  of(flavour: Flavour): PlanStages;
  close(): Promise<void>;
}

/** Servers that start when the first small world needs them. */
export function createPlanServers(): PlanServers {
  const open = new Map<string, Promise<PlanStage>>();
  let folder: Promise<string> | null = null;
  const stageOf = (flavour: Flavour, isNameless: boolean): Promise<PlanStage> => {
    const key = `${flavour} ${isNameless}`;
    const stage = open.get(key) ?? start(flavour, isNameless);
    open.set(key, stage);
    return stage;
  };
  // MySQL makes itself a certificate, which MariaDB gets too.
  const start = async (flavour: Flavour, isNameless: boolean) => {
    if (flavour === 'mysql') return openPlanStage(flavour, isNameless, []);
    folder ??= mkdtemp(join(tmpdir(), 'hostcache-proof-'));
    const { world } = await stageOf('mysql', false);
    return openPlanStage(flavour, isNameless, await certificateOf(world, await folder));
  };
  return {
    of: (flavour) => ({
      stage: (isNameless) => stageOf(flavour, isNameless),
      otherRelease: (isNameless) => stageOf(flavour === 'mysql' ? 'mariadb' : 'mysql', isNameless),
    }),
    close: async () => {
      for (const stage of await Promise.all(open.values())) await stage.close();
      if (folder !== null) await rm(await folder, { recursive: true, force: true });
    },
  };
}

function plus(total: ChangeTotals | undefined, one: ChangeResult): ChangeTotals {
  const { kind: _, wrong, ...counts } = one;
  if (total === undefined) return { ...counts, wrong: wrong.length };
  return {
    verdicts: {
      agrees: total.verdicts.agrees + one.verdicts.agrees,
      'agrees by tie': total.verdicts['agrees by tie'] + one.verdicts['agrees by tie'],
      hedged: total.verdicts.hedged + one.verdicts.hedged,
      unknown: total.verdicts.unknown + one.verdicts.unknown,
      disagrees: total.verdicts.disagrees + one.verdicts.disagrees,
    },
    harmed: total.harmed + one.harmed,
    statements: total.statements + one.statements,
    unkept: total.unkept + one.unkept,
    leftOut: total.leftOut + one.leftOut,
    leftOutByTie: total.leftOutByTie + one.leftOutByTie,
    wrong: total.wrong + wrong.length,
  };
}

function sayWrong({ kind, wrong }: ChangeResult, imagined: PlanWorld, flavour: Flavour): string {
  const { seed, accounts, isNameless, maxConnectErrors, hostCacheSize, changes } = imagined;
  const bare = JSON.stringify(changes[kind], (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );
  return [
    ...wrong.map((line) => `wrong: ${line}`),
    `replay: npm run prove -- --change ${kind} --flavour ${flavour} --world ${seed}`,
    `change: ${bare}`,
    `options: skip_name_resolve ${isNameless ? 'ON' : 'OFF'}, max_connect_errors ${maxConnectErrors}, host_cache_size ${hostCacheSize}`,
    `accounts: ${accounts.map((each) => `${each.kind} '${each.user}'@'${each.host}'`).join(', ')}`,
  ].join('\n');
}

export function sayPlanReport({ flavour, worlds, byKind, wrong, seconds }: PlanReport): string {
  const lines = [...byKind].map(([kind, totals]) => {
    const { verdicts, harmed, statements, unkept, leftOut, leftOutByTie } = totals;
    return `  ${kind}: ${verdicts.agrees} agree, ${verdicts['agrees by tie']} by a reported tie, ${verdicts.hedged} hedged, ${verdicts.unknown} unknown, ${verdicts.disagrees} disagree; ${harmed} harmed, ${statements} statements, then ${unkept} harmed; ${leftOut} left out, ${leftOutByTie} of them for a tie`;
  });
  return [
    `${flavour}: ${worlds} worlds in ${seconds.toFixed(0)} s, ${wrong} changes of them wrong`,
    ...lines,
  ].join('\n');
}
