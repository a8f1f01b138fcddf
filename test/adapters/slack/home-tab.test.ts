import { webApi } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import type { SlackPeer } from '../../../sandbox/slack/peer.ts';
import { plainText } from '../../../sandbox/slack/shown.ts';
import { createHomeTab, type HomeTab } from '../../../src/adapters/slack/home-tab.ts';
import type { Home } from '../../../src/chat/home.ts';
import { sentence, text } from '../../../src/chat/message.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { startPeer } from '../../slack-peer.ts';

/** App Home before a Slack of our own: bursts, replicas, faults; the newest reading stands there in the end. */

let peer: SlackPeer;
let alice: string;
let readings: number;
let log: ReturnType<typeof createFakeLog>;

beforeEach(async () => {
  peer = await startPeer();
  alice = peer.workspace.addUser({ name: 'alice' }).id;
  readings = 0;
  log = createFakeLog();
});

afterEach(() => peer.stop());

/** Each reading of the page has a number. */
const count: Home = async () => {
  readings += 1;
  return sentence(`reading ${readings}`);
};

function tab(home: Home = count): HomeTab {
  const client = new webApi.WebClient(peer.botToken, {
    slackApiUrl: peer.apiUrl,
    timeout: 60_000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: webApi.LogLevel.ERROR,
  });
  const wait = async () => undefined;
  return createHomeTab({ home, client, now: () => new Date(), wait, log });
}

function shown(): string {
  const view = peer.workspace.homes.get(alice);
  return view === undefined ? '' : plainText(view);
}

function published(): number {
  return peer.workspace.happenings.filter(({ kind }) => kind === 'home-published').length;
}

function hash(): string {
  return peer.workspace.homes.get(alice)?.hash ?? '';
}

it('a burst is drawn once or twice, the last reading begun after the last wish', async () => {
  const on = tab();
  await Promise.all(Array.from({ length: 20 }, () => on.publish(alice, {})));
  expect(published()).toBe(1);
  const first = on.publish(alice, { hash: hash() });
  await new Promise(setImmediate);
  await Promise.all([first, ...Array.from({ length: 20 }, () => on.publish(alice, {}))]);
  expect(published()).toBe(3);
  expect(shown()).toBe('reading 3');
  expect(peer.refusals).toEqual([]);
});

it('the result of a click is shown above the page, and not lost in a burst', async () => {
  const on = tab();
  const notice = text('SI-1 is over.');
  await Promise.all([on.publish(alice, { notice }), on.publish(alice, {})]);
  expect(shown()).toBe('SI-1 is over.\nreading 1');
});

it('an event that is late is no conflict with what was published meanwhile', async () => {
  const on = tab();
  await on.publish(alice, {});
  const late = hash();
  await on.publish(alice, { notice: text('done') });
  await on.publish(alice, { hash: late });
  expect(shown()).toBe('reading 3');
  expect(peer.refusals).toEqual([]);
});

it('a replica that read earlier and comes later reads again', async () => {
  const [quick, before] = [tab(), await tab().publish(alice, {})];
  expect(before).toBeUndefined();
  const old = hash();
  let isFirst = true;
  const slow = tab(async (viewer) => {
    const page = await count(viewer);
    if (isFirst) await quick.publish(alice, {});
    isFirst = false;
    return page;
  });
  await slow.publish(alice, { hash: old });
  expect(peer.refusals).toMatchObject([{ error: 'hash_conflict' }]);
  expect(shown()).toBe('reading 4');
});

describe('a Slack that', () => {
  it.each<{ name: string; fault: Fault; times?: number; isThere: boolean; errors: number }>([
    {
      name: 'stumbles once',
      fault: { kind: 'http-error', status: 500, when: 'before' },
      times: 1,
      isThere: true,
      errors: 0,
    },
    {
      name: 'asks for a short pause',
      fault: { kind: 'rate-limited', retryAfterS: 1 },
      times: 1,
      isThere: true,
      errors: 0,
    },
    {
      name: 'asks for a long pause',
      fault: { kind: 'rate-limited', retryAfterS: 60 },
      isThere: false,
      errors: 1,
    },
    {
      name: 'refuses',
      fault: { kind: 'refusal', error: 'not_enabled' },
      isThere: false,
      errors: 1,
    },
  ])('$name ends nothing', async ({ fault, times, isThere, errors }) => {
    peer.fail({ method: 'views.publish', fault, ...(times !== undefined && { times }) });
    await tab().publish(alice, {});
    expect(shown()).toBe(isThere ? 'reading 2' : '');
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(errors);
  });
});
