import { addSeconds } from 'date-fns/addSeconds';
import { expect, it } from 'vitest';
import { createStateWatch } from '../../src/compose/state-watch.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { type ChatFault, createFakeChat } from '../fakes/chat.ts';

/** What people are told of a state that cannot be written, once, and of its end. */

const FULL = 'STATE_URL: the disk of /state.db is full; free some space.';
const NOON = new Date('2026-07-01T12:00:00Z');
const FIRING = `Firing: hostcache cannot write its state on db1. ${FULL}`;
const OVER = 'Resolved: hostcache can write its state on db1 again.';

function stage() {
  let now = NOON;
  let fault: string | null = null;
  let writes = 0;
  const chat = createFakeChat({ now: () => now });
  const log = createFakeLog();
  const watch = createStateWatch({
    writeFault: async () => {
      writes += 1;
      return fault;
    },
    ...{ chat, log, channels: ['C1', 'C2'], holder: 'me', host: 'db1', now: () => now },
    steadyMs: () => now.getTime(),
  });
  return {
    ...{ chat, log, watch },
    writes: () => writes,
    /** Looks that often, every ten seconds; the state has this fault. */
    look: async (found: string | null, times: number) => {
      fault = found;
      for (let n = 0; n < times; n += 1) {
        now = addSeconds(now, 10);
        await watch.look();
      }
    },
    said: (channel = 'C1') =>
      chat.said
        .filter((each) => each.channel === channel)
        .map(({ message, thread }) => `${thread === null ? '' : '> '}${message?.headline}`),
    logged: (level: string) => log.lines.filter((line) => line.level === level),
  };
}

it('nothing while it can be written', async () => {
  const on = stage();
  await on.look(null, 5);
  expect(on.chat.calls).toEqual([]);
  expect(on.log.lines).toEqual([]);
});

it('the log at once, each channel within 20 s, and the end, each once', async () => {
  const on = stage();
  await on.look(FULL, 1);
  expect(on.logged('error')).toMatchObject([{ facts: { why: FULL } }]);
  expect(on.said()).toEqual([]);
  await on.look(FULL, 1);
  for (const channel of ['C1', 'C2']) expect(on.said(channel)).toEqual([FIRING]);
  await on.look(FULL, 50);
  await on.look(null, 1);
  expect(on.chat.said).toHaveLength(2);
  await on.look(null, 50);
  for (const channel of ['C1', 'C2']) expect(on.said(channel)).toEqual([FIRING, `> ${OVER}`]);
  expect(on.chat.said.at(-1)).toMatchObject({ isBroadcast: true });
  expect(on.logged('error')).toHaveLength(1);
  expect(on.logged('info')).toHaveLength(1);
  await on.look(FULL, 2);
  await on.look(null, 2);
  expect(on.said()).toEqual([FIRING, `> ${OVER}`, FIRING, `> ${OVER}`]);
});

it('nothing of a moment, nor of a state that comes and goes', async () => {
  const on = stage();
  for (let n = 0; n < 9; n += 1) {
    await on.look(FULL, 1);
    await on.look(null, 1);
  }
  expect(on.chat.calls).toEqual([]);
  await on.look(FULL, 2);
  for (let n = 0; n < 9; n += 1) {
    await on.look(null, 1);
    await on.look(FULL, 1);
  }
  expect(on.said()).toEqual([FIRING]);
});

it.each<{ name: string; faults: readonly ChatFault[] }>([
  { name: 'is away', faults: [{ kind: 'unsent' }, { kind: 'unsent' }] },
  { name: 'asks for a pause', faults: [{ kind: 'rate-limited', retryAfterMs: 15_000 }] },
  { name: 'takes it without an answer', faults: [{ kind: 'ambiguous', isTaken: true }] },
  { name: 'loses it without an answer', faults: [{ kind: 'ambiguous', isTaken: false }] },
])('a channel that $name is told once too', async ({ faults }) => {
  const on = stage();
  on.chat.fail('C2', ...faults);
  await on.look(FULL, 6);
  await on.look(null, 3);
  expect(on.said('C1')).toEqual([FIRING, `> ${OVER}`]);
  expect(on.said('C2')).toEqual([expect.stringMatching(/^Firing: .* on db1\./), `> ${OVER}`]);
});

it('a channel that could not be told is not told the end', async () => {
  const on = stage();
  on.chat.fail('C1', ...Array.from({ length: 9 }, () => ({ kind: 'unsent' }) as const));
  on.chat.fail('C2', { kind: 'refused' });
  await on.look(FULL, 5);
  await on.look(null, 9);
  expect(on.chat.said).toEqual([]);
});

it('probes write little, and a state that hangs is asked once', async () => {
  const on = stage();
  await Promise.all(Array.from({ length: 50 }, () => on.watch.fault()));
  await on.watch.fault();
  expect(on.writes()).toBe(1);
  let asked = 0;
  const hangs = createStateWatch({
    writeFault: () => {
      asked += 1;
      return new Promise(() => undefined);
    },
    ...{ chat: on.chat, log: on.log, channels: [], holder: 'me', host: 'db1', now: () => NOON },
  });
  for (let n = 0; n < 50; n += 1) void hangs.fault();
  await new Promise(setImmediate);
  expect(asked).toBe(1);
});

it('a fault of our own is in the log, and the next look goes on', async () => {
  const on = stage();
  const faults = [new Error('a bug'), null, null];
  const watch = createStateWatch({
    writeFault: async () => {
      const fault = faults.shift();
      if (fault instanceof Error) throw fault;
      return FULL;
    },
    ...{ chat: on.chat, log: on.log, channels: ['C1'], holder: 'me', host: 'db1' },
    now: () => NOON,
    steadyMs: () => Number.NaN,
  });
  for (let n = 0; n < 3; n += 1) await watch.look();
  expect(on.said()).toEqual([FIRING]);
});
