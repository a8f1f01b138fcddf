import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createAnswering } from '../../../src/adapters/slack/answering.ts';

/** When answers are computed: after acknowledgements, a few at once, none lost. */

it('no answer is computed in the turn of the event loop in which its line arrives', async () => {
  const { heard, inTurn } = createAnswering();
  const begun: number[] = [];
  const answers = [1, 2, 3].map((n) => {
    heard();
    return inTurn(async () => begun.push(n));
  });
  expect(begun).toEqual([]);
  await Promise.resolve();
  expect(begun).toEqual([]);
  await Promise.all(answers);
  expect(begun).toEqual([1, 2, 3]);
});

it('none is computed while more arrives, for a second', async () => {
  let now = 0;
  const { heard, inTurn } = createAnswering({ nowMs: () => now, rest: () => setImmediate() });
  heard();
  let isBegun = false;
  const answered = inTurn(async () => (isBegun = true));
  for (; now < 995; now += 5) {
    heard();
    await setImmediate();
    expect(isBegun).toBe(false);
  }
  now = 1000;
  heard();
  await answered;
});

it('four are computed at once, and all of 500 in their order', async () => {
  const { inTurn } = createAnswering();
  let now = 0;
  let most = 0;
  const begun: number[] = [];
  const works = Array.from({ length: 500 }, (_, n) =>
    inTurn(async () => {
      begun.push(n);
      now += 1;
      most = Math.max(most, now);
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      now -= 1;
      return n;
    }),
  );
  const order = Array.from({ length: 500 }, (_, n) => n);
  expect(await Promise.all(works)).toEqual(order);
  expect(begun).toEqual(order);
  expect(most).toBe(4);
});

it('those that hang or fail keep no other waiting', async () => {
  const { inTurn } = createAnswering({ longMs: 0 });
  for (let n = 0; n < 20; n += 1) void inTurn(() => new Promise(() => undefined));
  await expect(inTurn(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await inTurn(async () => 'answer')).toBe('answer');
});

it('lines are read one in a turn', async () => {
  const { turn } = createAnswering();
  const read: number[] = [];
  const turns = [1, 2, 3].map((n) => turn().then(() => read.push(n)));
  await turns[0];
  expect(read).toEqual([1]);
  await Promise.all(turns);
  expect(read).toEqual([1, 2, 3]);
});
