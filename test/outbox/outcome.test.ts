import { describe, expect, it } from 'vitest';
import { sentence } from '../../src/chat/message.ts';
import { asToldAt, type Carried } from '../../src/outbox/deliver.ts';
import { type Outcome, outcomeOf } from '../../src/outbox/outcome.ts';
import { QUEUED_AT } from './posts.ts';

const NOW = QUEUED_AT;
const why = 'no answer';

function inMs(ms: number): Date {
  return new Date(NOW.getTime() + ms);
}

describe('what follows', () => {
  const cases: readonly { name: string; carried: Carried; outcome: Outcome }[] = [
    {
      name: 'said',
      carried: { kind: 'sent', ts: '1.2' },
      outcome: { kind: 'sent', ts: '1.2', at: NOW },
    },
    {
      name: 'refused for good',
      carried: { kind: 'refused', why },
      outcome: { kind: 'refused', why, at: NOW },
    },
    { name: 'in other hands', carried: { kind: 'left' }, outcome: { kind: 'left' } },
    {
      name: 'a pause that Slack asks for is kept to the millisecond',
      carried: { kind: 'rate-limited', retryAfterMs: 7000 },
      outcome: { kind: 'later', dueAt: inMs(7000), wasBegun: false, why: 'rate-limited' },
    },
    {
      name: 'not said',
      carried: { kind: 'unsent', why },
      outcome: { kind: 'later', dueAt: inMs(1000), wasBegun: false, why },
    },
    {
      name: 'perhaps said: looked for later',
      carried: { kind: 'ambiguous', why },
      outcome: { kind: 'later', dueAt: inMs(1000), wasBegun: true, why },
    },
    {
      name: 'a look without an answer stays perhaps said',
      carried: { kind: 'unseen', why, retryAfterMs: null },
      outcome: { kind: 'later', dueAt: inMs(1000), wasBegun: true, why },
    },
    {
      name: 'a rate-limited look too, for as long as Slack asks',
      carried: { kind: 'unseen', why, retryAfterMs: 9000 },
      outcome: { kind: 'later', dueAt: inMs(9000), wasBegun: true, why },
    },
  ];

  it.each(cases)('$name', ({ carried, outcome }) => {
    expect(outcomeOf(carried, { now: NOW, faults: 0, chance: 1 })).toEqual(outcome);
  });

  it.each([
    { faults: 0, chance: 0, waitMs: 500 },
    { faults: 1, chance: 1, waitMs: 2000 },
    { faults: 5, chance: 1, waitMs: 32_000 },
    { faults: 6, chance: 1, waitMs: 60_000 },
    { faults: 6, chance: 0, waitMs: 30_000 },
    { faults: 5000, chance: 1, waitMs: 60_000 },
  ])('waits $waitMs ms after $faults faults in a row', ({ faults, chance, waitMs }) => {
    const outcome = outcomeOf({ kind: 'unsent', why }, { now: NOW, faults, chance });
    expect(outcome).toMatchObject({ dueAt: inMs(waitMs) });
  });
});

describe('a message told late', () => {
  it('says so, and of when it is', () => {
    const message = {
      headline: 'db-prod-1: 3 blocked hosts',
      blocks: [
        { kind: 'heading', text: '3 blocked hosts' },
        { kind: 'statement', text: 'FLUSH HOSTS' },
      ],
    } as const;
    const told = asToldAt(inMs(60_001), message, QUEUED_AT);
    expect(told.headline).toBe('db-prod-1: 3 blocked hosts (told late)');
    expect(told.blocks.map(({ kind }) => kind)).toEqual(['heading', 'note', 'statement']);
    expect(told.blocks[1]).toMatchObject({
      spans: [{ text: 'Told late: seen at ' }, { at: QUEUED_AT }, {}],
    });
  });

  it('within a minute stays as it is', () => {
    const message = sentence('fine');
    expect(asToldAt(inMs(60_000), message, QUEUED_AT)).toBe(message);
  });

  it('without blocks has the note', () => {
    const told = asToldAt(inMs(90_000), { headline: 'fine', blocks: [] }, QUEUED_AT);
    expect(told.blocks.map(({ kind }) => kind)).toEqual(['note']);
  });
});
