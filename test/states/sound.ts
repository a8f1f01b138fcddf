import { expect } from 'vitest';
import { contentFault } from '../../sandbox/slack/conversation-rules.ts';
import { characters } from '../../sandbox/slack/drawing-rules.ts';
import { activesOf, plainText } from '../../sandbox/slack/shown.ts';
import { formsOf, type SlackMessage, slackMessage } from '../../src/adapters/slack/blocks.ts';
import { messageText } from '../../src/adapters/terminal/text.ts';
import { SUBCOMMANDS } from '../../src/app.ts';
import { chosen } from '../../src/chat/choose.ts';
import type { Message } from '../../src/chat/message.ts';
import { widthOf } from '../../src/chat/width.ts';
import { joinWords, splitWords } from '../../src/chat/words.ts';

/** Checks for every message in every state, in Slack and in a terminal. */

export interface Allowed {
  /** Ids of people and channels that the message may mention. */
  readonly people?: readonly string[];
  /** Pages that it may link to. */
  readonly links?: readonly string[];
}

/** Characters of text, with 125 for each block: what every Slack has accepted. */
const BUDGET = 10_000;

function costOf(blocks: SlackMessage['blocks']): number {
  const shown = JSON.stringify(blocks, (field, value: unknown) =>
    /^(?:action_id|block_id|style|align)$/.test(field) ? undefined : value,
  );
  return characters(JSON.parse(shown)) + 125 * blocks.length;
}

/** Pages of the manuals, which every message may link to. */
const MANUAL = /^https:\/\/(?:dev\.mysql\.com|mariadb\.com)\/doc/;

/** Slack's limit for the text of a message, in characters. */
const TEXT_LIMIT = 4000;
const VALUE_LIMIT = 2000;

const MENU = { subcommands: SUBCOMMANDS, surface: 'slack' } as const;

export function expectSound(message: Message, allowed: Allowed = {}): void {
  const drawn = slackMessage(message);
  for (const form of formsOf(message)) expectTaken(slackMessage(message, form), allowed);
  expect(drawn.text).not.toBe('hostcache');
  // The first line is the verdict, which is also the text without blocks.
  expect(message.headline.trim()).not.toBe('');
  expectButtons(message, drawn);
  for (const width of [60, 200]) expectFits(message, width);
}

/** Checks a message as it is sent: Slack's rules, and its mentions and links. */
export function expectTaken(drawn: SlackMessage, { people = [], links = [] }: Allowed = {}): void {
  expect(contentFault(drawn)).toBeNull();
  expect(drawn.text.trim()).not.toBe('');
  expect(drawn.text.length).toBeLessThanOrEqual(TEXT_LIMIT);
  expect(drawn.text.length + costOf(drawn.blocks)).toBeLessThanOrEqual(BUDGET);
  // The peer draws everything that Slack's types allow.
  const shown = drawn as unknown as Parameters<typeof activesOf>[0];
  const written = activesOf(shown).filter(({ isAuto, target }) => !isAuto && !MANUAL.test(target));
  expect(written.filter(({ target }) => ![...people, ...links].includes(target))).toEqual([]);
  expect(plainText(shown)).not.toMatch(/undefined|\[object |NaN|Invalid|Internal error/);
}

/** Each button is in the payload, names a subcommand, and has a line that survives parsing. */
function expectButtons(message: Message, { blocks }: SlackMessage): void {
  const lines = message.blocks.flatMap((block) =>
    block.kind === 'buttons' ? block.buttons.map(({ line }) => line) : [],
  );
  const values = [...JSON.stringify(blocks).matchAll(/"value":("(?:[^"\\]|\\.)*")/g)].map(
    ([, value = '""']) => String(JSON.parse(value)),
  );
  expect(values).toEqual(lines);
  for (const line of lines) {
    const [name = ''] = splitWords(line);
    expect(chosen(splitWords(line), MENU)?.name).toBe(name);
    expect(line.length).toBeLessThanOrEqual(VALUE_LIMIT);
    expect(splitWords(joinWords(splitWords(line)))).toEqual(splitWords(line));
  }
}

/** There are no control characters, and only unbreakable lines are wider than the terminal. */
function expectFits(message: Message, width: number): void {
  const shown = messageText(message, { width, isColoured: false, offers: () => true });
  expect(shown.replaceAll(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
  const isWhole = (line: string) => /^ {4}/.test(line) || !/\S \S/.test(line);
  const broad = shown
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => widthOf(line) > width && !isWhole(line));
  // The lines that are left contain a very long word.
  const wordy = broad.filter((line) => line.split(' ').every((word) => widthOf(word) < width / 2));
  expect(wordy).toEqual([]);
}
