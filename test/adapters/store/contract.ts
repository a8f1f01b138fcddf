import { afterEach, beforeEach, describe } from 'vitest';
import { openStore, type State } from '../../../src/adapters/store/store.ts';
import { placeOf } from '../../logins.ts';
import { accessContract } from './access-contract.ts';
import { flushContract } from './flush-contract.ts';
import { outboxContract } from './outbox-contract.ts';
import { outboxMergeContract } from './outbox-merge-contract.ts';
import { outboxOrderContract } from './outbox-order-contract.ts';
import { planContract } from './plan-contract.ts';
import { sharingContract } from './sharing-contract.ts';
import { alertContract, silenceContract, sweepContract } from './sweep-contract.ts';

/** What every store must do; each test begins with an empty database. */

/** The database of the current test. */
export interface Bed {
  /** The state, opened when the test began. */
  readonly state: State;
  readonly url: string;
  /** Opens the same state again, as another process would. */
  open(): Promise<State>;
}

/** `makeUrl` resolves with the STATE_URL of an empty database, with or without tables. */
export function storeContract(name: string, makeUrl: () => Promise<string>): void {
  describe(name, () => {
    const states: State[] = [];
    let url = '';

    const open = async () => {
      // Other tests cover the limit, where a server or a lock makes a call wait.
      const state = await openStore({ place: placeOf(url), limitMs: 60_000 });
      states.push(state);
      return state;
    };

    const bed: Bed = {
      get state() {
        const [first] = states;
        if (first === undefined) throw new Error('no test runs');
        return first;
      },
      get url() {
        return url;
      },
      open,
    };

    beforeEach(async () => {
      url = await makeUrl();
      await open();
    });
    afterEach(async () => {
      await Promise.all(states.splice(0).map((state) => state.close()));
    });

    alertContract(bed);
    silenceContract(bed);
    sweepContract(bed);
    accessContract(bed);
    planContract(bed);
    outboxContract(bed);
    outboxMergeContract(bed);
    outboxOrderContract(bed);
    flushContract(bed);
    sharingContract(bed);
  });
}
