import { once } from 'node:events';
import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import type { SlackPeer } from '../../../sandbox/slack/peer.ts';
import { createSlack, type Slack } from '../../../src/adapters/slack/slack.ts';
import { sentence } from '../../../src/chat/message.ts';
import type { Wait } from '../../../src/chat/waiting.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { startPeer } from '../../slack-peer.ts';

/** A start waits out what passes at Slack, by a moved clock, and ends where a retry cannot help. */

let peer: SlackPeer;
let slack: Slack | null = null;

beforeEach(async () => {
  peer = await startPeer();
});

afterEach(async () => {
  await slack?.stop();
  slack = null;
  await peer.stop();
});

/** Starts with a clock that only the waits of the start move. */
function begin(onWait: (waited: number) => void = () => undefined) {
  const log = createFakeLog();
  const waitsMs: number[] = [];
  let nowMs = Date.UTC(2026, 0, 1);
  const wait: Wait = async (ms) => {
    // The second socket opens at once, and has nothing to wait for.
    if (ms === 0) return;
    waitsMs.push(ms);
    nowMs += ms;
    onWait(waitsMs.length);
    await new Promise(setImmediate);
  };
  slack = createSlack({
    config: {
      botToken: peer.botToken,
      apiUrl: peer.apiUrl,
      transport: { mode: 'socket', appToken: peer.appToken },
    },
    read: () => {
      throw new Error('nobody asks');
    },
    refusal: async () => null,
    isFirst: async () => true,
    home: async () => sentence('nobody looks'),
    now: () => new Date(nowMs),
    log,
    wait,
  });
  const loud = () => log.lines.filter(({ level }) => level !== 'debug');
  return { slack, started: slack.start(), waitsMs, loud };
}

const refusal = (error: string): Fault => ({ kind: 'refusal', error });

describe.each([
  { method: 'auth.test', token: 'SLACK_BOT_TOKEN' },
  { method: 'apps.connections.open', token: 'SLACK_APP_TOKEN' },
])('at $method', ({ method, token }) => {
  it.each([
    'internal_error',
    'fatal_error',
    'forbidden',
    'ratelimited',
    'accesslimited',
    'team_added_to_org',
    'service_unavailable',
    'access_denied',
  ])('%s is waited out, with a line each time', async (error) => {
    const failing = peer.fail({ method, fault: refusal(error), times: 12 });
    const { slack: bot, started, waitsMs, loud } = begin();
    await started;
    expect(failing.hits()).toBe(12);
    expect(bot.isConnected()).toBe(true);
    expect(waitsMs.slice(0, 12)).toEqual([
      ...[500, 1000, 2000, 4000, 8000, 16_000, 32_000],
      ...Array<number>(5).fill(60_000),
    ]);
    const lines = loud().map(({ message }) => message);
    expect(lines).toHaveLength(12);
    expect(lines[3]).toMatch(
      new RegExp(`^Slack answered ${method} with ${error}\\. .*Trying again in 4 s\\.$`),
    );
    expect(lines.join()).not.toMatch(/[Cc]opy the token|xox|xapp/);
  });

  it.each<{ readonly name: string; readonly fault: Fault; readonly waits: readonly number[] }>([
    {
      name: 'a rate limit, for as long as Slack says',
      fault: { kind: 'rate-limited', retryAfterS: 90 },
      waits: [90_000, 90_000],
    },
    {
      name: 'a rate limit without a time',
      fault: { kind: 'http-error', status: 429, when: 'before' },
      waits: [30_000, 30_000],
    },
    {
      name: 'status 503',
      fault: { kind: 'http-error', status: 503, when: 'before' },
      waits: [500, 1000],
    },
    {
      name: 'a connection that is cut',
      fault: { kind: 'reset', when: 'before' },
      waits: [500, 1000],
    },
  ])('$name, is waited out', async ({ fault, waits }) => {
    peer.fail({ method, fault, times: 2 });
    const { started, waitsMs, loud } = begin();
    await started;
    expect(waitsMs.slice(0, 2)).toEqual(waits);
    expect(loud()).toHaveLength(2);
  });

  it('connections that are cut again and again end the start', async () => {
    const failing = peer.fail({ method, fault: { kind: 'reset', when: 'before' } });
    const { started } = begin();
    await expect(started).rejects.toThrow(
      /^Slack did not answer at http:\S+: the connection was cut/,
    );
    expect(failing.hits()).toBe(5);
  });

  it.each([
    'invalid_auth',
    'not_authed',
    'token_revoked',
    'token_expired',
    'account_inactive',
    'missing_scope',
    'not_allowed_token_type',
  ])('%s ends the start with a sentence about the token', async (error) => {
    const failing = peer.fail({ method, fault: refusal(error) });
    const { started, waitsMs } = begin();
    await expect(started).rejects.toThrow(new RegExp(`^Slack refused ${token}: ${error}\\. `));
    expect(failing.hits()).toBe(1);
    expect(waitsMs).toEqual([]);
  });

  it('a stop ends the waiting', async () => {
    peer.fail({ method, fault: refusal('internal_error') });
    let stopped: Promise<void> | undefined;
    const { slack: bot, started } = begin((waits) => {
      if (waits === 3) stopped = bot.stop();
    });
    await expect(started).rejects.toThrow('The start was stopped.');
    await stopped;
    expect(bot.isConnected()).toBe(false);
  });
});

describe('the ten sockets that Slack allows an app', () => {
  async function openSockets(count: number): Promise<readonly WebSocket[]> {
    const { apps } = new webApi.WebClient(peer.appToken, { slackApiUrl: peer.apiUrl });
    const opened = Array.from({ length: count }, async () => {
      const socket = new WebSocket(String((await apps.connections.open({})).url));
      await once(socket, 'message');
      return socket;
    });
    return await Promise.all(opened);
  }

  it('are all taken: the start waits until one is free, and says it', async () => {
    const others = await openSockets(10);
    const {
      slack: bot,
      started,
      loud,
    } = begin(() => {
      for (const other of others) other.terminate();
    });
    await started;
    expect(bot.isConnected()).toBe(true);
    expect(loud()[0]?.message).toMatch(
      /too_many_websockets\)\. .*at most three replicas.*Trying again/,
    );
  });

  it('are nearly all taken: the log says it', async () => {
    await openSockets(9);
    const { started, loud } = begin();
    await started;
    expect(loud()[0]).toMatchObject({
      message: expect.stringContaining('at most three replicas'),
      facts: { sockets: 10 },
    });
  });
});
