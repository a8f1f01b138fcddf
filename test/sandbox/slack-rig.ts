/** A small bot on an unmodified Bolt, over sockets or HTTP, with a Slack peer that has two people and a channel. */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, SocketModeReceiver } from '@slack/bolt';
import { LogLevel, WebClient } from '@slack/web-api';
import type { PeerOptions, SlackPeer } from '../../sandbox/slack/peer.ts';
import { startPeer } from '../slack-peer.ts';

export const quiet = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

export const button = (actionId: string, text: string, value: string) => ({
  type: 'button' as const,
  action_id: actionId,
  text: { type: 'plain_text' as const, text },
  value,
});

const section = (text: string) => ({
  type: 'section' as const,
  text: { type: 'mrkdwn' as const, verbatim: true, text },
});

const modal = {
  type: 'modal' as const,
  callback_id: 'flush',
  title: { type: 'plain_text' as const, text: 'Request a flush' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  private_metadata: 'flush on main',
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'reason',
      label: { type: 'plain_text' as const, text: 'Reason' },
      element: { type: 'plain_text_input' as const, action_id: 'answer', max_length: 100 },
    },
  ],
};

/** Registers a listener for each kind of request. */
export function teach(app: InstanceType<typeof App>): void {
  app.command('/hostcache', async ({ command, ack, respond, client }) => {
    switch (command.text) {
      case 'late':
        return;
      case 'broken':
        await ack({ text: 'x', blocks: [section('')] });
        return;
      case 'public':
        await ack({ response_type: 'in_channel', text: 'for all' });
        return;
      case 'modal':
        await ack();
        await client.views.open({ trigger_id: command.trigger_id, view: modal });
        return;
      case 'six':
        await ack();
        for (const use of [1, 2, 3, 4, 5, 6]) {
          await respond(`use ${use}`).catch(() => undefined);
        }
        return;
      default:
        await ack('Looking…');
        await respond({
          text: `${command.text} is blocked`,
          blocks: [
            section(`*\`${command.text}\` is blocked*`),
            { type: 'actions', elements: [button('again', 'Check again', command.text)] },
          ],
          replace_original: true,
        });
    }
  });
  app.action('again', async ({ ack, respond, body }) => {
    await ack();
    const isPrivate = body.type === 'block_actions' && body.message === undefined;
    await respond({ text: isPrivate ? 'fixed' : 'only you', replace_original: isPrivate });
  });
  app.view('flush', async ({ ack, view, client, body }) => {
    const reason = view.state.values['reason']?.['answer']?.value ?? '';
    if (reason.length < 4) {
      await ack({ response_action: 'errors', errors: { reason: 'say more' } });
      return;
    }
    await ack();
    await client.chat.postMessage({ channel: 'C0DATABASES', text: `${body.user.id}: ${reason}` });
  });
  app.view({ callback_id: 'flush', type: 'view_closed' }, async ({ ack }) => ack());
  app.shortcut('explain', async ({ ack, respond, shortcut }) => {
    await ack();
    if (shortcut.type === 'message_action') {
      await respond(`about: ${shortcut.message.text}`);
    }
  });
  app.event('app_mention', async ({ event, client }) => {
    const { channel, ts, thread_ts = ts } = event;
    const text = `heard: ${event.text.replace(/<@\w+> */, '')}`;
    await client.chat.postMessage({ channel, thread_ts, text });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    await client.views.publish({
      user_id: event.user,
      view: { type: 'home', blocks: [section('Servers at a glance')] },
    });
  });
}

export interface Rig {
  readonly peer: SlackPeer;
  readonly client: WebClient;
  readonly stop: () => Promise<void>;
}

export function people(peer: SlackPeer): void {
  peer.workspace.addUser({ name: 'alice' });
  peer.workspace.addUser({ name: 'bob' });
  peer.workspace.addChannel({ name: 'databases', members: ['U0ALICE', 'U0BOB'] });
}

export function webClient(peer: SlackPeer, token = peer.botToken, timeout = 60_000): WebClient {
  return new WebClient(token, {
    slackApiUrl: peer.apiUrl,
    retryConfig: { retries: 0 },
    logger: quiet,
    rejectRateLimitedCalls: true,
    timeout,
  });
}

export function socketReceiver(peer: SlackPeer, appToken = peer.appToken): SocketModeReceiver {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl: peer.apiUrl } },
  });
  const { client } = receiver;
  const start = client.start.bind(client);
  // The client connects anew by itself. If it is stopped meanwhile, it rejects with undefined, and
  // nobody listens.
  client.start = () =>
    start().catch((error: unknown) => {
      if (error !== undefined) throw error;
      return { ok: false };
    });
  return receiver;
}

export async function overSocket(options: PeerOptions = {}): Promise<Rig> {
  const peer = await startPeer(options);
  people(peer);
  const receiver = socketReceiver(peer);
  const app = new App({
    token: peer.botToken,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl: peer.apiUrl },
    deferInitialization: true,
  });
  teach(app);
  await app.init();
  await app.start();
  await peer.connected();
  return {
    peer,
    client: webClient(peer),
    stop: async () => {
      await app.stop();
      await peer.stop();
    },
  };
}

export async function overHttp(options: PeerOptions = {}): Promise<Rig> {
  const port = await freePort();
  const httpTarget = `http://127.0.0.1:${port}/slack/events`;
  const peer = await startPeer({ ...options, mode: 'http', httpTarget });
  people(peer);
  const receiver = new HTTPReceiver({ signingSecret: peer.signingSecret, logger: quiet });
  const app = new App({
    token: peer.botToken,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl: peer.apiUrl },
    deferInitialization: true,
  });
  teach(app);
  await app.init();
  await app.start(port);
  return {
    peer,
    client: webClient(peer),
    stop: async () => {
      await app.stop();
      await peer.stop();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  // A TCP server that listens has an AddressInfo.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
