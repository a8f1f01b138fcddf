import { styleText } from 'node:util';
import { chartLines } from '../../chat/chart.ts';
import { fitsWidth, gridLines, recordLines } from '../../chat/grid.ts';
import { utc } from '../../chat/lists.ts';
import {
  type Block,
  type Button,
  type Chart,
  callSpans,
  type Message,
  type Span,
  type Spans,
  type Table,
} from '../../chat/message.ts';
import { widthOf } from '../../chat/width.ts';
import { harmless, harmlessLines } from './harmless.ts';

/** Draws a message as lines of text for a terminal. */

export interface Paper {
  /** Columns; Infinity = nothing is cut or wrapped, as in a pipe. */
  readonly width: number;
  readonly isColoured: boolean;
  /** Whether a button's line can be typed here. */
  readonly offers: (button: Button) => boolean;
}

type Buttons = Extract<Block, { kind: 'buttons' }>;

const INDENT = '    ';

type Style = 'bold' | 'dim' | 'cyan';

/** Absent = drawn like the text around it. */
const STYLES: Readonly<Partial<Record<Span['kind'], Style>>> = {
  code: 'cyan',
  bold: 'bold',
  user: 'bold',
};

/** The lines of one message, with a final line break. */
export function messageText(message: Message, paper: Paper): string {
  const { blocks, headline } = message;
  if (blocks.length === 0) return `${wrapped(harmless(headline), paper.width)}\n`;
  // An empty line separates a block from the one above it.
  const isApart = ({ kind }: Block) => kind !== 'statement' && kind !== 'note';
  const parts = blocks
    .map((block) => ({ block, words: blockText(block, paper) }))
    .filter(({ words }) => words !== '')
    .map(({ block, words }, index) => (index > 0 && isApart(block) ? `\n${words}` : words));
  return `${parts.join('\n')}\n`;
}

function blockText(block: Block, paper: Paper): string {
  switch (block.kind) {
    case 'heading':
      return painted('bold', wrapped(harmless(block.text), paper.width), paper);
    case 'text':
      return spansText(block.spans, paper);
    case 'call':
      return spansText(callSpans(block.ids), paper);
    case 'note':
      return painted('dim', spansText(block.spans, { ...paper, isColoured: false }), paper);
    case 'statement':
      return harmlessLines(block.text)
        .split('\n')
        .map((line) => INDENT + painted('cyan', line, paper))
        .join('\n');
    case 'table':
      return tableText(block, paper);
    case 'chart':
      return chartText(block, paper);
    case 'buttons':
      return buttonsText(block, paper);
  }
}

function chartText({ title, labels, series }: Chart, paper: Paper): string {
  const chart = {
    title: harmless(title),
    labels: labels.map(harmless),
    series: series.map(({ name, values }) => ({ name: harmless(name), values })),
  };
  const [head = '', ...lines] = chartLines(chart, paper.width);
  return [painted('bold', head, paper), ...lines].join('\n');
}

function tableText({ columns, rows }: Table, paper: Paper): string {
  const table = { columns, rows: rows.map((row) => row.map(harmless)) };
  if (!fitsWidth(table, paper.width)) return recordsText(table, paper);
  const [header = '', ...lines] = gridLines(table, paper.width);
  return [painted('bold', header, paper), ...lines].join('\n');
}

/** For a table that is too wide: each row on its own, with a line for each cell. */
function recordsText(table: Table, paper: Paper): string {
  return recordLines(table)
    .map((lines) => {
      const [first = '', ...others] = lines.map((line) => wrapped(line, paper.width));
      return [painted('bold', first, paper), ...others].join('\n');
    })
    .join('\n\n');
}

function buttonsText({ buttons, links = [] }: Buttons, paper: Paper): string {
  const calls = buttons
    .filter(paper.offers)
    .map(({ label, line }) => ({ label, does: `hostcache ${harmless(line)}` }));
  const pages = links.map(({ label, url }) => ({ label, does: harmless(url) }));
  return [...calls, ...pages]
    .map(({ label, does }) => {
      const words = painted('dim', `# ${harmless(label)}`, paper);
      return `${INDENT}${painted('cyan', does, paper)}   ${words}`;
    })
    .join('\n');
}

/** Wraps before it colours, so that escape codes do not count. */
function spansText(spans: Spans, paper: Paper): string {
  const pieces = spans.map((span) => ({ span, text: spanText(span) }));
  const whole = wrapped(pieces.map(({ text }) => text).join(''), paper.width);
  if (!paper.isColoured) return whole;
  let at = 0;
  return pieces
    .map(({ span, text }) => {
      // Wrapping only turns a blank into a line break, so lengths stay the same.
      const piece = whole.slice(at, at + text.length);
      at += text.length;
      const style = STYLES[span.kind];
      return style === undefined ? piece : painted(style, piece, paper);
    })
    .join('');
}

function spanText(span: Span): string {
  switch (span.kind) {
    case 'plain':
      return harmlessLines(span.text);
    case 'code':
    case 'bold':
      return harmless(span.text);
    case 'user':
      return `@${harmless(span.id)}`;
    case 'channel':
      return `#${harmless(span.id)}`;
    case 'link':
      return span.text === span.url
        ? harmless(span.url)
        : `${harmless(span.text)} (${harmless(span.url)})`;
    case 'time':
      return utc(span.at);
  }
}

/** Turns the last blank before the width into a line break; words are never cut. */
function wrapped(text: string, width: number): string {
  return text
    .split('\n')
    .map((line) => wrappedLine(line, width))
    .join('\n');
}

function wrappedLine(line: string, width: number): string {
  const [first = '', ...words] = line.split(' ');
  let column = widthOf(first);
  return words.reduce((start, word) => {
    const cells = widthOf(word);
    const breaks = cells > 0 && column > 0 && column + 1 + cells > width;
    column = breaks ? cells : column + 1 + cells;
    return start + (breaks ? '\n' : ' ') + word;
  }, first);
}

function painted(style: Style, text: string, paper: Paper): string {
  // The caller has checked the stream; styleText would check stdout instead.
  return paper.isColoured && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
