import { afterEach, expect, it } from 'vitest';
import { sign } from '../../sandbox/slack/signed-http.ts';
import { startAsking } from './asking-bot.ts';
import type { Stage } from './bot.ts';

/** HTTP mode: a repeated request takes effect once, and a mangled one never. */

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

async function start(now = () => new Date()) {
  const on = await startAsking('http', [], { now });
  stage = on;
  return on;
}

it('a valid request that is sent ten times more is obeyed once', async () => {
  const on = await start();
  const line = '/hostcache quieten null-host for 2h ours';
  const asked = await on.peer.command(on.alice, on.ops, line);
  await asked.answer();
  await Promise.all(Array.from({ length: 10 }, () => on.peer.replay(asked)));
  // Bolt reads a signature up to its second "=", so this is the same one, written differently.
  const { body, headers } = on.peer.signed(asked);
  const signature = `${headers['x-slack-signature']}=again`;
  await on.peer.post({ body, headers: { ...headers, 'x-slack-signature': signature } });
  // A new command with the same text asks again. By then any effect of the replays is visible.
  await (await on.peer.command(on.alice, on.ops, line)).answer();
  expect(on.quieten.asked).toHaveLength(2);
});

it('a request from a clock ahead of ours is remembered for as long as it is accepted', async () => {
  let nowMs = Date.now();
  const on = await start(() => new Date(nowMs));
  const line = '/hostcache quieten x for 2h ours';
  const asked = await on.peer.command(on.alice, on.ops, line);
  await asked.answer();
  const timestamp = String(Math.floor(nowMs / 1000) + 299);
  const ahead = on.peer.signed(asked, { timestamp });
  expect(await on.peer.post(ahead)).toMatchObject({ status: 200 });
  nowMs += 9 * 60_000;
  expect(await on.peer.post(ahead)).toMatchObject({ status: 200 });
  // A new request, signed by the clock of now. By then any effect of the replay is visible.
  const later = on.peer.signed(asked, { timestamp: String(Math.floor(nowMs / 1000)) });
  expect(await on.peer.post(later)).toMatchObject({ status: 200 });
  await expect.poll(() => on.quieten.asked.length).toBeGreaterThan(2);
  expect(on.quieten.asked).toHaveLength(3);
});

it('of 200 mangled requests none is obeyed, and the bot goes on', async () => {
  const on = await start();
  const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten x for 2h ours');
  await asked.answer();
  const { body, headers } = on.peer.signed(asked);
  const statuses = new Set<number | undefined>();
  for (let at = 0; at < 100; at += 1) {
    const cut = Math.floor((body.length * at) / 100);
    const mangled = `${body.slice(0, cut)}%${String.fromCharCode(at + 32)}${body.slice(cut + 3)}`;
    const forged = await on.peer.post({ headers, body: mangled });
    statuses.add(forged?.status);
  }
  expect([...statuses]).toEqual([401]);
  // With a valid signature, as if from Slack, but cut off inside the command's name, or of another content type.
  const whole = body.indexOf('command=');
  const signed = Array.from({ length: 100 }, (_, at) => {
    const kind = at % 2 === 0 ? (headers['content-type'] ?? '') : 'application/json';
    return on.peer.post(sign(on.peer.signingSecret, body.slice(0, (whole * at) / 100), kind));
  });
  await Promise.all(signed);
  const again = await on.peer.command(on.alice, on.ops, '/hostcache quieten y for 2h ours');
  await again.answer();
  expect(on.quieten.asked.map(({ words }) => words[0])).toEqual(['x', 'y']);
});
