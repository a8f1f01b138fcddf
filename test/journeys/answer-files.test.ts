import { afterEach, expect, it } from 'vitest';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { troubles } from './asking-bot.ts';
import { type Stage, startBot } from './bot.ts';
import { BOT } from './mentions.ts';

/** An answer with a file: private for who asks, or in the thread of a mention. */

const FILE = { name: 'audit-main.csv', text: 'account\n', says: 'The audit of 1 account.' };
const BUTTON = { label: 'Check again', line: 'list-all', says: 'Again', replaces: true };

const listAll = {
  ...createFakeSubcommand('list-all', ['slack'], async () =>
    spoken('', {
      messages: [{ headline: 'All', blocks: [{ kind: 'buttons', buttons: [BUTTON] }] }],
      files: [FILE],
    }),
  ),
  isForAll: true,
} as const;

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

async function start(): Promise<Stage> {
  stage = await startBot('socket', {}, [listAll]);
  return stage;
}

/** What came with files, and where. */
function filed({ peer }: Stage) {
  return peer.workspace.messages.flatMap(({ channel, threadTs, files }) =>
    files.map(({ title, content }) => ({ channel, threadTs, title, text: String(content) })),
  );
}

it('comes in the direct messages of who asked, under a message that names it, once', async () => {
  const on = await start();
  const { workspace } = on.peer;
  const asked = await on.peer.command(on.alice, on.ops, '/hostcache list-all');
  const { shown } = await asked.answer(/All|Check/);
  await workspace.until(() => filed(on).length > 0);
  const { id } = workspace.directMessages(on.alice);
  const [root] = workspace.roots(id);
  expect(root).toMatchObject({ text: FILE.says });
  expect(filed(on)).toEqual([
    { channel: id, threadTs: root?.ts, title: FILE.name, text: FILE.text },
  ]);
  expect(workspace.roots(on.ops)).toEqual([]);
  const again = await on.peer.click(on.alice, shown, { text: BUTTON.label });
  await again.answer(/All|Check/);
  await again.settled(50);
  expect(filed(on)).toHaveLength(1);
  expect(troubles(on)).toEqual([]);
});

it('comes in the thread of a mention', async () => {
  const on = await start();
  const said = on.peer.say(on.alice, on.ops, `${BOT} list-all`);
  await on.peer.workspace.until(() => filed(on).length > 0);
  expect(filed(on)).toMatchObject([{ channel: on.ops, threadTs: said.ts, title: FILE.name }]);
  expect(troubles(on)).toEqual([]);
});
