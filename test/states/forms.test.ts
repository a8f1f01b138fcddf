import { describe, expect, it } from 'vitest';
import { flawsOfView } from '../../sandbox/slack/drawing-rules.ts';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import { takeAnswers } from '../../src/adapters/slack/asking.ts';
import { drawModal, type Lacking } from '../../src/adapters/slack/modal.ts';
import { completedLine } from '../../src/chat/ask.ts';
import { splitWords } from '../../src/chat/words.ts';
import { createInside } from './app.ts';
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
  const { read } = createInside({ targets: [targetOf(LONG_SERVER, words, 6)] });

  it.each(LINES)('$line, $on', ({ line, on }) => {
    const { isClick, ...typist } = CLICKER;
    const { asks: asked } = read(line, on === 'clicked' ? CLICKER : typist);
    expect(asked.length).toBeGreaterThan(0);
    const lacking = lackingOf(line, on === 'clicked');
    const view = drawModal(lacking, asked);
    expect(flawsOfView(view)).toEqual([]);
    // It has Slack's own types.
    const shown = view as unknown as Parameters<typeof activesOf>[0];
    expect(activesOf({ blocks: shown.blocks })).toEqual([]);
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

  it('a hostile line is shown as it stands', () => {
    const { asks: asked } = read('flush', CLICKER);
    const view = drawModal(lackingOf(`flush ${words.host}`, true), asked);
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
