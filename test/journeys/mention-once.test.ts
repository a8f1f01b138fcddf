import { describe, expect, it } from 'vitest';
import type { UserDraft } from '../../sandbox/slack/furnish.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { askingInEachTest, troubles } from './asking-bot.ts';
import type { Mode } from './bot.ts';
import { answerIn, answersIn, BOT, privateFor, settled } from './mentions.ts';
import { CLIENT } from './posts.ts';

/** A mention is answered once, and only to people who may use the bot. */

const start = askingInEachTest();

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it('an edited message and a repeated event are answered once', async () => {
    const on = await start(mode);
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    await answerIn(on, said.ts);
    on.peer.rewrite(said, `${BOT} why 192.0.2.7`);
    for (let again = 0; again < 3; again += 1) await on.peer.redeliver(said);
    await settled(on);
    expect(answersIn(on, said.ts)).toHaveLength(1);
    expect(troubles(on)).toEqual([]);
  });

  it('a mention that an edit adds is answered', async () => {
    const on = await start(mode);
    const said = on.peer.say(on.alice, on.ops, `why ${CLIENT}`);
    on.peer.rewrite(said, `${BOT} why ${CLIENT}`);
    expect(plainText(await answerIn(on, said.ts))).toContain(CLIENT);
  });

  it('what another process has answered is not answered again', async () => {
    const heard: string[] = [];
    const isFirst = async (what: string) => heard.push(what) > 1;
    const on = await start(mode, [], { isFirst });
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    await settled(on);
    expect(answersIn(on, said.ts)).toEqual([]);
    expect(heard[0]).toBe(`mention ${on.ops}/${said.ts}`);
  });

  it('where the state does not answer, the mention is answered', async () => {
    const isFirst = () => Promise.reject(createUnreadable('STATE_URL: away.'));
    const on = await start(mode, [], { isFirst });
    const said = on.peer.say(on.alice, on.ops, `${BOT} why ${CLIENT}`);
    await answerIn(on, said.ts);
    await on.peer.redeliver(said);
    await settled(on);
    expect(answersIn(on, said.ts)).toHaveLength(1);
    expect(on.logged).toContainEqual(expect.objectContaining({ level: 'warn' }));
  });

  it.each<{ name: string; draft: UserDraft; says: RegExp }>([
    { name: 'nobody of OPERATORS', draft: { name: 'eve' }, says: /^You may not use hostcache/ },
    { name: 'a guest', draft: { name: 'eve', isUltraRestricted: true }, says: /guests may not/ },
    { name: 'a stranger', draft: { name: 'eve', isStranger: true }, says: /other workspaces/ },
  ])('$name is refused in private, and nothing is said in public', async ({ draft, says }) => {
    const on = await start(mode, ['U0ALICE']);
    const eve = on.peer.workspace.addUser(draft).id;
    on.peer.workspace.changeChannel(on.ops, { members: [on.alice, eve] });
    const root = on.peer.say(eve, on.ops, `${BOT} why ${CLIENT}`);
    on.peer.say(eve, on.ops, `${BOT} quieten null-host`, { threadTs: root.ts });
    const { until } = on.peer.workspace;
    await until(() => [null, root.ts].every((place) => privateFor(on, eve, place).length === 1));
    for (const place of [null, root.ts]) expect(privateFor(on, eve, place)[0]).toMatch(says);
    expect(on.peer.workspace.messages.filter(({ byApp }) => byApp)).toEqual([]);
    expect(on.quieten.asked).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });

  it('bots are not answered at all, the bot itself among them', async () => {
    const on = await start(mode);
    const monitor = on.peer.workspace.addUser({ name: 'monitor', isBot: true }).id;
    const self = on.peer.workspace.bot.userId;
    for (const bot of [monitor, self]) on.peer.say(bot, on.ops, `${BOT} why ${CLIENT}`);
    const event = { type: 'app_mention', user: monitor, channel: on.ops, text: `${BOT} help` };
    const payload = { type: 'event_callback', event: { ...event, ts: '1795165331.000100' } };
    await on.peer.forge(on.alice, on.ops, () => ({ type: 'events_api', payload }));
    await settled(on);
    const answered = on.peer.workspace.messages.filter(({ byApp }) => byApp);
    expect(answered).toHaveLength(1);
    expect(on.peer.workspace.ephemerals).toEqual([]);
  });
});
