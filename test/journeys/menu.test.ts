import { afterEach, describe, expect, it } from 'vitest';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { troubles } from './asking-bot.ts';
import { type Mode, type Stage, startBot } from './bot.ts';

/** A choice in a message's menu is a click on a button; a link opens a page and asks for nothing. */

let stage: Stage | null = null;

afterEach(async () => {
  await stage?.stop();
  stage = null;
});

const BUTTONS = [
  { label: 'Card', line: 'card', says: 'Show it again' },
  { label: 'First', line: 'do first', says: 'Do the first', inMenu: true },
  { label: 'Second', line: 'do second', says: 'Do the second', inMenu: true },
] as const;
const LINKS = [{ label: 'Runbook', url: 'https://wiki.example/main', says: 'Open the runbook' }];

async function startWithMenu(mode: Mode) {
  const blocks = [{ kind: 'buttons', buttons: BUTTONS, links: LINKS }] as const;
  const card = createFakeSubcommand('card', ['slack'], async () =>
    spoken('', { messages: [{ headline: 'card', blocks }], isPublic: true }),
  );
  const doing = createFakeSubcommand('do', ['slack'], async ({ words }) =>
    spoken(`done: ${words.join('|')}`),
  );
  const on = await startBot(mode, {}, [card, doing]);
  stage = on;
  await on.peer.command(on.alice, on.ops, '/hostcache card');
  const [root] = await on.peer.workspace.until(() => {
    const roots = on.peer.workspace.roots(on.ops);
    return roots.length > 0 && roots;
  });
  if (root === undefined) throw new Error('expected a card');
  return { on, doing, root };
}

describe.each<Mode>(['socket', 'http'])('in %s mode', (mode) => {
  it('a choice runs its line for the person who chose it', async () => {
    const { on, root } = await startWithMenu(mode);
    const click = await on.peer.click(on.alice, root, { option: 'Second' });
    const { text, isPrivate } = await click.answer();
    expect({ text, isPrivate }).toEqual({ text: 'done: second', isPrivate: true });
    expect(troubles(on)).toEqual([]);
  });

  it('a link is acknowledged and does nothing', async () => {
    const { on, doing, root } = await startWithMenu(mode);
    const click = await on.peer.click(on.alice, root, { text: 'Runbook' });
    expect(click.failure).toBeNull();
    expect(await click.settled(50)).toEqual([]);
    expect(doing.asked).toEqual([]);
    expect(troubles(on)).toEqual([]);
  });
});
