import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import type { Reply } from '../../src/chat/reply.ts';
import type { Caller } from '../../src/chat/subcommand.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { createFakeLog, openDoor } from '../chat/fake-subcommand.ts';
import { createTargetInMemory } from './target-in-memory.ts';

/** Mistyped lines through the whole application: one line with what was typed and a suggestion. */

const ALICE: Caller = { kind: 'person', user: 'U0ALICE', channel: 'C0OPS', thread: null };

/** One server named main, and several servers. */
function inside(names: readonly string[] = ['main']) {
  const [log, now] = [createFakeLog(), () => new Date()];
  const fake = createTargetInMemory();
  const targets = names.map((name) => ({ ...fake, server: { ...fake.server, name } }));
  const app = createApp(composeInside({ targets, state: null, log, now }), openDoor);
  return { app, log };
}

function told({ messages }: Reply): { readonly says: string; readonly offers: readonly string[] } {
  const buttons = messages.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : [])),
  );
  const says = messages.map(({ headline }) => headline).join('\n');
  return { says, offers: buttons.map(({ line }) => line) };
}

/** The line cut off, with a letter less, with a letter in capitals, with two letters swapped. */
function slipsOf(line: string): readonly string[] {
  return Array.from(line, (letter, at) => {
    const [before, after] = [line.slice(0, at), line.slice(at + 1)];
    return [
      before,
      `${before}${after}`,
      `${before}${letter.toUpperCase()}${after}`,
      `${before}${after.slice(0, 1)}${letter}${after.slice(1)}`,
    ];
  }).flat();
}

const FLEET = ['main', 'replica', 'db-1'];

describe('a mistyped line in Slack', () => {
  it.each([
    { line: 'wyh 192.0.2.7', says: /wyh is not a subcommand/, offers: 'why 192.0.2.7' },
    { line: 'stauts', says: /stauts is not a subcommand/, offers: 'status' },
    { line: 'help lsit', says: /lsit is not a subcommand/, offers: 'help list' },
    { line: 'why 192.0.2.7 on mian', says: /Unknown server "mian": expected main/ },
    { line: 'WHY 192.0.2.7 as app on mian', offers: 'why 192.0.2.7 as app on main' },
    { line: 'list blocked on replcia', offers: 'list blocked on replica' },
    { line: 'pending on maim', offers: 'pending on main' },
    { line: 'accounts on mainn', offers: 'accounts on main' },
    { line: 'sweep on mian', offers: 'sweep on main' },
    { line: 'history on mian', offers: 'history on main' },
    { line: 'list blokced on main', says: /expected blocked,/, offers: 'list blocked on main' },
    { line: 'list blocked onn main', offers: 'list blocked on main' },
    { line: 'why 192.0.2.7 onn main', offers: 'why 192.0.2.7 on main' },
    { line: 'why 192.0.2.7 publicy', says: /"publicly" after/ },
    { line: 'why 192.0.2.7 on main publicy', offers: 'why 192.0.2.7 on main publicly' },
    { line: 'why 192.O.2.7', says: /letter instead of a digit/, offers: 'why 192.0.2.7' },
    { line: '192.0.2.7:3306', says: /a port, 3306/, offers: 'why 192.0.2.7' },
    { line: 'why [2001:db8::1]:3306 as app', offers: 'why 2001:db8::1 as app' },
    { line: 'why db.example.com:3306', says: /a port, 3306/, offers: 'why db.example.com' },
    { line: 'why 2001:db8:::1', offers: 'why 2001:db8::1' },
    { line: 'why 192.0.2.7/32', offers: 'why 192.0.2.7' },
    { line: 'accounts 192.0.2.7:3306 on main', offers: 'accounts 192.0.2.7 on main' },
    { line: 'silence nul-host for 4h ours', offers: 'silence null-host for 4h ours' },
    { line: 'silence nul-host on main', offers: 'silence null-host on main' },
    { line: 'silence null-host on mian', offers: 'silence null-host on main' },
    { line: 'silence 192.0.2.7:3306 for 4h ours', offers: 'silence 192.0.2.7 for 4h ours' },
    { line: 'flush on mian DNS is fixed', offers: 'flush on main DNS is fixed' },
    { line: 'flsuh on main DNS is fixed', offers: 'flush on main DNS is fixed' },
  ])('$line', async ({ line, says = /./, offers }) => {
    const { app, log } = inside(FLEET);
    const reply = await app.read(line, ALICE).run();
    const answer = told(reply);
    expect(reply.exit).toBe(2);
    expect(reply.messages).toHaveLength(1);
    expect(answer.says).toMatch(says);
    if (offers !== undefined) {
      expect(answer.offers).toEqual([offers]);
      expect(answer.says).toContain(`Did you mean /hostcache ${offers}?`);
    }
    expect(log.lines).toEqual([]);
  });

  it.each([
    { line: 'why 192.0.2.', says: /got "192.0.2.": it has 3 numbers, an IPv4 address has four/ },
    { line: 'why 192.0.2.300', says: /got "192.0.2.300": 300 is over 255/ },
    { line: 'why 192.0.2.0/24', says: /it is a network, not one client/ },
    { line: 'why 010.0.0.1', says: /begins with 0/ },
    { line: 'why 192.0.2.7 on nowhere', says: /Unknown server "nowhere": expected main, replica/ },
    // This is another server, not a typing error.
    { line: 'why 192.0.2.7 on db-2', says: /Unknown server "db-2"/ },
    { line: 'flush on db-2 it hurts', says: /expected "on" and one of main, replica, db-1/ },
    { line: 'flush it hurts', says: /expected "on" and one of main, replica, db-1/ },
    { line: 'why 192.0.2.7 on', says: /^Expected the name of a server after "on", got nothing\.$/ },
    { line: 'why 192.0.2.7 ON', says: /^Expected the name of a server after "ON", got nothing\.$/ },
    { line: 'why 192.0.2.7 on main as', says: /^Expected an account name after "as", got nothing/ },
  ])('$line: nothing is offered', async ({ line, says }) => {
    const { app } = inside(FLEET);
    const reply = await app.read(line, ALICE).run();
    expect(reply.exit).toBe(2);
    expect(told(reply)).toEqual({ says: expect.stringMatching(says), offers: [] });
  });

  it.each([
    'why 192.0.2.7 as app on main publicly',
    'accounts 192.0.2.7 on main',
    'list blocked on main',
    'silence null-host on main for 4h ours',
    'flush on main DNS is fixed',
    'reject FR-1 not now',
    'help list',
  ])('%s, cut off or with a slip anywhere: what is offered is another line', async (line) => {
    const { app } = inside(FLEET);
    for (const slip of slipsOf(line)) {
      const { says } = told(await app.read(slip, ALICE).run());
      expect(says).not.toContain(`Did you mean /hostcache ${slip.trim()}?`);
    }
  });

  it('a decision is not one click away from a slip', async () => {
    const { app } = inside();
    const { says, offers } = told(await app.read('aprove FR-1', ALICE).run());
    expect(says).toContain('Did you mean /hostcache approve FR-1?');
    expect(offers).toEqual([]);
  });

  it('a thousand servers are not all named', async () => {
    const { app } = inside(Array.from({ length: 1000 }, (_, at) => `server-${at}`));
    for (const line of ['list on nowhere', 'flush it hurts', 'silence nowhere for 4h ours']) {
      expect(told(await app.read(line, ALICE).run()).says.length).toBeLessThan(500);
    }
  });
});

