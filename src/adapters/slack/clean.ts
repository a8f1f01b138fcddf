import { STEERING, STEERING_IN_LINES } from '../../chat/steering.ts';

/** Makes foreign text safe for Slack: no control characters, and no markup in mrkdwn. */

/** For data on one line. */
export function clean(text: string): string {
  return text.normalize('NFC').replace(STEERING, '\uFFFD');
}

/** For our own text or a statement: line breaks and tabs stay. */
export function cleanLines(text: string): string {
  return text.normalize('NFC').replace(STEERING_IN_LINES, '\uFFFD');
}

/** For clean text in the few fields that Slack parses, such as the text of a notification. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** At most `limit` UTF-16 units, as Slack counts; never half a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const start = text.slice(0, limit - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${start}…`;
}
