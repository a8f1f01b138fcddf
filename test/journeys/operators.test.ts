import { afterEach, describe, expect, it } from 'vitest';
import type { UserDraft } from '../../sandbox/slack/furnish.ts';
import { activesOf } from '../../sandbox/slack/shown.ts';
import type { Subcommand } from '../../src/chat/subcommand.ts';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { type Mode, type Stage, startBot } from './bot.ts';

/** OPERATORS, for people who may use the bot and people who may not. */

const CLIENT = '240.221.242.64';

const LINES = [
  '',
  'help',
  'help why',
  `why ${CLIENT}`,
  `why ${CLIENT} publicly`,
  CLIENT,
  'accounts',
  'audit',
  'pending',
  'explain Host is blocked',
  'flush on main DNS is fixed',
  'flush on main',
  'wyh',
  'tick',
];

const tick = createFakeSubcommand('tick', ['slack'], async () => {
  const buttons = [{ label: 'Again', line: 'tick', says: 'Tick again' }];
  const message = { headline: 'tick', blocks: [{ kind: 'buttons', buttons }] } as const;
  return spoken('', { messages: [message], isPublic: true });
});

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
  tick.asked.length = 0;
});

/** A bot with a user group that contains bob, and one more person. */
async function start(
  operators: readonly string[],
  draft: UserDraft,
  mode: Mode = 'socket',
  also: readonly Subcommand[] = [tick],
) {
  const on = await startBot(mode, {}, also, operators);
  stage = on;
  const { workspace } = on.peer;
  const bob = workspace.addUser({ name: 'bob' }).id;
  workspace.addUserGroup({ handle: 'dba', members: [bob] });
  const other = workspace.addUser(draft).id;
  workspace.changeChannel(on.ops, { members: [on.alice, bob, other] });
  return { ...on, workspace, bob, other };
}

const REFUSED: readonly {
  readonly name: string;
  readonly draft: UserDraft;
  readonly operators: readonly string[];
  readonly says: RegExp;
}[] = [
  { name: 'a guest', draft: { name: 'x', isRestricted: true }, operators: [], says: /guests/ },
  {
    name: 'a single-channel guest',
    draft: { name: 'x', isUltraRestricted: true },
    operators: ['U0X'],
    says: /guests/,
  },
  { name: 'a bot', draft: { name: 'x', isBot: true }, operators: [], says: /bots/ },
  {
    name: 'a stranger of Slack Connect',
    draft: { name: 'x', isStranger: true },
    operators: [],
    says: /people of other workspaces/,
  },
  {
    name: 'somebody deactivated',
    draft: { name: 'x', deleted: true },
    operators: [],
    says: /deactivated people/,
  },
  {
    name: 'a member who is no operator',
    draft: { name: 'x' },
    operators: ['U0ALICE', 'S0DBA'],
    says: /The operators are: @U0ALICE, @S0DBA\./,
  },
  {
    name: 'a member before a group that is none',
    draft: { name: 'x' },
    operators: ['S0NONE'],
    says: /no_such_subteam/,
  },
];

