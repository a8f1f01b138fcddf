import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Message, plain } from '../../src/chat/message.ts';
import type { Caller, Request } from '../../src/chat/subcommand.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { flushCommand } from '../../src/flush/ask.ts';
import { rejectCommand } from '../../src/flush/decide.ts';
import { cardMessage } from '../../src/flush/messages.ts';
import type { FlushParts, FlushTarget } from '../../src/flush/parts.ts';
import { type Bed, openBed, request, STATEMENT } from './bed.ts';

/** What the forms say, and who can approve: everybody in APPROVERS but the requester. */

let bed: Bed;

beforeEach(async () => {
  bed = await openBed();
});

afterEach(() => bed.close());

const caller: Caller = {
  kind: 'person',
  user: 'U0ALICE',
  channel: 'C1',
  thread: null,
  isClick: true,
};

function asked(...words: string[]): Request {
  return { words, line: words.join(' '), options: {}, caller };
}

/** The texts, one a line; mentions as `@U0BOB`. */
function textOf({ blocks }: Pick<Message, 'blocks'>): string {
  const texts = blocks.map((block) => {
    if (block.kind === 'statement') return block.text;
    if (!('spans' in block)) return '';
    return block.spans
      .map((span) => (span.kind === 'user' ? `@${span.id}` : plain([span])))
      .join('');
  });
  return texts.join('\n');
}

function partsWith(change: Partial<FlushTarget>, more: Partial<FlushParts> = {}): FlushParts {
  return { ...bed.parts([{ ...bed.target(), ...change }]), ...more };
}

describe('the form of a flush', () => {
  async function shown(change: Partial<FlushTarget> = {}, more: Partial<FlushParts> = {}) {
    const form = flushCommand.form?.(asked(), partsWith(change, more));
    if (form === undefined) throw new Error('expected a form');
    return { ...form, text: textOf({ blocks: await form.blocks() }) };
  }

  it('does not wait for the requester under another id', async () => {
    const isSamePerson: FlushParts['isSamePerson'] = async (one, other) =>
      one.slice(1) === other.slice(1);
    const { text } = await shown({ approvers: ['W0ALICE', 'U0BOB'] }, { isSamePerson });
    expect(text).toContain('Who can approve: @U0BOB.');
  });

  it('says what is emptied, by which statement, and who can approve', async () => {
    const { title, submit, text } = await shown({ approvers: ['U0ALICE', 'U0BOB', 'S0DBAS'] });
    expect([title, submit]).toEqual(['Request a flush', 'Request flush']);
    expect(text).toContain('the host cache of main is emptied');
    expect(text).toContain(`\n${STATEMENT};\n`);
    expect(text).toContain('Who can approve: @U0BOB @S0DBAS. You cannot approve your own request.');
    expect(text).not.toContain('U0ALICE');
  });

  it('says less if the server does not answer', async () => {
    const { server } = bed.target();
    const settings = () => Promise.reject(createUnreadable('main does not answer.'));
    const { text } = await shown({ server: { ...server, settings } });
    expect(text).toContain('the host cache of main is emptied');
    expect(text).not.toContain(STATEMENT);
  });
});

describe('the form of a rejection', () => {
  it('names the request, and says who asked and why', async () => {
    await bed.state.flushes.add(request({ id: 'FR-1' }), []);
    const form = rejectCommand.form?.(asked('fr-1'), bed.parts());
    const text = textOf({ blocks: (await form?.blocks()) ?? [] });
    expect(form).toMatchObject({ title: 'Reject FR-1', submit: 'Reject' });
    const { requester, reason } = request();
    expect(text).toContain('Nothing is flushed.');
    expect(text).toContain(`a flush of main, by @${requester}\nReason: ${reason}`);
  });
});

describe('the card', () => {
  it.each([
    {
      name: 'the requester and others',
      approvers: ['U0ALICE', 'U0BOB', 'S0DBAS'],
      says: 'Waiting for one of @U0BOB @S0DBAS. The requester cannot approve.',
    },
    {
      name: 'the requester alone',
      approvers: ['U0ALICE'],
      says: 'Nobody can approve: the requester is the only one in APPROVERS.',
    },
    { name: 'nobody', approvers: [], says: 'Nobody can approve: APPROVERS is empty.' },
  ])('mentions those who can approve: $name', ({ approvers, says }) => {
    const card = cardMessage(request({ requester: 'U0ALICE' }), { approvers });
    expect(textOf(card).split('\n')).toContain(says);
  });
});

describe('a request that nobody else could approve', () => {
  const members = (...ids: string[]) => ({ membersOf: async () => ids });

  it.each<{ name: string; approvers: string[]; more?: Partial<FlushParts>; isAlone: boolean }>([
    { name: 'the requester alone', approvers: ['U0ALICE'], isAlone: true },
    { name: 'another person', approvers: ['U0ALICE', 'U0BOB'], isAlone: false },
    {
      name: 'a group of the requester alone',
      approvers: ['S0DBAS'],
      more: members('U0ALICE'),
      isAlone: true,
    },
    {
      name: 'a group with others',
      approvers: ['U0ALICE', 'S0DBAS'],
      more: members('U0ALICE', 'U0BOB'),
      isAlone: false,
    },
    {
      name: 'a group that cannot be read',
      approvers: ['S0DBAS'],
      more: { membersOf: async () => null },
      isAlone: false,
    },
  ])('$name', async ({ approvers, more = {}, isAlone }) => {
    const parts = partsWith({ approvers }, more);
    const refused = await flushCommand.refusal?.(asked('the', 'probe'), parts);
    const { messages, exit } = await flushCommand.run(asked('the', 'probe'), parts);
    const says = 'Nobody else may approve a flush of main: you are the only one in APPROVERS.';
    expect(refused?.messages[0]?.headline.startsWith(says) ?? false).toBe(isAlone);
    expect(messages[0]?.headline.startsWith(says)).toBe(isAlone);
    expect([exit, await bed.state.flushes.openOn('main')]).toEqual(
      isAlone ? [2, null] : [0, expect.objectContaining({ requester: 'U0ALICE' })],
    );
  });

  it('is told of an open request that this person can approve', async () => {
    await bed.state.flushes.add(request({ requester: 'U0BOB' }), []);
    const parts = partsWith({ approvers: ['U0ALICE'] });
    const { messages } = await flushCommand.run(asked('the', 'probe'), parts);
    expect(messages[0]?.headline).toContain('already requests a flush of main');
  });
});
