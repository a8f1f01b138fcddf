import { describe, expect, it } from 'vitest';
import { auditCommand } from '../../src/access/audit-command.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { DOWN, target } from '../diagnosis/ask.ts';
import { slackRequest } from '../diagnosis/requests.ts';
import type { FakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { MARIADB } from '../scenarios/servers.ts';

/** `audit`: the answer, the rows for scripts, the file, and what could not be read. */

const NOON = new Date('2026-11-29T12:00:00Z');
const WORLD: FakeServer = {
  accounts: [account('app', '192.0.2.%'), account('app', '%')],
  logins: { counts: [{ user: 'app', host: '192.0.2.7', connections: 5, open: 0 }], lost: 0 },
  failures: [
    { user: 'app', host: '192.0.2.7', error: 1045, count: 2, firstAt: NOON, lastAt: NOON },
  ],
};

function audit(line: string, ...worlds: readonly FakeServer[]): Promise<Reply> {
  const access = { reading: async () => null, days: async () => [] };
  const targets = worlds.map((world) => target(world));
  return auditCommand.run(slackRequest(line), { targets, now: () => NOON, access });
}

const headlines = ({ messages }: Reply) => messages.map(({ headline }) => headline);

describe('audit', () => {
  it('says who logs in by each account, the worst first', async () => {
    const reply = await audit('', WORLD);
    expect(headlines(reply)).toEqual([
      'main has 2 accounts; 1 logged in since 2026-11-28 12:00:00 UTC.',
    ]);
    const since = new Date('2026-11-28T12:00:00Z');
    const known = { server: 'main', since, covered: true, gaps: [] };
    expect(reply.rows).toEqual([
      {
        ...{ ...known, account: "'app'@'%'", clients: [], clientsTotal: 0, logins: 0 },
        ...{ failures: 0, lastSeenAt: null, shadowedBy: ["'app'@'192.0.2.%'"] },
        marks: ['any-host', 'unused'],
      },
      {
        ...{ ...known, account: "'app'@'192.0.2.%'", clients: ['192.0.2.7'], clientsTotal: 1 },
        ...{ logins: 3, failures: 2, lastSeenAt: NOON, shadowedBy: [], marks: [] },
      },
    ]);
    expect(reply.exit).toBe(0);
  });

  it('calls an account that only fails by that, not unused', async () => {
    const logins = [{ user: 'app', host: '192.0.2.7', connections: 2, open: 0 }];
    const [message] = (await audit('', { ...WORLD, logins: { counts: logins, lost: 0 } })).messages;
    const said = JSON.stringify(message?.blocks);
    expect(said).toContain('Marked: 1 any host, 1 unused, 1 only failed logins, 1 shadowed.');
    expect(said).toContain(`["'app'@'192.0.2.%'","only failed logins","0","2","","192.0.2.7"]`);
    expect(said).toContain(`"any host; unused; shadowed by 'app'@'192.0.2.%'"`);
  });

  it.each([
    { skipNameResolve: false, line: 'plan skip-name-resolve on on main' },
    { skipNameResolve: true, line: 'plan skip-name-resolve off on main' },
  ])(
    'offers to plan the other value of skip_name_resolve: $line',
    async ({ line, ...settings }) => {
      const { messages } = await audit('', { ...WORLD, settings });
      expect(messages[0]?.blocks.at(-1)).toMatchObject({ kind: 'buttons', buttons: [{ line }] });
    },
  );

  it('is a file too, of all servers in one', async () => {
    const [file, ...others] = (await audit('', WORLD, { ...WORLD, name: 'away' })).files ?? [];
    expect(others).toEqual([]);
    expect(file).toMatchObject({
      name: 'audit.csv',
      says: 'The audit of 4 accounts on main, away.',
    });
    expect(file?.text).toContain("\naway,'app'@'192.0.2.%',3,2,");
    expect((await audit('on main', WORLD)).files?.[0]?.name).toBe('audit-main.csv');
  });

  it.each([
    {
      name: 'logins that nobody counts',
      world: { ...WORLD, settings: { ...MARIADB, performanceSchema: false }, logins: undefined },
      says: ['performance_schema is off, so logins are not counted.'],
      counts: { logins: null, failures: null, since: null },
    },
    {
      name: 'failed logins on MariaDB',
      world: { ...WORLD, settings: MARIADB },
      says: ['MariaDB 11.8.9 keeps no record of failed logins.'],
      counts: { logins: 5, failures: null },
    },
    {
      name: 'failed logins without the grant',
      world: { ...WORLD, unreadable: { failures: DOWN } },
      says: [DOWN, 'Failed logins are counted as logins here.'],
      counts: { logins: 5, failures: null },
    },
  ])('tells what is not known: $name', async ({ world, says, counts }) => {
    const { logins, ...others } = world;
    const reply = await audit('', logins === undefined ? others : { ...others, logins });
    expect(reply.rows.at(-1)).toMatchObject({ gaps: says, ...counts });
    expect(JSON.stringify(reply.messages)).toContain(says[0]);
    expect(reply.exit).toBe(0);
  });

  it.each([
    { line: 'on nowhere', world: WORLD, exit: 2, says: /^Unknown server "nowhere"/ },
    { line: '', world: { ...WORLD, unreadable: { all: DOWN } }, exit: 3, says: DOWN },
  ])('"$line" ends with $exit', async ({ line, world, exit, says }) => {
    const reply = await audit(line, world);
    expect(headlines(reply)).toEqual([expect.stringMatching(says)]);
    expect(reply).toMatchObject({ exit, rows: [] });
    expect(reply.files).toBeUndefined();
  });
});
