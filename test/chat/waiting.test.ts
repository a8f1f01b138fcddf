import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLimit, mapAtOnce, pause, within } from '../../src/chat/waiting.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const never = new Promise<never>(() => {});

describe('a pause', () => {
  it.each([
    { name: 'of no time', ms: 0, signal: undefined },
    { name: 'that was ended before it began', ms: 1000, signal: AbortSignal.abort() },
  ])('$name is over at once', async ({ ms, signal }) => {
    await pause(ms, signal);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lasts its time', async () => {
    const ended = vi.fn();
    void pause(1000).then(ended);
    await vi.advanceTimersByTimeAsync(999);
    expect(ended).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toHaveBeenCalled();
  });

  it('ends early, and leaves no timer', async () => {
    const alarm = new AbortController();
    const paused = pause(1000, alarm.signal);
    alarm.abort();
    await paused;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a time limit', () => {
  it.each([
    { name: 'a value', work: () => Promise.resolve('done'), is: 'done' },
    { name: 'null', work: () => Promise.resolve(null), is: null },
    { name: 'nothing', work: () => Promise.resolve(undefined), is: undefined },
  ])('gives $name that came in time, and leaves no timer', async ({ work, is }) => {
    expect(await within(work(), 1000, () => 'late')).toBe(is);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('rejects as the work does', async () => {
    const work = Promise.reject(new Error('broken'));
    await expect(within(work, 1000, () => 'late')).rejects.toThrow('broken');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('gives what is said instead once it is over', async () => {
    const result = within(never, 1000, () => 'late');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await result).toBe('late');
  });

  it('rejects with what is thrown instead', async () => {
    const result = within(never, 1000, () => {
      throw new Error('late');
    });
    result.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1000);
    await expect(result).rejects.toThrow('late');
  });

  it('ignores what the work comes to later', async () => {
    const work = pause(2000).then(() => Promise.reject(new Error('too late')));
    const result = within(work, 1000, () => 'late');
    await vi.advanceTimersByTimeAsync(3000);
    expect(await result).toBe('late');
  });

  it('waits by the clock it is given', async () => {
    expect(
      await within(
        never,
        1000,
        () => 'late',
        () => Promise.resolve(),
      ),
    ).toBe('late');
  });
});

describe('many items', () => {
  it('are worked on a few at a time, their results in order', async () => {
    let running = 0;
    let most = 0;
    const all = mapAtOnce(3, [50, 10, 40, 30, 20], async (ms) => {
      running += 1;
      most = Math.max(most, running);
      await pause(ms);
      running -= 1;
      return ms * 2;
    });
    await vi.runAllTimersAsync();
    expect(await all).toEqual([100, 20, 80, 60, 40]);
    expect(most).toBe(3);
  });

  it('may be none', async () => {
    expect(await mapAtOnce(3, [], () => never)).toEqual([]);
  });

  it('reject with the first that fails', async () => {
    const work = (item: number) =>
      item === 2 ? Promise.reject(new Error('two')) : Promise.resolve(item);
    await expect(mapAtOnce(1, [1, 2, 3], work)).rejects.toThrow('two');
  });
});

it('at most that many works run at once, in their order, also after one that fails', async () => {
  const limited = createLimit(2);
  const ends: ((isGood: boolean) => void)[] = [];
  const work = () =>
    new Promise<void>((resolve, reject) => {
      ends.push((isGood) => (isGood ? resolve() : reject(new Error('it failed'))));
    });
  const all = Array.from({ length: 4 }, () => limited(work));
  const outcomes = Promise.allSettled(all);
  expect(ends).toHaveLength(2);
  for (const [at, isGood] of [false, true, true, true].entries()) {
    ends[at]?.(isGood);
    await vi.advanceTimersByTimeAsync(0);
    expect(ends).toHaveLength(Math.min(4, at + 3));
  }
  const statuses = (await outcomes).map(({ status }) => status);
  expect(statuses).toEqual(['rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
