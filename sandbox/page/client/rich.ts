/**
 * Converts Block Kit texts to rich text, the only form that slack-blocks-to-jsx draws literally. It parses plain text
 * and tables as markup (a name such as `<script>` disappears), and leaves dates and mentions in verbatim text raw.
 */
import type {
  RichTextBlock,
  RichTextBlockSubElement,
  RichTextSectionElement,
} from 'slack-blocks-to-jsx';
import type { Block } from '../shape.ts';

/** Literal text; Slack decodes its three entities in every text. */
export function richPlain(text: string): RichTextBlock {
  return blockOf([section([{ type: 'text', text: decode(text) }])]);
}

/** Parses mrkdwn as Slack does: code, bold, italics, strikes, mentions, dates, links. */
export function richMrkdwn(text: string): RichTextBlock {
  const parts = text.split(/```([\s\S]*?)```/);
  const elements = parts.flatMap((part, index): RichTextBlockSubElement[] => {
    if (index % 2 === 1)
      return [{ type: 'rich_text_preformatted', elements: [plain(part.trim())] }];
    return part === '' ? [] : [section(spansOf(part))];
  });
  return blockOf(elements);
}

/** Converts a text object by its type. */
export function richText(value: unknown): RichTextBlock {
  const { type, text } = isNode(value) ? value : { type: 'plain_text', text: '' };
  const words = typeof text === 'string' ? text : '';
  return type === 'mrkdwn' ? richMrkdwn(words) : richPlain(words);
}

/** The `text` of a text object. */
export function wordsOf(value: unknown): string {
  return isNode(value) && typeof value['text'] === 'string' ? decode(value['text']) : '';
}

export function isNode(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodes(value: unknown): readonly Block[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

export function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function blockOf(elements: RichTextBlockSubElement[]): RichTextBlock {
  return { type: 'rich_text', elements };
}

function section(elements: RichTextSectionElement[]): RichTextBlockSubElement {
  return { type: 'rich_text_section', elements };
}

type Style = NonNullable<Extract<RichTextSectionElement, { type: 'text' }>['style']>;

function plain(text: string, style?: Style): RichTextSectionElement {
  return { type: 'text', text: decode(text), ...(style !== undefined && { style }) };
}

/** Splits at code first, then at angle brackets, then at style marks. */
function spansOf(text: string): RichTextSectionElement[] {
  return text.split(/(`[^`\n]+`|<[^<>\n]+>)/).flatMap((part, index) => {
    if (part === '') return [];
    if (index % 2 === 0) return styled(part);
    return part.startsWith('`') ? [plain(part.slice(1, -1), { code: true })] : marked(part);
  });
}

const MARKS: Readonly<Record<string, Style>> = {
  '*': { bold: true },
  _: { italic: true },
  '~': { strike: true },
};

/** A style mark next to a letter or a digit on its outer side is literal, as in Slack. */
const STYLED = /(?<![\p{L}\p{N}])([*_~])(\S(?:[^\n]*?\S)?)\1(?![\p{L}\p{N}])/gu;

function styled(text: string): RichTextSectionElement[] {
  const spans: RichTextSectionElement[] = [];
  let from = 0;
  for (const match of text.matchAll(STYLED)) {
    const [whole, mark = '', words = ''] = match;
    if (match.index > from) spans.push(plain(text.slice(from, match.index)));
    spans.push(plain(words, MARKS[mark]));
    from = match.index + whole.length;
  }
  return from < text.length ? [...spans, plain(text.slice(from))] : spans;
}

const RANGES = ['channel', 'here', 'everyone'] as const;

function marked(part: string): RichTextSectionElement[] {
  const [target = '', label] = part.slice(1, -1).split('|');
  const range = RANGES.find((one) => target === `!${one}`);
  if (range !== undefined) return [{ type: 'broadcast', range }];
  const [, kind = '', id = ''] = /^(@|#|!subteam\^)([A-Z0-9]+)$/.exec(target) ?? [];
  switch (kind) {
    case '@':
      return [{ type: 'user', user_id: id }];
    case '#':
      return [{ type: 'channel', channel_id: id }];
    case '!subteam^':
      return [{ type: 'usergroup', usergroup_id: id }];
  }
  const [, seconds = '', format = ''] = /^!date\^(\d+)\^([^^]*)/.exec(target) ?? [];
  if (seconds !== '') return [{ type: 'date', timestamp: Number(seconds), format }];
  if (/^https?:\/\//i.test(target)) {
    return [{ type: 'link', url: decode(target), text: decode(label ?? target) }];
  }
  return [plain(label ?? target)];
}
