import type { Fault } from '../../../sandbox/slack/faults.ts';
import { BOT_SCOPES } from '../../../sandbox/slack/installation.ts';
import type { PeerOptions, SlackPeer } from '../../../sandbox/slack/peer.ts';
import { createChat } from '../../../src/adapters/slack/chat.ts';
import { sentence } from '../../../src/chat/message.ts';
import type { Chat, NewMessage, Search, Upload } from '../../../src/outbox/chat.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { startPeer } from '../../slack-peer.ts';

/** The Chat port before a Slack of our own, with one channel. */

export const OPS = 'C0OPS';

/**
 * Only a silence is waited for as long as this. Its call must still reach the peer, and with 0.1 s
 * a busy machine ended it before.
 */
const IMPATIENCE_MS = 2000;

export interface Stage {
  readonly peer: SlackPeer;
  readonly chat: Chat;
  /** The same with a short limit, for a call that nothing else ends. */
  readonly impatient: Chat;
  readonly log: ReturnType<typeof createFakeLog>;
}

export async function createStage(options: PeerOptions = {}): Promise<Stage> {
  const peer = await startPeer(options);
  peer.workspace.addChannel({ name: 'ops', id: OPS });
  const log = createFakeLog();
  const { botToken, apiUrl } = peer;
  const chatOf = (timeoutMs: number) => createChat({ botToken, apiUrl, log, timeoutMs });
  return { peer, log, chat: chatOf(60_000), impatient: chatOf(IMPATIENCE_MS) };
}

/** The same without the scopes to read what stands in a channel. */
export const BLIND: PeerOptions = {
  botScopes: BOT_SCOPES.filter((scope) => !scope.endsWith(':history')),
};

export function post(change: Partial<NewMessage> = {}): NewMessage {
  const message = sentence('3 blocked hosts');
  return { channel: OPS, message, key: 'P-1', thread: null, isBroadcast: false, ...change };
}

/** Posts, and gives the ts. */
export async function posted({ chat }: Stage, change: Partial<NewMessage> = {}): Promise<string> {
  const delivery = await chat.post(post(change));
  if (delivery.kind !== 'sent') throw new Error(`expected sent, got ${JSON.stringify(delivery)}`);
  return delivery.ts;
}

export function file(thread: string, change: Partial<Upload> = {}): Upload {
  const content = 'address\n192.0.2.7\n';
  return { channel: OPS, thread, name: 'hosts.csv', content, key: 'P-2', ...change };
}

/** Of the last minute. */
export function search(key: string, thread: string | null = null): Search {
  return { channel: OPS, thread, key, sinceAt: new Date(Date.now() - 60_000) };
}

/** The chat for a call with this fault: only a silence needs the short limit to end. */
export function chatFor({ chat, impatient }: Stage, fault: Fault): Chat {
  return fault.kind === 'silence' ? impatient : chat;
}
