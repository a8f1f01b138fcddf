import { describe, expect, it } from 'vitest';
import { createCommands } from '../../src/chat/command.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import {
  type Check,
  type CheckResult,
  green,
  red,
  unanswered,
  yellow,
} from '../../src/doctor/check.ts';
import { doctorCommand } from '../../src/doctor/commands.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';

/** The report of doctor: order, levels, exit code. */

const WELL = green('it is well.');
const LESS = yellow('it could be more.', 'Give it more.');
const WRONG = red('PROCESS is missing.', 'Run this:', ['GRANT PROCESS ON *.* TO a;', 'SELECT 1;']);
const SILENT = unanswered('it does not answer.', 'Start it.');

function check(name: string, ...results: readonly CheckResult[]): Check {
  return { name, run: async () => results };
}

function doctor(checks: readonly Check[], words: readonly string[] = []) {
  const subcommands = [doctorCommand];
  const parts = { checks };
  const commands = createCommands({ subcommands, parts, guard: null, log: createFakeLog() });
  return commands.runWords({ words: ['doctor', ...words], options: {} });
}

describe('the verdict', () => {
  it.each([
    { name: 'all green', results: [WELL, WELL], exit: 0, says: 'All is well: 2 green.' },
    {
      name: 'a yellow one',
      results: [WELL, LESS],
      exit: 0,
      says: 'It works, but could be set up better: 1 yellow, 1 green.',
    },
    {
      name: 'a red one',
      results: [LESS, WRONG, WELL],
      exit: 1,
      says: 'Something is wrong: 1 red, 1 yellow, 1 green.',
    },
    {
      name: 'one without an answer beside a red one',
      results: [WRONG, SILENT],
      exit: 3,
      says: 'Something that is needed did not answer: 1 without an answer, 1 red.',
    },
  ])('$name', async ({ results, exit, says }) => {
    const reply = await doctor([check('main', ...results)]);
    expect(reply.exit).toBe(exit);
    expect(reply.isPublic).toBe(false);
    expect(reply.messages.map(({ headline }) => headline)).toEqual([says]);
  });
});

describe('the report', () => {
  it('lists the worst first, with its statements, and what is green last', async () => {
    const reply = await doctor([check('a', WELL, LESS), check('b', WRONG), check('c', SILENT)]);
    const blocks = reply.messages[0]?.blocks ?? [];
    const texts = blocks.map((block) => {
      if (block.kind === 'text')
        return block.spans.map((s) => ('text' in s ? s.text : '')).join('');
      return 'text' in block ? block.text : block.kind;
    });
    expect(texts.slice(1)).toEqual([
      'NO ANSWER c\nit does not answer.\nStart it.',
      'RED b\nPROCESS is missing.\nRun this:',
      'GRANT PROCESS ON *.* TO a;\nSELECT 1;',
      'YELLOW a\nit could be more.\nGive it more.',
      'GREEN\na: it is well.',
    ]);
  });

  it('is a row for each result, in the order of the checks', async () => {
    const reply = await doctor([check('a', WELL), check('b', WRONG)]);
    expect(reply.rows).toEqual([
      { check: 'a', level: 'green', says: 'it is well.', next: null },
      {
        check: 'b',
        level: 'red',
        says: 'PROCESS is missing.',
        next: 'Run this:\nGRANT PROCESS ON *.* TO a;\nSELECT 1;',
      },
    ]);
  });

  it('continues if one check cannot read something', async () => {
    const away: Check = {
      name: 'main: server',
      run: () => Promise.reject(createUnreadable('main: nothing listens there.')),
    };
    const reply = await doctor([away, check('state', WELL)]);
    expect(reply.exit).toBe(3);
    expect(reply.rows).toMatchObject([
      { check: 'main: server', level: 'unanswered', says: 'main: nothing listens there.' },
      { check: 'state', level: 'green' },
    ]);
  });

  it('keeps the order of more checks than run at once', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `check ${i}`);
    const reply = await doctor(names.map((name) => check(name, WELL)));
    expect(reply.rows).toMatchObject(names.map((name) => ({ check: name })));
  });

  it('takes no words', async () => {
    expect((await doctor([check('a', WELL)], ['main'])).exit).toBe(2);
  });
});
