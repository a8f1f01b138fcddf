// Opens or checks the state for a command, without creating a file. Does I/O.
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Check, type CheckResult, green } from '../../doctor/check.ts';
import { fault, nameOf, type Place } from './place.ts';
import { openStore, type State } from './store.ts';

export interface Look {
  readonly state: State;
  /** One line to print besides the answer; null = nothing. */
  readonly note: string | null;
}

/** Rejects as `Unreadable`, in one line that names STATE_URL. */
export async function openToLook(place: Place): Promise<Look> {
  if (place.kind !== 'sqlite' || !isUnmade(place.file)) {
    return { state: await openStore({ place }), note: null };
  }
  const note = `STATE_URL: ${place.file} does not exist yet: no bot has run here, so nothing is stored.`;
  return { state: createEmptyState(), note };
}

/** Rejects as `Unreadable`, with a sentence that names STATE_URL, if a bot could not open the state. */
export function createStateCheck(place: Place): Check {
  return {
    name: 'state',
    run: async () => {
      if (place.kind === 'sqlite' && isUnmade(place.file)) return [checkFolder(place.file)];
      // Opening it creates its tables and writes once.
      await (await openStore({ place })).close();
      return [green(`${nameOf(place)} can be read and written.`)];
    },
  };
}

function checkFolder(file: string): CheckResult {
  const folder = dirname(file);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fault(`${file} cannot be created; check owner and mode of ${folder}`, error);
  }
  return green(`${file} does not exist yet; the bot creates it when it starts.`);
}

/** Whether the file is missing but its folder exists, so that a bot would create the file. */
function isUnmade(file: string): boolean {
  return !existsSync(file) && existsSync(dirname(file));
}

/** What a terminal reads from a state that does not exist yet. */
function createEmptyState(): State {
  const none = async () => [];
  const state = {
    alerts: { open: none },
    sweeps: { records: none },
    access: { reading: async () => null, days: none },
    flushes: { history: none, auditOf: none, refusalsOf: async () => new Map() },
    close: async () => undefined,
  };
  // Terminal commands read nothing else from it: test/journeys/terminal.test.ts runs them this way.
  return state as unknown as State;
}
