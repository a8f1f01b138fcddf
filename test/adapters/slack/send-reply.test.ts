import { RespondError, type RespondFn } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { type Asked, sendReply } from '../../../src/adapters/slack/send-reply.ts';
import type { Reply } from '../../../src/chat/reply.ts';
import { createFakeLog, spoken } from '../../chat/fake-subcommand.ts';

type Payload = Exclude<Parameters<RespondFn>[0], string>;
type Outcome = 'taken' | 'refused' | number | Error;

const COMMAND: Asked = { from: 'command', thread: null };

/** Answers as Slack does, one outcome after the other, then takes everything. */
function createParts(outcomes: readonly Outcome[] = []) {
  const sent: Payload[] = [];
  const waited: number[] = [];
  const log = createFakeLog();
  const left = [...outcomes];
  const respond: RespondFn = async (payload) => {
    if (typeof payload === 'string') throw new Error('expected an object');
    sent.push(payload);
    const outcome = left.shift() ?? 'taken';
    if (typeof outcome === 'number') throw new RespondError('no', outcome);
    if (outcome instanceof Error) throw outcome;
    return new Response(outcome === 'taken' ? 'ok' : '{"ok":false,"error":"invalid_blocks"}');
  };
  // The two seconds of patience never pass here; those of a retry do at once.
  const wait = (ms: number): Promise<void> => {
    waited.push(ms);
    return ms === 2000 ? new Promise(() => undefined) : Promise.resolve();
  };
  return { sent, waited, log, delivery: { respond, log, wait } };
}

/** A reply that comes only after "Looking…" has been said. */
async function deliverLate(reply: Reply, asked: Asked) {
  const parts = createParts();
  let patienceEnds: () => void = () => undefined;
  const wait = () => new Promise<void>((resolve) => (patienceEnds = resolve));
  let answer: (reply: Reply) => void = () => undefined;
  const coming = new Promise<Reply>((resolve) => (answer = resolve));
  const delivered = sendReply(coming, asked, { ...parts.delivery, wait });
  patienceEnds();
  await new Promise((resolve) => setImmediate(resolve));
  answer(reply);
  await delivered;
  return parts.sent;
}

describe('a quick answer', () => {
  it.each([
    { name: 'is private', asked: COMMAND, isPublic: false, type: 'ephemeral', replaces: false },
    { name: 'is public', asked: COMMAND, isPublic: true, type: 'in_channel', replaces: false },
    {
      name: 'to a click leaves what was clicked',
      asked: { from: 'click', thread: null } as const,
      isPublic: false,
      type: 'ephemeral',
      replaces: false,
    },
    {
      name: 'to "Check again" takes its place',
      asked: { from: 'replacing', thread: null } as const,
      isPublic: false,
      type: 'ephemeral',
      replaces: true,
    },
    {
      name: 'for all never takes the place of a private one',
      asked: { from: 'replacing', thread: null } as const,
      isPublic: true,
      type: 'in_channel',
      replaces: false,
    },
  ])('$name', async ({ asked, isPublic, type, replaces }) => {
    const { sent, delivery } = createParts();
    await sendReply(Promise.resolve(spoken('fine', { isPublic })), asked, delivery);
    expect(sent).toMatchObject([{ text: 'fine', response_type: type, replace_original: replaces }]);
    expect(sent[0]).not.toHaveProperty('thread_ts');
  });

  it('to a click in a thread stands in that thread', async () => {
    const { sent, delivery } = createParts();
    await sendReply(Promise.resolve(spoken('fine')), { from: 'click', thread: '1.2' }, delivery);
    expect(sent).toMatchObject([{ thread_ts: '1.2' }]);
  });
});

