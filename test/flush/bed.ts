import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import type { AppParts } from '../../src/app.ts';
import { createBackground } from '../../src/compose/background.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { FlushCache, FlushResult } from '../../src/flush/flusher.ts';
import type { ServerIdentity } from '../../src/flush/identity.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { FlushRequest, FlushState } from '../../src/flush/request.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { DB1, pendingFlush } from '../scenarios/flush-requests.ts';

/** Flush requests of one server, in a SQLite file, on a clock that the test moves. */

export const NOON = new Date('2026-11-20T12:00:00Z');

/** After noon. */
export const seconds = (count: number) => new Date(NOON.getTime() + count * 1000);

export const HOUR = 3600;

export const STATEMENT = 'TRUNCATE TABLE performance_schema.host_cache';

/** As the reading account sees it at noon. */
export const CACHE: FlushCache = {
  entries: 1,
  blockedHosts: [],
  csv: 'IP\n192.0.2.7',
  readAt: NOON,
  oldestAt: NOON,
};

export interface Outcome {
  readonly state: FlushState | undefined;
  readonly outcome: string | null | undefined;
  readonly flushes: number;
}

export interface Bed {
  readonly state: State;
  now: Date;
  /** What the reading account sees now; null = it cannot see the cache. */
  cache: FlushCache | null;
  /** To which server each account is led. */
  readonly leads: { reader: ServerIdentity; flusher: ServerIdentity };
  /** What comes of the statement. */
  result: FlushResult;
  /** How often the statement ran. */
  flushes: number;
  target(): FlushTarget;
  parts(targets?: readonly FlushTarget[]): AppParts;
  /** The request FR-1, which bob has approved. */
  approvedAt(at: Date, given?: Partial<FlushRequest>): Promise<FlushRequest>;
  outcome(): Promise<Outcome>;
  /** The queued posts: texts, and whole files. */
  said(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function openBed(): Promise<Bed> {
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  const state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
  const background = createBackground(createFakeLog());
  const bed: Bed = {
    state,
    now: NOON,
    cache: CACHE,
    leads: { reader: DB1, flusher: DB1 },
    result: { kind: 'flushed' },
    flushes: 0,
    target: () => targetIn(bed),
    parts: (targets = [targetIn(bed)]) =>
      composeInside({
        ...{ targets, state, log: createFakeLog(), now: () => bed.now },
        requestTtlMs: 600_000,
        membersOf: async (ids) => ids,
        isSamePerson: async (one, other) => one === other,
        isAmong: async (user, ids) => ids.includes(user),
        inBackground: background.add,
      }),
    approvedAt: async (at, given) => {
      const asked = request({ id: await state.flushes.nextFlushId(), ...given });
      await state.flushes.add(asked, []);
      const decision = { by: 'U0BOB', at, reason: null, approvers: ['U0BOB'] };
      expect(await state.flushes.decide('FR-1', 'approved', decision, [])).toBe(true);
      return { ...asked, state: 'approved', decision };
    },
    outcome: async () => {
      const found = await state.flushes.find('FR-1');
      return { state: found?.state, outcome: found?.outcome, flushes: bed.flushes };
    },
    said: () => saidIn(bed),
    close: async () => {
      await background.settled();
      await state.close();
      rmSync(folder, { recursive: true });
    },
  };
  return bed;
}

export function request(given: Partial<FlushRequest> = {}): FlushRequest {
  return pendingFlush(NOON, { expiresAt: seconds(24 * HOUR), ...given });
}

function targetIn(bed: Bed): FlushTarget {
  return {
    ...{ server: createFakeServer({}), resolver: createFakeResolver({}) },
    view: {
      identity: async () => bed.leads.reader,
      cache: async () => bed.cache,
    },
    flusher: {
      mayFlush: async () => ({ kind: 'may' }),
      open: async () => ({
        mayFlush: async () => ({ kind: 'may' }),
        identity: async () => bed.leads.flusher,
        flush: async () => {
          bed.flushes += 1;
          return bed.result;
        },
        close: () => undefined,
      }),
    },
    channel: 'C1',
    approvers: ['U0BOB'],
  };
}

async function saidIn({ state, now }: Bed): Promise<readonly string[]> {
  const texts: string[] = [];
  for (;;) {
    const [post] = await state.outbox.take('me', now, seconds(48 * HOUR));
    if (post === undefined) return texts;
    const { id, content } = post;
    texts.push(content.kind === 'file' ? content.text : content.message.headline);
    await state.outbox.begin(id, 'me', seconds(48 * HOUR));
    await state.outbox.sent(id, '1', now);
  }
}