describe('a reason that begins with "on", where there is one server', () => {
  it.each([
    { line: 'flush on mian DNS is fixed', isServer: true },
    { line: 'flush on man DNS is fixed', isServer: true },
    { line: 'flush on db-2 DNS is fixed', isServer: true },
    { line: 'flush on mysql8 DNS is fixed', isServer: true },
    { line: 'flush on call said so', isServer: false },
    { line: 'flush on Monday the NAT changed', isServer: false },
    { line: 'flush on 20th the NAT changed', isServer: false },
    { line: 'flush "on mian" is what they said', isServer: false },
    { line: 'flush on main DNS is fixed', isServer: false },
  ])('$line', async ({ line, isServer }) => {
    const { app } = inside();
    const { says } = told(await app.read(line, ALICE).run());
    // With a reason, it gets as far as the check whether flushing is on.
    expect(says).toMatch(isServer ? /expected "on" and one of main/ : /MYSQL_FLUSH_URL is not set/);
  });
});

describe('in a terminal', () => {
  it.each([
    { words: ['wyh', '192.0.2.7'], says: /Did you mean hostcache why 192\.0\.2\.7\?/ },
    { words: ['list', 'on', 'mian'], says: /Did you mean hostcache list on main\?/ },
    { words: ['why', '192.0.2.7:3306'], says: /Did you mean hostcache why 192\.0\.2\.7\?/ },
    { words: ['list'], options: { server: 'mian' }, says: /Unknown.*Did you mean main\?/ },
  ])('$words', async ({ words, options = {}, says }) => {
    const reply = await inside().app.runWords({ words, options });
    expect(reply.exit).toBe(2);
    expect(told(reply)).toEqual({ says: expect.stringMatching(says), offers: [] });
  });
});
