import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fault } from '../../../sandbox/slack/faults.ts';
import { sentence } from '../../../src/chat/message.ts';
import { BLIND, createStage, file, OPS, posted, type Stage, search } from './chat-stage.ts';

/** What is said unasked: said, edited, uploaded, and found again. */

let stage: Stage;

beforeEach(async () => {
  stage = await createStage();
});

afterEach(async () => {
  await stage.peer.stop();
});

describe('what is said', () => {
  it('carries its key, in the channel, in a thread, broadcast', async () => {
    const { peer } = stage;
    const root = await posted(stage);
    const reply = await posted(stage, { key: 'P-2', thread: root });
    const loud = await posted(stage, { key: 'P-3', thread: root, isBroadcast: true });
    const metadata = (key: string) => ({ event_type: 'hostcache', event_payload: { key } });
    expect(peer.workspace.roots(OPS)).toMatchObject([
      { ts: root, text: '3 blocked hosts', metadata: metadata('P-1') },
    ]);
    expect(peer.workspace.thread(OPS, root)).toMatchObject([
      { ts: reply, isBroadcast: false, metadata: metadata('P-2') },
      { ts: loud, isBroadcast: true, metadata: metadata('P-3') },
    ]);
    expect([peer.refusals, peer.ignored]).toEqual([[], []]);
  });

  it('is edited in place, and keeps its key', async () => {
    const { peer, chat } = stage;
    const ts = await posted(stage);
    const message = sentence('4 blocked hosts');
    expect(await chat.edit({ channel: OPS, ts, message })).toMatchObject({ kind: 'sent', ts });
    expect(peer.workspace.roots(OPS)).toMatchObject([{ text: '4 blocked hosts', edits: 1 }]);
    expect(await chat.find(search('P-1'))).toEqual({ kind: 'sent', ts });
    expect([peer.refusals, peer.ignored]).toEqual([[], []]);
  });

  it.each([
    { name: 'with lines', content: 'address\n240.221.242.64\nzażółć\n', kept: undefined },
    { name: 'without a byte', content: '', kept: '\n' },
  ])('may be a file $name', async ({ content, kept = content }) => {
    const { peer, chat } = stage;
    const root = await posted(stage);
    expect(await chat.upload(file(root, { content }))).toMatchObject({ kind: 'sent' });
    const [message] = peer.workspace.thread(OPS, root);
    expect(message?.files).toMatchObject([{ title: 'hosts.csv', content: Buffer.from(kept) }]);
    expect([peer.refusals, peer.ignored]).toEqual([[], []]);
  });

  it.each(['invalid_blocks', 'invalid_blocks_format', 'msg_blocks_too_long', 'msg_too_long'])(
    'is said in one line where Slack refuses its blocks with %s',
    async (error) => {
      const { peer, log } = stage;
      peer.fail({
        method: 'chat.postMessage',
        fault: { kind: 'refusal', error },
        where: (sent) => typeof sent === 'object' && sent !== null && 'blocks' in sent,
      });
      const ts = await posted(stage);
      expect(peer.workspace.roots(OPS)).toMatchObject([
        { ts, text: '3 blocked hosts', blocks: [] },
      ]);
      expect(log.lines.map(({ level }) => level)).toContain('error');
    },
  );
});

describe('a key is looked for', () => {
  it('in the channel, in a thread, in the name of a file; and no other key is found', async () => {
    const { peer, chat } = stage;
    const root = await posted(stage, { key: 'AL-7/1.0' });
    const reply = await posted(stage, { key: 'AL-7/1.1', thread: root });
    await chat.upload(file(root, { key: 'AL-7/1.10' }));
    const shared = peer.workspace.thread(OPS, root).at(-1)?.ts;
    const found = (ts: string | undefined) => ({ kind: 'sent', ts });
    expect(await chat.find(search('AL-7/1.0'))).toEqual(found(root));
    expect(await chat.find(search('AL-7/1.1', root))).toEqual(found(reply));
    expect(await chat.find(search('AL-7/1.10', root))).toEqual(found(shared));
    for (const key of ['AL-7/1', 'AL-7/1.', 'AL-7_1.10', 'AL-7/1.100', '']) {
      expect(await chat.find(search(key))).toBeNull();
      expect(await chat.find(search(key, root))).toBeNull();
    }
    expect([peer.refusals, peer.ignored]).toEqual([[], []]);
  });

  it.each([
    { name: 'up to five minutes behind ours', minutes: 4, isFound: true },
    { name: 'further behind', minutes: 6, isFound: false },
  ])('where Slack’s clock is $name: found: $isFound', async ({ minutes, isFound }) => {
    const ts = await posted(stage);
    const sinceAt = new Date(Date.now() + minutes * 60_000);
    const found = await stage.chat.find({ ...search('P-1'), sinceAt });
    expect(found).toEqual(isFound ? { kind: 'sent', ts } : null);
  });

  it('page by page, to a bound', async () => {
    const { peer, chat } = stage;
    const alice = peer.workspace.addUser({ name: 'alice' }).id;
    peer.workspace.changeChannel(OPS, { members: [alice] });
    const ts = await posted(stage);
    const chatter = (count: number) => {
      for (let said = 0; said < count; said += 1) peer.say(alice, OPS, 'busy');
    };
    chatter(450);
    expect(await chat.find(search('P-1'))).toEqual({ kind: 'sent', ts });
    chatter(1600);
    expect(await chat.find(search('P-1'))).toMatchObject({ kind: 'refused' });
  });

  it.each<{ name: string; fault: Fault; found: object }>([
    {
      name: '429',
      fault: { kind: 'rate-limited', retryAfterS: 3 },
      found: { kind: 'retry', mayBeSent: true, afterMs: 3000 },
    },
    {
      name: '500',
      fault: { kind: 'http-error', status: 500, when: 'before' },
      found: { kind: 'retry', mayBeSent: true, afterMs: null },
    },
    {
      name: 'silence',
      fault: { kind: 'silence', when: 'before' },
      found: { kind: 'retry', mayBeSent: true, afterMs: null },
    },
  ])('and after $name again later', async ({ fault, found }) => {
    stage.peer.fail({ method: 'conversations.history', fault });
    const chat = fault.kind === 'silence' ? stage.impatient : stage.chat;
    expect(await chat.find(search('P-1'))).toMatchObject(found);
  });

  it.each([
    {
      name: 'without the scope',
      change: BLIND,
      why: /missing_scope; give the app the scope .*history/,
    },
    { name: 'in a channel it is not in', change: {}, why: /not_in_channel/ },
  ])('$name: nobody can tell', async ({ change, why }) => {
    await stage.peer.stop();
    stage = await createStage(change);
    if (!('botScopes' in change)) {
      stage.peer.workspace.changeChannel(OPS, { botIsMember: false });
    }
    const found = await stage.chat.find(search('P-1'));
    expect(found).toMatchObject({ kind: 'refused', why: expect.stringMatching(why) });
  });

  it('in a thread whose root is gone: absent', async () => {
    const found = await stage.chat.find(search('P-1', '1795165331.000100'));
    expect(found).toBeNull();
  });
});
