import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { createApp, SUBCOMMANDS } from '../../src/app.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import { alert } from '../adapters/store/samples.ts';
import { createFakePeople } from '../chat/fake-people.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createTargetInMemory } from '../journeys/target-in-memory.ts';
import { DB1, pendingFlush } from '../scenarios/flush-requests.ts';
import { NOW } from './app.ts';

/** A click, a line or a form that arrives twice: at two replicas, after a restart, or by other clocks. */

let folder: string;
const opened: State[] = [];
let flushes: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  flushes = 0;
  const state = await open();
  await state.alerts.save([alert()], []);
  const nobody = { by: 'U0BOB', matcher: { kind: 'server', server: 'main' } } as const;
  const ends = { createdAt: NOW, endsAt: new Date(NOW.getTime() + 90_000_000) };
  const id = await state.silences.nextSilenceId();
  await state.silences.add({ id, reason: 'ours', ...nobody, ...ends });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((state) => state.close()));
  rmSync(folder, { recursive: true });
});

async function open(): Promise<State> {
  const state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
  opened.push(state);
  return state;
}

function target(): FlushTarget {
  const session: Awaited<ReturnType<NonNullable<FlushTarget['flusher']>['open']>> = {
    mayFlush: async () => ({ kind: 'may' }),
    identity: async () => DB1,
    flush: async () => {
      flushes += 1;
      return { kind: 'flushed' };
    },
    close: () => undefined,
  };
  return {
    ...createTargetInMemory(),
    flusher: { mayFlush: async () => ({ kind: 'may' }), open: async () => session },
    approvers: ['U0BOB', 'U0ALICE'],
  };
}

interface Asked {
  readonly line: string;
  readonly isClick?: true;
  readonly occasion: string;
}

/** A process that shares the state, with its clock so many hours ahead. */
async function startReplica(aheadHours = 0, change: (state: State) => State = (state) => state) {
  const now = () => new Date(NOW.getTime() + aheadHours * 3_600_000);
  const log = createFakeLog();
  const running: Promise<void>[] = [];
  const parts = composeInside({
    ...{ targets: [target()], state: change(await open()), log, now },
    people: createFakePeople({ standings: { U0BOB: 'member', U0ALICE: 'member' } }),
    requestTtlMs: 600_000,
    wait: async () => undefined,
    inBackground: (work) => void running.push(work),
  });
  const { read } = createApp(parts, async () => null);
  return async ({ line, ...given }: Asked) => {
    const caller = { kind: 'person', user: 'U0BOB', channel: 'C0DBA', thread: null } as const;
    const { messages } = await read(line, { ...caller, ...given }).run();
    await Promise.all(running);
    return messages.map(({ headline }) => headline).join('\n');
  };
}

/** All that people see of the state: what each command has changed. */
async function effects() {
  const state = await open();
  const asked = await state.flushes.history(null, 10);
  return {
    silences: (await state.silences.active(NOW)).map(({ id }) => id),
    acknowledged: (await state.alerts.find('AL-1'))?.acknowledged ?? null,
    requests: asked.map(({ id, state: at }) => `${id} ${at}`),
    audit: (await Promise.all(asked.map(({ id }) => state.flushes.auditOf(id)))).flat().length,
    flushes,
    nextIds: [await state.silences.nextSilenceId(), await state.flushes.nextFlushId()],
  };
}

async function addRequest(): Promise<void> {
  const state = await open();
  const request = pendingFlush(NOW, { id: await state.flushes.nextFlushId() });
  const shown = { ...request.shown, identity: DB1, entries: null };
  await state.flushes.add({ ...request, shown, channel: 'C0DBA' }, []);
}

const REPEATED = /this request was already handled; it is not repeated/;

const CASES = [
  {
    name: 'silence',
    line: 'silence null-host for 20h ours',
    first: /^SI-2: null-host is silenced/,
    again: /^SI-2: null-host is silenced/,
    changed: { silences: ['SI-1', 'SI-2'], nextIds: ['SI-3', 'FR-1'] },
  },
  {
    name: 'unsilence',
    line: 'unsilence SI-1',
    first: /^SI-1 is over/,
    again: REPEATED,
    changed: { silences: [] },
  },
  {
    name: 'ack',
    line: 'ack AL-1',
    first: /^AL-1 is yours/,
    again: /^AL-1 is yours/,
    changed: { acknowledged: { by: 'U0BOB' } },
  },
  {
    name: 'flush',
    line: 'flush DNS is fixed',
    first: /^FR-1: your request to flush main/,
    again: /^FR-1 already requests a flush of main/,
    changed: { requests: ['FR-1 pending'], nextIds: ['SI-2', 'FR-2'], audit: 1 },
  },
  {
    name: 'reject',
    line: 'reject FR-1 not now',
    before: addRequest,
    first: /^FR-1 is rejected/,
    again: /^FR-1 was already decided by U0BOB .*: rejected/,
    changed: { requests: ['FR-1 rejected'], audit: 2 },
  },
  {
    name: 'approve',
    line: 'approve FR-1',
    isClick: true,
    before: addRequest,
    first: /^FR-1 is approved/,
    again: /^FR-1 was already decided by U0BOB/,
    changed: { requests: ['FR-1 uncertain'], flushes: 1 },
  },
] as const;