describe.each(REFUSED)('$name', ({ draft, operators, says }) => {
  it('gets one private line from every command, and nothing else happens', async () => {
    const { peer, workspace, other, ops } = await start(operators, draft);
    for (const line of LINES) {
      const asked = await peer.command(other, ops, `/hostcache ${line}`);
      const answer = await asked.answer();
      expect(answer).toMatchObject({ isPrivate: true });
      expect(answer.text).toMatch(says);
      expect(answer.text).not.toMatch(/main|240\.|jdoe|merp|subcommand/);
    }
    expect(workspace.ephemeralsFor(other)).toHaveLength(LINES.length);
    expect(workspace.messages).toEqual([]);
    expect(workspace.modals.size).toBe(0);
    expect(tick.asked).toEqual([]);
    expect([...peer.failures, ...peer.ignored]).toEqual([]);
  });

  it('gets it from every click, and the message stays', async () => {
    const { peer, workspace, bob, other, ops } = await start([...operators, 'U0BOB'], draft);
    await peer.command(bob, ops, '/hostcache tick');
    const posted = await workspace.until(() => workspace.roots(ops)[0]);
    for (const forgedValue of [undefined, `why ${CLIENT} publicly`, 'flush on main', 'help']) {
      const options = forgedValue === undefined ? {} : { forgedValue };
      const click = await peer.click(other, posted, { text: 'Again' }, options);
      expect(await click.answer()).toMatchObject({ isPrivate: true, replaced: false });
    }
    expect(workspace.message(ops, posted.ts)).toEqual(posted);
    expect(workspace.roots(ops)).toHaveLength(1);
    expect(workspace.modals.size).toBe(0);
    expect(tick.asked).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each<Mode>(['socket', 'http'])(
    'in %s mode is acknowledged before it is said',
    async (mode) => {
      const { peer, other, ops } = await start([], { name: 'x', isRestricted: true }, mode);
      const asked = await peer.command(other, ops, '/hostcache help');
      expect(asked).toMatchObject({ failure: null, answers: [] });
      expect((await asked.answer()).text).toMatch(/guests/);
      expect([...peer.refusals, ...peer.failures]).toEqual([]);
    },
  );

  it('mentions people and groups by id, and nobody else', async () => {
    const { peer, other, ops } = await start(['U0ALICE', 'S0DBA'], { name: 'x' });
    const asked = await peer.command(other, ops, '/hostcache help');
    const { shown } = await asked.answer();
    const mentioned = activesOf(shown).map(({ kind, target }) => `${kind} ${target}`);
    expect(mentioned.sort()).toEqual(['group S0DBA', 'user U0ALICE']);
  });
});

describe('who may', () => {
  it.each([
    { name: 'any member, without OPERATORS', operators: [], who: 'bob' },
    { name: 'an operator by id', operators: ['U0ALICE'], who: 'alice' },
    { name: 'an operator by group', operators: ['S0DBA'], who: 'bob' },
  ] as const)('$name is answered', async ({ operators, who }) => {
    const on = await start(operators, { name: 'x' });
    const asked = await on.peer.command(on[who], on.ops, `/hostcache why ${CLIENT}`);
    expect((await asked.answer(/240/)).text).toContain(CLIENT);
    expect([...on.peer.refusals, ...on.peer.failures, ...on.peer.ignored]).toEqual([]);
  });
});

describe('a form', () => {
  const reason = { name: 'reason', label: 'Why?', max: 100, isOptional: false };
  const asking = { ...createFakeSubcommand('wish', ['slack']), asks: () => [reason] };

  it.each([
    { name: 'opens for an operator', operators: ['S0DBA'], modals: 1 },
    { name: 'stays shut for others', operators: ['U0ALICE'], modals: 0 },
  ])('$name', async ({ operators, modals }) => {
    const { peer, workspace, bob, ops } = await start(operators, { name: 'x' }, 'socket', [asking]);
    const asked = await peer.command(bob, ops, '/hostcache wish');
    if (modals === 0) expect((await asked.answer()).text).toMatch(/You may not use hostcache/);
    else await workspace.until(() => workspace.modals.size > 0);
    expect(workspace.modals.size).toBe(modals);
  });
});

describe('while Slack does not say who somebody is', () => {
  const fault = { kind: 'http-error', status: 503, when: 'before' } as const;

  it.each([
    { name: 'somebody', method: 'users.info', operators: [] },
    { name: 'an operator by group', method: 'usergroups.users.list', operators: ['S0DBA'] },
  ])('$name is refused, and answered when it says so again', async ({ method, operators }) => {
    const { peer, bob, ops } = await start(operators, { name: 'x' });
    const { stop } = peer.fail({ method, fault });
    const refused = await peer.command(bob, ops, '/hostcache tick');
    expect((await refused.answer()).text).toMatch(/You may not use hostcache now/);
    expect(tick.asked).toEqual([]);
    stop();
    const asked = await peer.command(bob, ops, `/hostcache why ${CLIENT}`);
    expect((await asked.answer(/240/)).text).toContain(CLIENT);
  });
});
