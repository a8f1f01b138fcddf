import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { activesOf } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import {
  type FlushStage,
  openFlushStage,
  type Person,
  plainText,
  socketUrl,
} from './flush-stage.ts';

/** Everything that prevents a flush, on real parts; the card or a private answer gives the reason. */

let world: World;
let other: World;
let stage: FlushStage;
let group: string;
let before: number;

beforeAll(async () => {
  [world, other] = await Promise.all([
    startWorld({ flavour: 'mysql' }),
    startWorld({ flavour: 'mysql' }),
  ]);
  const flusher = `CREATE USER 'flusher'@'localhost' IDENTIFIED BY 'flush';
    GRANT DROP ON performance_schema.host_cache TO 'flusher'@'localhost'`;
  await other.query(`CREATE DATABASE bot; CREATE USER 'bot'@'localhost' IDENTIFIED BY 'state';
    GRANT ALL ON bot.* TO 'bot'@'localhost'; ${flusher}`);
});

afterAll(() => Promise.all([world.stop(), other.stop()]));

beforeEach(async () => {
  stage = await openFlushStage(world);
  const { bob, carol } = stage.people;
  group = stage.peer.workspace.addUserGroup({ handle: 'dbas', members: [bob, carol] }).id;
  before = await stage.truncates();
});

afterEach(() => stage.stop());

async function asked(more: Readonly<Record<string, string>> = {}) {
  await stage.start({ APPROVERS: group, ...more });
  await stage.ask('alice', 'flush to be refused <!channel> *x*');
  return await stage.card(/Approval needed/);
}

type Card = Awaited<ReturnType<typeof asked>>;

async function answerTo(as: Person, card: Card, forgedValue?: string): Promise<string> {
  const options = { isStale: true, ...(forgedValue === undefined ? {} : { forgedValue }) };
  const click = await stage.peer.click(
    stage.people[as],
    card,
    { text: 'Approve and flush' },
    options,
  );
  const answer = await click.answer();
  expect(answer.isPrivate).toBe(true);
  return answer.text;
}

it('people without authority, forged and old clicks', async () => {
  const { peer, people } = stage;
  // Carol has left the group, Dave is deactivated, and Erin is a stranger from Slack Connect.
  peer.workspace.changeUserGroup(group, { members: [people.bob, people.dave, people.erin] });
  peer.workspace.changeUser(people.dave, { deleted: true });
  peer.workspace.changeUser(people.erin, { isStranger: true });
  const card = await asked();
  // The card mentions the group, so that Slack notifies its members. Typed text is not markup.
  expect(activesOf(card).filter(({ kind }) => kind === 'group')).toMatchObject([{ target: group }]);
  expect(peer.workspace.broadcasts).toEqual([]);
  expect(await answerTo('carol', card)).toContain('not an approver');
  for (const nobody of ['dave', 'erin'] as const) {
    expect(await answerTo(nobody, card)).toMatch(/may not use/);
  }
  // A typed line and a mention are refused like a click.
  expect(await stage.ask('erin', 'approve FR-1')).toMatch(/may not use/);
  peer.say(people.dave, stage.dba, '<@U0HOSTCACHE> approve FR-1');
  for (const forged of [
    'approve FR-99',
    'approve',
    'approve FR-1; DROP',
    'approve main',
    'approve FR-1e9',
    'approve FR-1 on other',
    "approve 'FR-1' OR 1=1",
    'flush on gone',
  ]) {
    expect(await answerTo(forged === 'approve FR-1; DROP' ? 'alice' : 'bob', card, forged)).toMatch(
      /no flush request|expected (only )?the id|asked for FR-1 yourself|expected "on" and one of main/,
    );
  }
  const second = await peer.command(people.bob, stage.dba, '/hostcache flush me too');
  const told = await second.answer();
  expect(told.text).toContain('FR-1 already requests');
  expect(activesOf(told.shown).filter(({ kind }) => kind === 'link')).toHaveLength(1);
  expect(await stage.ask('bob', 'approve FR-1')).toContain('Approval needed');
  await stage.ask('bob', 'reject FR-1 not now');
  expect(await answerTo('bob', card)).toMatch(/already decided by @U0BOB at .* rejected/);
  const [row] = (await stage.inTerminal(['history', '--json'])).split('\n');
  expect(JSON.parse(row ?? '')).toMatchObject({
    id: 'FR-1',
    state: 'rejected',
    requester: people.alice,
    decidedBy: people.bob,
    outcome: 'Rejected: not now.',
  });
  const { refusals } = JSON.parse(row ?? '') as { refusals: { by: string; what: string }[] };
  const refused = refusals.map(({ by, what }) => `${by} ${what.replace(/[:;].*/s, '')}`);
  for (const [who, what] of [
    [people.carol, 'refused to be approved'],
    [people.dave, 'refused to be approved'],
    [people.dave, 'refused to be shown'],
    [people.erin, 'refused to be approved'],
    [people.erin, 'refused to be shown'],
    [people.bob, 'refused to be approved'],
  ]) {
    expect(refused).toContain(`${who} ${what}`);
  }
  expect(await stage.ask('alice', 'history')).toMatch(/Refused: approval by @U0/);
  expect(await stage.truncates()).toBe(before);
});

