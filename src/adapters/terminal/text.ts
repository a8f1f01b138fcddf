import { styleText } from 'node:util';
import { fitsWidth, gridLines, recordLines } from '../../chat/grid.ts';
import { utc } from '../../chat/lists.ts';
import type { Block, Button, Message, Span, Spans } from '../../chat/message.ts';
import { charactersOf, widthOf } from '../../chat/width.ts';
import { harmless, harmlessLines } from './harmless.ts';

/** Draws a message as lines of text for a terminal. */

export interface Paper {
  /** Columns; Infinity = nothing is cut or wrapped, as in a pipe. */
  readonly width: number;
  readonly isColoured: boolean;
  /** Whether a button's line can be typed here. */
  readonly offers: (button: Button) => boolean;
}

const INDENT = '    ';

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
    case 'note':
      return painted('dim', spansText(block.spans, { ...paper, isColoured: false }), paper);
    case 'statement':
      return harmlessLines(block.text)
        .split('\n')
        .map((line) => INDENT + painted('cyan', line, paper))
        .join('\n');
    case 'table':
      return tableText(block.columns, block.rows, paper);
    case 'buttons':
      return buttonsText(block.buttons, paper);
  }
}

type Table = Extract<Block, { kind: 'table' }>;

function tableText(columns: Table['columns'], rows: Table['rows'], paper: Paper): string {
  const cells = rows.map((row) => row.map(harmless));
  if (!fitsWidth(columns, cells, paper.width)) return recordsText(columns, cells, paper);
  const [header = '', ...lines] = gridLines(columns, cells, paper.width);
  return [painted('bold', header, paper), ...lines].join('\n');
}

/** For a table that is too wide: each row on its own, with a line for each cell. */
function recordsText(columns: Table['columns'], rows: Table['rows'], paper: Paper): string {
  return recordLines(columns, rows)
    .map(([first = '', ...lines]) =>
      [
        painted('bold', wrapped(first, paper.width), paper),
        ...lines.map((line) => wrapped(line, paper.width)),
      ].join('\n'),
    )
    .join('\n\n');
}

function buttonsText(buttons: readonly Button[], paper: Paper): string {
  return buttons
    .filter(paper.offers)
    .map(({ label, line }) => {
      const call = painted('cyan', `hostcache ${harmless(line)}`, paper);
      return `${INDENT}${call}   ${painted('dim', `# ${harmless(label)}`, paper)}`;
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
      return paintedSpan(span, piece, paper);
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
    case 'link':
      return `${harmless(span.text)} (${harmless(span.url)})`;
    case 'time':
      return utc(span.at);
  }
}

function paintedSpan(span: Span, piece: string, paper: Paper): string {
  switch (span.kind) {
    case 'plain':
    case 'link':
    case 'time':
      return piece;
    case 'code':
      return painted('cyan', piece, paper);
    case 'bold':
    case 'user':
      return painted('bold', piece, paper);
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
  if (widthOf(line) <= width) return line;
  const characters = [...charactersOf(line)];
  let lastBlank: number | null = null;
  let cells = 0;
  let cellsBehindBlank = 0;
  characters.forEach((character, index) => {
    const more = widthOf(character);
    if (character === ' ' && cells > 0) {
      lastBlank = index;
      cellsBehindBlank = -more;
    } else if (cells + more > width && lastBlank !== null) {
      characters[lastBlank] = '\n';
      lastBlank = null;
      cells = cellsBehindBlank;
    }
    cells += more;
    cellsBehindBlank += more;
  });
  return characters.join('');
}

function painted(style: 'bold' | 'dim' | 'cyan', text: string, paper: Paper): string {
  // The caller has checked the stream; styleText would check stdout instead.
  return paper.isColoured && text !== '' ? styleText(style, text, { validateStream: false }) : text;
}
