import type { types } from '@slack/bolt';
import { gridLines } from '../../chat/grid.ts';
import { type Block, type Button, type Message, sentence, text } from '../../chat/message.ts';
import { clean, cut, escaped } from './clean.ts';
import { cutSpans, preformatted, richText, smallPrint } from './rich-text.ts';

/** A message as Slack's blocks: escaped, and cut rather than refused. Limits: @slack/types' own docs. */

export interface SlackMessage {
  /** What a screen reader and a notification say. */
  readonly text: string;
  readonly blocks: types.KnownBlock[];
}

/** What one surface holds. */
interface Room {
  readonly blocks: number;
  /** Of JSON. */
  readonly characters: number;
}

/** Slack refuses a 51st block, and a message from about 13,200 characters of blocks (bolt-js #2509). */
const MESSAGE: Room = { blocks: 50, characters: 12_000 };

/** Slack refuses a 101st block; no limit of characters is told, and nobody reads more than so many. */
const HOME: Room = { blocks: 100, characters: 40_000 };

/** Kept by a screen reader's patience; Slack itself takes 4000. */
const HEADLINE_LIMIT = 3000;

/** Slack refuses a header over 150 characters. */
const HEADER_LIMIT = 150;

/** Slack refuses a text object over 3000 characters; rich text is kept to the same. */
const TEXT_LIMIT = 3000;

const BUTTON = { label: 75, value: 2000, says: 75, perBlock: 25 };
const CONFIRM = { title: 100, text: 300, answer: 30 };

/** Slack refuses a table over 100 rows, the header among them, or over 20 columns. */
const TABLE = { rows: 100, columns: 20, cell: 300 };

/** The action_id of every button of ours begins so. */
export const RUNS = 'run';

/** The action_id of a button whose private answer takes the place of the message it stands in. */
export const REPLACES = 'replace';

/** The whole message within every limit; what did not fit is counted in its last words. */
export function slackMessage(message: Message): SlackMessage {
  const headline = cut(escaped(clean(message.headline)), HEADLINE_LIMIT) || 'hostcache';
  const blocks: readonly Block[] =
    message.blocks.length > 0
      ? message.blocks
      : [{ kind: 'text', spans: text(message.headline || 'hostcache') }];
  return { text: headline, blocks: fitted(blocks, MESSAGE) };
}

/** The same as an App Home, which has no text beside its blocks. */
export function homeView({ headline, blocks }: Message): types.HomeView {
  const shown: readonly Block[] = blocks.length > 0 ? blocks : sentence(headline).blocks;
  return { type: 'home', blocks: fitted(shown, HOME) };
}

/** Several messages as one: only the last can keep its table as a table. */
export function joined(messages: readonly Message[]): Message {
  const last = messages.length - 1;
  return {
    headline: messages.map(({ headline }) => headline).join(' '),
    blocks: messages.flatMap(({ blocks }, index) =>
      blocks.map((block) => (index < last && block.kind === 'table' ? asStatement(block) : block)),
    ),
  };
}

type Table = Extract<Block, { kind: 'table' }>;

function asStatement({ columns, rows }: Table): Block {
  // A statement keeps its line breaks, and a name must not make a row of its own.
  const cells = rows.map((row) => row.map(clean));
  return { kind: 'statement', text: gridLines(columns, cells, 120).join('\n') };
}

/** Buttons first get their room: a message without them asks for nothing. Then the words, then the table. */
function fitted(blocks: readonly Block[], whole: Room): types.KnownBlock[] {
  const all = blocks.filter(({ kind }) => kind !== 'table').map(createDrawing());
  const drawn = withoutExcessButtons(all, whole);
  const buttons = drawn.filter((block) => block?.type === 'actions');
  let room = whole.characters - sizeOf(buttons) - sizeOf(moreBlocks(whole.blocks));
  let places = whole.blocks - buttons.length - 2;
  let left = all.length - drawn.length;
  const excess = left;
  const kept: types.KnownBlock[] = [];
  for (const block of drawn) {
    if (block === null) continue;
    const size = block.type === 'actions' ? 0 : sizeOf(block);
    const fits = block.type === 'actions' || (size <= room && places > 0 && left === excess);
    if (!fits) left += 1;
    else {
      kept.push(block);
      room -= size;
      places -= block.type === 'actions' ? 0 : 1;
    }
  }
  if (left > 0) kept.push(moreBlocks(left));
  const [table, ...others] = blocks.filter((block) => block.kind === 'table');
  if (table !== undefined) kept.push(...drawTable(table, room));
  // A message has one table at most; of any other only the fact can be told.
  if (others.length > 0) kept.push(moreBlocks(others.length));
  return kept;
}