describe('a request that arrives twice has one effect', () => {
  it.each(CASES)('$name', async (each) => {
    if ('before' in each) await each.before();
    const { line, first, again } = each;
    const asked = { line, occasion: 'T1', ...('isClick' in each && { isClick: true as const }) };
    const one = await startReplica();
    expect(await one(asked)).toMatch(first);
    const before = await effects();
    expect(before).toMatchObject(each.changed);
    // At the same process, at another one, after a restart, and where the clock is wrong by hours.
    const replicas = [one, await startReplica(), await startReplica(9), await startReplica(-9)];
    for (const replica of replicas) expect(await replica(asked)).toMatch(again);
    // `effects` itself took the next ids.
    const { nextIds: _, ...same } = before;
    expect(await effects()).toMatchObject(same);
  });

  it.each(CASES)('$name, at two processes at once', async (each) => {
    if ('before' in each) await each.before();
    const { line, first } = each;
    const asked = { line, occasion: 'T1', ...('isClick' in each && { isClick: true as const }) };
    const replicas = await Promise.all([startReplica(), startReplica(), startReplica()]);
    const said = await Promise.all(replicas.map((replica) => replica(asked)));
    expect(said.some((text) => first.test(text))).toBe(true);
    expect(await effects()).toMatchObject(each.changed);
  });

  it('the same line on another occasion is another request', async () => {
    const replica = await startReplica();
    const line = 'silence null-host for 2h ours';
    await replica({ line, occasion: 'T1' });
    expect(await replica({ line, occasion: 'T2' })).toMatch(/^SI-3: null-host is silenced/);
  });

  it('a question is answered as often as it arrives', async () => {
    const replica = await startReplica();
    const asked = { line: 'silences', occasion: 'T1' };
    expect([await replica(asked), await replica(asked)]).toEqual(['1 silence.', '1 silence.']);
  });
});

it('after a crash before the effect, the repeated request has none, and says what to do', async () => {
  const crashes = await startReplica(0, (state) => ({
    ...state,
    silences: { ...state.silences, add: () => Promise.reject(new Error('the process is gone')) },
  }));
  const asked = { line: 'silence null-host for 2h ours', occasion: 'T1' };
  await crashes(asked);
  const other = await startReplica();
  expect(await other(asked)).toBe(
    'silence: this request was already handled; it is not repeated. If you got no answer, send it again.',
  );
  expect(await effects()).toMatchObject({ silences: ['SI-1'] });
});

it.each([
  ['silence null-host for 2h ours', 'Nothing was silenced: STATE_URL: away.'],
  ['unsilence SI-1', 'Nothing was ended: STATE_URL: away.'],
  ['ack AL-1', 'Nothing was acknowledged: STATE_URL: away.'],
  ['flush why not', 'Nothing was requested: STATE_URL: away.'],
  ['reject FR-1', 'Nothing was decided: STATE_URL: away.'],
  ['approve FR-1', 'Nothing was decided: STATE_URL: away.'],
])('a state that does not say whether it is the first: %s', async (line, says) => {
  const away = () => Promise.reject(createUnreadable('STATE_URL: away.'));
  const replica = await startReplica(0, (state) => ({
    ...state,
    leases: { ...state.leases, acquire: away },
  }));
  const before = await effects();
  expect(await replica({ line, occasion: 'T1' })).toBe(says);
  // What cannot be read needs no state to be refused.
  expect(await replica({ line: 'silence null-host for ever', occasion: 'T2' })).toMatch(
    /got "for ever"/,
  );
  const { nextIds: _, ...same } = before;
  expect(await effects()).toMatchObject(same);
});

it('says of each subcommand whether it changes something', () => {
  const changing = SUBCOMMANDS.filter(({ changes }) => changes !== undefined);
  expect(changing.map(({ name }) => name)).toEqual([
    'ack',
    'silence',
    'unsilence',
    'flush',
    'approve',
    'reject',
  ]);
});
