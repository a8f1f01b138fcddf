import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress } from '../../../src/adapters/terminal/progress.ts';
import type { Stream } from '../../../src/adapters/terminal/write.ts';

/** One line on stderr while servers are waited for: drawn on a terminal alone, and erased at the end. */

const ERASE = '\r\u001b[K';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function createWatched(tty: Partial<Stream> = { isTTY: true, columns: 60 }, env = {}) {
  const written: string[] = [];
  const stderr: Stream = { ...tty, write: (text) => written.push(text) };
  return { written, progress: createProgress({ stderr, env }) };
}

/** Answers when it is told to. */
function createQuestion() {
  let answer: (says: string) => void = () => undefined;
  const asked = new Promise<string>((resolve) => {
    answer = resolve;
  });
  return { asked, answer };
}

it('says who is waited for, and leaves nothing behind', async () => {
  const { written, progress } = createWatched();
  const questions = ['main', 'replica', 'db3', 'db4', 'db5'].map((name) => {
    const question = createQuestion();
    return { ...question, watched: progress.watch(name, question.asked) };
  });
  await vi.advanceTimersByTimeAsync(1000);
  expect(written.at(-1)).toBe(
    `${ERASE}0 of 5 done, 1 s; waiting for main, replica, db3 and 2 more`,
  );
  questions[0]?.answer('well');
  expect(await questions[0]?.watched).toBe('well');
  await vi.advanceTimersByTimeAsync(250);
  expect(written.at(-1)).toContain('1 of 5 done, 1 s; waiting for replica, db3, db4 and 1 more');
  progress.end();
  expect(written.at(-1)).toBe(ERASE);
  const drawn = written.length;
  await vi.advanceTimersByTimeAsync(1000);
  expect(written).toHaveLength(drawn);
});

it('never passes the width of the terminal', async () => {
  const { written, progress } = createWatched({ isTTY: true, columns: 30 });
  void progress.watch('接続'.repeat(40), createQuestion().asked);
  await vi.advanceTimersByTimeAsync(1000);
  expect(written.at(-1)).toBe(`${ERASE}1 s; waiting for 接続接続接…`);
});

it('a server is named once, however many questions wait for it', async () => {
  const { written, progress } = createWatched();
  const [first, second] = [createQuestion(), createQuestion()];
  void progress.watch('main', first.asked);
  void progress.watch('main', second.asked);
  first.answer('');
  await vi.advanceTimersByTimeAsync(1000);
  expect(written.at(-1)).toBe(`${ERASE}1 s; waiting for main`);
});

describe('nothing is drawn', () => {
  it.each([
    { name: 'in a pipe', tty: {}, env: {} },
    { name: 'on a dumb terminal', tty: { isTTY: true }, env: { TERM: 'dumb' } },
  ])('$name', async ({ tty, env }) => {
    const { written, progress } = createWatched(tty, env);
    void progress.watch('main', createQuestion().asked);
    await vi.advanceTimersByTimeAsync(5000);
    progress.end();
    expect(written).toEqual([]);
  });

  it('where the answer comes soon', async () => {
    const { written, progress } = createWatched();
    void progress.watch('main', createQuestion().asked);
    await vi.advanceTimersByTimeAsync(400);
    progress.end();
    expect(written).toEqual([]);
  });

  it('once all have answered', async () => {
    const { written, progress } = createWatched();
    await progress.watch('main', Promise.resolve('well'));
    await vi.advanceTimersByTimeAsync(5000);
    expect(written).toEqual([]);
  });
});

it('a refusal is passed on, and nobody is waited for', async () => {
  const { written, progress } = createWatched();
  await expect(progress.watch('main', Promise.reject(new Error('away')))).rejects.toThrow('away');
  await vi.advanceTimersByTimeAsync(5000);
  expect(written).toEqual([]);
});