/** The buttons of many answers joined in one take no more than half of its room. */
function withoutExcessButtons(
  drawn: readonly (types.KnownBlock | null)[],
  whole: Room,
): readonly (types.KnownBlock | null)[] {
  let places = whole.blocks / 2;
  let room = whole.characters / 2;
  return drawn.filter((block) => {
    if (block?.type !== 'actions') return true;
    places -= 1;
    room -= sizeOf(block);
    return places >= 0 && room >= 0;
  });
}

/** Counts the buttons through the whole message, for their action_ids. */
function createDrawing(): (block: Block) => types.KnownBlock | null {
  let count = 0;
  let hasPrimary = false;
  return (block) => {
    switch (block.kind) {
      case 'heading':
        return drawHeading(block.text);
      case 'text':
        return richText(cutSpans(block.spans, TEXT_LIMIT));
      case 'note':
        return smallPrint(cutSpans(block.spans, TEXT_LIMIT));
      case 'statement':
        return preformatted(cut(block.text, TEXT_LIMIT));
      case 'buttons': {
        const elements = block.buttons
          .filter(({ line }) => line !== '' && line.length <= BUTTON.value)
          .slice(0, BUTTON.perBlock)
          .map((button) => {
            count += 1;
            const style = button.style === 'primary' && hasPrimary ? undefined : button.style;
            hasPrimary ||= style === 'primary';
            return drawButton(button, style, count);
          });
        return elements.length === 0 ? null : ({ type: 'actions', elements } as types.ActionsBlock);
      }
      case 'table':
        return null;
    }
  };
}

function drawHeading(words: string): types.KnownBlock | null {
  const shown = clean(words).trim();
  if (shown === '') return null;
  // A header cuts at 150 characters, and a verdict about a long name must not lose its end.
  if (shown.length > HEADER_LIMIT) {
    return richText([{ kind: 'bold', text: cut(shown, TEXT_LIMIT) }]);
  }
  return { type: 'header', text: { type: 'plain_text', text: shown, emoji: false } };
}

function drawButton(
  { label, line, says, confirm, replaces }: Button,
  style: Button['style'],
  count: number,
): types.Button {
  return {
    type: 'button',
    action_id: `${replaces === true ? REPLACES : RUNS}.${count}`,
    text: plainText(label, BUTTON.label),
    value: line,
    accessibility_label: cut(clean(says || label), BUTTON.says) || '…',
    ...(style !== undefined && { style }),
    ...(confirm !== undefined && {
      confirm: {
        title: plainText(confirm.title, CONFIRM.title),
        text: plainText(confirm.text, CONFIRM.text),
        confirm: plainText(confirm.yes, CONFIRM.answer),
        deny: plainText(confirm.no, CONFIRM.answer),
      },
    }),
  };
}

/** As many rows as there is room for; the rest is counted in a row of its own. */
function drawTable({ columns, rows }: Table, room: number): types.KnownBlock[] {
  const shown = columns.slice(0, TABLE.columns);
  const header = shown.map(({ label }) => rawText(label));
  const table: types.TableBlock = {
    type: 'table',
    column_settings: shown.map(({ align }) => ({ align, is_wrapped: true })),
    rows: [header],
  };
  // One row is kept free for the count of what is missing.
  let left = room - sizeOf(table) - 200;
  for (const [index, row] of rows.entries()) {
    const cells = shown.map((_, column) => rawText(row[column] ?? ''));
    left -= sizeOf(cells) + 1;
    const isLast = index === rows.length - 1;
    if (left < 0 || table.rows.length >= TABLE.rows - (isLast ? 0 : 1)) {
      const more = rawText(`… + ${rows.length - index} more`);
      table.rows.push(shown.map((_, column) => (column === 0 ? more : rawText(''))));
      break;
    }
    table.rows.push(cells);
  }
  return left < 0 && table.rows.length === 2 ? [moreBlocks(1)] : [table];
}

function moreBlocks(count: number): types.KnownBlock {
  const elements = [{ type: 'text', text: `… + ${count} more` } as const];
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** Words in a place that Slack does not parse; never empty. */
export function plainText(
  words: string,
  limit: number,
): { type: 'plain_text'; text: string; emoji: false } {
  return { type: 'plain_text', text: cut(clean(words), limit) || '…', emoji: false };
}

function rawText(cell: string): { type: 'raw_text'; text: string } {
  // Slack refuses a cell without a character.
  return { type: 'raw_text', text: cut(clean(cell), TABLE.cell) || '–' };
}

function sizeOf(part: unknown): number {
  return JSON.stringify(part).length;
}
