// Opens the state as the bot would, and closes it again.
import { type Check, green } from '../../doctor/check.ts';
import { nameOf, type Place } from './place.ts';
import { openStore } from './store.ts';

/** A state that is away rejects as `Unreadable`, and the sentence names STATE_URL. */
export function createStateCheck(place: Place): Check {
  return {
    name: 'state',
    run: async () => {
      // To open it is to make its tables and to write once.
      const state = await openStore({ place });
      await state.close();
      return [green(`${nameOf(place)} can be read and written.`)];
    },
  };
}
