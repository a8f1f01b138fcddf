import { createUnreadable } from '../../chat/unreadable.ts';
import type { State } from './store.ts';

/** States that are not there: for the commands of a terminal. */

/** What only reads, and tells of all that is remembered. */
const LISTS = ['records', 'open', 'history', 'auditOf', 'active'];

/** Where none is needed: each call rejects. */
export function createAbsentState(): State {
  return createState(() => refuse);
}

/** Where none was begun yet: the lists are empty, and nothing can be put in. */
export function createEmptyState(): State {
  return createState((method) => (LISTS.includes(String(method)) ? async () => [] : refuse));
}

function refuse(): Promise<never> {
  return Promise.reject(createUnreadable('This command opens no state.'));
}

function createState(methodOf: (name: string | symbol) => unknown): State {
  const stores = new Proxy({}, { get: (_, method) => methodOf(method) });
  const state = { isReachable: async () => false, close: async () => undefined };
  // Whatever port a state has, here it is the one whose methods are made above.
  return new Proxy(state, {
    get: (own, part) => Reflect.get(own, part) ?? stores,
  }) as unknown as State;
}
