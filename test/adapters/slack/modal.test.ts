import { describe, expect, it } from 'vitest';
import { flawsOfView } from '../../../sandbox/slack/drawing-rules.ts';
import { takeAnswers } from '../../../src/adapters/slack/asking.ts';
import {
  drawModal,
  type Lacking,
  type ReadForm,
  readModal,
  wrongAnswers,
} from '../../../src/adapters/slack/modal.ts';
import { bold, paragraph } from '../../../src/chat/message.ts';
import type { Ask } from '../../../src/chat/subcommand.ts';

const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };
const NOTE: Ask = { name: 'note', label: 'Note', max: 20, isOptional: true, initial: 'none' };

const HOURS: Ask = {
  ...REASON,
  name: 'for',
  fault: (answer) => (/^\d+h$/.test(answer) ? null : 'Expected hours.'),
};

const LACKING: Lacking = {
  line: 'flush on main',
  user: 'U0ALICE',
  channel: 'C0OPS',
  thread: '1795165331.000100',
  isClick: true,
  asked: { from: 'click', thread: null },
  responseUrl: 'https://hooks.slack.com/actions/T0/1/x',
  heardAtMs: 1_795_165_331_000,
};

const FORM: ReadForm = { title: 'Request a flush', submit: 'Request flush', blocks: [] };

const HOSTILE = 'x<!channel>*pwn*\u202Egpj.exe\n<https://evil.example|click> ``` &lt; "\'';

/** The modal as Slack gives it back. */
function submitted(lacking: Lacking, asks: readonly Ask[], values: Record<string, string | null>) {
  const entries = Object.entries(values).map(([name, value]) => [
    name,
    { answer: { type: 'plain_text_input', value } },
  ]);
  return { ...drawModal(lacking, asks, FORM), state: { values: Object.fromEntries(entries) } };
}

describe('a modal', () => {
  it.each([
    { name: 'for a click', lacking: LACKING, asks: [REASON, NOTE] },
    { name: 'for a hostile line', lacking: { ...LACKING, line: HOSTILE }, asks: [REASON] },
    { name: 'for a long line', lacking: { ...LACKING, line: 'l'.repeat(2500) }, asks: [REASON] },
    {
      name: 'with asks beyond every limit',
      lacking: LACKING,
      asks: [{ ...REASON, label: 'L'.repeat(3000), max: 9000, initial: 'i'.repeat(9000) }],
    },
    { name: 'with a hostile ask', lacking: LACKING, asks: [{ ...REASON, label: HOSTILE }] },
  ])('$name is one that Slack takes', ({ lacking, asks }) => {
    const view = drawModal(lacking, asks, FORM);
    expect(flawsOfView(view)).toEqual([]);
    expect(JSON.stringify(view?.blocks)).not.toContain('mrkdwn');
  });

  it('asks for each thing as it is meant', () => {
    const [line, reason, note] = drawModal(LACKING, [REASON, NOTE], FORM)?.blocks ?? [];
    expect(JSON.stringify(line)).toContain('/hostcache flush on main');
    expect(reason).toMatchObject({
      block_id: 'reason',
      optional: false,
      element: { multiline: true, max_length: 300 },
    });
    expect(note).toMatchObject({
      block_id: 'note',
      optional: true,
      element: { multiline: false, max_length: 20, initial_value: 'none' },
    });
  });

  it('says what it does, above what it asks for', () => {
    const says = [
      paragraph('Empties ', bold('main')),
      { kind: 'statement', text: 'FLUSH;' },
    ] as const;
    const view = drawModal(LACKING, [REASON], { ...FORM, blocks: says });
    expect(flawsOfView(view)).toEqual([]);
    expect(view).toMatchObject({
      title: { text: 'Request a flush' },
      submit: { text: 'Request flush' },
    });
    expect(JSON.stringify(view?.blocks)).toMatch(/Empties .*main.*FLUSH;.*flush on main.*Why/);
  });

  it('cuts a title and a button that Slack would refuse', () => {
    const long = { title: `Reject ${'9'.repeat(30)}`, submit: 's'.repeat(30), blocks: [] };
    expect(flawsOfView(drawModal(LACKING, [REASON], long))).toEqual([]);
  });

  it.each([
    { name: '3000 letters', line: 'l'.repeat(3000) },
    { name: 'quotes, each two in JSON', line: '"'.repeat(1500) },
  ])('cannot carry a line of $name', ({ line }) => {
    expect(drawModal({ ...LACKING, line }, [REASON], FORM)).toBeNull();
  });

  it('comes back with what it carried, and the answers trimmed', () => {
    const view = submitted(LACKING, [REASON, NOTE], { reason: ` ${HOSTILE}\n`, note: null });
    const read = readModal(view);
    expect(read?.lacking).toEqual(LACKING);
    expect(read?.answers).toEqual(
      new Map([
        ['reason', HOSTILE],
        ['note', ''],
      ]),
    );
  });

  it.each([
    { name: 'of another callback', change: { callback_id: 'flush' } },
    { name: 'without a line', change: { private_metadata: '{}' } },
    { name: 'with words for a line', change: { private_metadata: 'flush on main' } },
    { name: 'with a foreign shape', change: { private_metadata: 'null' } },
    { name: 'without a state', change: { state: undefined } },
  ])('$name is none of ours', ({ change }) => {
    expect(readModal({ ...submitted(LACKING, [REASON], { reason: 'x' }), ...change })).toBeNull();
  });
});

