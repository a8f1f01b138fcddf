import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { canPointAt } from '../../sandbox/slack/elements.ts';
import { activesOf } from '../../sandbox/slack/shown.ts';
import type { View } from '../../sandbox/slack/view.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Mode, startBot } from './bot.ts';
import {
  type FlushStage,
  openFlushStage,
  type Person,
  plainText,
  socketUrl,
} from './flush-stage.ts';

/** App Home on real parts: what each person sees there and can do there. */

let world: World;
let stage: FlushStage;

const HOSTILE = 'x<!channel>*pwn*\u202E <https://evil.example|click>';

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query(`CREATE USER 'jdoe'@'merp.example.com', 'app'@'10.%'; CREATE DATABASE bot;
    CREATE USER 'bot'@'localhost' IDENTIFIED BY 'state'; GRANT ALL ON bot.* TO 'bot'@'localhost'`);
});

afterAll(() => world.stop());

beforeEach(async () => {
  stage = await openFlushStage(world);
});

afterEach(async () => {
  const { refusals, failures, ignored, workspace } = stage.peer;
  expect([refusals, failures, ignored, workspace.broadcasts]).toEqual([[], [], [], []]);
  await stage.stop();
});

/** Waits for the person's Home to match. */
function home(as: Person, pattern: RegExp): Promise<View> {
  const { workspace } = stage.peer;
  return workspace.until(() => {
    const view = workspace.homes.get(stage.people[as]);
    return view !== undefined && pattern.test(plainText(view)) && view;
  });
}

async function open(as: Person, pattern: RegExp): Promise<View> {
  await stage.peer.openHome(stage.people[as]);
  return await home(as, pattern);
}

/** Waits for an ephemeral message to the person that matches. */
const told = (as: Person, pattern: RegExp) =>
  stage.peer.workspace.until(() => {
    const { id } = stage.peer.workspace.directMessages(stage.people[as]);
    return stage.peer.workspace.roots(id).find((message) => pattern.test(plainText(message)));
  });

const published = (as: Person) =>
  stage.peer.workspace.happenings.filter(
    (one) => one.kind === 'home-published' && one.view.user === stage.people[as],
  ).length;

