import { describe, expect, it } from 'vitest';
import { plainText } from '../../sandbox/slack/shown.ts';
import { pause, type Wait } from '../../src/chat/waiting.ts';
import { askingInEachTest, troubles } from './asking-bot.ts';
import { createGate, type Mode } from './bot.ts';
import { answerIn, answersIn, BOT, privateFor } from './mentions.ts';
import { CLIENT } from './posts.ts';

/** "@hostcache why …" in a channel and in a thread: answered in the thread, for all to read. */

const ERROR = `Host '${CLIENT}' is not allowed to connect to this MySQL server`;

const start = askingInEachTest();

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it('a root message is answered in a thread under it, in the words of the command', async () => {
    // Both answers were read at the same time.
    const readAt = new Date();
    const on = await start(mode, [], { now: () => readAt });
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    const posted = await answerIn(on, said.ts);
    const asked = await on.peer.command(on.alice, on.ops, `/hostcache why ${CLIENT}`);
    const { text } = await asked.answer();
    expect(text).toContain('[Post to channel]');
    expect(plainText(posted)).toBe(text.replace(' [Post to channel]', ''));
    expect(posted).toMatchObject({ isBroadcast: false });
    expect(on.peer.workspace.roots(on.ops)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('a reply is answered in its thread', async () => {
    const on = await start(mode);
    const root = on.peer.say(on.bob, on.ops, ERROR);
    on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`, { threadTs: root.ts });
    expect(plainText(await answerIn(on, root.ts))).toContain("'jdoe'@'merp.example.com'");
    expect(on.peer.workspace.ephemerals).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { name: 'a bare client', text: `${BOT} ${CLIENT}` },
    { name: 'the mention at the end', text: `why ${CLIENT} ${BOT}` },
    { name: 'the mention in the middle', text: `why ${BOT} ${CLIENT}` },
    { name: 'a greeting before it', text: `hey ${BOT}, why ${CLIENT}` },
    { name: 'a greeting and no subcommand', text: `hello ${BOT}: ${CLIENT} fails` },
    { name: 'an error before a bare why', text: `${ERROR}\n${BOT} why` },
    { name: 'its older form, with a name', text: `<@U0HOSTCACHE|hostcache>: why ${CLIENT}` },
    { name: 'a link of Slack', text: `${BOT} why <http://${CLIENT}|${CLIENT}>` },
    {
      name: 'a pasted error of several lines in a fence',
      text: `${BOT} why \`\`\`Error: ER_HOST_NOT_PRIVILEGED\n  ${ERROR}\n  at Packet.asError &lt;x&gt;\`\`\``,
    },
  ])('$name is understood', async ({ text }) => {
    const on = await start(mode);
    const said = on.peer.say(on.alice, on.ops, text);
    expect(plainText(await answerIn(on, said.ts))).toContain("'jdoe'@'merp.example.com'");
    expect(answersIn(on, said.ts)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { name: 'a file alone', text: BOT },
    { name: 'a file, and what is asked about it', text: `${BOT} why` },
  ])('$name is read', async ({ text }) => {
    const on = await start(mode);
    const content = Buffer.from(`starting\n${ERROR}\n`);
    const file = {
      id: 'F0LOG',
      name: 'app.log',
      title: 'app.log',
      content,
      uploadedAt: new Date(),
    };
    const said = on.peer.say(on.alice, on.ops, text, { files: [file] });
    expect(plainText(await answerIn(on, said.ts))).toContain("'jdoe'@'merp.example.com'");
    expect(troubles(on)).toEqual([]);
  });

  it.each([
    { name: 'nothing', text: BOT, says: [/@hostcache why 192\.0\.2\.7/] },
    { name: 'small talk', text: `thanks ${BOT}`, says: [/neither a client/, /@hostcache help/] },
    { name: 'a slip', text: `${BOT} wyh 192.0.2.7`, says: [/Did you mean .*why 192\.0\.2\.7/] },
  ])('$name is answered with what can be typed', async ({ text, says }) => {
    const on = await start(mode);
    const said = on.peer.say(on.alice, on.ops, text);
    const shown = plainText(await answerIn(on, said.ts));
    for (const each of says) expect(shown).toMatch(each);
    expect(troubles(on)).toEqual([]);
  });

  it('what acts is answered in private, where it was typed', async () => {
    const on = await start(mode);
    const root = on.peer.say(on.bob, on.ops, 'blocked again');
    const line = `${BOT} quieten null-host for 2h ours`;
    on.peer.say(on.alice, on.ops, line, { threadTs: root.ts });
    await on.peer.workspace.until(() => privateFor(on, on.alice, root.ts)[0]);
    on.peer.say(on.alice, on.ops, line);
    await on.peer.workspace.until(() => privateFor(on, on.alice, null)[0]);
    expect(privateFor(on, on.alice, null)).toEqual(['quiet now: null-host|for|2h|ours']);
    expect(on.peer.workspace.messages.filter(({ byApp }) => byApp)).toEqual([]);
    const place = { user: on.alice, channel: on.ops };
    expect(on.quieten.asked.map(({ caller }) => caller)).toMatchObject([
      { ...place, thread: root.ts },
      { ...place, thread: null },
    ]);
    expect(on.quieten.asked.some(({ caller }) => 'isClick' in caller)).toBe(false);
    expect(troubles(on)).toEqual([]);
  });

  it('what lacks something says the whole line, and a button opens the form', async () => {
    const on = await start(mode);
    const root = on.peer.say(on.bob, on.ops, 'blocked again');
    on.peer.say(on.alice, on.ops, `${BOT} quieten null-host`, { threadTs: root.ts });
    const posted = await answerIn(on, root.ts);
    expect(plainText(posted)).toContain('@hostcache quieten null-host for 4h <reason>');
    const click = await on.peer.click(on.bob, posted, { text: 'Fill in…' });
    await on.peer.submit(on.bob, (await click.opened()).id, { reason: 'so' });
    await click.answer(/quiet now: null-host\|for\|4h\|so/);
    expect(privateFor(on, on.bob, root.ts)).toHaveLength(1);
    expect(on.quieten.asked.map(({ caller }) => caller)).toMatchObject([{ user: on.bob }]);
    expect(troubles(on)).toEqual([]);
  });

  it('what can never run is refused in private, before it lacks anything', async () => {
    const on = await start(mode);
    on.peer.say(on.alice, on.ops, `${BOT} flush`);
    await on.peer.workspace.until(() => privateFor(on, on.alice, null)[0]);
    expect(privateFor(on, on.alice, null)[0]).toContain('MYSQL_FLUSH_URL is not set');
    expect(on.peer.workspace.messages.filter(({ byApp }) => byApp)).toEqual([]);
  });

  it('a slow answer is announced to the person who asked', async () => {
    const server = createGate();
    const on = await start(mode, [], { patience: Promise.resolve(), held: server.opened });
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    await on.peer.workspace.until(() => privateFor(on, on.alice, null)[0]);
    expect(privateFor(on, on.alice, null)).toEqual(['Looking…']);
    server.open();
    expect(plainText(await answerIn(on, said.ts))).toContain(CLIENT);
  });

  it('a rate limit is waited out', async () => {
    const others: Wait = (ms, signal) => (ms === 3000 ? Promise.resolve() : pause(ms, signal));
    const on = await start(mode, [], { pause: others });
    const fault = { kind: 'rate-limited', retryAfterS: 3 } as const;
    on.peer.fail({ method: 'chat.postMessage', fault, times: 2 });
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    expect(plainText(await answerIn(on, said.ts))).toContain(CLIENT);
  });

  it('what may not be posted is answered in private, and logged', async () => {
    const others: Wait = (ms, signal) => (ms === 1000 ? Promise.resolve() : pause(ms, signal));
    const on = await start(mode, [], { pause: others });
    const fault = { kind: 'refusal', error: 'restricted_action' } as const;
    on.peer.fail({ method: 'chat.postMessage', fault });
    on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    await on.peer.workspace.until(() => privateFor(on, on.alice, null)[0]);
    expect(privateFor(on, on.alice, null)[0]).toContain(CLIENT);
    expect(on.logged).toContainEqual(
      expect.objectContaining({ message: 'an answer to a mention was not posted' }),
    );
  });
});
