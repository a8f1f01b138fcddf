import { webApi } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { plainText } from '../../sandbox/slack/shown.ts';
import { askingInEachTest, postedCard, troubles } from './asking-bot.ts';
import type { Mode } from './bot.ts';
import { CLIENT } from './posts.ts';

/** Private answers are where people look: in the channel for its root messages, in the thread for replies. */

const start = askingInEachTest();

type On = Awaited<ReturnType<typeof start>>;

const ERROR = `Host '${CLIENT}' is not allowed to connect to this MySQL server`;

/** A card with buttons that somebody has replied to, and the same card as a reply. */
async function cardWithReplies(on: On) {
  const root = await postedCard(on);
  on.peer.say(on.alice, on.ops, 'who looks at it?', { threadTs: root.ts });
  const client = new webApi.WebClient(on.peer.botToken, { slackApiUrl: on.peer.apiUrl });
  const sent = { channel: on.ops, thread_ts: root.ts, text: 'card', blocks: root.blocks };
  await client.apiCall('chat.postMessage', sent);
  const reply = on.peer.workspace.thread(on.ops, root.ts).at(-1);
  if (reply === undefined) throw new Error('expected a reply');
  return { root, reply };
}

/** Where this person sees the text: in the channel, in the thread, or nowhere. */
function placesOf(on: On, user: string, root: string, text: RegExp): readonly string[] {
  const { sees } = on.peer.workspace;
  const isIn = (thread: string | null) =>
    sees(user, on.ops, thread).some((one) => one.kind === 'ephemeral' && text.test(plainText(one)));
  return [...(isIn(null) ? ['channel'] : []), ...(isIn(root) ? ['thread'] : [])];
}

const ROOT_OR_REPLY = [
  { on: 'root', place: 'channel' },
  { on: 'reply', place: 'thread' },
] as const;

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it.each(ROOT_OR_REPLY)('a form from a button on a $on answers in the $place', async (given) => {
    const on = await start(mode);
    const messages = await cardWithReplies(on);
    const click = await on.peer.click(on.bob, messages[given.on], { text: 'Turn down…' });
    const view = await click.opened();
    await on.peer.submit(on.bob, view.id, { note: 'later' });
    await click.answer();
    const root = messages.root.ts;
    expect(placesOf(on, on.bob, root, /turned down: FR-1\|later/)).toEqual([given.place]);
    // A flush that is requested there goes into the thread of the root.
    expect(on.turnDown.asked.map(({ caller }) => caller)).toMatchObject([{ thread: root }]);
    expect(troubles(on)).toEqual([]);
  });

  it.each(ROOT_OR_REPLY)(
    'a form that Slack refuses to open is excused there too: $on',
    async (given) => {
      const on = await start(mode);
      const messages = await cardWithReplies(on);
      const fault = { kind: 'refusal', error: 'expired_trigger_id' } as const;
      on.peer.fail({ method: 'views.open', fault, times: 1 });
      const click = await on.peer.click(on.bob, messages[given.on], { text: 'Quieten…' });
      await click.answer();
      const excuse = /Type everything in one line/;
      expect(placesOf(on, on.bob, messages.root.ts, excuse)).toEqual([given.place]);
    },
  );

  it.each(ROOT_OR_REPLY)('a refusal is said there too: $on', async (given) => {
    const on = await start(mode, ['U0ALICE']);
    const messages = await cardWithReplies(on);
    const click = await on.peer.click(on.bob, messages[given.on], { text: 'Quieten…' });
    await click.answer();
    expect(placesOf(on, on.bob, messages.root.ts, /may not use/)).toEqual([given.place]);
    expect(troubles(on)).toEqual([]);
  });

  it.each(ROOT_OR_REPLY)(
    'an answer whose URL is used up is whispered there: $on',
    async (given) => {
      const on = await start(mode);
      const messages = await cardWithReplies(on);
      const click = await on.peer.click(on.bob, messages[given.on], { text: 'Turn down…' });
      const view = await click.opened();
      for (const use of [1, 2, 3, 4, 5]) {
        const body = JSON.stringify({ text: `use ${use}`, replace_original: false });
        const headers = { 'content-type': 'application/json' };
        await fetch(click.responseUrl ?? '', { method: 'POST', headers, body });
      }
      await on.peer.submit(on.bob, view.id);
      const root = messages.root.ts;
      const { until } = on.peer.workspace;
      await until(() => placesOf(on, on.bob, root, /turned down/).length > 0);
      expect(placesOf(on, on.bob, root, /turned down/)).toEqual([given.place]);
    },
  );

  it.each(ROOT_OR_REPLY)('the shortcut on a $on answers in the $place', async (given) => {
    const on = await start(mode);
    const root = on.peer.say(on.alice, on.ops, ERROR);
    const reply = on.peer.say(on.alice, on.ops, ERROR, { threadTs: root.ts });
    const { ts } = { root, reply }[given.on];
    const used = await on.peer.shortcut(on.bob, on.ops, ts, 'explain_mysql_error');
    await used.answer();
    expect(placesOf(on, on.bob, root.ts, /'jdoe'@/)).toEqual([given.place]);
    expect(troubles(on)).toEqual([]);
  });

  it.each(ROOT_OR_REPLY)('the shortcut’s form on a $on answers in the $place', async (given) => {
    const on = await start(mode);
    const root = on.peer.say(on.alice, on.ops, 'the shop is slow');
    const reply = on.peer.say(on.alice, on.ops, 'it still is', { threadTs: root.ts });
    const { ts } = { root, reply }[given.on];
    const used = await on.peer.shortcut(on.bob, on.ops, ts, 'explain_mysql_error');
    await on.peer.submit(on.bob, (await used.opened()).id, { client: CLIENT });
    await used.answer();
    expect(placesOf(on, on.bob, root.ts, /'jdoe'@/)).toEqual([given.place]);
    expect(troubles(on)).toEqual([]);
  });

  it('"Check again" on a private answer of a thread replaces it there', async () => {
    const on = await start(mode);
    const root = on.peer.say(on.alice, on.ops, 'look');
    const reply = on.peer.say(on.alice, on.ops, ERROR, { threadTs: root.ts });
    const used = await on.peer.shortcut(on.bob, on.ops, reply.ts, 'explain_mysql_error');
    const { shown } = await used.answer();
    if (shown.kind !== 'ephemeral') throw new Error('expected a private answer');
    const click = await on.peer.click(on.bob, shown, { text: 'Check again' });
    expect(await click.answer()).toMatchObject({ isPrivate: true, replaced: true });
    expect(placesOf(on, on.bob, root.ts, /'jdoe'@/)).toEqual(['thread']);
    expect(troubles(on)).toEqual([]);
  });
});
