import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { plain } from '../../src/chat/message.ts';
import { flushCommand } from '../../src/flush/ask.ts';
import { restoreCard, waitForCard } from '../../src/flush/card.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { FlushParts } from '../../src/flush/parts.ts';
import { cardPosts } from '../../src/flush/posts.ts';
import { type Bed, HOUR, NOON, openBed, request, seconds } from './bed.ts';

/** A card that is not posted, or was deleted: what the requester reads, and when the request ends. */

let bed: Bed;
let waitedMs: number;

beforeEach(async () => {
  bed = await openBed();
  waitedMs = 0;
});

afterEach(() => bed.close());

const unseen = () => request({ cardAt: null });
const parts = (given: Partial<FlushParts> = {}): FlushParts => ({
  ...bed.parts(),
  wait: async (ms) => {
    waitedMs += ms;
  },
  ...given,
});

async function add(): Promise<void> {
  await bed.state.flushes.add(unseen(), cardPosts(unseen(), bed.target(), NOON));
}

const stateOf = async () => (await bed.state.flushes.find('FR-1'))?.state;

async function refuse(isFinal: boolean): Promise<void> {
  const { outbox } = bed.state;
  await outbox.take('me', bed.now, seconds(9 * HOUR));
  const why = 'Slack refused to post to C1: not_in_channel.';
  if (isFinal) await outbox.refused('FR-1/card', why, bed.now);
  else await outbox.retry('FR-1/card', { dueAt: bed.now, mayBeSent: false, isAside: true, why });
}

describe('a requester', () => {
  it('waits for a card that comes, and no longer', async () => {
    await add();
    const wait = async (ms: number) => {
      waitedMs += ms;
      if (waitedMs === 600) await bed.state.outbox.sent('FR-1/card', '1.5', NOON);
    };
    expect(await waitForCard(unseen(), parts({ wait }))).toBeNull();
    expect(waitedMs).toBe(600);
  });

  it('reads after three seconds why it does not come', async () => {
    await add();
    await refuse(false);
    const why = plain((await waitForCard(unseen(), parts())) ?? []);
    expect(waitedMs).toBe(3000);
    expect(why).toMatch(
      /^Its card is not posted in C1 yet, so nobody can approve it: Slack refused .*: not_in_channel\. The card is posted when that is fixed, within a day/,
    );
  });

  it('reads it as the answer to flush, and again in place of a link', async () => {
    const caller = { kind: 'person', user: 'U0ALICE', channel: 'C1', thread: null } as const;
    const asked = { words: ['DNS', 'is', 'fixed'], line: 'DNS is fixed', options: {}, caller };
    const first = await flushCommand.run(asked, parts());
    expect(first.messages[0]?.headline).toBe(
      'FR-1: your request to flush main is stored, but its card is not posted yet.',
    );
    const again = await flushCommand.run(
      { ...asked, caller: { ...caller, user: 'U0BOB' } },
      parts(),
    );
    expect(JSON.stringify(again.messages)).toContain('Its card is not posted in ');
    expect(JSON.stringify(again.messages)).not.toContain('See its card');
  });
});

describe('a request without a card', () => {
  it('does not expire while the card may still be posted', async () => {
    await add();
    bed.now = seconds(HOUR);
    await refuse(false);
    await maintainRequests(parts());
    expect(await stateOf()).toBe('pending');
  });

  it('ends with the reason once the card is given up', async () => {
    await add();
    bed.now = seconds(25 * HOUR);
    await refuse(true);
    await maintainRequests(parts());
    expect(await bed.outcome()).toMatchObject({
      state: 'expired',
      outcome: 'Its card could not be posted: Slack refused to post to C1: not_in_channel.',
    });
  });
});

describe('a card that somebody deleted', () => {
  it('is posted again; the bot looks every half minute, whichever replica does', async () => {
    const stands = request();
    await bed.state.flushes.add(stands, []);
    let looks = 0;
    const isDeleted = async () => {
      looks += 1;
      return true;
    };
    const card = { approvers: ['U0BOB'] };
    for (const at of [0, 5, 29.999, 30, 59]) {
      bed.now = seconds(at);
      await restoreCard(stands, card, parts({ isDeleted }));
    }
    expect(looks).toBe(2);
    const [edit] = await bed.state.outbox.take('me', bed.now, seconds(90));
    expect(edit?.content).toMatchObject({ kind: 'edit', replacesDeleted: true });
  });
});
