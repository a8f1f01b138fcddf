import type { State } from '../adapters/store/store.ts';
import type { Log } from '../chat/log.ts';
import type { Need } from '../chat/subcommand.ts';
import type { Config } from '../config/config.ts';
import type { Check } from '../doctor/check.ts';
import type { CheckComposition } from './checks.ts';
import type { Outside } from './inside.ts';

/** Opens what one command needs, and nothing else. Does I/O. */

export interface Opened extends Outside {
  /** Within `limitMs`, if given. */
  close(limitMs?: number): Promise<void>;
}

export interface Surroundings {
  readonly log: Log;
  /** Returns the same promise; until it settles, `who` has not answered. */
  readonly watch: <T>(who: string, work: Promise<T>) => Promise<T>;
  /** Shows one line beside the answer. */
  readonly note: (line: string) => Promise<void>;
}

/** Opens the servers, the state and the checks that are needed. Others are null or empty. */
export async function openOutside(
  config: Config,
  needs: readonly Need[],
  { log, watch, note }: Surroundings,
): Promise<Opened> {
  const now = () => new Date();
  const { targets, close } = needs.includes('mysql')
    ? await openTargets(config, watch)
    : NO_TARGETS;
  const state = needs.includes('state') ? await openState(config, note) : null;
  const names = config.servers.map(({ name }) => name);
  return {
    ...{ targets, state, log, now },
    nullHostAlerts: config.nullHostAlerts,
    checks: needs.includes('all') ? await openChecks({ config, targets, log, now }, watch) : [],
    examples: async () => ({ servers: names, client: null }),
    close: async (limitMs) => {
      await close(limitMs);
      await state?.close();
    },
  };
}

const NO_TARGETS = { targets: [], close: async () => undefined };

async function openTargets({ servers }: Config, watch: Surroundings['watch']) {
  const { closeTargets, createTargets, watchTargets } = await import('./targets.ts');
  const targets = watchTargets(createTargets(servers), watch);
  return { targets, close: (limitMs?: number) => closeTargets(targets, limitMs) };
}

async function openState({ statePlace }: Config, show: Surroundings['note']): Promise<State> {
  const { openToLook } = await import('../adapters/store/look.ts');
  const { state, note } = await openToLook(statePlace);
  if (note !== null) await show(note);
  return state;
}

async function openChecks(
  parts: CheckComposition,
  watch: Surroundings['watch'],
): Promise<readonly Check[]> {
  const { joinChecks } = await import('./checks.ts');
  return joinChecks(parts).map(({ name, run }) => ({ name, run: () => watch(name, run()) }));
}
