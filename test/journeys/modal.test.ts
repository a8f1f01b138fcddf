import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import { askingInEachTest, postedCard, troubles } from './asking-bot.ts';
import type { Mode } from './bot.ts';

/** A command with missing arguments asks for them in a modal: typed and clicked, in socket and in HTTP mode. */

const HOSTILE =
  'x<!channel> *pwn* <@U0BOB> \u202Egpj.exe\n\n<https://evil.example|click> ``` &lt; "it\'s" \\" \\';

const start = askingInEachTest();

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it('a typed line is asked for the rest, and runs with the answers', async () => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    expect(asked.failure).toBeNull();
    const view = await asked.opened();
    expect(plainText(view)).toContain('/hostcache quieten null-host');
    expect(on.quieten.asked).toEqual([]);
    const submission = await on.peer.submit(on.alice, view.id, { Why: 'the scanner is ours' });
    expect(submission.failure).toBeNull();
    const answer = await asked.answer(/quiet now/);
    expect(answer).toMatchObject({ isPrivate: true, replaced: false });
    expect(answer.text).toBe('quiet now: null-host|for|4h|the scanner is ours');
    expect(on.peer.workspace.modalsOf(on.alice)).toEqual([]);
    const occasion = expect.any(String);
    const caller = { kind: 'person', user: on.alice, channel: on.ops, thread: null, occasion };
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
    // Any effect of it would come before this answer.
    await (await on.peer.command(on.alice, on.ops, '/hostcache help')).answer();
    expect(asked.answers).toEqual([]);
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
      {
        kind: 'person',
        user: on.bob,
        channel: on.ops,
        thread: posted.ts,
        isClick: true,
        occasion: expect.any(String),
      },
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
    // The answer contains the ts of the message.
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
    const answer = await asked.answer();
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toContain('/hostcache quieten null-host for 4h <reason>');
    expect(on.quieten.asked).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('a Slack slow to say who asks costs no form, and is asked again when it is submitted', async () => {
    // The placeholder is due before Slack answers.
    const on = await start(mode, [], { patience: Promise.resolve(), peopleMs: 1000 });
    const fault = { kind: 'silence', when: 'before' } as const;
    const slowness = on.peer.fail({ method: 'users.info', fault });
    const asked = await on.peer.command(on.alice, on.ops, '/hostcache quieten null-host');
    const { id } = await asked.opened();
    slowness.stop();
    on.peer.workspace.changeUser(on.alice, { deleted: true });
    await on.peer.submit(on.alice, id, { reason: 'so' });
    expect((await asked.answer(/may not use/)).isPrivate).toBe(true);
    expect(on.quieten.asked).toEqual([]);
  });

  it('a line too long for a modal is refused in one line', async () => {
    const on = await start(mode);
    const line = `/hostcache quieten ${'l'.repeat(3980)}`;
    const asked = await on.peer.command(on.alice, on.ops, line);
    expect((await asked.answer()).text).toMatch(/^This line of 3988 characters is too long/);
    expect(asked.modal).toBeNull();
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { line: 'flush on main', says: /MYSQL_FLUSH_URL is not set/ },
    { line: 'silence nul-host', says: /Did you mean .*silence null-host/ },
    { line: 'silence null-host for ever', says: /expected "for" and a duration/ },
  ])('a line that can never run is refused before a form: $line', async ({ line, says }) => {
    const on = await start(mode);
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache ${line}`);
    expect((await asked.answer()).text).toMatch(says);
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