describe('a slow answer', () => {
  it.each([
    {
      name: 'takes the place of "Looking…"',
      from: 'command',
      isPublic: false,
      replaced: [false, true],
    },
    {
      name: 'stands beside it after a click',
      from: 'click',
      isPublic: false,
      replaced: [false, false],
    },
    { name: 'replaces twice', from: 'replacing', isPublic: false, replaced: [true, true] },
  ] as const)('$name', async ({ from, isPublic, replaced }) => {
    const sent = await deliverLate(spoken('fine', { isPublic }), { from, thread: null });
    expect(sent.map(({ text }) => text)).toEqual(['Looking…', 'fine']);
    expect(sent.map(({ replace_original }) => replace_original)).toEqual(replaced);
  });

  it('for all takes "Looking…" away first', async () => {
    const sent = await deliverLate(spoken('fine', { isPublic: true }), COMMAND);
    expect(sent).toMatchObject([
      { text: 'Looking…' },
      { delete_original: true },
      { text: 'fine', response_type: 'in_channel' },
    ]);
  });

  it('for all leaves the clicked message', async () => {
    const asked = { from: 'click', thread: null } as const;
    const sent = await deliverLate(spoken('fine', { isPublic: true }), asked);
    expect(sent).toMatchObject([
      { text: 'Looking…', replace_original: false },
      { text: 'fine', response_type: 'in_channel', replace_original: false },
    ]);
  });
});

describe('several messages', () => {
  it.each([1, 3, 4, 8, 20])('%d make three posts at most, and lose nothing', async (count) => {
    const { sent, delivery } = createParts();
    const messages = Array.from(
      { length: count },
      (_, index) => spoken(`no ${index}.`).messages,
    ).flat();
    await sendReply(Promise.resolve(spoken('', { messages })), COMMAND, delivery);
    expect(sent.length).toBeLessThanOrEqual(3);
    const said = JSON.stringify(sent);
    for (let index = 0; index < count; index += 1) expect(said).toContain(`no ${index}.`);
  });
});

describe('a Slack that does not take it', () => {
  it.each([
    { name: 'is asked again after a 500', outcomes: [500], texts: ['fine', 'fine'] },
    { name: 'is asked again after 429', outcomes: [429], texts: ['fine', 'fine'] },
    {
      name: 'is asked again after a lost connection',
      outcomes: [new Error('reset')],
      texts: ['fine', 'fine'],
    },
    { name: 'is asked three times', outcomes: [500, 500], texts: ['fine', 'fine', 'fine'] },
  ])('$name', async ({ outcomes, texts }) => {
    const { sent, delivery } = createParts(outcomes);
    await sendReply(Promise.resolve(spoken('fine')), COMMAND, delivery);
    expect(sent.map(({ text }) => text)).toEqual(texts);
    for (const payload of sent) expect(payload).toHaveProperty('blocks');
  });

  it('is asked again after a second, then after four', async () => {
    const { waited, delivery } = createParts([500, 500]);
    await sendReply(Promise.resolve(spoken('fine')), COMMAND, delivery);
    expect(waited).toEqual([2000, 1000, 4000]);
  });

  it.each([
    { name: 'by its status', outcomes: [400] },
    { name: 'by its body', outcomes: ['refused'] },
    { name: 'at the last try', outcomes: [500, 500, 400] },
  ] as const)('and refuses the blocks $name gets the plain line', async ({ outcomes }) => {
    const { sent, delivery } = createParts(outcomes);
    await sendReply(Promise.resolve(spoken('fine')), COMMAND, delivery);
    expect(sent).toHaveLength(outcomes.length + 1);
    expect(sent.at(-1)).toMatchObject({ text: 'fine' });
    expect(sent.at(-1)).not.toHaveProperty('blocks');
  });

  it('at all is in the log, and nothing is thrown', async () => {
    const { delivery, log } = createParts([404, 404]);
    await sendReply(Promise.resolve(spoken('fine')), COMMAND, delivery);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'error']);
  });

  it('is never asked more than five times in all', async () => {
    const { sent, delivery } = createParts(Array.from({ length: 20 }, () => 500));
    const messages = Array.from({ length: 3 }, () => spoken('fine').messages).flat();
    await sendReply(Promise.resolve(spoken('', { messages })), COMMAND, delivery);
    expect(sent.length).toBeLessThanOrEqual(5);
  });
});
