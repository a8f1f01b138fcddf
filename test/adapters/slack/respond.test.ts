import { webApi } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import type { SlackPeer } from '../../../sandbox/slack/peer.ts';
import type { Lacking } from '../../../src/adapters/slack/modal.ts';
import { createRespond } from '../../../src/adapters/slack/respond.ts';
import { startPeer } from '../../slack-peer.ts';

const LACKING: Lacking = {
  line: 'flush on main',
  user: 'U0ALICE',
  channel: 'C0OPS',
  thread: '1795165331.000100',
  isClick: true,
  asked: { from: 'click', thread: null },
  responseUrl: 'https://hooks.slack.com/actions/T0/1/x',
  heardAtMs: 1_795_165_331_000,
};

describe('the answer to a submission', () => {
  let peer: SlackPeer | null = null;

  afterEach(async () => {
    await peer?.stop();
    peer = null;
  });

  /** A peer with a message in a channel, and Alice's answer. */
  async function stage(makeLacking: (origin: string, root: string) => Partial<Lacking>) {
    peer = await startPeer();
    const { workspace, origin, apiUrl, botToken } = peer;
    const alice = workspace.addUser({ name: 'alice' }).id;
    const channel = workspace.addChannel({ name: 'ops', members: [alice] }).id;
    const retryConfig = { retries: 0 };
    const client = new webApi.WebClient(botToken, { slackApiUrl: apiUrl, retryConfig });
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'root' });
    const now = () => new Date();
    const place = { user: alice, channel, heardAtMs: now().getTime() };
    const lacking = { ...LACKING, ...place, ...makeLacking(origin, ts) };
    const respond = createRespond(lacking, alice, { client, apiUrl, now });
    return { peer, respond, alice, ts };
  }

  const SAID = { text: 'done', response_type: 'ephemeral', replace_original: false } as const;

  // The peer records a post to a response_url that is not its own as a refusal.
  it.each([
    { name: 'where Slack gave no URL', change: () => ({ responseUrl: null }) },
    {
      name: 'where the URL is another person’s',
      change: (origin: string) => ({ responseUrl: `${origin}/actions/T/x`, user: 'U0BOB' }),
    },
    {
      name: 'where the URL leads elsewhere',
      change: (origin: string) => ({
        responseUrl: `${origin.replace('127.0.0.1', 'localhost')}/actions/T/x`,
      }),
    },
    {
      name: 'where the URL leads to a host whose name only ends like Slack’s',
      change: () => ({ responseUrl: 'https://notslack.com:1/actions/T/x' }),
    },
    {
      name: 'where the URL is not encrypted',
      change: () => ({ responseUrl: 'http://hooks.slack.com:1/actions/T/x' }),
    },
    { name: 'where the URL is none', change: () => ({ responseUrl: 'flush on main' }) },
    {
      name: 'where the URL is old',
      change: (origin: string) => ({
        responseUrl: `${origin}/actions/T/x`,
        heardAtMs: Date.now() - 30 * 60_000,
      }),
    },
  ])('$name it is whispered to the submitter', async ({ change }) => {
    const { peer, respond, alice } = await stage(change);
    await respond(SAID);
    expect(peer.workspace.ephemeralsFor(alice)).toMatchObject([{ text: 'done', threadTs: null }]);
    expect([...peer.refusals, ...peer.ignored]).toEqual([]);
  });

  it('is whispered in the thread of the click', async () => {
    const { peer, respond, alice, ts } = await stage((_, root) => ({
      responseUrl: null,
      asked: { from: 'click', thread: root },
    }));
    await respond(SAID);
    expect(peer.workspace.ephemeralsFor(alice)).toMatchObject([{ threadTs: ts }]);
    expect([...peer.refusals, ...peer.ignored]).toEqual([]);
  });

  it('without a URL deletes nothing and succeeds', async () => {
    const { peer, respond } = await stage(() => ({ responseUrl: null }));
    const response = await respond({ delete_original: true });
    expect(await response.json()).toEqual({ ok: true });
    expect(peer.refusals).toEqual([]);
  });

  it('is refused in the words of a response_url where the bot is no member', async () => {
    const { peer, respond } = await stage(() => ({ responseUrl: null, channel: 'C0NOWHERE' }));
    const response = await respond(SAID);
    expect(await response.json()).toMatchObject({ ok: false, error: 'channel_not_found' });
    expect(peer.refusals).toMatchObject([{ method: 'chat.postEphemeral' }]);
  });
});
