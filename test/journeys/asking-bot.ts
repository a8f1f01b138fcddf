import { afterEach } from 'vitest';
import type { Ask, Request } from '../../src/chat/subcommand.ts';
import { createFakeSubcommand, spoken } from '../chat/fake-subcommand.ts';
import { type BotOptions, type Mode, type Stage, startBot } from './bot.ts';

/** A bot with subcommands that ask for missing arguments in a modal. */

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

/** `quieten` asks for two arguments, `turn-down` for an optional one, `card` shows a button for each. */
export async function startAsking(
  mode: Mode,
  operators: readonly string[] = [],
  options: BotOptions = {},
) {
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
  const on = await startBot(mode, options, [quieten, turnDown, decide, card], operators);
  const bob = on.peer.workspace.addUser({ name: 'bob' }).id;
  on.peer.workspace.changeChannel(on.ops, { members: [on.alice, bob] });
  return { ...on, bob, quieten, turnDown, decide };
}

/** Starts such a bot in a test, and stops it after the test. Call it once in a file. */
export function askingInEachTest(): typeof startAsking {
  let stage: Stage | null = null;
  afterEach(async () => {
    await stage?.stop();
    stage = null;
  });
  return async (...given) => {
    const on = await startAsking(...given);
    stage = on;
    return on;
  };
}

/** Everything that Slack would refuse, and every failure that a person saw. */
export function troubles({ peer }: Stage): readonly unknown[] {
  return [...peer.refusals, ...peer.failures, ...peer.ignored];
}

/** The card as a public message in the channel. */
export async function postedCard(on: Stage) {
  await on.peer.command(on.alice, on.ops, '/hostcache card publicly');
  const [posted] = await on.peer.workspace.until(() => {
    const roots = on.peer.workspace.roots(on.ops);
    return roots.length > 0 && roots;
  });
  if (posted === undefined) throw new Error('expected a card');
  return posted;
}
