import { openStore, type State, type StoreOptions } from '../../../src/adapters/store/store.ts';
import { isUnreadable } from '../../../src/chat/unreadable.ts';

/**
 * A store with a short time limit per call; on a busy machine opening it may take several tries.
 */
export async function openImpatient(options: StoreOptions): Promise<State> {
  for (;;) {
    try {
      return await openStore(options);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
}
