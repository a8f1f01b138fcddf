import { createUnreadable } from '../../hostcache/unreadable.ts';
import type { State } from './store.ts';

/** A state that is not there: for the commands of a terminal that need none. Each call rejects. */
export function createAbsentState(): State {
  const refuse = () => Promise.reject(createUnreadable('This command opens no state.'));
  const stores = new Proxy({}, { get: () => refuse });
  // Whatever method a port has, here it is the one that rejects.
  return new Proxy({}, { get: () => stores }) as State;
}
