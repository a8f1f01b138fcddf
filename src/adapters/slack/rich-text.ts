import type { types } from '@slack/bolt';
import { utc } from '../../chat/lists.ts';
import type { Span, Spans } from '../../chat/message.ts';
import { clean, cleanLines, cut } from './clean.ts';

/** Draws spans as Slack's rich text, in which Slack parses no markup. */

type RichElement =
  | types.RichTextText
  | types.RichTextLink
  | types.RichTextDate
  | types.RichTextUserMention
  | types.RichTextUsergroupMention;
type ContextElement = types.ContextBlock['elements'][number];

/** Each reader sees the time in their own time zone. */
const DATE_FORMAT = '{date_short_pretty} {time_secs}';

/** Slack notifies these people; anything that is not an id stays text. */
const USER_ID = /^[UW][A-Z0-9]+$/;
const GROUP_ID = /^S[A-Z0-9]+$/;

/** Slack refuses more elements in one context block. */
const CONTEXT_ELEMENTS = 10;

/** Slack refuses a longer text in a context block. */
const CONTEXT_TEXT = 2000;

/** null = there is nothing to draw. */
export function richText(spans: Spans): types.RichTextBlock | null {
  const elements = spans.map(richElement).filter((element) => element !== null);
  if (elements.length === 0) return null;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] };
}

/** A statement to copy, in a box. */
export function preformatted(text: string): types.RichTextBlock {
  const elements = [{ type: 'text', text: cleanLines(text) || ' ' } as const];
  return { type: 'rich_text', elements: [{ type: 'rich_text_preformatted', elements }] };
}

/** Small print, or ordinary text if a context block cannot hold it. null = nothing to draw. */
export function smallPrint(spans: Spans): types.ContextBlock | types.RichTextBlock | null {
  const elements = joinedPlain(spans)
    .map(richElement)
    .map((element) => element && contextElement(element))
    .filter((element) => element !== null);
  const isShort = elements.every(
    (each) => each.type === 'image' || each.text.length <= CONTEXT_TEXT,
  );
  const fits = isShort && elements.length > 0 && elements.length <= CONTEXT_ELEMENTS;
  return fits ? { type: 'context', elements } : richText(spans);
}

/** The spans up to `limit` characters; `…` marks a cut. */
export function cutSpans(spans: Spans, limit: number): Spans {
  const result: Span[] = [];
  let room = limit;
  for (const span of spans) {
    const length = 'text' in span ? span.text.length : 0;
    if (length > room) {
      if ('text' in span && room > 0) result.push({ ...span, text: cut(span.text, room) });
      return result;
    }
    result.push(span);
    room -= length;
  }
  return result;
}

function richElement(span: Span): RichElement | null {
  switch (span.kind) {
    case 'plain':
      return span.text === '' ? null : { type: 'text', text: cleanLines(span.text) };
    case 'code':
    case 'bold':
      return span.text === ''
        ? null
        : { type: 'text', text: clean(span.text), style: { [span.kind]: true } };
    case 'user':
      if (USER_ID.test(span.id)) return { type: 'user', user_id: span.id };
      if (GROUP_ID.test(span.id)) return { type: 'usergroup', usergroup_id: span.id };
      return { type: 'text', text: clean(span.id) || '?' };
    case 'link':
      return { type: 'link', url: span.url, text: clean(span.text) };
    case 'time':
      return dateElement(span.at);
  }
}

function dateElement(at: Date): RichElement {
  if (Number.isNaN(at.getTime())) return { type: 'text', text: utc(at) };
  const timestamp = Math.floor(at.getTime() / 1000);
  return { type: 'date', timestamp, format: DATE_FORMAT, fallback: utc(at) };
}

/** Joins neighbours without markup, because a context block draws each element apart. */
function joinedPlain(spans: Spans): Spans {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (!('text' in span)) joined.push(span);
    else if (last?.kind === 'plain') {
      joined[joined.length - 1] = { kind: 'plain', text: last.text + lineOf(span) };
    } else joined.push({ kind: 'plain', text: lineOf(span) });
  }
  return joined;
}

function lineOf(span: Extract<Span, { text: string }>): string {
  return span.kind === 'plain' ? span.text : clean(span.text);
}

function contextElement(element: RichElement): ContextElement | null {
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true }) as const;
  switch (element.type) {
    case 'user':
      return mrkdwn(`<@${element.user_id}>`);
    case 'usergroup':
      return mrkdwn(`<!subteam^${element.usergroup_id}>`);
    case 'date':
      return mrkdwn(`<!date^${element.timestamp}^${element.format}|${element.fallback}>`);
    case 'text':
    case 'link': {
      const text = element.text?.trim() ?? '';
      return text === '' ? null : { type: 'plain_text', text, emoji: false };
    }
  }
}
