import { describe, expect, it } from 'vitest';
import { printReply, type Terminal } from '../../../src/adapters/terminal/print.ts';
import type { Stream } from '../../../src/adapters/terminal/write.ts';
import { sentence } from '../../../src/chat/message.ts';
import { answer, joinReplies, refuse } from '../../../src/chat/reply.ts';
import { spoken } from '../../chat/fake-subcommand.ts';

function createStream(tty: { isTTY?: boolean; columns?: number } = {}): Stream & { text: string } {
  return {
    ...tty,
    text: '',
    write(text, done) {
      this.text += text;
      done();
    },
  };
}

function createTerminal(tty = {}, env: Terminal['env'] = {}, colour: Terminal['colour'] = 'auto') {
  const [stdout, stderr] = [createStream(tty), createStream(tty)];
  return { stdout, stderr, env, colour, offers: () => true };
}

describe('where it goes', () => {
  it.each([
    { name: 'an answer', reply: spoken('fine'), out: 'fine\n', err: '' },
    {
      name: 'an answer that lacks a part',
      reply: spoken('so so', { exit: 3 }),
      out: 'so so\n',
      err: '',
    },
    { name: 'a fault', reply: spoken('no', { exit: 2, rows: [] }), out: '', err: 'no\n' },
    {
      name: 'what did not answer',
      reply: spoken('no', { exit: 3, rows: [] }),
      out: '',
      err: 'no\n',
    },
  ])('$name', async ({ reply, out, err }) => {
    const terminal = createTerminal();
    await printReply(reply, false, terminal);
    expect([terminal.stdout.text, terminal.stderr.text]).toEqual([out, err]);
  });
});

describe('JSON', () => {
  it('is one object a line and nothing else', async () => {
    const terminal = createTerminal();
    await printReply(spoken('x', { rows: [{ a: 1 }, { a: 'é\u009b\u202e😀\n' }] }), true, terminal);
    expect(terminal.stdout.text).toBe('{"a":1}\n{"a":"é\\u009b\\u202e😀\\n"}\n');
    expect(JSON.parse(terminal.stdout.text.split('\n')[1] ?? '')).toEqual({
      a: 'é\u009b\u202e😀\n',
    });
  });

  it('tells on stderr of a part that has no object', async () => {
    const terminal = createTerminal();
    const replies = [answer(sentence('fine'), [{ a: 1 }]), refuse('away', 3)];
    await printReply(joinReplies(replies), true, terminal);
    expect([terminal.stdout.text, terminal.stderr.text]).toEqual(['{"a":1}\n', 'away\n']);
  });

  it('leaves stdout empty where there is nothing to say', async () => {
    const terminal = createTerminal();
    await printReply(spoken('no', { exit: 2, rows: [] }), true, terminal);
    expect([terminal.stdout.text, terminal.stderr.text]).toEqual(['', 'no\n']);
  });
});

describe('colours', () => {
  const reply = spoken('x', {
    messages: [{ headline: 'x', blocks: [{ kind: 'heading', text: 'x' }] }],
  });
  it.each([
    { name: 'a terminal', tty: { isTTY: true }, env: {}, isColoured: true },
    { name: 'NO_COLOR', tty: { isTTY: true }, env: { NO_COLOR: '1' }, isColoured: false },
    { name: 'an empty NO_COLOR', tty: { isTTY: true }, env: { NO_COLOR: '' }, isColoured: true },
    { name: 'a dumb terminal', tty: { isTTY: true }, env: { TERM: 'dumb' }, isColoured: false },
    { name: 'a pipe', tty: {}, env: {}, isColoured: false },
    { name: 'always', tty: {}, env: { NO_COLOR: '1' }, colour: 'always', isColoured: true },
    { name: 'never', tty: { isTTY: true }, env: {}, colour: 'never', isColoured: false },
  ] as const)('$name: $isColoured', async ({ tty, env, isColoured, ...given }) => {
    const terminal = createTerminal(tty, env, 'colour' in given ? given.colour : 'auto');
    await printReply(reply, false, terminal);
    expect(terminal.stdout.text.includes('\u001b')).toBe(isColoured);
  });
});

it.each([
  { name: 'a narrow terminal', tty: { isTTY: true, columns: 10 }, env: {}, lines: 3 },
  { name: 'one that does not know its width', tty: { isTTY: true, columns: 0 }, env: {}, lines: 1 },
  { name: 'a pipe', tty: { columns: 10 }, env: {}, lines: 1 },
  { name: 'a pipe with COLUMNS', tty: {}, env: { COLUMNS: '10' }, lines: 3 },
  { name: 'a pipe with no number', tty: {}, env: { COLUMNS: 'wide' }, lines: 1 },
  {
    name: 'a terminal that was told another width',
    tty: { isTTY: true, columns: 10 },
    env: { COLUMNS: '100' },
    lines: 3,
  },
])('$name gets $lines lines', async ({ tty, env, lines }) => {
  const terminal = createTerminal(tty, env);
  await printReply(spoken('192.0.2.7 is blocked by main'), false, terminal);
  expect(terminal.stdout.text.trimEnd().split('\n')).toHaveLength(lines);
});

it('a reader that has gone away is no fault, any other is one', async () => {
  const broken = (code: string): Stream => ({
    write: (_, done) => done(Object.assign(new Error('broken'), { code })),
  });
  const terminal = createTerminal();
  await printReply(spoken('x'), false, { ...terminal, stdout: broken('EPIPE') });
  await expect(
    printReply(spoken('x'), false, { ...terminal, stdout: broken('ENOSPC') }),
  ).rejects.toThrow('broken');
});
