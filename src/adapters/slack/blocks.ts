import type { types } from '@slack/bolt';
import { type Block, callSpans, type Message, SIGNS, sentence, text } from '../../chat/message.ts';
import { typed } from '../../chat/subcommand.ts';
import { FORMS, type Form } from '../../outbox/chat.ts';
import { costOf } from './budget.ts';
import { createButtonDrawing } from './buttons.ts';
import { chartText, drawChart, drawChartAsText } from './chart.ts';
import { clean, cut, escaped } from './clean.ts';
import { cutSpans, mrkdwnText, preformatted, richText, smallPrint } from './rich-text.ts';
import { drawTable, drawTableAsText, linesOf, moreBlocks, TEXT_LIMIT } from './table.ts';

/** Draws a message as Slack blocks, escaped and cut to the limits in the docs of @slack/types. */

export interface SlackMessage {
  /** For screen readers and notifications. */
  readonly text: string;
  /** Empty = the text is the message. */
  readonly blocks: types.KnownBlock[];
}

/** How much one surface can hold. */
interface Capacity {
  readonly blocks: number;
  /** As `costOf` counts them. */
  readonly characters: number;
}

/** Slack refuses a 51st block. */
const MESSAGE: Capacity = { blocks: 50, characters: 10_000 };

/** Slack refuses a 101st block. It documents no limit for characters; nobody reads more. */
const HOME: Capacity = { blocks: 100, characters: 40_000 };

/** Short enough for a screen reader; Slack itself accepts 4000 characters. */
const HEADLINE_LIMIT = 2000;

/** Slack refuses a header over 150 characters. */
const HEADER_LIMIT = 150;

/** The forms in which a message can be sent, from this one on. */
export function formsOf({ blocks }: Message, first: Form = 'whole'): readonly Form[] {
  const hasTable = blocks.some(({ kind }) => kind === 'table' || kind === 'chart');
  return FORMS.slice(FORMS.indexOf(first)).filter((form) => form !== 'without tables' || hasTable);
}

/** The message within every limit. Its last block counts the blocks that did not fit. */
export function slackMessage(message: Message, form: Form = 'whole'): SlackMessage {
  const words = cut(escaped(clean(message.headline)), HEADLINE_LIMIT) || 'hostcache';
  const headline = signed(
    words,
    message.blocks.find((block) => block.kind === 'heading'),
  );
  if (form === 'one line') return { text: oneLine(headline, message), blocks: [] };
  const given: readonly Block[] =
    message.blocks.length > 0
      ? message.blocks
      : [{ kind: 'text', spans: text(message.headline || 'hostcache') }];
  const characters = MESSAGE.characters - headline.length;
  const drawing = form === 'whole' ? NATIVE : AS_TEXT;
  return { text: headline, blocks: fitted(given, { ...MESSAGE, characters }, drawing) };
}

/** Slack reads mentions in a message that has no blocks. */
function oneLine(headline: string, message: Message): string {
  const calls = message.blocks.flatMap((block) =>
    block.kind === 'call' ? ` ${mrkdwnText(callSpans(block.ids))}.` : [],
  );
  return `${headline}${calls.join('')}${typedInstead(message)}`;
}

const LINES_NAMED = 2;

/** A longer line is not named: people would have to copy it. */
const LINE_NAMED = 75;

/** What people can type in place of the first buttons, which one line cannot have. */
function typedInstead({ blocks }: Message): string {
  const lines = blocks
    .flatMap((block) => (block.kind === 'buttons' ? block.buttons : []))
    .map(({ line }) => escaped(clean(typed(line, 'slack'))))
    .filter((line) => line.length <= LINE_NAMED);
  return lines.length === 0 ? '' : ` Type ${lines.slice(0, LINES_NAMED).join(' or ')}.`;
}

/** The message as an App Home, which has blocks only. */
export function homeView({ headline, blocks }: Message): types.HomeView {
  const shown: readonly Block[] = blocks.length > 0 ? blocks : sentence(headline).blocks;
  return { type: 'home', blocks: fitted(shown, HOME, OF_HOME) };
}

/** Joins messages into one. Only the last keeps its table and chart; earlier ones become text. */
export function joined(messages: readonly Message[]): Message {
  const last = messages.length - 1;
  return {
    headline: messages.map(({ headline }) => headline).join(' '),
    blocks: messages.flatMap(({ blocks }, index) =>
      index < last ? blocks.map(withoutTable) : blocks,
    ),
  };
}

