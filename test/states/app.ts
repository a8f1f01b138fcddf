import { createAbsentState } from '../../src/adapters/store/absent.ts';
import type { State } from '../../src/adapters/store/store.ts';
import { type App, createApp } from '../../src/app.ts';
import { createBackground, joinFlushes } from '../../src/compose/flushes.ts';
import { joinSweeps } from '../../src/compose/sweeps.ts';
import type { Check } from '../../src/doctor/check.ts';
import type { FlushableServer } from '../../src/flush/flush.ts';
import { createFakePeople } from '../chat/fake-people.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';

/** The whole inside, before servers and a state of one's choice. */

export const NOW = new Date('2026-11-21T04:00:12Z');

export interface Inside {
  readonly servers?: readonly FlushableServer[];
  readonly state?: State;
  readonly checks?: readonly Check[];
}

export function createInside(inside: Inside): App {
  const { servers = [], state = createAbsentState(), checks = [] } = inside;
  const log = createFakeLog();
  const now = () => NOW;
  const wake = () => undefined;
  const config = { servers: [], nullHostAlerts: 'all', flushRequestTtlMs: 600_000 } as const;
  const targets = servers.map(({ target }) => target);
  const sweeps = joinSweeps({ config, targets, state, log, now, wake, scheduled: new Map() });
  const people = createFakePeople({ standings: { U0ALICE: 'member', U0BOB: 'member' } });
  const flushes = joinFlushes(
    { config, targets: [], state, people, log, now, wake },
    createBackground(log),
  );
  return createApp({ ...sweeps, ...flushes, servers, targets, checks }, async () => null);
}

/** For what only the list of subcommands answers. */
export const commands = createInside({});
