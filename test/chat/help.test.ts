import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Examples, helpCommand, helpMessage, subcommandHelp } from '../../src/chat/help.ts';
import type { Message } from '../../src/chat/message.ts';
import type { Subcommand } from '../../src/chat/subcommand.ts';
import { createFakeSubcommand } from './fake-subcommand.ts';

/** Help by examples of the asker's own servers, and without any that could be read. */

const flush: Subcommand = {
  ...createFakeSubcommand('flush', ['slack']),
  example: 'flush on main DNS is fixed',
};
const why = createFakeSubcommand('why', ['slack', 'terminal']);
const client = { address: '198.51.100.9', server: 'db-2', trouble: 'blocked host' };
const NOTHING: Examples = { servers: [], client: null };

function words(message: Message): string {
  return JSON.stringify(message.blocks);
}

describe('examples', () => {
  it.each([
    { name: 'nothing', known: NOTHING, has: ['flush on main DNS', 'why 192.0.2.7'] },
    { name: 'a server', known: { servers: ['db-1'], client: null }, has: ['flush on db-1 DNS'] },
    {
      name: 'somebody in trouble',
      known: { servers: ['db-1', 'db-2'], client },
      has: [
        '/hostcache why 198.51.100.9 on db-2',
        'shows why 198.51.100.9 was a blocked host in the last sweep of db-2.',
        'flush on db-2 DNS',
        'Your servers: db-1, db-2.',
        'list blocked on db-2',
      ],
    },
  ])('of $name', ({ known, has }) => {
    const shown = words(helpMessage({ subcommands: [why, flush], surface: 'slack' }, known));
    for (const each of has) expect(shown).toContain(each);
    expect(words(subcommandHelp(flush, 'slack', known))).toContain('/hostcache flush on ');
  });

  it('names a few of many servers', () => {
    const servers = Array.from({ length: 1000 }, (_, at) => `s${at}`);
    expect(
      words(helpMessage({ subcommands: [why], surface: 'slack' }, { servers, client: null })),
    ).toContain('s3, s4 and 995 more.');
  });

  it('offers in Slack lines that only read, and no button in a terminal', () => {
    const known = { servers: ['db-2'], client };
    expect(
      helpMessage({ subcommands: [why], surface: 'slack' }, known).blocks.at(-1),
    ).toMatchObject({
      kind: 'buttons',
      buttons: [{ line: 'why 198.51.100.9 on db-2' }, { line: 'status' }],
    });
    expect(words(helpMessage({ subcommands: [why], surface: 'terminal' }, known))).not.toContain(
      '"buttons"',
    );
  });
});

describe('help', () => {
  it('waits for no state that hangs', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const examples = () => new Promise<never>(() => undefined);
    const request = { words: [], line: '', options: {}, caller: { kind: 'terminal' } } as const;
    const asked = helpCommand.run(request, { subcommands: [why], examples });
    const [reply] = await Promise.all([asked, vi.advanceTimersByTimeAsync(2000)]);
    expect(reply.exit).toBe(0);
    expect(JSON.stringify(reply)).toContain('hostcache why 192.0.2.7');
  });
});
