import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFailed, vi } from 'vitest';
import { z } from 'zod';
import { startWorld, type World } from '../../sandbox/world.ts';
import { freePort } from './bot.ts';
import { createAccounts, plainText } from './flush-stage.ts';
import { type Acts, createActs, type Message, messageRule, viewRule } from './independent-acts.ts';
import { LACKS } from './independent-proxy.ts';
import { type IndependentSlack, type Name, startIndependentSlack } from './independent-slack.ts';
import { type Run, runHostcache } from './process.ts';

/** The bot with a Slack that others wrote: what stands in its channel, its files and its views at the end. */

let world: World;
let slack: IndependentSlack;
let acts: Acts;
let bot: Run;
let folder: string;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=2'] });
  await world.query("CREATE USER 'app'@'10.%'");
  slack = await startIndependentSlack();
  folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  const port = await freePort();
  acts = createActs(slack, `http://127.0.0.1:${port}/slack/events`);
  const settings = {
    ...(await createAccounts(world)),
    SLACK_MODE: 'http',
    SLACK_API_URL: slack.apiUrl,
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_SIGNING_SECRET: slack.signingSecret,
    PORT: String(port),
    ALERT_CHANNEL: slack.channel,
    APPROVERS: Object.values(slack.people).join(','),
    SWEEP_CRON: '* * * * * *',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  };
  bot = runHostcache(['start'], settings, { folder });
  await bot.until(/hostcache is ready/);
});

afterAll(async () => {
  bot.child.kill('SIGKILL');
  await bot.ended;
  await slack.stop();
  await world.stop();
  rmSync(folder, { recursive: true });
});

async function messages(method: string, args: Readonly<Record<string, string>>) {
  return z.array(messageRule).parse((await slack.ask(method, args))['messages']);
}

/** Waits for a root message in the channel that matches. */
async function root(pattern: RegExp): Promise<Message> {
  const matching = async () =>
    (await messages('conversations.history', { channel: slack.channel })).find((message) =>
      pattern.test(plainText(message)),
    );
  await expect.poll(matching).toBeDefined();
  return messageRule.parse(await matching());
}

/** Private answers in the channel. */
const told = async (name: Name) => (await slack.privateTo(name)).join('\n');

/** Opens App Home, and returns its text. */
async function home(name: Name): Promise<string> {
  await acts.openHome(name);
  const rows = await slack.table('/?tab=views', 'App Home');
  return rows.find(([, , user]) => user === name)?.[4] ?? '';
}

/** The messages in the only conversation of the bot with one person. */
async function directMessages(): Promise<string> {
  const { channels } = await slack.ask('conversations.list', { types: 'im' });
  const ids = z.array(z.object({ id: z.string() })).parse(channels);
  const all = await Promise.all(
    ids.map(({ id }) => messages('conversations.history', { channel: id })),
  );
  return all.flat().map(plainText).join('\n');
}

/** The files in the thread, once there is one. */
async function filesIn(ts: string): Promise<readonly string[]> {
  const thread = () => messages('conversations.replies', { channel: slack.channel, ts });
  const files = async () => (await thread()).flatMap(({ files: shared }) => shared);
  await expect.poll(files).not.toEqual([]);
  return await Promise.all(
    (await files()).map(({ url_private }) => slack.read(new URL(url_private).pathname)),
  );
}

/** Asks for a client in the form of App Home. */
async function askInHome(name: Name, client: string): Promise<void> {
  // A trigger of emulate ends after three seconds of this process's clock, so that stands still.
  vi.useFakeTimers({ toFake: ['Date'] });
  await acts.click(name, viewRule.parse(slack.lastView('home')), 'Why is a client refused?…');
  const opened = () => slack.lastView('modal');
  await expect.poll(opened).toBeDefined();
  vi.useRealTimers();
  expect(await slack.table('/?tab=views', 'Modals')).toHaveLength(1);
  await acts.submit(name, viewRule.parse(opened()), { client });
  await expect.poll(directMessages).toContain(`${client} is blocked by main (1129)`);
}

it('carries an alert, its cause, a flush by two people, the evidence and App Home', async () => {
  onTestFailed(() => void process.stderr.write(bot.said.stderr));
  await world.breakHandshakeFrom('10.0.0.66', 2);
  const alert = await root(/1 blocked host/);
  expect(plainText(alert)).toContain('10.0.0.66 | NULL | 2 of 2 connect errors');
  await acts.command('alice', 'why 10.0.0.66');
  await expect.poll(() => told('alice')).toContain('10.0.0.66 is blocked by main (1129)');
  await expect.poll(() => home('bob')).toContain('AL-1 1 blocked host on main');
  await askInHome('bob', '10.0.0.66');

  await acts.command('alice', 'flush DNS is fixed');
  const card = await root(/Approval needed: flush main/);
  await expect.poll(() => home('bob')).toContain('Waiting for you: FR-1 flush main');
  await acts.click('alice', card, 'Approve and flush');
  await expect.poll(() => told('alice')).toContain('a second person must approve it');
  await acts.click('bob', card, 'Approve and flush');
  await expect.poll(() => told('bob')).toContain('FR-1 is approved');
  const done = await root(/Flushed: flush main/);
  expect(done.ts).toBe(card.ts);
  const [evidence = ''] = await filesIn(card.ts);
  expect(evidence).toContain('10.0.0.66');
  await root(/Resolved/);
  await expect.poll(() => home('bob')).toContain('Open alerts None');
  expect(await home('bob')).toContain('No request is waiting for you');

  expect(slack.failed, 'calls that emulate refused').toEqual([]);
  expect([...slack.used].sort()).toEqual(Object.keys(LACKS).sort());
});
