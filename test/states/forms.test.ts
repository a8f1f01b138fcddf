import { describe, expect, it } from 'vitest';
import { flawsOfView } from '../../sandbox/slack/drawing-rules.ts';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import { takeAnswers } from '../../src/adapters/slack/asking.ts';
import { drawModal, type Lacking } from '../../src/adapters/slack/modal.ts';
import type { State } from '../../src/adapters/store/store.ts';
import { completedLine } from '../../src/chat/ask.ts';
import { splitWords } from '../../src/chat/words.ts';
import { pendingFlush } from '../scenarios/flush-requests.ts';
import { createInside, NOW } from './app.ts';
import { targetOf } from './full-server.ts';
import { LONG_SERVER, WORDS } from './words.ts';

/** The form for every incomplete line: Slack accepts it, and its answers complete the line. */

const CLICKER = {
  kind: 'person',
  user: 'U0ALICE',
  channel: 'C0OPS',
  thread: null,
  isClick: true,
} as const;

const LINES = [
  { line: 'flush', on: 'typed' },
  { line: `flush on ${LONG_SERVER}`, on: 'clicked' },
  { line: 'why', on: 'typed' },
  { line: `silence null-host on ${LONG_SERVER}`, on: 'clicked' },
  { line: 'silence', on: 'typed' },
  { line: `silence ${LONG_SERVER} for 4h`, on: 'typed' },
  { line: 'reject FR-1234567890', on: 'clicked' },
] as const;

describe.each(WORDS)('with $name words', (words) => {
  const { reason } = words;
  const requested = pendingFlush(NOW, { server: LONG_SERVER, reason });
  // Forms read nothing else from the state.
  const state = { flushes: { find: async () => requested } } as unknown as State;
  const { read } = createInside({ targets: [targetOf(LONG_SERVER, words, 6)], state });

  it.each(LINES)('$line, $on', async ({ line, on }) => {
    const { isClick, ...typist } = CLICKER;
    const { asks: asked, form } = read(line, on === 'clicked' ? CLICKER : typist);
    expect(asked.length).toBeGreaterThan(0);
    const lacking = lackingOf(line, on === 'clicked');
    const said = { ...form(), blocks: await form().blocks() };
    const view = drawModal(lacking, asked, said);
    expect(flawsOfView(view)).toEqual([]);
    // Each form says what it does, in words that are not cut.
    expect(said.blocks).not.toEqual([]);
    expect([view?.title.text, view?.submit?.text]).toEqual([said.title, said.submit]);
    expect(said.title).not.toMatch(/hostcache/);
    // It has Slack's own types.
    const shown = view as unknown as Parameters<typeof activesOf>[0];
    const [name = ''] = line.split(' ');
    const people = { flush: ['U0BOB'], reject: ['U0ALICE'] }[name] ?? [];
    expect(activesOf({ blocks: shown.blocks }).map(({ target }) => target)).toEqual(people);
    expect(plainText({ blocks: shown.blocks })).toContain(`/hostcache ${line}`);
  });

  it.each(LINES)('$line, $on, answered at length', ({ line, on }) => {
    const { isClick, ...typist } = CLICKER;
    const { asks: asked } = read(line, on === 'clicked' ? CLICKER : typist);
    const valid: Readonly<Record<string, string>> = { what: 'null-host', for: '4h' };
    const long = (max: number) => words.reason.slice(0, max).trim() || 'x';
    const answers = new Map(asked.map(({ name, max }) => [name, valid[name] ?? long(max)]));
    const taken = takeAnswers(
      { lacking: lackingOf(line, on === 'clicked'), answers },
      'U0BOB',
      read,
    );
    expect(taken).toMatchObject({ kind: 'complete', line: completedLine(line, asked, answers) });
    const said = taken.kind === 'complete' ? splitWords(taken.line) : [];
    for (const answer of answers.values()) expect(said).toContain(answer);
  });

  it('a hostile line is shown as it stands', async () => {
    const { asks: asked, form } = read('flush', CLICKER);
    const said = { ...form(), blocks: await form().blocks() };
    const view = drawModal(lackingOf(`flush ${words.host}`, true), asked, said);
    expect(flawsOfView(view)).toEqual([]);
    expect(JSON.stringify(view?.blocks)).not.toContain('mrkdwn');
  });
});

function lackingOf(line: string, isClick: boolean): Lacking {
  return {
    line,
    user: 'U0ALICE',
    channel: 'C0OPS',
    thread: isClick ? '1795165331.000100' : null,
    isClick,
    asked: { from: isClick ? 'click' : 'command', thread: null },
    responseUrl: 'https://hooks.slack.com/actions/T0/1/x',
    heardAtMs: 1_795_165_331_000,
  };
}
