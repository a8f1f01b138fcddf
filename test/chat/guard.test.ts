import { describe, expect, it } from 'vitest';
import { createGuard } from '../../src/chat/guard.ts';
import type { Spans } from '../../src/chat/message.ts';
import { isAmong, isSamePerson } from '../../src/chat/people.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { createFakePeople } from './fake-people.ts';
import { createFakeLog } from './fake-subcommand.ts';

const standings = {
  U0ALICE: 'member',
  U0BOB: 'member',
  U0CAROL: 'member',
  W0ALICE: 'member',
  W0CAROL: 'member',
  U0GUEST: 'guest',
  U0BOT: 'bot',
  U0STRANGER: 'stranger',
  U0GONE: 'deactivated',
} as const;

const aliases = { U0BOB: ['W0BOB'], W0ALICE: ['U0ALICE'], U0CAROL: ['W0CAROL'] };

const groups = { S0ORG: ['W0BOB'], S0DBA: ['U0BOB', 'U0GUEST'], S0EMPTY: [] };

function createParts(operators: readonly string[]) {
  const log = createFakeLog();
  const people = createFakePeople({ standings, groups });
  return { log, guard: createGuard({ operators, people, log }) };
}

/** The whole refusal in words: ids stand for their mentions. */
function said(reply: Reply | null): string | null {
  if (reply === null) return null;
  const [message, ...others] = reply.messages;
  const [block, ...rest] = message?.blocks ?? [];
  if (block?.kind !== 'text' || others.length + rest.length > 0) throw new Error('not one line');
  return wordsOf(block.spans);
}

function wordsOf(spans: Spans): string {
  return spans.map((span) => ('text' in span ? span.text : 'id' in span ? span.id : '')).join('');
}

describe('who may use the bot', () => {
  it.each([
    { name: 'every full member, without OPERATORS', user: 'U0ALICE', operators: [] },
    { name: 'whom OPERATORS names', user: 'U0ALICE', operators: ['U0ALICE', 'S0DBA'] },
    { name: 'whom a group of OPERATORS holds', user: 'U0BOB', operators: ['U0ALICE', 'S0DBA'] },
    {
      name: 'who is named beside a group that cannot be read',
      user: 'U0ALICE',
      operators: ['S0SECRET', 'U0ALICE'],
    },
    {
      name: 'who is in one of two groups, the other one unreadable',
      user: 'U0BOB',
      operators: ['S0SECRET', 'S0DBA'],
    },
  ])('$name', async ({ user, operators }) => {
    const { guard, log } = createParts(operators);
    expect(await guard(user)).toBeNull();
    expect(log.lines).toEqual([]);
  });
});

