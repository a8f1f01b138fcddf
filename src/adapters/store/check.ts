// Checks the state: opens it as the bot does, and closes it. Does I/O.
import { type Check, green } from '../../doctor/check.ts';
import { nameOf, type Place } from './place.ts';
import { openStore } from './store.ts';

/** Rejects as `Unreadable`, with a sentence that names STATE_URL, if the state cannot be opened. */
export function createStateCheck(place: Place): Check {
  return {
    name: 'state',
    run: async () => {
      // Opening it creates its tables and writes once.
      const state = await openStore({ place });
      await state.close();
      return [green(`${nameOf(place)} can be read and written.`)];
    },
  };
}
