import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Card, type FlushStage, openFlushStage, plainText } from './flush-stage.ts';

/** Messages that Slack does not accept, and cards that nobody can see: what people read, and what follows. */

let world: World;
let stage: FlushStage;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=2'] });
  await world.query("CREATE USER 'app'@'10.%'");
});

afterAll(() => world.stop());

beforeEach(async () => {
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  stage = await openFlushStage(world);
});

afterEach(async () => {
  await stage.stop();
});

const roots = () => stage.peer.workspace.roots(stage.dba);
const moveClock = (minutes: number) =>
  stage.clock.moveTo(new Date(stage.clock.now().getTime() + minutes * 60_000));

/** The bot's sockets take a moved clock for silence and are replaced; a person would ask again. */
async function ask(as: 'alice' | 'bob', line: string): Promise<string> {
  const asked = await stage.peer.command(stage.people[as], stage.dba, `/hostcache ${line}`);
  if (asked.failure === null) return (await asked.answer()).text;
  await stage.peer.connected();
  return await ask(as, line);
}

async function approve(card: Card): Promise<string> {
  const click = await stage.approve('bob', card);
  if (click.failure === null) return (await click.answer()).text;
  await stage.peer.connected();
  return await approve(card);
}

function hasTable(sent: unknown): boolean {
  return JSON.stringify(sent).includes('"type":"table"');
}

describe('a card that cannot be posted', () => {
  it('is explained to the requester, and has its whole time once the bot is invited', async () => {
    const { peer, dba } = stage;
    peer.workspace.changeChannel(dba, { botIsMember: false });
    await stage.start();
    const first = await stage.ask('alice', 'flush DNS is fixed');
    expect(first).toContain('FR-1 is stored. Its card is not posted in #C0DBA yet');
    expect(first).toContain('not_in_channel; invite the bot there: /invite @hostcache');
    const again = await ask('bob', 'flush me too');
    expect(again).toContain('FR-1 already requests a flush of main and is pending.');
    expect(again).toContain('Its card is not posted in #C0DBA yet');
    expect(again).not.toContain('See its card');
    expect(await ask('bob', 'approve FR-1')).toContain('nobody can approve it');

    moveClock(9);
    peer.workspace.changeChannel(dba, { botIsMember: true });
    const card = await stage.card(/Approval needed/);
    expect(plainText(card)).toContain('Delayed: seen at');
    // Longer than ten minutes after the request, and shorter than ten minutes after the card.
    moveClock(8);
    expect(await approve(card)).toContain('FR-1 is approved');
    await stage.card(/Flushed: flush main/);
  });

  it('expires ten minutes after it stands', async () => {
    const { peer, dba } = stage;
    peer.workspace.changeChannel(dba, { botIsMember: false });
    await stage.start();
    await stage.ask('alice', 'flush DNS is fixed');
    moveClock(20);
    peer.workspace.changeChannel(dba, { botIsMember: true });
    const card = await stage.card(/Approval needed/);
    // The bot has stored when the card was posted.
    await expect.poll(() => ask('bob', 'flush me too')).toContain('See its card');
    moveClock(10.1);
    expect(await approve(card)).toMatch(/FR-1 (expired before anyone|is already expired)/);
    await stage.card(/Expired: flush main/);
  });

  it('is posted again after somebody has deleted it, in the channel, with its buttons', async () => {
    const { peer, dba } = stage;
    await stage.start();
    await stage.ask('alice', 'flush DNS is fixed');
    const deleted = await stage.card(/Approval needed/);
    peer.workspace.deleteMessage(dba, deleted.ts);
    const again = await ask('bob', 'flush me too');
    expect(again).toContain('Its card was deleted, and is posted again.');
    const card = await stage.card(/Approval needed/);
    peer.workspace.deleteMessage(dba, card.ts);
    // Nobody asks; the bot looks every half minute.
    moveClock(0.6);
    const third = await stage.card(/Approval needed/);
    expect(await approve(third)).toContain('FR-1 is approved');
    const done = await stage.card(/Flushed: flush main/);
    expect(done.ts).toBe(third.ts);
    await expect.poll(() => stage.thread(done).join('\n')).toContain('FR-1 is approved by');
    expect(roots()).toHaveLength(1);
  });
});

describe('a Slack that never accepts tables', () => {
  it('gets the alert with its rows as text and its buttons, and the next card', async () => {
    const { peer } = stage;
    const broken = peer.fail({
      method: /^chat\./,
      fault: { kind: 'refusal', error: 'internal_error' },
      where: hasTable,
    });
    await stage.start({ SWEEP_CRON: '* * * * * *' });
    await world.breakHandshakeFrom('10.0.0.66', 2);
    const alert = await stage.card(/blocked host/);
    expect(broken.hits()).toBe(3);
    expect(hasTable(alert.blocks)).toBe(false);
    expect(plainText(alert)).toMatch(/Address +Cached name +What/);
    expect(plainText(alert)).toContain('10.0.0.66');
    expect(JSON.stringify(alert.blocks)).toContain('"value":"why 10.0.0.66 on main"');
    expect(await stage.ask('alice', 'flush DNS is fixed')).toContain('waiting for a second person');
    await stage.card(/Approval needed/);
  });

  it.each([
    { name: 'a refusal', fault: { kind: 'refusal', error: 'invalid_blocks' } },
    { name: 'an error', fault: { kind: 'http-error', status: 500, when: 'before' } },
  ] as const)('answers with the rows as text after $name', async ({ fault }) => {
    stage.peer.fail({ method: 'response_url', fault, where: hasTable });
    await stage.start();
    await world.connectFrom('10.0.0.7', { user: 'app' });
    const answer = await stage.ask('alice', 'list all');
    expect(answer).toMatch(/Address/);
    expect(answer).toContain('10.0.0.7');
  });
});

describe('a deleted alert', () => {
  it('is posted anew when a second host is blocked, with both', async () => {
    const { peer, dba } = stage;
    await stage.start({ SWEEP_CRON: '* * * * * *' });
    await world.breakHandshakeFrom('10.0.0.66', 2);
    const first = await stage.card(/1 blocked host/);
    peer.workspace.deleteMessage(dba, first.ts);
    await world.breakHandshakeFrom('10.0.0.67', 2);
    const second = await stage.card(/2 blocked hosts/);
    expect(second.ts).not.toBe(first.ts);
    expect(plainText(second)).toContain('10.0.0.66');
    expect(plainText(second)).toContain('10.0.0.67');
    expect(roots()).toHaveLength(1);
  });
});
