import { rmSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { activesOf } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { openStore } from '../../src/adapters/store/store.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { placeOf } from '../logins.ts';
import { type Card, type FlushStage, openFlushStage, plainText } from './flush-stage.ts';

/** Clicks just before and after the expiry and a month later, repeated clicks, and reasons that look like markup. */

let world: World;
let stage: FlushStage;
let before: number;
let aheadMs: number;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=2'] });
  await world.query("CREATE USER 'app'@'10.%'");
});

afterAll(() => world.stop());

beforeEach(async () => {
  aheadMs = 0;
  // The peer's clock, which decides when a response_url expires.
  const clock = () => new Date(Date.now() + aheadMs);
  stage = await openFlushStage(world, 'flusher', { clock });
  before = await stage.truncates();
});

afterEach(async () => {
  expect([stage.peer.refusals, stage.peer.workspace.broadcasts]).toEqual([[], []]);
  await stage.stop();
});

/** The request in the bot's state. */
async function stored(id: string): Promise<FlushRequest> {
  const state = await openStore({ place: placeOf(stage.settings['STATE_URL'] ?? '') });
  try {
    const found = await state.flushes.find(id);
    if (found === null) throw new Error(`there is no ${id}`);
    return found;
  } finally {
    await state.close();
  }
}

/**
 * Bob approves right after the clock has moved. Bolt then connects anew, because no pong came in time,
 * and Slack can lose the click; a person clicks again.
 */
async function approveAfterMove(card: Card, answer: RegExp): Promise<void> {
  const clicks = [await stage.approve('bob', card)];
  if (clicks[0]?.failure !== null) clicks.push(await stage.approve('bob', card));
  await Promise.any(clicks.map((click) => click.answer(answer)));
}

it('one second before the end an approval counts, one second after it none does', async () => {
  await stage.start({ FLUSH_REQUEST_TTL: '10m' });
  await stage.ask('alice', 'flush just in time');
  const { cardAt, expiresAt } = await stored('FR-1');
  expect(expiresAt.getTime() - (cardAt?.getTime() ?? 0)).toBe(600_000);
  const first = await stage.card(/Approval needed/);
  const atLast = new Date(expiresAt.getTime() - 1000);
  stage.clock.stopAt(atLast);
  await approveAfterMove(first, /is approved/);
  await stage.card(/Flushed: flush main/);
  expect((await stored('FR-1')).decision?.at).toEqual(atLast);

  await stage.ask('alice', 'flush too late');
  const second = await stage.card(/Approval needed[\s\S]*too late/);
  stage.clock.stopAt(new Date((await stored('FR-2')).expiresAt.getTime() + 1000));
  await approveAfterMove(second, /FR-2 (expired before anyone|is already expired)/);
  // The card shows the expiry without a click, and nobody has decided.
  const expired = plainText(await stage.card(/Expired: flush main/));
  expect(expired).not.toContain('Approve and flush');
  expect(await stored('FR-2')).toMatchObject({ state: 'expired', decision: null });
  expect((await stage.truncates()) - before).toBe(1);
});

it('a card of a month ago', async () => {
  const bot = await stage.start();
  const asked = await stage.peer.command(stage.people.alice, stage.dba, '/hostcache flush once');
  await asked.answer();
  const old = await stage.card(/Approval needed/);
  await stage.ask('bob', 'reject FR-1 not now');
  await stage.card(/Rejected: flush main/);
  // The same command in a new envelope: the request exists already.
  await stage.peer.replay(asked);
  await asked.answer(/already handled/);
  expect(stage.peer.workspace.roots(stage.dba)).toHaveLength(1);
  aheadMs = 31 * 86_400_000;
  const decided = /FR-1 was already decided by @U0BOB at .*: rejected/;
  expect((await (await stage.approve('bob', old)).answer()).text).toMatch(decided);
  // If Slack no longer accepts an answer, the bot continues without one.
  const away = { kind: 'http-error', status: 404, when: 'before' } as const;
  const gone = stage.peer.fail({ method: 'response_url', fault: away });
  await stage.approve('bob', old);
  await expect.poll(gone.hits).toBeGreaterThan(1);
  gone.stop();

  // The same with a new, empty state, in which the id is used again.
  bot.child.kill('SIGTERM');
  await bot.ended;
  const file = (stage.settings['STATE_URL'] ?? '').replace('sqlite:', '');
  for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  await stage.start();
  await stage.ask('alice', 'flush something else');
  const replacement = await stage.card(/Approval needed[\s\S]*something else/);
  expect(plainText(replacement)).toContain('FR-1');
  expect((await (await stage.approve('bob', old)).answer()).text).toContain(
    'This card is out of date',
  );
  expect(await stage.truncates()).toBe(before);
  await stage.approve('bob', replacement);
  await stage.card(/Flushed: flush main/);
  expect((await stage.truncates()) - before).toBe(1);
});

const MARKUP =
  '<!channel> *bold* <@U0BOB> `x` <https://evil.example|bank> &lt;!here&gt; :tada: ~s~';

it('what people typed is shown as text everywhere', async () => {
  world.dns.host('10.0.0.66', 'x.example.com');
  await world.breakHandshakeFrom('10.0.0.66', 2);
  await stage.start();
  const asked = await stage.peer.command(stage.people.alice, stage.dba, '/hostcache flush on main');
  const modal = await asked.opened();
  await stage.peer.submit(stage.people.alice, modal.id, { reason: MARKUP });
  const card = await stage.card(/Approval needed/);
  expect(plainText(card)).toContain(MARKUP);
  expect(plainText(card)).toContain('It frees 1 blocked host:');
  expect(plainText(card)).toContain('10.0.0.66: 2 connect errors');
  const { alice, bob } = stage.people;
  const pinged = activesOf(card).map(({ kind, target }) => `${kind} ${target}`);
  // Both approvers; alice is also the requester.
  expect(new Set(pinged)).toEqual(new Set([`user ${alice}`, `user ${bob}`]));
  const click = await stage.peer.click(bob, card, { text: 'Reject…' });
  const why = await click.opened();
  await stage.peer.submit(bob, why.id, { reason: MARKUP });
  const rejected = await stage.card(/Rejected: flush main/);
  expect(plainText(rejected)).toContain(`Rejected: ${MARKUP}.`);
  await expect
    .poll(() => stage.thread(card).join('\n'))
    .toContain(`is rejected by @${bob}: ${MARKUP}.`);
  const history = await stage.peer.command(bob, stage.dba, '/hostcache history');
  const { shown, text } = await history.answer();
  expect(text).toContain(MARKUP);
  const drawn = [rejected, shown, ...stage.peer.workspace.thread(stage.dba, card.ts)];
  // Slack turns a bare address in a notification into a link to the same address.
  const active = drawn.flatMap(activesOf).filter((each) => each.kind !== 'user' && !each.isAuto);
  expect(active).toEqual([]);
});
