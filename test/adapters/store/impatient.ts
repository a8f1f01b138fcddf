import { openStore, type State, type StoreOptions } from '../../../src/adapters/store/store.ts';
import { isUnreadable } from '../../../src/chat/unreadable.ts';

/** A store whose calls have little time; on a busy machine its opening may need several tries. */
export async function openImpatient(options: StoreOptions): Promise<State> {
  for (;;) {
    try {
      return await openStore(options);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }
}