describe('answers', () => {
  it.each([
    { name: 'are good', answers: { reason: 'x', note: '' }, wrong: [] },
    { name: 'are empty', answers: { reason: '', note: '' }, wrong: ['reason'] },
    {
      name: 'are too long',
      answers: { reason: 'x'.repeat(301), note: 'y'.repeat(21) },
      wrong: ['reason', 'note'],
    },
    { name: 'that the subcommand refuses', answers: { for: 'ever' }, wrong: ['for'] },
    { name: 'that it accepts', answers: { for: '4h' }, wrong: [] },
    { name: 'were never asked for', answers: { other: '' }, wrong: [] },
  ])('$name', ({ answers, wrong }) => {
    const found = wrongAnswers([REASON, NOTE, HOURS], new Map(Object.entries(answers)));
    expect(Object.keys(found)).toEqual(wrong);
  });

  const answers = new Map([['reason', 'because']]);
  const reading = (asks: readonly Ask[]) => () => ({
    asks,
    form: () => ({ ...FORM, blocks: async () => [] }),
    isNamed: true,
    isForAll: false,
    isUnderstood: () => true,
    guarded: async () => null,
    refusal: async () => null,
    run: () => Promise.reject(),
  });

  it('complete the line as a click of the person who submits, where the click was made', () => {
    const taken = takeAnswers({ lacking: LACKING, answers }, 'U0BOB', reading([REASON]));
    expect(taken).toEqual({
      kind: 'complete',
      line: 'flush on main because',
      caller: {
        kind: 'person',
        user: 'U0BOB',
        channel: 'C0OPS',
        thread: LACKING.thread,
        isClick: true,
      },
    });
  });

  it('keep when the private message was written that was clicked', () => {
    const shownAt = new Date('2026-11-20T12:00:00Z');
    const lacking = { ...LACKING, shownAtMs: shownAt.getTime() };
    const taken = takeAnswers({ lacking, answers }, 'U0BOB', reading([REASON]));
    expect(taken).toMatchObject({ kind: 'complete', caller: { isClick: true, shownAt } });
  });

  it('to a line that asks for nothing make no click of it', () => {
    const lacking = { ...LACKING, line: 'approve FR-1' };
    const taken = takeAnswers({ lacking, answers }, 'U0BOB', reading([]));
    expect(taken).toMatchObject({ kind: 'complete', line: 'approve FR-1' });
    expect(taken).not.toHaveProperty('caller.isClick');
  });
});