it.each([
  { name: 'missing_scope', fault: { kind: 'refusal', error: 'missing_scope' } },
  { name: 'a stumble', fault: { kind: 'http-error', status: 500, when: 'before' } },
] as const)('a group that cannot be read ($name)', async ({ fault }) => {
  stage.peer.fail({ method: 'usergroups.users.list', fault });
  expect(await answerTo('bob', await asked())).toContain(
    'could not be read, so nobody can approve now',
  );
  expect(await stage.truncates()).toBe(before);
});

it('a state that is away; back again, the same click counts', async () => {
  const bot = { STATE_URL: socketUrl('bot:state', other, '/bot') };
  const card = await asked(bot);
  await other.stopServer();
  expect(await answerTo('bob', card)).toContain('Nothing was decided: STATE_URL');
  expect(await stage.truncates()).toBe(before);
  await other.startServer();
  expect(await answerTo('bob', card)).toContain('is approved');
  await stage.card(/Flushed: flush main/);
  expect((await stage.truncates()) - before).toBe(1);
});

it('an account that lost its right', async () => {
  const card = await asked();
  await world.query("REVOKE ALL PRIVILEGES, GRANT OPTION FROM 'flusher'@'localhost'");
  await stage.approve('bob', card);
  const failed = await stage.card(/Failed: flush main/);
  expect(plainText(failed)).toContain('Not flushed: the flush account does not have DROP');
  expect(plainText(failed)).not.toContain('Approve and flush');
});

it('the reading account, which is not asked to give up what it reads with', async () => {
  await stage.start({ MYSQL_FLUSH_URL: stage.settings['MYSQL_URL'] ?? '' });
  const told = await stage.ask('alice', 'flush with one account');
  expect(told).toContain('name the same account');
  expect(told).not.toContain('REVOKE');
});

it('a lock that is held too long', async () => {
  const card = await asked();
  await world.query('LOCK INSTANCE FOR BACKUP');
  await stage.approve('bob', card);
  const failed = await stage.card(/Failed: flush main/);
  await world.query('UNLOCK INSTANCE');
  expect(plainText(failed)).toContain('waited too long for a lock (1205)');
  expect(await stage.truncates()).toBe(before);
});

it('another server behind the same name', async () => {
  const card = await asked({ MYSQL_FLUSH_URL: socketUrl('flusher:flush', other) });
  await stage.approve('bob', card);
  const superseded = await stage.card(/Superseded: flush main/);
  expect(plainText(superseded)).toMatch(
    /a different server answers under this name: datadir \S+ -> \S+, server_uuid \S+ -> \S+.* \(for the flush account\)\. FR-2 replaces this request\. MYSQL_URL and MYSQL_FLUSH_URL reach different servers; run doctor/,
  );
  expect(plainText(await stage.card(/Approval needed/))).toContain('FR-2');
  const rows = await other.query(
    `SELECT COALESCE(SUM(COUNT_STAR), 0) AS n FROM performance_schema.events_statements_summary_by_user_by_event_name
      WHERE EVENT_NAME = 'statement/sql/truncate' AND USER = 'flusher'`,
  );
  expect(Number(rows[0]?.['n'])).toBe(0);
});

it('a server that is gone, and one that hangs', async () => {
  const card = await asked();
  await world.stopServer();
  await stage.approve('bob', card);
  const failed = await stage.card(/Failed: flush main/);
  expect(plainText(failed)).toMatch(/Not flushed: main: /);
  await world.startServer();
  await stage.ask('alice', 'flush once more');
  const again = await stage.card(/Approval needed/);
  await world.signal('SIGSTOP');
  await stage.approve('bob', again);
  const hung = await stage.card(/(Failed|Uncertain).*: flush main[\s\S]*once more/);
  await world.signal('SIGCONT');
  expect(plainText(hung)).toContain('did not answer within');
});
