import { describe, expect, it } from 'vitest';
import { slackMessage } from '../../src/adapters/slack/blocks.ts';
import type { Message } from '../../src/chat/message.ts';
import { shorten } from '../../src/chat/words.ts';
import { cardMessage } from '../../src/flush/messages.ts';
import { cardPosts, editPost, endingOf } from '../../src/flush/posts.ts';
import {
  type ClientEffect,
  type FlushRequest,
  type FlushState,
  type Forecast,
  refusal,
} from '../../src/flush/request.ts';
import { asSentAt } from '../../src/outbox/deliver.ts';
import { identity, NO_EFFECT } from '../scenarios/flush-requests.ts';
import { NOW } from './app.ts';
import { expectSound } from './sound.ts';
import { addresses, LONG_ADDRESS, LONG_SERVER, WORDS, type Words } from './words.ts';

/** The card of a flush request in every state, its thread, and the refusals of a decision. */

const STATES: readonly FlushState[] = [
  'pending',
  'approved',
  'flushed',
  'failed',
  'uncertain',
  'rejected',
  'expired',
  'superseded',
];

const APPROVERS = ['U0BOB', 'S0DBAS'];
const PEOPLE = { people: ['U0ALICE', ...APPROVERS] };

function requestOf(words: Words, state: FlushState, change: Partial<FlushRequest> = {}) {
  const isOpen = state === 'pending' || state === 'approved';
  return {
    id: 'FR-1234567890',
    server: LONG_SERVER,
    reason: words.reason,
    requester: 'U0ALICE',
    requestedAt: NOW,
    expiresAt: NOW,
    cardAt: NOW,
    shown: {
      identity: identity({ hostname: words.says }),
      statement: 'TRUNCATE TABLE performance_schema.host_cache',
      entries: 65_536,
      blockedHosts: [LONG_ADDRESS, ...addresses(299)].map((address) => ({
        address,
        connectErrors: 4_294_967_296,
        looksLikeAttack: true,
      })),
      forecast: forecastOf(words),
    },
    channel: 'C0OPS',
    thread: null,
    state,
    decision:
      state === 'pending' || state === 'expired'
        ? null
        : { by: 'U0BOB', at: NOW, reason: words.reason, approvers: APPROVERS },
    outcome: isOpen ? null : words.says,
    changedAt: NOW,
    ...change,
  } satisfies FlushRequest;
}

/** Every effect, each with more clients than the card names. */
function forecastOf({ says }: Words): Forecast {
  const clients = [LONG_ADDRESS, ...addresses(299)].map(
    (address) => `${address} (as ${shorten(says)}, ${shorten(says)})`,
  );
  const effects = EFFECTS.map((effect) => ({ effect, clients, total: 2000 }));
  return { clients: 65_536, why: says, effects };
}

const EFFECTS: readonly ClientEffect['effect'][] = [
  'breaks',
  'breaks-without-dns',
  'cures',
  'unblocks',
  'changes-account',
  'cures-after-fix',
  'unknown',
];

function linesOf(message: Message): readonly string[] {
  const drawn = JSON.stringify(slackMessage(message).blocks);
  return [...drawn.matchAll(/"value":"([^"]*)"/g)].map(([, line = '']) => line);
}

describe.each(WORDS)('with $name words', (words) => {
  it.each(STATES)('%s', (state) => {
    const request = requestOf(words, state);
    const message = cardMessage(request, { approvers: APPROVERS });
    expectSound(message, PEOPLE);
    const content = { kind: 'root', message, deadline: { says: words.says, afterMs: 1 } } as const;
    expectSound(asSentAt(new Date(NOW.getTime() + 3_600_000), content, NOW), PEOPLE);
    const isPending = state === 'pending';
    expect(linesOf(message)).toEqual(
      isPending ? [`approve ${request.id}`, `reject ${request.id}`] : [],
    );
  });

  it.each(STATES)('%s, with nothing to tell', (state) => {
    const shown = { ...requestOf(words, state).shown, blockedHosts: [], forecast: NO_EFFECT };
    const none = requestOf(words, state, { shown: { ...shown, entries: null } });
    expectSound(cardMessage(none, { approvers: [] }), PEOPLE);
  });

  it('every post of its life', () => {
    const request = requestOf(words, 'pending');
    const card = { approvers: APPROVERS };
    const { posts } = endingOf(request, 'rejected', words.says, card, NOW);
    for (const { content } of [
      ...cardPosts(request, card, NOW),
      editPost(request, card, NOW),
      ...posts,
    ]) {
      if (content.kind !== 'file') expectSound(content.message, PEOPLE);
    }
  });

  it.each(STATES)('why a decision is refused: %s', (state) => {
    const request = requestOf(words, state, { expiresAt: new Date(NOW.getTime() + 1000) });
    const refused = [
      refusal(request, { isRequester: true, isApprover: true }, NOW),
      refusal(request, { isRequester: false, isApprover: false }, NOW),
      refusal(request, { isRequester: false, isApprover: null }, NOW),
      refusal(request, { isRequester: null, isApprover: true }, NOW),
      refusal(requestOf(words, state), { isRequester: false, isApprover: true }, NOW),
    ];
    for (const spans of refused) {
      expect(spans).not.toBeNull();
      expectSound({ headline: 'x', blocks: [{ kind: 'text', spans: spans ?? [] }] }, PEOPLE);
    }
  });
});

it.each(WORDS)(
  'however many may approve, some are told, and the buttons stand: $name words',
  (words) => {
    const approvers = Array.from({ length: 300 }, (_, at) => `U0PERSON${at}`);
    const message = cardMessage(requestOf(words, 'pending'), { approvers });
    expectSound(message, { people: ['U0ALICE', ...approvers] });
    expect(JSON.stringify(slackMessage(message).blocks)).toContain('"user_id":"U0PERSON0"');
    expect(linesOf(message)).toHaveLength(2);
  },
);
