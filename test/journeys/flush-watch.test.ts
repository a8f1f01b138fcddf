import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { JDOE } from '../scenarios/accounts.ts';
import { CLIENT, NAME } from '../scenarios/clients.ts';
import { NULL_NO_PTR } from '../scenarios/entries.ts';
import { DB1, NO_EFFECT, pendingFlush } from '../scenarios/flush-requests.ts';

/** The bot checks freed hosts once after 1, 5 and 15 minutes, with a given clock. */

const NOON = new Date('2026-11-20T12:00:00Z');
const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000);

const FLUSHED: FlushRequest = pendingFlush(minutes(-2), {
  shown: {
    identity: DB1,
    statement: 'TRUNCATE TABLE performance_schema.host_cache',
    entries: 1,
    blockedHosts: [{ address: '192.0.2.7', connectErrors: 100, looksLikeAttack: false }],
    forecast: NO_EFFECT,
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
  view: { identity: async () => DB1, cache: REFUSED },
  flusher: null,
  channel: 'C1',
  approvers: ['U0BOB'],
};

let folder: string;
let state: State;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
});

afterEach(async () => {
  await state.close();
  rmSync(folder, { recursive: true });
});

/** What is told of the request at each of these minutes after the flush. */
async function toldAt(target: FlushTarget, times: readonly number[]): Promise<readonly string[]> {
  let now = NOON;
  const parts = composeInside({ targets: [target], state, log: createFakeLog(), now: () => now });
  const told: string[] = [];
  for (const at of times) {
    now = minutes(at);
    await maintainRequests(parts);
    for (const { id, content } of await state.outbox.take('me', now, minutes(at + 1))) {
      if (content.kind === 'reply') told.push(`${at}: ${id} ${content.message.headline}`);
      await state.outbox.begin(id, 'me', minutes(at + 1));
      await state.outbox.sent(id, '1', now);
    }
  }
  return told;
}

it('says after 1, 5 and 15 minutes what became of the freed hosts, and then no more', async () => {
  await state.flushes.add(FLUSHED, []);
  expect(await toldAt(TARGET, [0.5, 1, 1.1, 4.9, 5, 14, 15, 29, 31])).toEqual([
    '1: FR-1/watch-1 1 minute after the flush: 192.0.2.7 has not come back.',
    '5: FR-1/watch-5 5 minutes after the flush: 192.0.2.7 has not come back.',
    '15: FR-1/watch-15 15 minutes after the flush: 192.0.2.7 has not come back.',
  ]);
});

describe('a flush that freed nobody', () => {
  const QUIET = { ...FLUSHED, shown: { ...FLUSHED.shown, blockedHosts: [] } };
  let reads = 0;
  let entries: readonly HostCacheEntry[] = [];
  const target: FlushTarget = {
    ...TARGET,
    server: {
      ...createFakeServer({}),
      allAccounts: async () => ({ rows: [JDOE], more: 0 }),
      cache: () => {
        reads += 1;
        return createFakeServer({ entries }).cache();
      },
    },
  };

  beforeEach(async () => {
    reads = 0;
    entries = [];
    await state.flushes.add(QUIET, []);
    const saved = `IP,HOST,HOST_VALIDATED\n${CLIENT.text},${NAME},YES\n`;
    await state.flushes.saveSnapshot('FR-1', { csv: saved, oldestAt: NOON, readAt: NOON });
  });

  it('says nothing while nobody is refused, and looks once a minute', async () => {
    expect(await toldAt(target, [0.5, 1, 1.1, 1.9, 2, 5, 5.5, 15])).toEqual([]);
    expect(reads).toBe(4);
  });

  it('names a client that was let in before, whenever it comes back', async () => {
    expect(await toldAt(target, [1])).toEqual([]);
    entries = [NULL_NO_PTR];
    const says = 'minutes after the flush: 1 client was admitted before and refused since';
    expect(await toldAt(target, [3, 4, 5, 16])).toEqual([
      `3: FR-1/watch-1 3 ${says}: 192.0.2.7 (1130, 3 times).`,
      `5: FR-1/watch-5 5 ${says}: 192.0.2.7 (1130, 3 times).`,
      `16: FR-1/watch-15 16 ${says}: 192.0.2.7 (1130, 3 times).`,
    ]);
  });
});

it('a freed host that is back, and refused', async () => {
  await state.flushes.add(FLUSHED, []);
  const server = createFakeServer({ entries: [NULL_NO_PTR] });
  expect(await toldAt({ ...TARGET, server }, [1])).toEqual([
    '1: FR-1/watch-1 1 minute after the flush: 192.0.2.7 is back, and refused (1130).',
  ]);
});
