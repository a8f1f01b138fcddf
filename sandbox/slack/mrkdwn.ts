/**
 * Parses mrkdwn as Slack does: the active parts of a text (pings, links), and the text that a person sees.
 * https://docs.slack.dev/messaging/formatting-message-text
 */
export interface Active {
  readonly kind: 'broadcast' | 'user' | 'group' | 'channel' | 'link';
  /** The id, the range of the broadcast, or the address. */
  readonly target: string;
  /** Slack made it from a bare address; it was not written as `<…>`. */
  readonly isAuto: boolean;
}

/**
 * What Slack makes active without markup: nothing in `verbatim` texts, bare addresses in the top-level text of a
 * message, and also bare names in other mrkdwn.
 */
export type Parse = 'none' | 'links' | 'all';

/** All pings and links in the text. */
export function actives(text: string, parse: Parse): readonly Active[] {
  const written = [...text.matchAll(MARKED)].flatMap(([, inner = '']) => {
    const active = activeOf(inner);
    return active === null ? [] : [active];
  });
  const links = parse === 'none' ? [] : autoLinks(text);
  return [...written, ...links, ...(parse === 'all' ? autoBroadcasts(text) : [])];
}

/** The text without markup: with link labels and date fallbacks, and with decoded entities. */
export function shownText(text: string): string {
  const resolved = text.replaceAll(MARKED, (_, inner: string) => shownOf(inner));
  return decode(withoutStyle(resolved));
}

/** Decodes entities. Plain text and rich text have no markup, but Slack decodes entities there too. */
export function decode(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

// Slack resolves angle brackets even inside `code`, so code spans are included.
const MARKED = /<([^<>\n]+)>/g;

// A bare address or host name; Slack's clients turn both into links.
const BARE = /\bhttps?:\/\/[^\s<>|]+|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|example|test)\b/gi;

function activeOf(inner: string): Active | null {
  const [target = '', ...rest] = inner.split('|');
  const made = (kind: Active['kind'], value: string): Active => ({
    kind,
    target: value,
    isAuto: false,
  });
  if (/^!(channel|here|everyone|group)$/.test(target)) {
    return made('broadcast', target.slice(1));
  }
  if (target.startsWith('!subteam^')) {
    return made('group', target.slice('!subteam^'.length));
  }
  if (target.startsWith('!date^')) {
    const link = target.split('^')[3];
    return link === undefined ? null : made('link', link);
  }
  if (/^@[UW][A-Z0-9]+$/.test(target)) {
    return made('user', target.slice(1));
  }
  if (/^#[CG][A-Z0-9]+$/.test(target)) {
    return made('channel', target.slice(1));
  }
  return /^(https?:|mailto:|tel:|slack:)/i.test(target) || rest.length > 0
    ? made('link', target)
    : null;
}

function autoLinks(text: string): readonly Active[] {
  const outside = text.replaceAll(MARKED, ' ').replaceAll(/`[^`\n]*`/g, ' ');
  return [...outside.matchAll(BARE)].map(([target]) => ({ kind: 'link', target, isAuto: true }));
}

function autoBroadcasts(text: string): readonly Active[] {
  const outside = text.replaceAll(MARKED, ' ');
  return [...outside.matchAll(/(?<![\w@])@(channel|here|everyone)\b/g)].map(([, target = '']) => ({
    kind: 'broadcast',
    target,
    isAuto: true,
  }));
}

function shownOf(inner: string): string {
  const [target = '', label] = inner.split('|');
  if (target.startsWith('!date^')) {
    return label ?? target.split('^')[2] ?? '';
  }
  if (target.startsWith('!subteam^')) {
    return label ?? `@${target.slice('!subteam^'.length)}`;
  }
  if (target.startsWith('!')) {
    return `@${label ?? target.slice(1)}`;
  }
  return label ?? target;
}

/** Removes style marks, also around code. Marks inside code stay. */
function withoutStyle(text: string): string {
  const codes: string[] = [];
  const held = text.replaceAll(/```([\s\S]*?)```|`([^`\n]+)`/g, (_, block, span) => {
    codes.push(String(block ?? span));
    return `\uE000${codes.length - 1}\uE001`;
  });
  return withoutMarks(held).replaceAll(/\uE000(\d+)\uE001/g, (_, n) => codes[Number(n)] ?? '');
}

function withoutMarks(text: string): string {
  return ['\\*', '_', '~'].reduce(
    (left, mark) =>
      left.replaceAll(
        new RegExp(
          `(^|[^\\p{L}\\p{N}])${mark}(\\S(?:[^\\n]*?\\S)?)${mark}(?![\\p{L}\\p{N}])`,
          'gu',
        ),
        '$1$2',
      ),
    text,
  );
}
