// Opens the state for a command that only looks: whoever looks leaves no file behind.
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { createUnreadable } from '../../chat/unreadable.ts';
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

/** What only reads, and tells of all that is remembered. */
const LISTS = ['records', 'open', 'history', 'auditOf', 'active'];

/** A state that was not begun yet: the lists are empty, and nothing can be put in. */
function createEmptyState(): State {
  const refuse = () => Promise.reject(createUnreadable('This command opens no state.'));
  const stores = new Proxy(
    {},
    { get: (_, method) => (LISTS.includes(String(method)) ? async () => [] : refuse) },
  );
  const state = { isReachable: async () => false, close: async () => undefined };
  // Whatever port a state has, here it is the one whose methods are made above.
  return new Proxy(state, {
    get: (own, part) => Reflect.get(own, part) ?? stores,
  }) as unknown as State;
}
