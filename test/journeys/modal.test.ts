import { webApi } from '@slack/bolt';
import { afterEach, describe, expect, it } from 'vitest';
import type { Interaction } from '../../sandbox/slack/interaction.ts';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import type { View } from '../../sandbox/slack/view.ts';
import type { Ask, Request } from '../../src/chat/subcommand.ts';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { type Mode, type Stage, startBot } from './bot.ts';

/** A command that lacks something asks for it in a modal: typed and clicked, in both of Slack's ways to deliver. */

const DURATION: Ask = {
  name: 'for',
  label: 'For how long',
  max: 10,
  isOptional: false,
  keyword: 'for',
  initial: '4h',
};
const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };
const NOTE: Ask = { name: 'note', label: 'Why not', max: 300, isOptional: true };

const HOSTILE =
  'x<!channel> *pwn* <@U0BOB> \u202Egpj.exe\n\n<https://evil.example|click> ``` &lt; "it\'s" \\" \\';

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

/** `quieten` asks for two things, `turn-down` for what may stay empty, `card` shows a button of each. */
async function start(mode: Mode, operators: readonly string[] = []) {
  const quieten = {
    ...createFakeSubcommand('quieten', ['slack'], async ({ words }) =>
      spoken(`quiet now: ${words.join('|')}`),
    ),
    asks: ({ words }: Request) => (words.length < 4 ? [DURATION, REASON] : []),
  };
  const turnDown = {
    ...createFakeSubcommand('turn-down', ['slack'], async ({ words }) =>
      spoken(`turned down: ${words.join('|')}`),
    ),
    asks: ({ words }: Request) => (words.length < 2 ? [NOTE] : []),
  };
  const decide = createFakeSubcommand('decide', ['slack']);
  const buttons = [
    { label: 'Quieten…', line: 'quieten null-host', says: 'Quieten null-host' },
    { label: 'Turn down…', line: 'turn-down FR-1', says: 'Turn FR-1 down' },
  ];
  const messages = [{ headline: 'card', blocks: [{ kind: 'buttons', buttons }] }] as const;
  const card = createFakeSubcommand('card', ['slack'], async ({ words }) =>
    spoken('', { messages, isPublic: words[0] === 'publicly' }),
  );
  const on = await startBot(mode, {}, [quieten, turnDown, decide, card], operators);
  stage = on;
  const bob = on.peer.workspace.addUser({ name: 'bob' }).id;
  on.peer.workspace.changeChannel(on.ops, { members: [on.alice, bob] });
  return { ...on, bob, quieten, turnDown, decide };
}

/** Everything that Slack would not have taken, and everything that somebody saw fail. */
function troubles({ peer }: Stage): readonly unknown[] {
  return [...peer.refusals, ...peer.failures, ...peer.ignored];
}

/** The card as a public message of the channel. */
async function postedCard(on: Stage) {
  await on.peer.command(on.alice, on.ops, '/hostcache card publicly');
  const [posted] = await on.peer.workspace.until(() => {
    const roots = on.peer.workspace.roots(on.ops);
    return roots.length > 0 && roots;
  });
  if (posted === undefined) throw new Error('expected a card');
  return posted;
}

