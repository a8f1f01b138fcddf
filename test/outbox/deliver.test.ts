import { expect, it } from 'vitest';
import { deliver } from '../../src/outbox/deliver.ts';
import type { PostContent, TakenPost } from '../../src/outbox/store.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createFakeChat } from '../fakes/chat.ts';
import { edit, file, post, QUEUED_AT, reply, root } from './posts.ts';

/** Where each kind of post goes: the channel, the thread of its root, or the thread of an alert. */

const ROOT = { channel: 'C1', ts: '7' };

async function delivered(content: PostContent, change: Partial<TakenPost> = {}) {
  const now = () => QUEUED_AT;
  const chat = createFakeChat({ now });
  const taken = {
    ...post('1', content),
    attempts: 0,
    repeats: 0,
    wasBegun: false,
    root: ROOT,
    ...change,
  };
  const delivery = await deliver(taken, {
    chat,
    begin: async () => true,
    now,
    log: createFakeLog(),
  });
  const [said] = chat.said;
  const { thread, isBroadcast, message } = said ?? {};
  return { delivery, calls: chat.calls, thread, isBroadcast, message };
}

it.each([
  {
    name: 'in place of one that was never posted, calls',
    root: null,
    isOpen: true,
    calls: ['U0BOB'],
  },
  { name: 'in place of a deleted one, calls nobody again', root: ROOT, isOpen: true, calls: [] },
  { name: 'of an alert that is over, calls nobody', root: null, isOpen: false, calls: [] },
])('a new root message $name', async ({ root: before, isOpen, calls }) => {
  const blocks = [{ kind: 'call', ids: ['U0BOB'] }] as const;
  const message = { headline: 'x', blocks };
  const content = {
    kind: 'edit',
    message,
    ...(isOpen && ({ replacesDeleted: true } as const)),
  } as const;
  const { message: posted } = await delivered(content, { root: before });
  const called = posted?.blocks.flatMap((block) => (block.kind === 'call' ? block.ids : []));
  expect(called).toEqual(calls);
});

it.each([
  { name: 'a root', content: root('x'), root: null, thread: null, isBroadcast: false },
  { name: 'a reply', content: reply('x'), root: ROOT, thread: '7', isBroadcast: false },
  {
    name: 'a reply for all',
    content: reply('x', true),
    root: ROOT,
    thread: '7',
    isBroadcast: true,
  },
  { name: 'a file', content: file('x'), root: ROOT, thread: '7', isBroadcast: false },
  {
    name: 'a root in the thread of an alert, which the channel shows too',
    content: { ...root('x'), thread: '3' },
    root: null,
    thread: '3',
    isBroadcast: true,
  },
  {
    name: 'such a root where its subject has a root message',
    content: { ...root('x'), thread: '3' },
    root: ROOT,
    thread: '3',
    isBroadcast: true,
  },
  {
    name: 'a reply in the thread of an alert',
    content: { ...reply('x'), thread: '3' },
    root: ROOT,
    thread: '3',
    isBroadcast: false,
  },
  {
    name: 'an edit without a root message',
    content: edit('x'),
    root: null,
    thread: null,
    isBroadcast: false,
  },
])('$name', async ({ content, root: of, thread, isBroadcast }) => {
  expect(await delivered(content, { root: of })).toMatchObject({ thread, isBroadcast });
});

it.each([
  { name: 'a reply', content: reply('x') },
  { name: 'a file', content: file('x') },
])('$name without a root message is refused, and nothing is called', async ({ content }) => {
  const refused = { kind: 'refused', code: 'no_root', cause: 'content' };
  expect(await delivered(content, { root: null })).toMatchObject({ delivery: refused, calls: [] });
});

it('an edit that was begun is made again without a search', async () => {
  expect((await delivered(edit('x'), { wasBegun: true })).calls).toEqual(['edit 7']);
});

it('a root in a channel is not put into the thread of its own root message', async () => {
  expect(await delivered(root('x'))).toMatchObject({ thread: null });
});
