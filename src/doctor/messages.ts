import { type Block, bold, type Message, paragraph } from '../chat/message.ts';
import type { Level } from './check.ts';
import { type Checked, worstFirst } from './report.ts';

/** The message of doctor: problems with their next steps, the worst first, then what is green. */

const MARK: Readonly<Record<Level, string>> = {
  unanswered: 'NO ANSWER',
  red: 'RED',
  yellow: 'YELLOW',
  green: 'GREEN',
};

export function reportMessage(checked: readonly Checked[]): Message {
  const text = headline(checked);
  const problems = worstFirst(checked).filter(({ result }) => result.level !== 'green');
  const passed = checked.filter(({ result }) => result.level === 'green');
  return {
    headline: text,
    blocks: [
      { kind: 'heading', text },
      ...problems.flatMap(problemBlocks),
      ...(passed.length === 0 ? [] : [passedBlock(passed)]),
    ],
  };
}

/** One row of `--json`; `next` ends with the statements, one per line. */
export function toRow({ check, result }: Checked): object {
  const { level, says, next, statements } = result;
  const steps = [...(next === null ? [] : [next]), ...statements];
  return { check, level, says, next: steps.length === 0 ? null : steps.join('\n') };
}

function headline(checked: readonly Checked[]): string {
  const count = (level: Level) => checked.filter(({ result }) => result.level === level).length;
  const parts = [
    { number: count('unanswered'), words: 'without an answer' },
    { number: count('red'), words: 'red' },
    { number: count('yellow'), words: 'yellow' },
    { number: count('green'), words: 'green' },
  ]
    .filter(({ number }) => number > 0)
    .map(({ number, words }) => `${number} ${words}`);
  return `${verdict(count)}: ${parts.join(', ')}.`;
}

function verdict(count: (level: Level) => number): string {
  if (count('unanswered') > 0) return 'Something that is needed did not answer';
  if (count('red') > 0) return 'Something is wrong';
  return count('yellow') > 0 ? 'It works, but could be set up better' : 'All is well';
}

function problemBlocks({ check, result }: Checked): readonly Block[] {
  const { level, says, next, statements } = result;
  const step = next === null ? '' : `\n${next}`;
  return [
    paragraph(bold(`${MARK[level]} ${check}`), `\n${says}${step}`),
    ...(statements.length === 0
      ? []
      : [{ kind: 'statement', text: statements.join('\n') } as const]),
  ];
}

function passedBlock(passed: readonly Checked[]): Block {
  const lines = passed.map(({ check, result }) => `${check}: ${result.says}`);
  return paragraph(bold('GREEN'), `\n${lines.join('\n')}`);
}
