import { describe, expect, it } from 'vitest';
import { chosen } from '../../src/chat/choose.ts';
import { createCommands } from '../../src/chat/command.ts';
import type { Guard } from '../../src/chat/guard.ts';
import { helpCommand } from '../../src/chat/help.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { Caller } from '../../src/chat/subcommand.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { createFakeLog, createFakeSubcommand, openDoor, spoken } from './fake-subcommand.ts';

const ALICE: Caller = { kind: 'person', user: 'U0ALICE', channel: 'C0OPS', thread: null };

function createParts(guard: Guard | null = openDoor) {
  const why = createFakeSubcommand('why', ['slack', 'terminal']);
  const start = createFakeSubcommand('start', ['terminal']);
  const approve = createFakeSubcommand('approve', ['slack']);
  const broken = createFakeSubcommand('broken', ['slack', 'terminal'], async () => {
    throw new Error('secret inside');
  });
  const log = createFakeLog();
  const subcommands = [why, start, approve, broken, helpCommand];
  const parts = { subcommands, examples: async () => ({ servers: [], client: null }) };
  const commands = createCommands({ subcommands, parts, guard, log });
  return { why, start, approve, log, commands, subcommands };
}

function headlines({ messages }: Reply): string {
  return messages.map(({ headline }) => headline).join('\n');
}

describe('a line in chat', () => {
  const PASTED = "[MySQL](ODBC Driver) Host '240.221.242.64' is not allowed to connect";

  it.each([
    { name: 'named', line: 'why 192.0.2.7 on main', words: ['192.0.2.7', 'on', 'main'] },
    { name: 'named in capitals', line: ' WHY  192.0.2.7', words: ['192.0.2.7'] },
    { name: 'an address alone', line: '192.0.2.7', words: ['192.0.2.7'] },
    { name: 'an IPv6 address alone', line: '2001:db8::1', words: ['2001:db8::1'] },
    {
      name: 'a host name alone',
      line: 'merp.example.com as jdoe',
      words: ['merp.example.com', 'as', 'jdoe'],
    },
    {
      name: 'a quoted value',
      line: 'why 192.0.2.7 as "the app"',
      words: ['192.0.2.7', 'as', 'the app'],
    },
  ])('$name runs why', async ({ line, words }) => {
    const { why, commands } = createParts();
    const reply = await commands.read(line, ALICE).run();
    expect(headlines(reply)).toBe('why');
    expect(why.asked).toEqual([
      { words, line: line.trim().replace(/^why\s+/i, ''), options: {}, caller: ALICE },
    ]);
  });

  it.each([
    { name: 'bare', line: PASTED },
    { name: 'after why', line: `why ${PASTED}` },
  ])('a pasted error keeps its quotes, $name', async ({ line }) => {
    const { why, commands } = createParts();
    await commands.read(line, ALICE).run();
    expect(why.asked[0]?.line).toBe(PASTED);
  });

  it.each([
    { name: 'a mistyped subcommand', line: 'wyh', says: /Did you mean \/hostcache why\?/ },
    {
      name: 'one before a client',
      line: 'wyh 192.0.2.7',
      says: /Did you mean \/hostcache why 192\.0\.2\.7\?/,
    },
    { name: 'a bare word', line: 'merp', says: /neither a client.*nor a subcommand.*why, approve/ },
    { name: 'a subcommand of another version', line: 'flush on main', says: /flush is neither/ },
    {
      name: 'a subcommand of a terminal',
      line: 'start',
      says: /works only in a terminal: hostcache start/,
    },
  ])('$name is refused with what could be meant', async ({ line, says }) => {
    const { why, start, commands } = createParts();
    const reply = await commands.read(line, ALICE).run();
    expect(headlines(reply)).toMatch(says);
    expect(reply.exit).toBe(2);
    expect([...why.asked, ...start.asked]).toEqual([]);
  });

  it('what cannot be read is told in its own sentence, and is no fault of ours', async () => {
    const away = createFakeSubcommand('away', ['slack'], async () => {
      throw createUnreadable('The state cannot be reached.');
    });
    const log = createFakeLog();
    const commands = createCommands({ subcommands: [away], parts: null, guard: openDoor, log });
    const reply = await commands.read('away', ALICE).run();
    expect(headlines(reply)).toBe('The state cannot be reached.');
    expect(reply).toMatchObject({ exit: 3, rows: [], faults: reply.messages });
    expect(log.lines).toEqual([]);
  });

  it('a fault of our own is told without its inside, and logged', async () => {
    const { commands, log } = createParts();
    const reply = await commands.read('broken', ALICE).run();
    expect(reply.exit).toBe(3);
    expect(headlines(reply)).not.toContain('secret');
    expect(log.lines).toMatchObject([{ level: 'error', facts: { subcommand: 'broken' } }]);
  });
});

describe('a person whom the guard refuses', () => {
  const guard: Guard = async () => spoken('You may not.');

  it.each(['run', 'refusal', 'guarded'] as const)(
    'is told to the subcommand once (%s), with what they asked',
    async (act) => {
      const told: unknown[] = [];
      const fake = createFakeSubcommand('approve', ['slack']);
      const approve: typeof fake = { ...fake, refused: (...given) => void told.push(given) };
      const log = createFakeLog();
      const commands = createCommands({ subcommands: [approve], parts: 'parts', guard, log });
      const reply = await commands.read('approve FR-1', ALICE)[act]();
      expect(reply).toEqual(spoken('You may not.'));
      const request = { words: ['FR-1'], line: 'FR-1', options: {}, caller: ALICE };
      expect(told).toEqual([[request, reply, 'parts']]);
      expect(fake.asked).toEqual([]);
    },
  );

  it('stays refused where the subcommand fails to record it', async () => {
    const refused = () => {
      throw new Error('secret inside');
    };
    const fake = { ...createFakeSubcommand('approve', ['slack']), refused };
    const log = createFakeLog();
    const commands = createCommands({ subcommands: [fake], parts: null, guard, log });
    expect(headlines(await commands.read('approve FR-1', ALICE).run())).toBe('You may not.');
    expect(log.lines).toMatchObject([{ level: 'error', message: 'a refusal was not recorded' }]);
    expect(fake.asked).toEqual([]);
  });
});

