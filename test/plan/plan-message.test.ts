import { expect, it } from 'vitest';
import { slackMessage } from '../../src/adapters/slack/blocks.ts';
import { createPlanHome } from '../../src/plan/home.ts';
import { planCommand } from '../../src/plan/plan-command.ts';
import { slackRequest, terminalRequest } from '../diagnosis/requests.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { entry } from '../scenarios/entries.ts';
import { messageText } from './message-text.ts';

/** What people see of a plan: those who lose first, and the statements, as far as they fit. */

const USERS = Array.from({ length: 60 }, (_, at) => `app${at}`);

const server = createFakeServer({
  entries: USERS.map((user, at) => ({
    ...{ ...entry(), address: `192.0.2.${at}` },
    host: `${user}.example.com`,
  })),
  accounts: USERS.map((user) => account(user, `${user}.example.com`)),
  logins: {
    counts: USERS.map((user) => ({
      ...{ user, host: `${user}.example.com`, connections: 1, open: 0 },
    })),
    lost: 0,
  },
});

const PARTS = {
  targets: [{ server, resolver: createFakeResolver() }],
  now: () => new Date('2026-11-29T12:00:00Z'),
};

it('in Slack, statements that do not fit are in a file', async () => {
  const reply = await planCommand.run(slackRequest('skip-name-resolve on'), PARTS);
  const [message] = reply.messages;
  const said = message === undefined ? '' : messageText(message);
  expect(said).toMatch(
    /^skip-name-resolve on on main: 0 of 60 clients keep their account, 60 lose access\.\nLoses access: app0 at 192\.0\.2\.0, .* and 55 more\.\nRun these 60 statements first/,
  );
  expect(said).toMatch(/;\n-- \+ \d+ more, in the file\n/);
  const [file] = reply.files ?? [];
  expect(file).toMatchObject({ name: 'plan-main.sql' });
  expect(file?.text.match(/^RENAME USER /gm)).toHaveLength(60);
  // Nothing of it is cut by Slack's limits.
  const drawn = JSON.stringify(message && slackMessage(message).blocks);
  expect(drawn).toContain('more, in the file');
});

it('in a terminal, all statements, and how to compare later', async () => {
  const reply = await planCommand.run(terminalRequest(['skip-name-resolve', 'on']), PARTS);
  expect(reply.files).toBeUndefined();
  const said = reply.messages.map(messageText).join('\n');
  expect(said.match(/^RENAME USER /gm)).toHaveLength(60);
  expect(said).toContain('After the change: hostcache plan check <file>');
});

it('App Home has a button for each of five servers', async () => {
  const targets = Array.from({ length: 6 }, (_, at) => ({
    ...{ server: createFakeServer({ name: `db${at}` }), resolver: createFakeResolver() },
  }));
  const blocks = await createPlanHome({ targets }).blocks('U0ALICE');
  const lines = blocks.flatMap((block) => (block.kind === 'buttons' ? block.buttons : []));
  expect(lines.map(({ line }) => line)).toEqual(
    ['db0', 'db1', 'db2', 'db3', 'db4'].map((name) => `plan on ${name}`),
  );
  expect(blocks.at(-1)).toMatchObject({ spans: [{ text: '+ 1 more' }] });
});
