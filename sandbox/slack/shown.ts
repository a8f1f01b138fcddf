/** What a person sees of a message, a modal or App Home, and whom it pings. */
import type { Block } from './message.ts';
import { type Active, actives, decode, shownText } from './mrkdwn.ts';

/** Anything that carries a text and blocks: a message, an ephemeral one, a view (whose text is its title). */
export interface Drawn {
  readonly text?: string;
  readonly title?: string;
  readonly blocks: readonly Block[];
}

/** The words on the screen, a line per block; the top-level text only where there are no blocks, as in Slack. */
export function plainText(drawn: Drawn): string {
  if (drawn.blocks.length === 0) {
    return shownText(drawn.text ?? drawn.title ?? '');
  }
  const title = drawn.title === undefined ? [] : [drawn.title];
  return [...title, ...drawn.blocks.map(blockText)].filter((line) => line !== '').join('\n');
}

/** Everything active in it: pings and links of every mrkdwn text, of the top-level text, of rich text. */
export function activesOf(drawn: Drawn): readonly Active[] {
  // The top-level text reaches people as the notification even where blocks are shown instead.
  return [...actives(drawn.text ?? '', 'links'), ...drawn.blocks.flatMap(activesIn)];
}

// The union of every field that blocks, elements and texts draw from; the validator has let the rest of the shape in.
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
