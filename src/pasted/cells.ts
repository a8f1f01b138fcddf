import { parseAddress } from '../hostcache/address.ts';
import { readClientText } from './client-text.ts';

/** The values of a table's cells, as clients print them and people pass them on. */

/** How clients show NULL; an empty cell is one too, because the server stores no empty text. */
const NULL_WORD = /^(?:[[(<]?null[\])>]?|\\N|~|none|nil|undefined)$/i;

/** The first word without quotes and marks: what follows is a remark. null = NULL, or nothing. */
export function wordOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const [word = ''] = /^[^\s←]{1,300}/.exec(unmarked(String(value))) ?? [];
  // Brackets that opened before the word are not part of it.
  const end = /[[{(]/.test(word) ? /[,;]{1,3}$/ : /[,;}\])]{1,8}$/;
  const bare = unmarked(word.replace(end, ''));
  return bare === '' || NULL_WORD.test(bare) ? null : bare;
}

/** The whole cell; null = NULL, or nothing. */
export function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  const bare = unmarked(String(value));
  return bare === '' || NULL_WORD.test(bare) ? null : bare;
}

/** The number before any remark, also with separators of thousands; null = no whole number. */
export function toCount(value: unknown): number | null {
  if (value === null || value === undefined) return 0;
  if (!['number', 'bigint', 'string'].includes(typeof value)) return null;
  const text = unmarked(String(value));
  if (NULL_WORD.test(text)) return 0;
  const [, digits] = /^(\d{1,3}(?:,\d{3}){1,5}|\d{1,20})(?![\w.]\w)(?!\w)/.exec(text) ?? [];
  return digits === undefined ? null : Number(digits.replaceAll(',', ''));
}

/** null without a time zone: clients print the zone of their session and do not name it. */
export function toDate(value: unknown): Date | null {
  if (typeof value !== 'string') return null;
  const text = unmarked(value);
  const [stamp] = /^[\d-]{8,10}[T ][\d:.]{5,16} ?(?:Z|[+-]\d\d:?\d\d)(?!\w)/.exec(text) ?? [];
  const at = new Date(stamp ?? Number.NaN);
  return Number.isNaN(at.getTime()) ? null : at;
}

/** `masked`: somebody replaced the address, or part of it, before passing the text on. */
export type Client =
  | { readonly kind: 'address'; readonly text: string }
  | { readonly kind: 'masked' }
  | { readonly kind: 'other' };

/** In a column of addresses, four short words are no name. */
const DOTTED = /^[\w*#?•]{1,4}(?:\.[\w*#?•]{1,4}){3}$/;
const BRACKETED = /^(?:<[^<>]{0,60}>|\[[^[\]]{0,60}\]|\{[^{}]{0,60}\}|\([^()]{0,60}\))/;

export function readClient(value: unknown): Client {
  const word = wordOf(value);
  if (word === null) return { kind: 'masked' };
  const address = parseAddress(word);
  if (address !== null) return { kind: 'address', text: address.text };
  const whole = textOf(value) ?? '';
  const isMasked = readClientText(word).kind === 'blank' || DOTTED.test(word);
  return { kind: isMasked || BRACKETED.test(whole) ? 'masked' : 'other' };
}

/** The client of a process list's HOST, which has a port; null = not shown, or masked. */
export function sessionClient(value: unknown): string | null {
  const word = wordOf(value);
  if (word === null || CONNECTING.test(textOf(value) ?? '')) return null;
  const host = withoutPort(word);
  return readClientText(host).kind === 'client' ? host : null;
}

/** What old servers show before they have looked the client up. */
const CONNECTING = /^connecting host\b/i;

/** The first port that a client's system gives out by itself. */
const FIRST_CLIENT_PORT = 1024;

/** `192.0.2.7:45186`, `[2001:db8::5]:40000`, and `2001:db8::5:40000` as MySQL writes it. */
function withoutPort(word: string): string {
  const bracketed = /^\[([^\]]{1,60})\]/.exec(word)?.[1];
  if (bracketed !== undefined) return parseAddress(bracketed)?.text ?? bracketed;
  const at = word.lastIndexOf(':');
  const port = /^\d{1,5}$/.test(word.slice(at + 1)) ? Number(word.slice(at + 1)) : null;
  if (at < 0 || port === null) return parseAddress(word)?.text ?? word;
  const head = word.slice(0, at);
  const isPort = !head.includes(':') || port >= FIRST_CLIENT_PORT;
  const address = parseAddress(isPort ? head : word) ?? parseAddress(word);
  return address?.text ?? head;
}

/** Without the quotes, backticks and asterisks that a program or a person put around it. */
function unmarked(text: string): string {
  return text
    .trim()
    .replace(/^(?:\*{1,3}|[`"'_~]{1,3})(?=[^*`"'])/, '')
    .replace(/(?<=[^*`"'.])(?:\*{1,3}|[`"'_~]{1,3})$/, '')
    .trim();
}
