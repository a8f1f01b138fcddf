/** The visible text and the pings of a message, a modal or App Home. */
import type { Chart } from './chart-rules.ts';
import { chartTable } from './chart-table.ts';
import type { Block } from './message.ts';
import { type Active, actives, decode, shownText } from './mrkdwn.ts';

/** Anything with a text and blocks: a message, an ephemeral message, or a view (its text is the title). */
export interface Drawn {
  readonly text?: string;
  readonly title?: string;
  readonly blocks: readonly Block[];
}

/** The visible text, one line per block. As in Slack, the top-level text shows only if there are no blocks. */
export function plainText(drawn: Drawn): string {
  if (drawn.blocks.length === 0) {
    return shownText(drawn.text ?? drawn.title ?? '');
  }
  const title = drawn.title === undefined ? [] : [drawn.title];
  return [...title, ...drawn.blocks.map(blockText)].filter((line) => line !== '').join('\n');
}

/** All pings and links: in mrkdwn texts, in the top-level text and in rich text. */
export function activesOf(drawn: Drawn): readonly Active[] {
  // The top-level text is the notification, even if the message shows blocks instead.
  return [...actives(drawn.text ?? '', 'links'), ...drawn.blocks.flatMap(activesIn)];
}

// All fields of blocks, elements and texts that are drawn; the validator has checked the rest of the shape.
interface Node {
  readonly type?: string;
  readonly text?: unknown;
  readonly verbatim?: boolean;
  readonly [field: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nodes(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

function blockText(node: Node): string {
  const { text, fields, accessory, elements, rows, label, element, title, child_blocks } = node;
  switch (node.type) {
    case 'divider':
      return '---';
    case 'table':
    case 'data_table':
      return Array.isArray(rows) ? rows.map(rowText).join('\n') : '';
    case 'data_visualization':
      return chartText(node);
    case 'rich_text':
      return nodes(elements).map(richText).join('\n');
    case 'actions':
    case 'context_actions':
      return nodes(elements).map(elementText).join(' ');
    case 'context':
      return nodes(elements).map(elementText).join('  ');
    case 'input':
      return [...nodes(label), ...nodes(element)].map(elementText).join(': ');
    case 'container':
      return [...nodes(title), ...nodes(child_blocks)].map(blockText).join('\n');
    case 'markdown':
      return typeof text === 'string' ? text : '';
    default:
      return [...nodes(text), ...nodes(title), ...nodes(fields), ...nodes(accessory)]
        .map(elementText)
        .join('\n');
  }
}

// The title, and the values as a table.
function chartText({ title, chart }: Node): string {
  // The validator has accepted it as a chart.
  const { head, rows } = chartTable(chart as Chart);
  return [String(title), ...[head, ...rows].map((row) => row.join(' | '))].join('\n');
}

function rowText(row: unknown): string {
  return nodes(row)
    .map((cell) => (cell.type === 'rich_text' ? blockText(cell) : String(cell.text ?? '')))
    .join(' | ');
}

function elementText(node: Node): string {
  const { text, options, placeholder, alt_text, initial_value } = node;
  switch (node.type) {
    case 'mrkdwn':
      return shownText(String(text ?? ''));
    case 'plain_text':
      return decode(String(text ?? ''));
    case 'button':
    case 'workflow_button':
    case 'icon_button':
      return `[${nodes(text).map(elementText).join('')}]`;
    case 'image':
      return String(alt_text ?? '');
    case 'overflow':
    case 'radio_buttons':
    case 'checkboxes':
    case 'static_select':
      return nodes(options)
        .map((option) => `(${nodes(option.text).map(elementText).join('')})`)
        .join(' ');
    default:
      return initial_value === undefined
        ? nodes(placeholder).map(elementText).join('')
        : String(initial_value);
  }
}

function richText(node: Node): string {
  const { elements, text, url, name, user_id, usergroup_id, channel_id, range, fallback } = node;
  switch (node.type) {
    case 'rich_text_list':
      return nodes(elements)
        .map((item) => `• ${richText(item)}`)
        .join('\n');
    case 'text':
      return String(text ?? '');
    case 'link':
      return String(text ?? url ?? '');
    case 'emoji':
      return `:${String(name)}:`;
    case 'user':
      return `@${String(user_id)}`;
    case 'usergroup':
      return `@${String(usergroup_id)}`;
    case 'channel':
      return `#${String(channel_id)}`;
    case 'broadcast':
      return `@${String(range)}`;
    case 'date':
      return String(fallback ?? '');
    default:
      return nodes(elements).map(richText).join('');
  }
}

function activesIn(node: Node): readonly Active[] {
  const { text, url, user_id, usergroup_id, channel_id, range } = node;
  const made = (kind: Active['kind'], target: unknown): readonly Active[] => [
    { kind, target: String(target), isAuto: false },
  ];
  switch (node.type) {
    case 'mrkdwn':
      return actives(String(text ?? ''), node.verbatim === true ? 'none' : 'all');
    case 'link':
      return made('link', url);
    case 'user':
      return made('user', user_id);
    case 'usergroup':
      return made('group', usergroup_id);
    case 'channel':
      return made('channel', channel_id);
    case 'broadcast':
      return made('broadcast', range);
    default:
      return Object.values(node).flatMap(inside);
  }
}

function inside(value: unknown): readonly Active[] {
  return Array.isArray(value) ? value.flatMap(inside) : isNode(value) ? activesIn(value) : [];
}
