// Opens the state for a command that only looks: whoever looks leaves no file behind.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Place } from './place.ts';
import { openStore, type State } from './store.ts';

export interface Look {
  readonly state: State;
  /** What to tell beside the answer, in one line; null = nothing. */
  readonly note: string | null;
}

/** Rejects as `Unreadable`, in one line that names STATE_URL. */
export async function openToLook(place: Place): Promise<Look> {
  if (place.kind !== 'sqlite' || !isUnmade(place.file)) {
    return { state: await openStore({ place }), note: null };
  }
  const note = `STATE_URL: there is no ${place.file} yet: no bot has run here, nothing is remembered.`;
  return { state: createEmptyState(), note };
}

/** A file that a bot would make; not one whose folder is missing too. */
function isUnmade(file: string): boolean {
  return !existsSync(file) && existsSync(dirname(file));
}

/** What a terminal reads of a state that was not begun yet. */
function createEmptyState(): State {
  const none = async () => [];
  const state = {
    alerts: { open: none },
    sweeps: { records: none },
    flushes: { history: none, auditOf: none },
    close: async () => undefined,
  };
  // The commands of a terminal read nothing else of it: test/journeys/terminal.test.ts runs them so.
  return state as unknown as State;
}