describe('words of a terminal', () => {
  it('are taken as the shell split them, with their options', async () => {
    const { why, commands } = createParts();
    await commands.runWords({ words: ['why', 'a.example b', 'c'], options: { user: 'app' } });
    expect(why.asked).toEqual([
      {
        words: ['a.example b', 'c'],
        line: 'a.example b c',
        options: { user: 'app' },
        caller: { kind: 'terminal' },
      },
    ]);
  });

  it('what was read from a file stands behind the subcommand', async () => {
    const { why, commands } = createParts();
    await commands.runWords({ words: ['why', 'file'], text: 'Host\n  1', options: {} });
    expect(why.asked[0]?.line).toBe('Host\n  1');
  });

  it('refuse what belongs to Slack', async () => {
    const { commands } = createParts();
    const reply = await commands.runWords({ words: ['approve', 'FR-1'], options: {} });
    expect(headlines(reply)).toMatch(/works only in Slack: \/hostcache approve/);
    expect(reply.exit).toBe(2);
  });

  it.each([
    { words: ['list'], options: { user: 'app' }, says: 'list takes no --user.' },
    { words: ['list', 'on', 'main'], options: { server: 'main' }, says: null },
    { words: ['status'], options: { server: 'main' }, says: 'status takes no --server.' },
    {
      words: ['status'],
      options: { server: 'main', user: 'app' },
      says: 'status takes no --server and no --user.',
    },
    { words: ['status', 'on', 'main'], says: 'status takes no words, got "on main".' },
    { words: ['status'], says: null },
  ])('that a subcommand does not use are refused: $words $options', async (row) => {
    const { words, options = {}, says } = row;
    const list = createFakeSubcommand('list', ['terminal']);
    const status = createFakeSubcommand('status', ['terminal']);
    const subcommands = [
      { ...list, options: ['server'] as const },
      { ...status, usage: 'status', options: [] },
    ];
    const commands = createCommands({
      subcommands,
      parts: null,
      guard: null,
      log: createFakeLog(),
    });
    const reply = await commands.runWords({ words, options });
    expect(headlines(reply)).toBe(says ?? words[0]);
    expect(reply.exit).toBe(says === null ? 0 : 2);
    expect(list.asked.length + status.asked.length).toBe(says === null ? 1 : 0);
  });

  it('say which subcommand they would run', () => {
    const { why, subcommands } = createParts();
    const menu = { subcommands, surface: 'terminal' } as const;
    expect(chosen(['192.0.2.7'], menu)).toBe(why);
    expect(chosen([], menu)).toBe(helpCommand);
    expect(chosen(['approve', 'FR-1'], menu)).toBeNull();
    expect(chosen(['start'], { ...menu, surface: 'slack' })).toBeNull();
  });
});

describe('the guard', () => {
  const shut: Guard = async (user) => spoken(`not for ${user}`, { exit: 2 });

  it.each(['', 'help', 'help why', 'why 192.0.2.7', '192.0.2.7', 'approve FR-1', 'wyh', 'start'])(
    'stands before "%s", and nothing else is said or done',
    async (line) => {
      const { why, approve, commands } = createParts(shut);
      expect(headlines(await commands.read(line, ALICE).run())).toBe('not for U0ALICE');
      expect([...why.asked, ...approve.asked]).toEqual([]);
    },
  );

  it('asks nothing of a terminal', async () => {
    const { commands } = createParts(shut);
    expect(await commands.runWords({ words: ['help'], options: {} })).toMatchObject({ exit: 0 });
  });

  it.each([
    { name: 'that fails', guard: async () => Promise.reject(new Error('secret inside')) },
    { name: 'that is missing', guard: null },
  ])('$name lets nobody in', async ({ guard }) => {
    const { why, commands } = createParts(guard);
    const reply = await commands.read('why 192.0.2.7', ALICE).run();
    expect(reply.exit).toBe(3);
    expect(headlines(reply)).toBe('Internal error. Details are in the log.');
    expect(why.asked).toEqual([]);
  });
});

describe('help', () => {
  it.each([
    { name: 'an empty line', line: '' },
    { name: 'help', line: 'help' },
  ])('$name lists what can be typed in this place', async ({ line }) => {
    const { commands } = createParts();
    const reply = await commands.read(line, ALICE).run();
    expect(headlines(reply)).toBe('hostcache help: why, approve, broken, help');
    expect(reply.rows).toContainEqual({
      name: 'why',
      usage: 'why <client>',
      summary: 'Does why.',
    });
    expect(reply.exit).toBe(0);
  });

  it('shows one subcommand', async () => {
    const { commands } = createParts();
    const reply = await commands.read('help why', ALICE).run();
    expect(JSON.stringify(reply.messages)).toContain('/hostcache why 192.0.2.7');
  });

  it('refuses a topic that is none', async () => {
    const { commands } = createParts();
    expect(await commands.read('help start', ALICE).run()).toMatchObject({ exit: 2 });
  });
});
