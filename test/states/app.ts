import type { State } from '../../src/adapters/store/store.ts';
import { type App, createApp } from '../../src/app.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { Check } from '../../src/doctor/check.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import { createFakePeople } from '../chat/fake-people.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';

/** The whole application, with given servers and state. */

export const NOW = new Date('2026-11-21T04:00:12Z');

export function createInside(inside: {
  readonly targets: readonly FlushTarget[];
  readonly state?: State;
  readonly checks?: readonly Check[];
}): App {
  const people = createFakePeople({ standings: { U0ALICE: 'member', U0BOB: 'member' } });
  const outside = { state: null, ...inside, people, log: createFakeLog(), now: () => NOW };
  return createApp(composeInside(outside), async () => null);
}
