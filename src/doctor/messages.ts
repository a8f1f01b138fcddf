import { type Block, bold, type Message, paragraph } from '../chat/message.ts';
import type { Checked, Level } from './check.ts';

/** The message of doctor: problems with their next steps, the worst first, then what is green. */

/** The levels, the worst first. */
const LEVELS: readonly { readonly level: Level; readonly mark: string; readonly words: string }[] =
  [
    { level: 'unanswered', mark: 'NO ANSWER', words: 'without an answer' },
    { level: 'red', mark: 'RED', words: 'red' },
    { level: 'yellow', mark: 'YELLOW', words: 'yellow' },
    { level: 'green', mark: 'GREEN', words: 'green' },
  ];

export function reportMessage(checked: readonly Checked[]): Message {
  const text = headline(checked);
  const blocks = LEVELS.flatMap(({ level, mark }) => {
    const found = checked.filter((each) => each.level === level);
    if (level !== 'green') return found.flatMap((each) => problemBlocks(mark, each));
    return found.length === 0 ? [] : [passedBlock(mark, found)];
  });
  return { headline: text, blocks: [{ kind: 'heading', text }, ...blocks] };
}

/** One row of `--json`; `next` ends with the statements, one per line. */
export function toRow({ check, level, says, next, statements }: Checked): object {
  const steps = [...(next === null ? [] : [next]), ...statements];
  return { check, level, says, next: steps.length === 0 ? null : steps.join('\n') };
}

function headline(checked: readonly Checked[]): string {
  const count = (level: Level) => checked.filter((each) => each.level === level).length;
  const parts = LEVELS.filter(({ level }) => count(level) > 0).map(
    ({ level, words }) => `${count(level)} ${words}`,
  );
  return `${verdict(count)}: ${parts.join(', ')}.`;
}

function verdict(count: (level: Level) => number): string {
  if (count('unanswered') > 0) return 'Something that is needed did not answer';
  if (count('red') > 0) return 'Something is wrong';
  return count('yellow') > 0 ? 'It works, but could be set up better' : 'All is well';
}

function problemBlocks(mark: string, { check, says, next, statements }: Checked): readonly Block[] {
  const step = next === null ? '' : `\n${next}`;
  return [
    paragraph(bold(`${mark} ${check}`), `\n${says}${step}`),
    ...(statements.length === 0
      ? []
      : [{ kind: 'statement', text: statements.join('\n') } as const]),
  ];
}

function passedBlock(mark: string, passed: readonly Checked[]): Block {
  const lines = passed.map(({ check, says }) => `${check}: ${says}`);
  return paragraph(bold(mark), `\n${lines.join('\n')}`);
}