/** The submission as it went out, with another line or other fields in the modal's metadata. */
function forged({ delivery }: Interaction, change: Readonly<Record<string, unknown>>): object {
  // Every submission of the peer is of this kind.
  const payload = delivery.payload as { readonly view: { readonly private_metadata: string } };
  const { view } = payload;
  const lacking: unknown = { ...JSON.parse(view.private_metadata), ...change };
  return { ...payload, view: { ...view, private_metadata: JSON.stringify(lacking) } };
}

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it('a typed line is asked for the rest, and runs with the answers', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    expect(asked.acknowledgedMs).toBeLessThan(1000);
    const view = await asked.opened();
    expect(plainText(view)).toContain('/hostcache quieten null-host');
    expect(on.quieten.asked).toEqual([]);
    const submission = await on.peer.submit(on.alice, view.id, { Why: 'the scanner is ours' });
    expect(submission.failure).toBeNull();
    const answer = await asked.answer(/quiet now/);
    expect(answer).toMatchObject({ isPrivate: true, replaced: false });
    expect(answer.text).toBe('quiet now: null-host|for|4h|the scanner is ours');
    expect(on.peer.workspace.modalsOf(on.alice)).toEqual([]);
    const caller = { kind: 'person', user: on.alice, channel: on.ops, thread: null };
    expect(on.quieten.asked.map((request) => request.caller)).toEqual([caller]);
    expect(troubles(on)).toEqual([]);
  });

  it('a complete line opens nothing', async () => {
    const on = await start(mode);
    const line = '/hostcache quieten null-host for 2h "it is ours"';
    const asked = await on.peer.command(on.alice, on.ops, line);
    expect((await asked.answer()).text).toBe('quiet now: null-host|for|2h|it is ours');
    expect(asked.modal).toBeNull();
  });

  it('blanks alone are refused in the modal, which stays', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const { id } = await asked.opened();
    await on.peer.submit(on.alice, id, { reason: ' \n\t ', for: ' ' });
    const errors = 'Expected some text, got blanks only.';
    expect(on.peer.workspace.modals.get(id)?.errors).toEqual({ reason: errors, for: errors });
    expect(on.quieten.asked).toEqual([]);
    await on.peer.submit(on.alice, id, { reason: 'so', for: '1h' });
    expect((await asked.answer()).text).toBe('quiet now: null-host|for|1h|so');
    expect(troubles(on)).toEqual([]);
  });

  it('what may stay empty is left out', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache turn-down FR-1');
    const { id } = await asked.opened();
    await on.peer.submit(on.alice, id);
    expect((await asked.answer()).text).toBe('turned down: FR-1');
    expect(troubles(on)).toEqual([]);
  });

  it('a cancel does nothing', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const { id } = await asked.opened();
    expect(await on.peer.dismiss(on.alice, id)).toBeNull();
    expect(await asked.settled()).toEqual([]);
    expect(on.quieten.asked).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { name: 'markup, both quotes, lines', reason: HOSTILE },
    { name: '300 characters', reason: `"${"' ".repeat(149)}"` },
    { name: 'words of a command', reason: 'on main for 30d publicly' },
  ])('an answer of $name arrives as it was typed', async ({ reason }) => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, "/hostcache quieten 'null-host");
    const { id } = await asked.opened();
    await on.peer.submit(on.alice, id, { reason });
    const { shown } = await asked.answer();
    expect(on.quieten.asked.map(({ words }) => words)).toEqual([
      ["'null-host", 'for', '4h', reason],
    ]);
    expect(activesOf(shown).filter(({ isAuto }) => !isAuto)).toEqual([]);
    expect(on.peer.workspace.broadcasts).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('a click is asked too, and keeps the channel and the thread it was made in', async () => {
    const on = await start(mode);
    const posted = await postedCard(on);
    const click = await on.peer.click(on.bob, posted, { text: 'Quieten…' });
    const view = await click.opened();
    await on.peer.submit(on.bob, view.id, { reason: 'so' });
    expect(await click.answer()).toMatchObject({ isPrivate: true, replaced: false });
    expect(on.quieten.asked.map(({ caller }) => caller)).toEqual([
      { kind: 'person', user: on.bob, channel: on.ops, thread: posted.ts, isClick: true },
    ]);
    expect(on.peer.workspace.message(on.ops, posted.ts)).toEqual(posted);
    expect(on.peer.workspace.ephemeralsFor(on.alice)).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('a click on a reply belongs to the thread, and is answered there', async () => {
    const on = await start(mode);
    const root = await postedCard(on);
    const client = new webApi.WebClient(on.peer.botToken, { slackApiUrl: on.peer.apiUrl });
    const sent = { channel: on.ops, thread_ts: root.ts, text: 'card', blocks: root.blocks };
    // It tells where the message stands.
    const { ts } = (await client.apiCall('chat.postMessage', sent)) as { readonly ts?: string };
    const place = { channel: on.ops, ts: ts ?? '' };
    const click = await on.peer.click(on.bob, place, { text: 'Turn down…' });
    const view = await click.opened();
    await on.peer.submit(on.bob, view.id);
    expect((await click.answer()).shown).toMatchObject({ threadTs: root.ts });
    expect(on.turnDown.asked.map(({ caller }) => caller)).toMatchObject([{ thread: root.ts }]);
    expect(troubles(on)).toEqual([]);
  });

  it('a click on a private answer is asked too', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache card');
    const { shown } = await asked.answer();
    if (shown.kind !== 'ephemeral') throw new Error('expected a private answer');
    const click = await on.peer.click(on.alice, shown, { text: 'Turn down…' });
    const view = await click.opened();
    await on.peer.submit(on.alice, view.id, { note: 'later' });
    expect((await click.answer()).text).toBe('turned down: FR-1|later');
    expect(on.turnDown.asked.map(({ caller }) => caller)).toMatchObject([{ thread: null }]);
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { name: 'its trigger has expired', fault: { kind: 'refusal', error: 'expired_trigger_id' } },
    { name: 'Slack stumbles', fault: { kind: 'http-error', status: 500, when: 'before' } },
    { name: 'Slack says to wait', fault: { kind: 'rate-limited', retryAfterS: 30 } },
    { name: 'the line is cut', fault: { kind: 'reset', when: 'before' } },
  ] as const)('where $name, a private line says what to type', async ({ fault }) => {
    const on = await start(mode);
    on.peer.fail({ method: 'views.open', fault, times: 1 });
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const answer = await asked.answer(2000);
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toContain('/hostcache quieten null-host for 4h <reason>');
    expect(on.quieten.asked).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('a line too long for a modal is refused in one line', async () => {
    const on = await start(mode);
    const line = `/hostcache quieten ${'l'.repeat(3980)}`;
    const asked = await on.peer.command(on.alice, on.ops, line);
    expect((await asked.answer()).text).toMatch(/^This line of 3988 characters is too long/);
    expect(asked.modal).toBeNull();
    expect(troubles(on)).toEqual([]);
  });

  it('where the response_url is used up, the answer is whispered', async () => {
    const on = await start(mode);
    const posted = await postedCard(on);
    const click = await on.peer.click(on.bob, posted, { text: 'Turn down…' });
    const view = await click.opened();
    for (const use of [1, 2, 3, 4, 5]) {
      const body = JSON.stringify({ text: `use ${use}`, replace_original: false });
      const headers = { 'content-type': 'application/json' };
      await fetch(click.responseUrl ?? '', { method: 'POST', headers, body });
    }
    await on.peer.submit(on.bob, view.id);
    const whispered = await on.peer.workspace.until(() =>
      on.peer.workspace.ephemeralsFor(on.bob).find((one) => /turned down/.test(plainText(one))),
    );
    expect(whispered.channel).toBe(on.ops);
    expect(on.peer.refusals).toMatchObject([{ method: 'response_url', error: 'used_url' }]);
  });
});

describe.each<Mode>(['socket', 'http'])('a forged submission in %s mode', (mode) => {
  async function submitted(on: Awaited<ReturnType<typeof start>>) {
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const view: View = await asked.opened();
    const submission = await on.peer.submit(on.alice, view.id, { reason: 'so' });
    await asked.answer();
    return submission;
  }

  it('of another person runs as that person, and answers that person', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = { ...forged(submission, {}), user: { id: on.bob } };
    await on.peer.forge(on.bob, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    await until(() => ephemeralsFor(on.bob).length > 0);
    expect(on.quieten.asked.map(({ caller }) => caller)).toMatchObject([
      { user: on.alice },
      { user: on.bob },
    ]);
    expect(ephemeralsFor(on.alice)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('of somebody who may not use the bot is refused', async () => {
    const on = await start(mode, ['U0ALICE']);
    const submission = await submitted(on);
    const payload = { ...forged(submission, {}), user: { id: on.bob } };
    await on.peer.forge(on.bob, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    const said = await until(() => ephemeralsFor(on.bob)[0]);
    expect(plainText(said)).toMatch(/^You may not use hostcache/);
    expect(on.quieten.asked).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('with another line is that line, typed: it counts as no click', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = forged(submission, { line: 'decide FR-1', isClick: true });
    await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until } = on.peer.workspace;
    await until(() => ephemeralsFor(on.alice).length > 1);
    const caller = { kind: 'person', user: on.alice, channel: on.ops, thread: null };
    expect(on.decide.asked).toEqual([{ words: ['FR-1'], line: 'FR-1', options: {}, caller }]);
    expect(troubles(on)).toEqual([]);
  });

  it('with a line that is none is told so', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    const payload = forged(submission, { line: '<!channel> drop' });
    await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    const { ephemeralsFor, until, broadcasts } = on.peer.workspace;
    const said = await until(() =>
      ephemeralsFor(on.alice).find((one) => /neither a client/.test(plainText(one))),
    );
    expect(activesOf(said).filter(({ isAuto }) => !isAuto)).toEqual([]);
    expect(broadcasts).toEqual([]);
  });

  it('with no metadata of ours closes, does nothing, and is logged', async () => {
    const on = await start(mode);
    const submission = await submitted(on);
    // Every submission of the peer is of this kind.
    const { view, ...rest } = submission.delivery.payload as { readonly view: object };
    const payload = { ...rest, view: { ...view, private_metadata: '{"line":1}' } };
    const forgery = await on.peer.forge(on.alice, on.ops, () => ({ type: 'interactive', payload }));
    expect(forgery.failure).toBeNull();
    expect(on.quieten.asked).toHaveLength(1);
    expect(on.logged).toContainEqual(
      expect.objectContaining({ message: 'a form came back that is none of ours' }),
    );
  });
});
