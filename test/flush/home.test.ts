import { expect, it } from 'vitest';
import type { Block } from '../../src/chat/message.ts';
import { createFlushHome } from '../../src/flush/home.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { pendingFlush } from '../scenarios/flush-requests.ts';

/** Whose App Home shows which request, by the rule that a click on Approve meets. */

const NOON = new Date('2026-07-01T12:00:00Z');

function request(id: string, change: Partial<FlushRequest> = {}): FlushRequest {
  return pendingFlush(NOON, { id, channel: 'C0DBA', ...change });
}

const GROUPS: Readonly<Record<string, readonly string[]>> = { S0DBAS: ['U0ALICE', 'U0BOB'] };

async function shown(viewer: string, open: readonly FlushRequest[]): Promise<string> {
  const { blocks } = createFlushHome({
    flushes: { open: async () => open },
    targets: [
      { server: { name: 'main' }, approvers: ['S0DBAS'] },
      { server: { name: 'blind' }, approvers: ['S0GONE'] },
    ],
    isSamePerson: async (one, other) => one === other,
    isAmong: async (user, [group = '']) => GROUPS[group]?.includes(user) ?? null,
    linkTo: async (id) => (id === 'FR-1' ? 'https://sandbox.example/p1' : null),
    now: () => NOON,
  });
  return (await blocks(viewer)).map(wordsOf).join('\n');
}

function wordsOf(block: Block): string {
  if (block.kind === 'buttons') return block.buttons.map(({ line }) => `[${line}]`).join(' ');
  return 'spans' in block
    ? block.spans.map((span) => ('text' in span ? span.text : span.kind)).join('')
    : '';
}

const PENDING = request('FR-1');

it.each([
  {
    name: 'an approver',
    viewer: 'U0BOB',
    has: /^Waiting for you:\nFR-1 .*\n.*\n\[approve FR-1\]$/,
  },
  {
    name: 'the requester',
    viewer: 'U0ALICE',
    has: /^No request is waiting for you\.\nYours: FR-1 flush main/,
  },
  {
    name: 'anybody else',
    viewer: 'U0EVE',
    has: /^No request is waiting for you\.\n1 more: see history\.$/,
  },
])('$name', async ({ viewer, has }) => {
  expect(await shown(viewer, [PENDING])).toMatch(has);
});

it.each([
  { name: 'expired', change: { expiresAt: NOON }, has: /^No request is waiting.*\n1 more: see/ },
  { name: 'running', change: { state: 'approved' }, has: /^No request is waiting.*\n1 more: see/ },
  {
    name: 'of a server that is gone',
    change: { server: 'old' },
    has: /^No request is waiting.*\n1 more: see/,
  },
  {
    name: 'of a group that is not to be read',
    change: { server: 'blind' },
    has: /could not be read/,
  },
] as const)('an approver, a request that is $name', async ({ change, has }) => {
  expect(await shown('U0BOB', [request('FR-1', change)])).toMatch(has);
});

it('none at all, and very many', async () => {
  expect(await shown('U0BOB', [])).toBe('No request is waiting for you.');
  const many = Array.from({ length: 300 }, (_, at) => request(`FR-${at}`));
  expect(await shown('U0BOB', many)).toContain('292 more: see history.');
});