it('shows servers, alerts, silences, and what waits for whom', async () => {
  const { peer, people } = stage;
  await stage.start({ OPERATORS: Object.values(people).join(',') });
  world.dns.host('10.0.0.9', 'scan.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  expect(plainText(await open('carol', /Servers/))).toMatch(/Nothing is known about it yet/);
  await stage.ask('alice', 'sweep');
  await stage.ask('alice', `silence 198.51.100.0/24 for 1h ${HOSTILE}`);
  await stage.ask('alice', `flush on main ${HOSTILE}`);
  await stage.card(/Approval needed/);
  await stage.card(/1 blocked host/);

  const bob = await open('bob', /FR-1/);
  const text = plainText(bob);
  expect(text).toMatch(/Waiting for you:\nFR-1 flush main, asked by @U0ALICE/);
  expect(text).toMatch(/1 blocked host on main, firing/);
  expect(text).toMatch(/main \d+\.\d+\.\d+\n1 of \d+ entries, 1 blocked/);
  expect(text).toMatch(/no next sweep scheduled\. Flushing: on\./);
  expect(text).toMatch(/SI-1 198\.51\.100\.0\/24, until .*, by @U0ALICE: x<!channel>/);
  expect(text).toMatch(/\nRead +\d{4}-/);
  expect(activesOf(bob).filter(({ kind }) => kind === 'link')).not.toEqual([]);
  expect(plainText(await open('alice', /Yours: FR-1/))).toContain('No request is waiting for you.');
  const carol = await open('carol', /1 more: see history/);
  expect(canPointAt(carol.blocks, { text: 'Show FR-1' })).toBe(false);

  // Approval from Home leads to the card. The requester cannot approve, even with a forged button.
  await peer.click(people.carol, carol, { text: 'Help' }, { forgedValue: 'approve FR-1' });
  const forged = await told('carol', /Approve and flush/);
  const refused = await peer.click(people.carol, forged, { text: 'Approve and flush' });
  expect((await refused.answer()).text).toContain('not an approver');
  await peer.click(people.bob, bob, { text: 'Show FR-1' });
  await peer.click(people.bob, await told('bob', /Approval needed/), { text: 'Approve and flush' });
  await stage.card(/Flushed: flush main/);
  expect(plainText(await open('bob', /No request is waiting for you/))).not.toContain('FR-1');
});

it('acts: why, check again, end of a silence, bursts', async () => {
  const { peer, people } = stage;
  await stage.start();
  await stage.ask('alice', 'silence null-host for 1h the scanner is ours');
  await world.connectFrom('240.221.242.64');
  const view = await open('bob', /SI-1/);
  const asked = await peer.click(people.bob, view, { text: 'Why is a client refused?…' });
  const modal = await asked.opened();
  await peer.submit(people.bob, modal.id, {
    client: `ERROR 1130 (HY000): Host '240.221.242.64' is not allowed to connect to this "MySQL" server`,
    account: 'jdoe',
  });
  const answer = await told('bob', /240\.221\.242\.64 as jdoe/);
  expect(plainText(answer)).toContain('[Check again]');
  expect(plainText(answer)).not.toContain('Post to channel');
  await home('bob', /^why .*….*: 240\.221\.242\.64 as jdoe.*The whole answer is in Messages\./);

  await peer.click(people.bob, view, { text: 'Check again' }, { isStale: true });
  await home('bob', /^sweep: main: \d+ of \d+ entries[\s\S]*Last sweep \d{4}/);
  await peer.click(people.bob, view, { text: 'End silence' }, { isStale: true });
  await home('bob', /^unsilence SI-1: SI-1 is over[\s\S]*Silences\nNone\./);
  const { id } = peer.workspace.directMessages(people.bob);
  expect(peer.workspace.roots(id)).toHaveLength(2);

  const before = published('bob');
  await Promise.all(Array.from({ length: 8 }, () => peer.openHome(people.bob)));
  await expect.poll(() => published('bob')).toBeGreaterThan(before);
  // Changes during an update cause one more update after it.
  expect(published('bob') - before).toBeLessThanOrEqual(8);
  expect(plainText(await home('bob', /^Why does MySQL/))).not.toContain('unsilence');
});

it('every answer that reads says when, and is asked again by a click', async () => {
  const { peer, people } = stage;
  await stage.start();
  await world.connectFrom('240.221.242.64');
  const lines = [
    'why 240.221.242.64',
    'list all',
    'accounts',
    'accounts 240.221.242.64',
    'pending',
  ];
  for (const line of [...lines, 'status', 'history', 'silences']) {
    const asked = await peer.command(people.bob, stage.dba, `/hostcache ${line}`);
    const first = await asked.answer(/Read/);
    expect(first.text).toMatch(/\nRead +\d{4}-[\s\S]*\[Check again\]/);
    const click = await peer.click(people.bob, first.shown, { text: 'Check again' });
    const again = await click.answer(/Read/);
    expect([line, again.replaced]).toEqual([line, true]);
    expect(again.text.split('\n')[0]).toBe(first.text.split('\n')[0]);
  }
  const printed = await stage.inTerminal(['list', 'all']);
  expect(printed).toMatch(/\nRead \d{4}-/);
  expect(printed).not.toContain('Check again');
  expect(await stage.inTerminal(['help', 'flush'])).toBe('');
  expect(await stage.inTerminal(['help'])).toContain('hostcache why 192.0.2.7');
});

it.each<Mode>(['socket', 'http'])('in %s mode an opening is acknowledged at once', async (mode) => {
  const bot = await startBot(mode);
  const opened = await bot.peer.openHome(bot.alice);
  expect(opened.failure).toBeNull();
  const view = await bot.peer.workspace.until(() => bot.peer.workspace.homes.get(bot.alice));
  await bot.peer.click(bot.alice, view, { text: 'Help' });
  const { id } = bot.peer.workspace.directMessages(bot.alice);
  await bot.peer.workspace.until(() => bot.peer.workspace.roots(id).length === 1);
  await bot.stop();
  expect([bot.peer.refusals, bot.peer.failures, bot.peer.ignored]).toEqual([[], [], []]);
});

it('lets nobody in whom the bot does not serve', async () => {
  const { peer, people } = stage;
  await stage.start({ OPERATORS: people.alice });
  peer.workspace.changeUser(people.dave, { isRestricted: true });
  peer.workspace.changeUser(people.erin, { isStranger: true });
  for (const nobody of ['bob', 'dave', 'erin'] as const) {
    const view = await open(nobody, /may not use/);
    expect(plainText(view)).not.toMatch(/main|Servers|Silences/);
    expect(canPointAt(view.blocks, {})).toBe(false);
  }
  await stage.ask('alice', 'silence null-host for 1h ours');
  const click = { user: { id: people.bob }, container: { type: 'view' } };
  const button = { type: 'button', action_id: 'run.1', value: 'unsilence SI-1' };
  await peer.forge(people.bob, stage.dba, ({ triggerId }) => ({
    type: 'interactive',
    payload: {
      ...{ ...click, type: 'block_actions', trigger_id: triggerId, actions: [button] },
      ...{ team: { id: peer.workspace.team.id }, view: { type: 'home' } },
    },
  }));
  await told('bob', /may not use/);
  expect(plainText(await open('alice', /SI-1/))).toContain('null-host');
});

it('a state and a server that are gone hide nothing else', async () => {
  await stage.start({ STATE_URL: socketUrl('bot:state', world, '/bot') });
  await stage.ask('alice', 'sweep');
  await open('alice', /main \d/);
  await world.signal('SIGSTOP');
  // Home is drawn even while the server and the state hang.
  await open('alice', /Not known: (STATE_URL|there was no answer)/);
  await world.signal('SIGCONT');
  await expect.poll(async () => plainText(await open('alice', /./))).not.toContain('Not known');
  await world.stopServer();
  const gone = ['Flush requests', 'Open alerts', 'Servers', 'Silences'].map(
    (part) => `${part}\\nNot known: (STATE_URL|there was no answer).*\\n`,
  );
  const view = await open('alice', /./);
  // During its shutdown it may still answer some.
  await expect
    .poll(async () => plainText(await open('alice', /./)))
    .toMatch(new RegExp(gone.join('')));
  await stage.peer.click(stage.people.alice, view, { text: 'Help' });
  await told('alice', /Try/);
  // The bot continues when Slack refuses the view.
  const fault = { kind: 'refusal', error: 'internal_error' } as const;
  const handle = stage.peer.fail({ method: 'views.publish', fault });
  await stage.peer.openHome(stage.people.alice);
  handle.stop();
  await open('alice', /Not known/);
});
