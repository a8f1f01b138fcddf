/** Faults that last: until a moment of the peer's clock, or for all blocks of a type. */
import type { WebClient } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasBlock } from '../../sandbox/slack/has-block.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startPeer } from '../slack-peer.ts';
import { webClient } from './slack-rig.ts';

let peer: SlackPeer;
let client: WebClient;
let channel: string;
let now = new Date('2026-06-01T10:00:00Z');

beforeAll(async () => {
  peer = await startPeer({ clock: () => now });
  channel = peer.workspace.addChannel({ name: 'dba', members: [] }).id;
  client = webClient(peer);
});

afterAll(() => peer.stop());

const section = { type: 'section', text: { type: 'mrkdwn', text: 'words' } };
const table = { type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] };
const container = {
  type: 'container',
  title: { type: 'plain_text', text: 'More' },
  child_blocks: [table],
};
const chart = {
  type: 'data_visualization',
  title: 'Connect errors',
  chart: {
    type: 'bar',
    series: [
      { name: 'main', data: [{ label: 'Mon', value: 3 }] },
      { name: 'spare', data: [{ label: 'Mon', value: 0.5 }] },
    ],
    axis_config: { categories: ['Mon'], x_label: 'Day' },
  },
};

/** The error of a post with these blocks; null = it was accepted. */
async function errorOf(...blocks: readonly object[]): Promise<string | null> {
  const text = 'a table of words';
  const post = client.apiCall('chat.postMessage', { channel, text, blocks });
  return post.then(
    () => null,
    (error: { readonly data?: { readonly error?: string } }) => error.data?.error ?? String(error),
  );
}

const CODES = ['accesslimited', 'internal_error', 'team_access_not_granted', 'fatal_error'];

describe('a refusal that lasts', () => {
  it.each(CODES)('%s until a moment of the clock, however often it is asked', async (error) => {
    const untilAt = new Date(now.getTime() + 600_000);
    const handle = peer.fail({ method: /^chat\./, fault: { kind: 'refusal', error }, untilAt });
    expect([await errorOf(section), await errorOf(section)]).toEqual([error, error]);
    now = new Date(untilAt.getTime() - 1);
    expect(await errorOf(section)).toBe(error);
    now = untilAt;
    expect(await errorOf(section)).toBeNull();
    expect(handle.hits()).toBe(3);
    handle.stop();
  });

  it('for ever, for all tables and nothing else', async () => {
    const fault = { kind: 'refusal', error: 'internal_error' } as const;
    const handle = peer.fail({ method: /^chat\./, fault, where: hasBlock('table') });
    expect(await errorOf(section, table)).toBe('internal_error');
    expect(await errorOf(container)).toBe('internal_error');
    now = new Date(now.getTime() + 86_400_000);
    expect(await errorOf(table)).toBe('internal_error');
    expect(await errorOf(section, chart)).toBeNull();
    handle.stop();
    expect(await errorOf(section, table)).toBeNull();
  });
});

it('finds the blocks of a view, and none in words', () => {
  const where = hasBlock('table', 'data_visualization');
  expect(where({ view: { type: 'home', blocks: [table] } })).toBe(true);
  expect(where({ text: 'table', blocks: 'table' })).toBe(false);
  expect(where(null)).toBe(false);
});

it('reads a chart as its title and a table of its values', async () => {
  await errorOf(chart);
  const message = peer.workspace.roots(channel).at(-1);
  expect(message && plainText(message)).toBe('Connect errors\nDay | main | spare\nMon | 3 | 0.5');
});
