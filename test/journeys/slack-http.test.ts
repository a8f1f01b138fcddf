import { afterEach, describe, expect, it } from 'vitest';
import { sign } from '../../sandbox/slack/signed-http.ts';
import { createFakeSubcommand } from '../chat/fake-subcommand.ts';
import { type Stage, startBot } from './bot.ts';

/** HTTP mode: only what Slack has signed is heard, whatever else is sent to the address. */

let stage: Stage | null = null;

async function start(...given: Parameters<typeof startBot>): Promise<Stage> {
  stage = await startBot(...given);
  return stage;
}

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

describe('HTTP mode', () => {
  it('passes Slack’s check of the address', async () => {
    const { peer } = await start('http');
    expect(await peer.verifyUrl()).toBe(true);
  });

  const seconds = () => Math.floor(Date.now() / 1000);
  it.each([
    { name: 'another secret', forgery: { secret: 'wrong' }, status: 401 },
    { name: 'no signature', forgery: { signature: null }, status: 401 },
    { name: 'no time', forgery: { timestamp: null }, status: 401 },
    { name: 'a time of the past', forgery: { timestamp: `${seconds() - 301}` }, status: 401 },
    { name: 'a time of the future', forgery: { timestamp: `${seconds() + 900}` }, status: 401 },
    { name: 'a time that is none', forgery: { timestamp: 'now' }, status: 401 },
    { name: 'another body', forgery: { mangle: () => 'command=%2Fhostcache' }, status: 401 },
  ])('refuses $name, and hears nothing', async ({ forgery, status }) => {
    const tick = createFakeSubcommand('tick', ['slack']);
    const on = await start('http', {}, [tick]);
    const honest = await on.peer.command(on.alice, on.ops, '/hostcache tick');
    await honest.answer();
    const reply = await on.peer.post(on.peer.signed(honest, forgery));
    expect(reply?.status).toBe(status);
    expect(tick.asked).toHaveLength(1);
  });

  it('accepts a time at most five minutes ahead of its own', async () => {
    const nowMs = Date.now();
    const on = await start('http', { now: () => new Date(nowMs) });
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache help');
    const ahead = async (s: number) => {
      const timestamp = String(Math.floor(nowMs / 1000) + s);
      return (await on.peer.post(on.peer.signed(asked, { timestamp })))?.status;
    };
    expect([await ahead(300), await ahead(301)]).toEqual([200, 401]);
  });

  it.each([
    'null',
    '[]',
    '"x"',
    '{',
    '',
    'payload=null',
    '{"type":"block_actions"}',
    'payload={"type":"view_submission"}',
    '{"command":1}',
  ])('outlives the signed body %j', async (body) => {
    const on = await start('http');
    const honest = await on.peer.command(on.alice, on.ops, '/hostcache help');
    const contentType = body.startsWith('payload')
      ? 'application/x-www-form-urlencoded'
      : 'application/json';
    const reply = await on.peer.post(sign(on.peer.signingSecret, body, contentType));
    expect(reply?.status).not.toBe(200);
    expect(honest.failure).toBeNull();
    const again = await on.peer.command(on.alice, on.ops, '/hostcache help');
    expect(again.failure).toBeNull();
  });

  it.each([
    { method: 'GET', path: '/slack/events', status: 404 },
    { method: 'POST', path: '/', status: 404 },
    { method: 'POST', path: '/slack/events', status: 401 },
  ])('answers $status to an unsigned $method $path', async ({ method, path, status }) => {
    const { address } = await start('http');
    expect((await fetch(address + path, { method })).status).toBe(status);
  });

  it('takes no body over a megabyte', async () => {
    const { address } = await start('http');
    const body = 'x'.repeat(1024 * 1024 + 1);
    const reply = await fetch(`${address}/slack/events`, { method: 'POST', body });
    expect(reply.status).toBe(413);
  });
});
