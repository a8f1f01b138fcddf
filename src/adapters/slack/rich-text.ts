import type { types } from '@slack/bolt';
import { utc } from '../../chat/lists.ts';
import type { Span, Spans } from '../../chat/message.ts';
import { clean, cleanLines, cut, escaped } from './clean.ts';

/** Draws spans as Slack's rich text, in which Slack parses no markup. */

type RichElement =
  | types.RichTextText
  | types.RichTextLink
  | types.RichTextDate
  | types.RichTextUserMention
  | types.RichTextUsergroupMention
  | types.RichTextChannelMention;
type ContextElement = types.PlainTextElement | types.MrkdwnElement;

/** Each reader sees the time in their own time zone. */
const DATE_FORMAT = '{date_short_pretty} {time_secs}';

/** Slack notifies these people; anything that is not an id stays text. */
const USER_ID = /^[UW][A-Z0-9]+$/;
const GROUP_ID = /^S[A-Z0-9]+$/;
const CHANNEL_ID = /^[CGD][A-Z0-9]+$/;

/** Slack refuses more elements in one context block. */
const CONTEXT_ELEMENTS = 10;

/** Slack refuses a longer text in a context block. */
const CONTEXT_TEXT = 2000;

/** null = there is nothing to draw. */
export function richText(spans: Spans): types.RichTextBlock | null {
  const elements = richElements(spans);
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
  const elements = contextElements(richElements(spans));
  const isShort = elements.every(({ text }) => text.length <= CONTEXT_TEXT);
  const fits = isShort && elements.length > 0 && elements.length <= CONTEXT_ELEMENTS;
  return fits ? { type: 'context', elements } : richText(spans);
}

/** The spans as the text of a message without blocks, in which mentions work. */
export function mrkdwnText(spans: Spans): string {
  return richElements(spans)
    .map(contextElement)
    .map((element) => (element.type === 'mrkdwn' ? element.text : escaped(element.text)))
    .join('');
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

/** Slack refuses an element with an empty text. */
function richElements(spans: Spans): RichElement[] {
  return spans.filter((span) => !('text' in span) || span.text !== '').map(richElement);
}

function richElement(span: Span): RichElement {
  switch (span.kind) {
    case 'plain':
      return { type: 'text', text: cleanLines(span.text) };
    case 'code':
    case 'bold':
      return { type: 'text', text: clean(span.text), style: { [span.kind]: true } };
    case 'user':
      if (USER_ID.test(span.id)) return { type: 'user', user_id: span.id };
      if (GROUP_ID.test(span.id)) return { type: 'usergroup', usergroup_id: span.id };
      return { type: 'text', text: clean(span.id) || '?' };
    case 'channel':
      if (CHANNEL_ID.test(span.id)) return { type: 'channel', channel_id: span.id };
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
function contextElements(elements: readonly RichElement[]): ContextElement[] {
  const joined: ContextElement[] = [];
  for (const element of elements.map(contextElement)) {
    const last = joined.at(-1);
    if (last?.type === 'plain_text' && element.type === 'plain_text') last.text += element.text;
    else joined.push(element);
  }
  return joined
    .map((element) => ({ ...element, text: element.text.trim() }))
    .filter(({ text }) => text !== '');
}

/** The URL without characters that would end a link. */
function linkable(url: string): string {
  return url.replace(/[<>|\s]/g, encodeURIComponent);
}

function contextElement(element: RichElement): ContextElement {
  const mrkdwn = (text: string) => ({ type: 'mrkdwn', text, verbatim: true }) as const;
  switch (element.type) {
    case 'user':
      return mrkdwn(`<@${element.user_id}>`);
    case 'usergroup':
      return mrkdwn(`<!subteam^${element.usergroup_id}>`);
    case 'channel':
      return mrkdwn(`<#${element.channel_id}>`);
    case 'date':
      return mrkdwn(`<!date^${element.timestamp}^${element.format}|${element.fallback}>`);
    case 'link':
      // Slack makes no link of plain text.
      return mrkdwn(`<${linkable(element.url)}|${escaped(element.text ?? '')}>`);
    case 'text':
      return { type: 'plain_text', text: element.text, emoji: false };
  }
}
