/** Reads the text of blocks in reading order, one block a line. Blocks of unknown types are read by their usual fields. */

/** An object of Slack's JSON: a block, an element, a text. */
export type Node = Readonly<Record<string, unknown>>;

/** Reads Slack's markup. */
type FromMarkup = (text: string) => string;

/** They hold what people may do, not what the message says. */
const SILENT = ['actions', 'context_actions', 'input', 'divider', 'image', 'button'];

export function blocksText(blocks: unknown, fromMarkup: FromMarkup): string {
  return lines(nodesOf(blocks).map((block) => blockText(block, fromMarkup)));
}

/** The objects of a list, or the object itself. */
export function nodesOf(value: unknown): readonly Node[] {
  return (Array.isArray(value) ? value : [value]).filter(isNode);
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function blockText(block: Node, fromMarkup: FromMarkup): string {
  const { type, text, title, subtitle, body, fields, elements, child_blocks, rows } = block;
  if (SILENT.includes(textIn(type))) return '';
  if (type === 'rich_text') return lines(nodesOf(elements).map(richText));
  if (Array.isArray(rows)) return lines(rows.map(rowText));
  // A text of its own: a text object, or a block of Markdown.
  if (typeof text === 'string') return fromMarkup(text);
  const parts = [title, subtitle, text, body, fields, elements, child_blocks];
  return lines(parts.flatMap(nodesOf).map((part) => blockText(part, fromMarkup)));
}

/** Cells are separated as in the output of `mysql -B`. */
function rowText(row: unknown): string {
  const cells = nodesOf(row).map((cell) => {
    const { type, text, value, elements } = cell;
    if (type === 'rich_text') return lines(nodesOf(elements).map(richText));
    return typeof value === 'number' && text === undefined ? String(value) : textIn(text);
  });
  return cells.map((cell) => cell.replace(/[\t\n]/g, ' ')).join('\t');
}

function richText(node: Node): string {
  const { type, elements, text, url, name, fallback, value } = node;
  switch (type) {
    case 'text':
      return textIn(text);
    case 'link':
      return textIn(text) || textIn(url);
    case 'emoji':
      // Slack takes a part of an address such as 2001:100::7 for one.
      return `:${textIn(name)}:`;
    case 'date':
      return textIn(fallback);
    case 'color':
      return textIn(value);
    case 'rich_text_list':
      return lines(nodesOf(elements).map(richText));
    default:
      return nodesOf(elements).map(richText).join('');
  }
}

function lines(texts: readonly string[]): string {
  return texts.filter((text) => text.trim() !== '').join('\n');
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
