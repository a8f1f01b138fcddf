import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/chat/message.ts';
import { retryAfterMs } from '../../src/outbox/channels.ts';
import type { Delivery } from '../../src/outbox/chat.ts';
import { asSentAt, deliver } from '../../src/outbox/deliver.ts';
import { createResults } from '../../src/outbox/results.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeChat } from '../fakes/chat.ts';
import { createMemoryOutboxStore } from '../fakes/outbox-store.ts';
import { post, QUEUED_AT, root } from './posts.ts';

const NOW = QUEUED_AT;
const why = 'no answer';

function inMs(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

describe('what follows', () => {
  const cases: readonly { name: string; delivery: Delivery; kept: object }[] = [
    { name: 'sent', delivery: { kind: 'sent', ts: '1.2' }, kept: { end: 'said' } },
    {
      name: 'refused for good',
      delivery: { kind: 'refused', why, code: 'not_in_channel', cause: 'content' },
      kept: { end: 'refused', why },
    },
    {
      name: 'a pause that Slack asks for is kept to the millisecond',
      delivery: { kind: 'retry', why: 'rate-limited', mayBeSent: false, afterMs: 7000 },
      kept: { end: null, dueAt: inMs(7000), wasBegun: false, why: 'rate-limited' },
    },
    {
      name: 'not sent',
      delivery: { kind: 'retry', why, mayBeSent: false, afterMs: null },
      kept: { end: null, dueAt: inMs(1000), wasBegun: false, why },
    },
    {
      name: 'perhaps sent: looked for later',
      delivery: { kind: 'retry', why, mayBeSent: true, afterMs: null },
      kept: { end: null, dueAt: inMs(1000), wasBegun: true, why },
    },
    {
      name: 'a rate-limited look stays perhaps sent, for as long as Slack asks',
      delivery: { kind: 'retry', why, mayBeSent: true, afterMs: 9000 },
      kept: { end: null, dueAt: inMs(9000), wasBegun: true, why },
    },
  ];

  it.each(cases)('$name', async ({ delivery, kept }) => {
    const store = createMemoryOutboxStore();
    store.save(post('1', root('3 blocked hosts')));
    const results = createResults(store, () => NOW, createFakeLog());
    const retryAt = inMs(retryAfterMs(delivery, 0, 1));
    await results.write({ id: '1', delivery, at: NOW, retryAt, heldUntil: inMs(30_000) });
    expect(store.kept).toMatchObject([kept]);
  });

  it.each([
    { faults: 0, chance: 0, waitMs: 500 },
    { faults: 1, chance: 1, waitMs: 2000 },
    { faults: 5, chance: 1, waitMs: 32_000 },
    { faults: 6, chance: 1, waitMs: 60_000 },
    { faults: 6, chance: 0, waitMs: 30_000 },
    { faults: 5000, chance: 1, waitMs: 60_000 },
  ])('waits $waitMs ms after $faults faults in a row', ({ faults, chance, waitMs }) => {
    const delivery = { kind: 'retry', why, mayBeSent: false, afterMs: null } as const;
    expect(retryAfterMs(delivery, faults, chance)).toBe(waitMs);
  });
});

describe('a post on its way', () => {
  const now = () => NOW;
  const begun = {
    ...post('1', root('3 blocked hosts')),
    attempts: 1,
    repeats: 0,
    wasBegun: true,
    root: null,
  };

  it('in other hands is not sent', async () => {
    const chat = createFakeChat({ now });
    const parts = { chat, begin: async () => false, now, log: createFakeLog() };
    expect(await deliver({ ...begun, wasBegun: false }, parts)).toBeNull();
    expect(chat.calls).toEqual([]);
  });

  it('that cannot be looked for now stays perhaps sent', async () => {
    const chat = createFakeChat({ now });
    chat.fail('C1', { kind: 'unsent' });
    const parts = { chat, begin: async () => true, now, log: createFakeLog() };
    const delivery = { kind: 'retry', why, mayBeSent: true, afterMs: null };
    expect(await deliver(begun, parts)).toEqual(delivery);
    expect(chat.calls).toEqual(['find 1']);
  });
});

describe('a delayed message', () => {
  it('says so, and of when it is', () => {
    const message = {
      headline: 'db-prod-1: 3 blocked hosts',
      blocks: [
        { kind: 'heading', text: '3 blocked hosts' },
        { kind: 'statement', text: 'FLUSH HOSTS' },
      ],
    } as const;
    const told = asSentAt(inMs(60_001), { kind: 'edit', message }, QUEUED_AT);
    expect(told.headline).toBe('db-prod-1: 3 blocked hosts (delayed)');
    expect(told.blocks.map(({ kind }) => kind)).toEqual(['heading', 'note', 'statement']);
    expect(told.blocks[1]).toMatchObject({
      spans: [{ text: 'Delayed: seen at ' }, { at: QUEUED_AT }, {}],
    });
  });

  it('within a minute stays as it is', () => {
    const message = sentence('fine');
    expect(asSentAt(inMs(60_000), { kind: 'edit', message }, QUEUED_AT)).toBe(message);
  });

  it('without blocks has the note', () => {
    const message = { headline: 'fine', blocks: [] };
    const told = asSentAt(inMs(90_000), { kind: 'edit', message }, QUEUED_AT);
    expect(told.blocks.map(({ kind }) => kind)).toEqual(['note']);
  });
});
