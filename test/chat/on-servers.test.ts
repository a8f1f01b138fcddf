import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/chat/message.ts';
import { chooseServers, perServer, SERVERS_AT_ONCE } from '../../src/chat/on-servers.ts';
import { answer, isReply, type Reply, refuse } from '../../src/chat/reply.ts';
import type { Request } from '../../src/chat/subcommand.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';

/** Which servers a line names, and how all of them answer as one. */

const NAMES = ['main', 'replica'];
const NOON = new Date('2026-07-01T12:00:00Z');

function serversOf(names: readonly string[]) {
  return names.map((name) => ({ server: { name } }));
}

function partsOf(names: readonly string[]) {
  return { targets: serversOf(names), now: () => NOON };
}

function requestOf(words: readonly string[], options: Request['options'] = {}): Request {
  return { words, line: words.join(' '), options, caller: { kind: 'terminal' } };
}

function headlines({ messages }: Reply): readonly string[] {
  return messages.map(({ headline }) => headline);
}

describe('chooseServers', () => {
  const chosen = (words: readonly string[], options: Request['options'] = {}) => {
    const found = chooseServers({ words, options }, serversOf(NAMES));
    return isReply(found) ? headlines(found).join() : found.map(({ server }) => server.name);
  };

  it('takes all, one by name, or those of the option', () => {
    expect(chosen([])).toEqual(NAMES);
    expect(chosen(['on', 'all'])).toEqual(NAMES);
    expect(chosen(['ON', 'main'])).toEqual(['main']);
    expect(chosen([], { server: 'replica' })).toEqual(['replica']);
    expect(chosen([], { server: 'all' })).toEqual(NAMES);
    expect(chosen(['on', 'main'], { server: 'replica' })).toEqual(['main']);
  });

  it('refuses what is no server, and what is no choice', () => {
    expect(chosen(['on', 'nowhere'])).toBe(
      'Unknown server "nowhere": expected main, replica, all.',
    );
    expect(chosen([], { server: 'nowhere' })).toMatch(/^Unknown server "nowhere"/);
    expect(chosen(['main'])).toBe('Expected "on <server>", got "main".');
    expect(chosen(['on'])).toBe('Expected "on <server>", got "on".');
    expect(chosen(['on', 'main', 'replica'])).toBe(
      'Expected "on <server>", got "on main replica".',
    );
  });

  it.each([
    { words: ['on', 'mian'], didYouMean: { word: 'mian', instead: 'main' } },
    { words: ['onn', 'main'], didYouMean: { word: 'onn', instead: 'on' } },
    { words: ['on', 'nowhere'], didYouMean: { word: 'nowhere', instead: null } },
    { words: ['main'], didYouMean: { word: 'main', instead: null } },
  ])('$words: what was likely meant', ({ words, didYouMean }) => {
    expect(chooseServers({ words, options: {} }, serversOf(NAMES))).toMatchObject({ didYouMean });
  });
});

describe('perServer', () => {
  /** Takes a number before `on`; `down` cannot be read. */
  const twice = perServer({
    name: 'twice',
    summary: 'Doubles a number on each server.',
    example: 'twice 2',
    word: {
      usage: '[<number>]',
      read: (word) => (/^\d+$/.test(word) ? Number(word) : refuse(`no number: ${word}`)),
    },
    ask: async ({ server: { name } }, readAt, number) => {
      if (name === 'down') throw createUnreadable('down: it did not answer.');
      const twice = (number ?? 0) * 2;
      return answer(sentence(`${name}: ${twice}`), [{ server: name, twice, readAt }]);
    },
  });
  const run = (...words: readonly string[]) =>
    twice.run(requestOf(words), partsOf(['main', 'down', 'replica']));

  it('says how it is typed', () => {
    expect(twice).toMatchObject({
      usage: 'twice [<number>] [on <server>]',
      surfaces: ['slack', 'terminal'],
      options: ['server'],
    });
  });

  it('joins the answers in the order of the servers; one that cannot be read is one sentence', async () => {
    const reply = await run('4');
    expect(headlines(reply)).toEqual(['main: 8', 'down: it did not answer.', 'replica: 8']);
    expect(reply).toMatchObject({
      rows: [
        { server: 'main', twice: 8, readAt: NOON },
        { server: 'replica', twice: 8, readAt: NOON },
      ],
      exit: 3,
      isPublic: false,
      faults: [{ headline: 'down: it did not answer.' }],
    });
  });

  it.each([
    { words: [], says: ['main: 0', 'down: it did not answer.', 'replica: 0'], exit: 3 },
    { words: ['on', 'main'], says: ['main: 0'], exit: 0 },
    { words: ['4', 'ON', 'main'], says: ['main: 8'], exit: 0 },
    { words: ['4', 'on', 'down'], says: ['down: it did not answer.'], exit: 3 },
    { words: ['four', 'on', 'main'], says: ['no number: four'], exit: 2 },
    { words: ['4', '5'], says: ['Expected "on <server>", got "5".'], exit: 2 },
    { words: ['4', 'on', 'x'], says: [expect.stringMatching(/^Unknown server "x"/)], exit: 2 },
  ])('$words', async ({ words, says, exit }) => {
    const reply = await run(...words);
    expect(headlines(reply)).toEqual(says);
    expect(reply.exit).toBe(exit);
  });

  it('takes no word where none is meant to stand', async () => {
    const ask = async () => answer(sentence('fine'));
    const plain = perServer({ name: 'plain', summary: '', example: 'plain', ask });
    expect(plain.usage).toBe('plain [on <server>]');
    const refused = await plain.run(requestOf(['4', 'on', 'main']), partsOf(NAMES));
    expect(headlines(refused)).toEqual(['Expected "on <server>", got "4 on main".']);
  });

  it('a bug stays a bug', async () => {
    const ask = () => Promise.reject(new TypeError('x is not a function'));
    const broken = perServer({ name: 'broken', summary: '', example: 'broken', ask });
    await expect(broken.run(requestOf([]), partsOf(NAMES))).rejects.toThrow(TypeError);
  });

  it('asks many servers a bounded number at once', async () => {
    const names = Array.from({ length: 3 * SERVERS_AT_ONCE }, (_, at) => `server-${at}`);
    let [running, most] = [0, 0];
    const ask = async ({ server }: { readonly server: { readonly name: string } }) => {
      running += 1;
      most = Math.max(most, running);
      await new Promise(setImmediate);
      running -= 1;
      return answer(sentence(server.name));
    };
    const many = perServer({ name: 'many', summary: '', example: 'many', ask });
    expect(headlines(await many.run(requestOf([]), partsOf(names)))).toEqual(names);
    expect(most).toBe(SERVERS_AT_ONCE);
  });
});
