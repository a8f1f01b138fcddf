import { describe, expect, it } from 'vitest';
import { type Block, type Button, plain } from '../../src/chat/message.ts';
import { cardMessage } from '../../src/flush/messages.ts';
import { cardPosts } from '../../src/flush/posts.ts';
import type { FlushState, Forecast, Shown } from '../../src/flush/request.ts';
import { NO_EFFECT, pendingFlush } from '../scenarios/flush-requests.ts';

/** What the card says of the clients before the flush, after it, and if none has run. */

const NOON = new Date('2026-11-20T12:00:00Z');
const CARD = { approvers: ['U0BOB'] };

function blocksOf(forecast: Forecast, state: FlushState = 'pending', change: Partial<Shown> = {}) {
  const { shown } = pendingFlush(NOON);
  const request = pendingFlush(NOON, { state, shown: { ...shown, forecast, ...change } });
  return cardMessage(request, CARD).blocks;
}

const wordsIn = (block: Block) => ('spans' in block ? plain(block.spans) : '');

/** Without its first lines: the heading, the state, and who may approve. */
const wordsOf = (...args: Parameters<typeof blocksOf>) =>
  blocksOf(...args)
    .map(wordsIn)
    .filter((words) => !/^($|FR-1|Waiting)/.test(words));

function approvalOf(forecast: Forecast): Button['confirm'] {
  const buttons = blocksOf(forecast).flatMap((block) =>
    block.kind === 'buttons' ? block.buttons : [],
  );
  return buttons.find(({ line }) => line.startsWith('approve'))?.confirm;
}

const LOST: Forecast = {
  clients: 26,
  why: null,
  effects: [
    { effect: 'cures-after-fix', clients: ['10.0.0.1', '10.0.0.2'], total: 25 },
    { effect: 'breaks', clients: ['192.0.2.7 (as jdoe)'], total: 1 },
  ],
};

const UNJUDGED: Forecast = {
  clients: 2502,
  why: null,
  effects: [{ effect: 'unknown', clients: ['10.0.0.1', '10.0.0.2'], total: 502 }],
};

describe('the top of a card', () => {
  it.each([
    { state: 'pending', sign: 'waiting', says: 'Approval needed' },
    { state: 'approved', sign: 'running', says: 'Approved, flushing' },
    { state: 'flushed', sign: 'done', says: 'Flushed' },
    { state: 'failed', sign: 'failed', says: 'Failed' },
    { state: 'uncertain', sign: 'uncertain', says: 'Uncertain, look at the server' },
    { state: 'rejected', sign: 'rejected', says: 'Rejected' },
    { state: 'expired', sign: 'expired', says: 'Expired' },
    { state: 'superseded', sign: 'replaced', says: 'Superseded' },
  ] as const)('is the state in words, with its sign: $state', ({ state, sign, says }) => {
    const [heading] = blocksOf(NO_EFFECT, state);
    expect(heading).toEqual({ kind: 'heading', text: `${says}: flush main`, sign });
  });

  it('names the clients that are locked out', () => {
    expect(wordsOf(LOST)[0]).toBe('The flush locks out: 192.0.2.7 (as jdoe).');
    expect(approvalOf(LOST)).toMatchObject({
      title: 'Flush the host cache?',
      text: expect.stringMatching(/^It locks out 1 client\. main forgets/),
    });
  });

  it('says how many were not judged, and approval asks about them', () => {
    expect(wordsOf(UNJUDGED)[0]).toBe(
      '502 of 2502 clients were not judged. The flush may lock them out, or change their accounts.',
    );
    expect(wordsOf(UNJUDGED)).toContainEqual(
      expect.stringContaining('The effect is unknown for: 10.0.0.1, 10.0.0.2 and 500 more.'),
    );
    expect(approvalOf(UNJUDGED)).toMatchObject({
      title: 'Flush without knowing the effect?',
      text: expect.stringMatching(/^502 of 2502 clients were not judged\. The flush may lock/),
    });
  });

  it('says why none was judged', () => {
    const none = { clients: null, why: 'no SELECT.', effects: [] };
    expect(wordsOf(none)[0]).toBe(
      'The clients were not judged. The flush may lock them out, or change their accounts. no SELECT.',
    );
    expect(approvalOf(none)?.title).toBe('Flush without knowing the effect?');
  });

  it('says nothing of clients if nobody is locked out', () => {
    expect(wordsOf(NO_EFFECT)[0]).toMatch(/^Reason: /);
    expect(approvalOf(NO_EFFECT)?.text).toMatch(/^main forgets/);
  });
});

describe('the tense', () => {
  const blockedHosts = [{ address: '10.0.0.9', connectErrors: 100, looksLikeAttack: false }];
  const told = (state: FlushState) =>
    wordsOf(LOST, state, { blockedHosts, entries: 26 }).join('\n');

  it.each<FlushState>(['pending', 'approved'])('%s: what it does', (state) => {
    for (const words of [
      'The flush locks out: 192.0.2.7',
      '26 entries are lost',
      'It leaves without a name until DNS is fixed: 10.0.0.1, 10.0.0.2 and 23 more.',
      'It frees 1 blocked host:',
      'If another host is blocked before the flush runs',
    ]) {
      expect(told(state)).toContain(words);
    }
  });

  it('flushed: what it did, and what was expected', () => {
    for (const words of [
      'The flush was expected to lock out: 192.0.2.7',
      '26 entries were lost',
      'It was expected to leave without a name until DNS is fixed: 10.0.0.1',
      'It freed 1 blocked host:',
    ]) {
      expect(told('flushed')).toContain(words);
    }
    expect(told('flushed')).not.toMatch(/locks|are lost|leaves|frees|before the flush/);
    expect(wordsOf(UNJUDGED, 'flushed')[0]).toContain(
      'The flush may have locked them out, or changed',
    );
    expect(wordsOf(NO_EFFECT, 'flushed')).toContain('No host was blocked.');
  });

  it.each<FlushState>(['failed', 'uncertain', 'rejected', 'expired', 'superseded'])(
    '%s: what it would do',
    (state) => {
      expect(told(state)).toContain('The flush would lock out: 192.0.2.7');
      expect(told(state)).toContain('26 entries would be lost');
      expect(told(state)).toContain('It would free 1 blocked host:');
    },
  );
});

it('a file in the thread has the clients that the card has no room for', () => {
  const clients = Array.from({ length: 21 }, (_, at) => `192.0.2.${at}`);
  const postsFor = (lost: readonly string[]) => {
    const effects = [{ effect: 'breaks', clients: lost, total: lost.length }] as const;
    const { shown } = pendingFlush(NOON);
    const forecast = { clients: 21, why: null, effects };
    return cardPosts(pendingFlush(NOON, { shown: { ...shown, forecast } }), CARD, NOON);
  };
  expect(postsFor(clients.slice(1)).map(({ content }) => content.kind)).toEqual(['root']);
  const [card, file] = postsFor(clients).map(({ content }) => content);
  expect(JSON.stringify(card)).toContain('192.0.2.19 and 1 more; the thread has all.');
  expect(file).toMatchObject({
    kind: 'file',
    name: 'FR-1-locked-out.csv',
    text: `locked out\n${clients.join('\n')}\n`,
  });
});
