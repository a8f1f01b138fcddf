/** The peer's deliveries: changing sockets, repeated events, wrong signatures. */
import { App } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { startPeer } from '../slack-peer.ts';
import {
  overHttp,
  overSocket,
  people,
  quiet,
  type Rig,
  socketReceiver,
  teach,
  webClient,
} from './slack-rig.ts';

describe('Socket Mode', () => {
  /** Two receivers for one app, like the bot's, with a short pause before Bolt reconnects. */
  async function paired(peer: SlackPeer) {
    const receivers = [socketReceiver(peer), socketReceiver(peer)];
    for (const { client } of receivers) {
      Object.assign(client, { clientPingTimeoutMS: 500 });
    }
    const app = new App({
      token: peer.botToken,
      receiver: {
        init: (bolted) => {
          for (const receiver of receivers) {
            receiver.init(bolted);
          }
        },
        start: () => Promise.all(receivers.map((receiver) => receiver.start())),
        stop: () => Promise.all(receivers.map((receiver) => receiver.stop())),
      },
      logger: quiet,
      clientOptions: { slackApiUrl: peer.apiUrl },
    });
    teach(app);
    await app.start();
    await peer.connected(2);
    return app;
  }

  it('loses no command while sockets are recycled', async () => {
    const peer = await startPeer();
    people(peer);
    const app = await paired(peer);
    const seen = new Set(peer.sockets);
    // The first two sockets, and each replacement.
    while (seen.size < 8) {
      const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache 192.0.2.7');
      expect(asked.failure).toBeNull();
      for (const socket of peer.sockets) seen.add(socket);
      // Between two commands, because Bolt drops unacknowledged envelopes at a disconnect.
      const [oldest, another] = peer.sockets;
      if (another !== undefined) peer.disconnect('refresh_requested', oldest);
    }
    // Otherwise stop() could cut off a socket before its hello.
    await peer.connected(2);
    expect(peer.failures).toEqual([]);
    await app.stop();
    await peer.stop();
  });

  it.each(['warning', 'refresh_requested', 'too_many_websockets', 'link_disabled'] as const)(
    'is left and joined again on %s',
    async (reason) => {
      const peer = await startPeer();
      people(peer);
      const app = await paired(peer);
      const [before] = peer.sockets;
      peer.disconnect(reason);
      expect(peer.sockets).toEqual([]);
      const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache x');
      expect(asked.failure).toBe('dispatch_failed');
      await peer.connected(2);
      expect(peer.sockets).not.toContain(before);
      expect((await peer.command('U0ALICE', 'C0DATABASES', '/hostcache x')).failure).toBeNull();
      await app.stop();
      await peer.stop();
    },
  );

  it('accepts ten connections, and disconnects the eleventh', async () => {
    const peer = await startPeer();
    const receivers = Array.from({ length: 10 }, () => socketReceiver(peer));
    await Promise.all(receivers.map((receiver) => receiver.start()));
    const { url = '' } = await webClient(peer, peer.appToken).apps.connections.open();
    const eleventh = new WebSocket(url);
    const first: unknown = await new Promise((resolve) => {
      eleventh.on('message', (data) => resolve(JSON.parse(String(data))));
    });
    expect(first).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    expect(peer.refusals.map(({ error }) => error)).toEqual(['too_many_websockets']);
    await Promise.all(receivers.map((receiver) => receiver.stop()));
    await peer.stop();
  });

  it('delivers an event again until it is acknowledged', async () => {
    const peer = await startPeer({ eventRetriesMs: [50, 50, 50] });
    people(peer);
    const missed = await peer.openHome('U0ALICE');
    expect(missed.failure).toBe('dispatch_failed');
    const receiver = socketReceiver(peer);
    const seen: unknown[] = [];
    receiver.client.on('app_home_opened', async ({ ack, retry_num, body }) => {
      seen.push([retry_num, body.event_id]);
      await ack();
    });
    await receiver.start();
    await expect.poll(() => seen.length).toBe(1);
    expect(missed.delivery.payload).toMatchObject({ type: 'event_callback' });
    await receiver.stop();
    await peer.stop();
  });

  it.each([
    { token: 'bot' as const, error: 'not_allowed_token_type' },
    { token: 'wrong' as const, error: 'invalid_auth' },
  ])('opens no connection for the $token token', async ({ token, error }) => {
    const peer = await startPeer();
    const client = webClient(peer, token === 'bot' ? peer.botToken : 'xapp-1-A0-1-wrong');
    await expect(client.apps.connections.open()).rejects.toThrow(error);
    expect(peer.refusals).toMatchObject([{ method: 'apps.connections.open', error }]);
    await peer.stop();
  });
});

it('ends a response_url after thirty minutes', async () => {
  let now = new Date('2026-11-20T09:00:00Z');
  const { peer, stop } = await overSocket({ clock: () => now });
  const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache modal');
  const say = async () => {
    const body = JSON.stringify({ text: 'late' });
    const headers = { 'content-type': 'application/json' };
    return (await fetch(asked.responseUrl ?? '', { method: 'POST', headers, body })).status;
  };
  now = new Date('2026-11-20T09:30:00Z');
  expect(await say()).toBe(200);
  now = new Date('2026-11-20T09:30:01Z');
  expect(await say()).toBe(404);
  expect(peer.refusals).toMatchObject([{ method: 'response_url', error: 'expired_url' }]);
  await stop();
});

describe('HTTP delivery', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await overHttp();
  });
  afterAll(() => rig.stop());

  const old = String(Math.floor(Date.now() / 1000) - 600);

  it.each([
    { name: 'honest', forgery: {}, status: 200 },
    { name: 'unsigned', forgery: { signature: null }, status: 401 },
    { name: 'without a time', forgery: { timestamp: null }, status: 401 },
    { name: 'ten minutes old', forgery: { timestamp: old }, status: 401 },
    { name: 'signed with another secret', forgery: { secret: 'guess' }, status: 401 },
    { name: 'mangled', forgery: { mangle: (body: string) => `${body}&a=b` }, status: 401 },
  ])('$name: $status', async ({ forgery, status }) => {
    const { peer } = rig;
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache 192.0.2.7');
    expect(await peer.post(peer.signed(asked, forgery))).toMatchObject({ status });
  });

  it('verifies the address, and replays the very bytes', async () => {
    const { peer } = rig;
    expect(await peer.verifyUrl()).toBe(true);
    const asked = await peer.command('U0ALICE', 'C0DATABASES', '/hostcache 192.0.2.8');
    expect(peer.signed(asked)).toEqual(peer.signed(asked));
    await asked.answer(/is blocked/);
    expect(await peer.replay(asked)).toBeNull();
    // The acknowledgement goes to the sender of the replay, not to the person.
    await expect.poll(() => asked.answers.length).toBe(3);
  });
});
