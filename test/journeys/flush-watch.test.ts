import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore } from '../../src/adapters/store/store.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { pendingFlush } from '../scenarios/flush-requests.ts';

/** The bot checks freed hosts once after 1, 5 and 15 minutes, with a given clock. */

const NOON = new Date('2026-11-20T12:00:00Z');
const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000);

const FLUSHED: FlushRequest = pendingFlush(minutes(-2), {
  shown: {
    identity: 'a',
    statement: 'TRUNCATE TABLE performance_schema.host_cache',
    entries: 1,
    blockedHosts: [{ address: '192.0.2.7', connectErrors: 100, looksLikeAttack: false }],
    forecast: [],
  },
  state: 'flushed',
  decision: { by: 'U0BOB', at: minutes(-1), reason: null, approvers: ['U0BOB'] },
  outcome: 'The cache was emptied: 1 entry before, 0 now.',
  changedAt: NOON,
});

const REFUSED = async (): Promise<never> => {
  throw new Error('a flush that has ended asks for nothing more');
};

const TARGET: FlushTarget = {
  ...{ server: createFakeServer({}), resolver: createFakeResolver({}) },
  view: { identity: REFUSED, cache: REFUSED },
  flusher: null,
  channel: 'C1',
  approvers: ['U0BOB'],
};

it('reports the state of the freed hosts after 1, 5 and 15 minutes, and then stops', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  const state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
  let now = NOON;
  const outside = { targets: [TARGET], state, log: createFakeLog(), now: () => now };
  const parts = composeInside(outside);
  await state.flushes.add(FLUSHED, []);
  const told: string[] = [];
  for (const at of [0.5, 1, 1.1, 4.9, 5, 14, 15, 29, 31]) {
    now = minutes(at);
    await maintainRequests(parts);
    for (const { id, content } of await state.outbox.take('me', now, minutes(at + 1))) {
      if (content.kind === 'reply') told.push(`${at}: ${id} ${content.message.headline}`);
      await state.outbox.begin(id, 'me', minutes(at + 1));
      await state.outbox.sent(id, '1', now);
    }
  }
  expect(told).toEqual([
    '1: FR-1/watch-1 1 minute after the flush: 192.0.2.7 has not come back.',
    '5: FR-1/watch-5 5 minutes after the flush: 192.0.2.7 has not come back.',
    '15: FR-1/watch-15 15 minutes after the flush: 192.0.2.7 has not come back.',
  ]);
  await state.close();
  rmSync(folder, { recursive: true });
});