describe('who may not', () => {
  it.each([
    { name: 'a guest', user: 'U0GUEST', says: 'guests' },
    { name: 'a bot', user: 'U0BOT', says: 'bots' },
    { name: 'a stranger', user: 'U0STRANGER', says: 'people of other workspaces' },
    { name: 'somebody deactivated', user: 'U0GONE', says: 'deactivated people' },
  ])('$name, whatever OPERATORS says', async ({ user, says }) => {
    expect(said(await createParts([]).guard(user))).toBe(
      `hostcache is for full members of this workspace; ${says} may not use it.`,
    );
    const named = await createParts([user, 'S0DBA']).guard(user);
    expect(said(named)).toBe(
      `hostcache is for operators who are full members of this workspace; ${says} may not use it.`,
    );
    expect(named).toMatchObject({ exit: 2, isPublic: false, rows: [] });
  });

  it('a member who is no operator is told who is', async () => {
    const { guard, log } = createParts(['U0BOB', 'S0DBA']);
    const reply = await guard('U0ALICE');
    const says = 'You may not use hostcache: you are not one of its operators.';
    expect(said(reply)).toBe(`${says} The operators are: U0BOB, S0DBA.`);
    expect(reply).toMatchObject({ exit: 2, isPublic: false, messages: [{ headline: says }] });
    expect(log.lines).toMatchObject([{ level: 'info', facts: { user: 'U0ALICE' } }]);
  });

  it('of many operators ten are named', async () => {
    const operators = Array.from({ length: 13 }, (_, index) => `U0OP${index}`);
    expect(said(await createParts(operators).guard('U0ALICE'))).toMatch(/, U0OP9 and 3 more\.$/);
  });

  it.each([
    { name: 'somebody who cannot be read', user: 'U0WHO', operators: [], why: 'users.info' },
    { name: 'somebody unreadable, named', user: 'U0WHO', operators: ['U0WHO'], why: 'users.info' },
    {
      name: 'a person whose group cannot be read',
      user: 'U0ALICE',
      operators: ['U0BOB', 'S0SECRET'],
      why: 'usergroups.users.list: missing_scope',
    },
    {
      name: 'who is in no group, one of them unreadable',
      user: 'U0ALICE',
      operators: ['S0EMPTY', 'S0SECRET'],
      why: 'missing_scope',
    },
  ])('$name', async ({ user, operators, why }) => {
    const { guard, log } = createParts(operators);
    const reply = await guard(user);
    expect(said(reply)).toMatch(/^You may not use hostcache now: .* Try again in a minute/);
    expect(said(reply)).toContain(why);
    expect(reply).toMatchObject({ exit: 3, isPublic: false });
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { user } }]);
  });
});

describe('isAmong', () => {
  const people = createFakePeople({ standings, aliases, groups });

  it.each([
    { ids: [], user: 'U0BOB', told: { known: true, value: false } },
    { ids: ['U0BOB'], user: 'U0BOB', told: { known: true, value: true } },
    { ids: ['U0BO'], user: 'U0BOB', told: { known: true, value: false } },
    { ids: ['S0DBA'], user: 'U0BOB', told: { known: true, value: true } },
    { ids: ['S0EMPTY'], user: 'U0BOB', told: { known: true, value: false } },
    { ids: ['W0BOB'], user: 'U0BOB', told: { known: true, value: true } },
    { ids: ['S0ORG'], user: 'U0BOB', told: { known: true, value: true } },
    { ids: ['W0ALICE'], user: 'U0ALICE', told: { known: true, value: true } },
    { ids: ['U0CAROL'], user: 'W0CAROL', told: { known: true, value: true } },
    { ids: ['W0CAROL', 'U0WHO'], user: 'U0BOB', told: { known: true, value: false } },
    { ids: ['U0BOB'], user: 'U0WHO', told: { known: false, why: 'users.info: no answer' } },
    {
      ids: ['S0SECRET'],
      user: 'U0BOB',
      told: { known: false, why: 'usergroups.users.list: missing_scope' },
    },
  ])('$user among $ids', async ({ ids, user, told }) => {
    expect(await isAmong(user, ids, people)).toEqual(told);
  });

  it.each([
    { one: 'U0BOB', other: 'U0BOB', same: true },
    { one: 'U0BOB', other: 'U0ALICE', same: false },
    { one: 'U0ALICE', other: 'W0ALICE', same: true },
    { one: 'W0ALICE', other: 'U0ALICE', same: true },
    { one: 'U0WHO', other: 'U0WHO', same: true },
    { one: 'U0WHO', other: 'U0ALICE', same: null },
    { one: 'U0ALICE', other: 'U0WHO', same: null },
  ])('$one and $other are one person: $same', async ({ one, other, same }) => {
    const told = await isSamePerson(one, other, people);
    expect(told.known ? told.value : null).toBe(same);
  });

  it('asks for no group where the id decides', async () => {
    const asked: string[] = [];
    const members = async (group: string) => {
      asked.push(group);
      return await people.members(group);
    };
    await isAmong('U0BOB', ['S0DBA', 'U0BOB'], { ...people, members });
    expect(asked).toEqual([]);
  });
});