/** The block; a table or a chart as a statement. */
function withoutTable(block: Block): Block {
  if (block.kind === 'chart') return { kind: 'statement', text: chartText(block) };
  if (block.kind !== 'table') return block;
  return { kind: 'statement', text: linesOf(block).join('\n') };
}

/** How tables and charts are drawn. */
interface Drawing {
  readonly table: typeof drawTable;
  readonly chart: typeof drawChart;
}

const NATIVE: Drawing = { table: drawTable, chart: drawChart };
const AS_TEXT: Drawing = { table: drawTableAsText, chart: drawChartAsText };
/** Slack refuses a chart in App Home. https://docs.slack.dev/blocks.json */
const OF_HOME: Drawing = { table: drawTable, chart: drawChartAsText };

/** Reserves room for buttons, so that people can act; then adds text, then the table. */
function fitted(
  blocks: readonly Block[],
  capacity: Capacity,
  drawing: Drawing,
): types.KnownBlock[] {
  const all = blocks.filter(({ kind }) => kind !== 'table').map(createDrawing(drawing));
  const drawn = withoutExcessButtons(all, capacity);
  const buttons = drawn.filter((block) => block?.type === 'actions');
  let room = capacity.characters - sumOf(buttons) - 2 * costOf(moreBlocks(capacity.blocks));
  let places = capacity.blocks - buttons.length - 2;
  let left = all.length - drawn.length;
  const excess = left;
  const fitting: types.KnownBlock[] = [];
  for (const block of drawn) {
    if (block === null) continue;
    const size = block.type === 'actions' ? 0 : costOf(block);
    const fits = block.type === 'actions' || (size <= room && places > 0 && left === excess);
    if (!fits) left += 1;
    else {
      fitting.push(block);
      room -= size;
      places -= block.type === 'actions' ? 0 : 1;
    }
  }
  if (left > 0) fitting.push(moreBlocks(left));
  const [table, ...others] = blocks.filter((block) => block.kind === 'table');
  if (table !== undefined) fitting.push(...drawing.table(table, room));
  // A message can have one table, so the others are only counted.
  if (others.length > 0) fitting.push(moreBlocks(others.length));
  return fitting;
}

/** Limits the buttons to half of the capacity: many joined answers have many buttons. */
function withoutExcessButtons(
  drawn: readonly (types.KnownBlock | null)[],
  capacity: Capacity,
): readonly (types.KnownBlock | null)[] {
  let places = capacity.blocks / 2;
  let room = capacity.characters / 2;
  return drawn.filter((block) => {
    if (block?.type !== 'actions') return true;
    places -= 1;
    room -= costOf(block);
    return places >= 0 && room >= 0;
  });
}

function createDrawing({ chart }: Drawing): (block: Block) => types.KnownBlock | null {
  const drawButtons = createButtonDrawing();
  let hasChart = false;
  return (block) => {
    switch (block.kind) {
      case 'heading':
        return drawHeading(block);
      case 'text':
        return richText(cutSpans(block.spans, TEXT_LIMIT));
      case 'call':
        return richText(callSpans(block.ids));
      case 'note':
        return smallPrint(cutSpans(block.spans, TEXT_LIMIT));
      case 'statement':
        return preformatted(cut(block.text, TEXT_LIMIT));
      case 'buttons':
        return drawButtons(block);
      case 'chart': {
        // Slack draws at most two in a message; nobody compares more than one.
        const draw = hasChart ? drawChartAsText : chart;
        hasChart = true;
        return draw(block);
      }
      case 'table':
        return null;
    }
  };
}

type Heading = Extract<Block, { kind: 'heading' }>;

/** With the sign of the heading before them. */
function signed(words: string, heading: Heading | undefined): string {
  return heading?.sign === undefined ? words : `${SIGNS[heading.sign]} ${words}`;
}

function drawHeading(heading: Heading): types.KnownBlock | null {
  const words = clean(heading.text).trim();
  if (words === '') return null;
  const shown = signed(words, heading);
  // A header is limited to 150 characters, and a verdict about a long name must not lose its end.
  if (shown.length > HEADER_LIMIT) {
    return richText([{ kind: 'bold', text: cut(shown, TEXT_LIMIT) }]);
  }
  return { type: 'header', text: { type: 'plain_text', text: shown, emoji: false } };
}

function sumOf(blocks: readonly (types.KnownBlock | null)[]): number {
  return blocks.reduce((sum, block) => sum + (block === null ? 0 : costOf(block)), 0);
}
