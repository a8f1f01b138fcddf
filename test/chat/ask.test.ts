import { describe, expect, it } from 'vitest';
import { completedLine, wholeLine } from '../../src/chat/ask.ts';
import { createCommands } from '../../src/chat/command.ts';
import type { Ask } from '../../src/chat/subcommand.ts';
import { joinWords, splitWords } from '../../src/chat/words.ts';
import { fc } from '../chance.ts';
import { createFakeLog, createFakeSubcommand, openDoor, spoken } from './fake-subcommand.ts';

const DURATION: Ask = {
  name: 'for',
  label: 'For how long',
  max: 10,
  isOptional: false,
  keyword: 'for',
  initial: '4h',
};
const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };
const NOTE: Ask = { name: 'note', label: 'Note', max: 300, isOptional: true };

/** Words that are likely to break quoting. */
const nasty = fc.oneof(
  fc.string({ unit: fc.constantFrom('"', "'", '\\', ' ', '\n', '\t', 'a', '\u00a0', '“', '😀') }),
  fc.string({ unit: 'binary' }),
);

describe('joinWords', () => {
  it.each([
    { name: 'plain words stand as they are', words: ['silence', "it's"], line: "silence it's" },
    { name: 'blanks are quoted', words: ['a b'], line: '"a b"' },
    { name: 'an empty word', words: [''], line: '""' },
    { name: 'both kinds of quotes', words: [`it's "so" now`], line: `"it's \\"so\\" now"` },
    { name: 'a backslash before a quote', words: ['a \\" b'], line: '"a \\\\\\" b"' },
  ])('$name', ({ words, line }) => {
    expect(joinWords(words)).toBe(line);
    expect(splitWords(line)).toEqual(words);
  });

  it('is read back exactly, whatever stands in the words', () => {
    fc.assert(
      fc.property(fc.array(nasty), (words) => {
        expect(splitWords(joinWords(words))).toEqual(words);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('completedLine', () => {
  const complete = (
    line: string,
    asks: readonly Ask[],
    answers: Readonly<Record<string, string>>,
  ) => completedLine(line, asks, new Map(Object.entries(answers)));

  it.each([
    {
      name: 'a keyword and a reason',
      line: 'silence null-host',
      asks: [DURATION, REASON],
      answers: { for: '4h', reason: 'the scanner is ours' },
      completed: 'silence null-host for 4h "the scanner is ours"',
    },
    {
      name: 'an optional one that stayed empty',
      line: 'reject FR-1',
      asks: [NOTE],
      answers: { note: '' },
      completed: 'reject FR-1',
    },
    {
      name: 'an answer that nobody asked for',
      line: 'reject FR-1',
      asks: [NOTE],
      answers: { else: 'x' },
      completed: 'reject FR-1',
    },
    {
      name: 'words of the subcommand as an answer',
      line: 'flush on main',
      asks: [REASON],
      answers: { reason: 'on other' },
      completed: 'flush on main "on other"',
    },
  ])('$name', ({ line, asks, answers, completed }) => {
    expect(complete(line, asks, answers)).toBe(completed);
  });

  it('adds the answer as one word, whatever the line and the answer hold', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (line, first, second) => {
        fc.pre(first !== '' && second !== '');
        const completed = complete(line, [DURATION, REASON], { for: first, reason: second });
        expect(splitWords(completed)).toEqual([...splitWords(line), 'for', first, second]);
      }),
      { numRuns: 2000 },
    );
  });

  it('a line of 300,000 quotes comes to an end', () => {
    // Where each were weighed against each, this would take hours.
    const line = `${'"a '.repeat(300_000)}\\`;
    const { length } = complete(line, [REASON], { reason: '\\"'.repeat(300_000) });
    expect(length).toBeGreaterThan(line.length);
  });
});

it('wholeLine says what to type', () => {
  expect(wholeLine('silence null-host ', [DURATION, REASON, NOTE])).toBe(
    'silence null-host for 4h <reason> [note]',
  );
});

describe('what a line still lacks', () => {
  const alice = { kind: 'person', user: 'U0ALICE', channel: 'C0OPS', thread: null } as const;
  const log = createFakeLog();
  const flush = {
    ...createFakeSubcommand('flush', ['slack']),
    asks: ({ words, line }: { readonly words: readonly string[]; readonly line: string }) =>
      words.length < 3 && line === words.join(' ') ? [REASON] : [],
  };
  const broken = {
    ...createFakeSubcommand('broken', ['slack']),
    asks: () => {
      throw new Error('secret inside');
    },
  };
  const why = createFakeSubcommand('why', ['slack', 'terminal']);
  const commands = createCommands({
    subcommands: [flush, broken, why],
    parts: null,
    guard: openDoor,
    log,
  });

  it.each([
    { name: 'all of it', line: ' FLUSH  ', asks: [REASON] },
    { name: 'the rest', line: 'flush on main', asks: [REASON] },
    { name: 'nothing', line: 'flush on main because', asks: [] },
    { name: 'nothing, as it asks for nothing', line: 'why 192.0.2.7', asks: [] },
    { name: 'nothing, as there is no such subcommand', line: 'flsh', asks: [] },
    { name: 'nothing, as it is empty', line: '', asks: [] },
    { name: 'nothing, as it could not be told', line: 'broken', asks: [] },
  ])('$name: "$line"', ({ line, asks }) => {
    expect(commands.read(line, alice).asks).toEqual(asks);
  });

  it.each([
    { name: 'the person', guard: async () => spoken('not you', { exit: 2 }), says: 'not you' },
    { name: 'the subcommand', guard: openDoor, says: 'flushing is off' },
  ])('refused beforehand by $name', async ({ guard, says }) => {
    const off = { ...flush, refusal: async () => spoken('flushing is off', { exit: 2 }) };
    const { read } = createCommands({ subcommands: [off], parts: null, guard, log });
    expect(await read('flush', alice).refusal()).toMatchObject({ messages: [{ headline: says }] });
    expect(await commands.read('flush', alice).refusal()).toBeNull();
  });

  it('what could not be told is logged', () => {
    expect(log.lines).toMatchObject([{ level: 'error', facts: { subcommand: 'broken' } }]);
  });
});
