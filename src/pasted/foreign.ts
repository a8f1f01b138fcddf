import { parseAddress } from '../hostcache/address.ts';
import { isHostName, looksNumeric } from '../hostcache/host-name.ts';
import { readClientText } from './client-text.ts';

/** Messages in other languages or unknown words: only the number and the quoted parts can be read. */
export interface ForeignMessage {
  readonly error: number | null;
  readonly clients: readonly string[];
  readonly user: string | null;
}

/** Errors that name a client in quotes; others quote a table, a database or a variable. */
const NAMES_CLIENT: readonly number[] = [1045, 1129, 1130, 1698, 3118, 3955, 6126, 6127, 9000];

/** Symbols that some drivers print in place of the number. */
const SYMBOLS: Readonly<Record<string, number>> = {
  ER_HOST_IS_BLOCKED: 1129,
  ER_HOST_NOT_PRIVILEGED: 1130,
  ER_ACCESS_DENIED_ERROR: 1045,
  ER_DBACCESS_DENIED_ERROR: 1044,
  ER_CON_COUNT_ERROR: 1040,
};

/** null = the text holds neither a number nor a client. */
export function readForeign(text: string): ForeignMessage | null {
  const error = errorNumber(text);
  if (error !== null && holdsNoClient(error)) return { error, clients: [], user: null };
  // The French message has a second @.
  const login = /'([^']{0,128})'@'@?([^']{0,255})'/.exec(text);
  if (login !== null) {
    const [, user = '', host = ''] = login;
    const rest = text.slice(login.index + login[0].length, login.index + login[0].length + 400);
    // A quoted database follows only in 1044, where the host is the account's pattern.
    const isPattern = /^[^'(]{0,200}'[^']{1,200}'/.test(rest);
    if (isPattern) return { error: error ?? 1044, clients: [], user: null };
    const read = readClientText(host);
    if (read.kind === 'client') return { error, clients: [read.client], user: user || null };
  }
  const clients = clientsOf(text, error);
  return clients.length === 0 && error === null ? null : { error, clients, user: null };
}

/** The quoted word before the name of the server or of mysqladmin; otherwise all that looks like a host. */
function clientsOf(text: string, error: number | null): readonly string[] {
  const beforeServer =
    /'([^'\s]{1,255})'(?:(?!'[^'\s]{1,255}').){0,200}?(?:'(?:mysqladmin|mariadb-admin) |MySQL|MariaDB)/g;
  const named = Array.from(text.matchAll(beforeServer), (match) => match[1] ?? '').filter(isClient);
  if ((error === 1129 || error === 1130) && named.length > 0) return distinct(named);
  const mayQuote = error === null || NAMES_CLIENT.includes(error);
  const inQuotes = mayQuote
    ? Array.from(text.matchAll(/'([^']{1,255})'/g), (match) => match[1] ?? '')
    : [];
  const bare = text.split(/[\s,;()"'<>=]+/).map((word) => word.replace(/[.:!?]{1,9}$/, ''));
  const addresses = bare.filter((word) => parseAddress(word) !== null);
  return distinct([...inQuotes.filter(looksLikeHost), ...addresses]);
}

/** 1044 and 1049 name a pattern and a database; errors of the client library (2000 to 2999) name the server. */
function holdsNoClient(error: number): boolean {
  return error === 1044 || error === 1049 || (error >= 2000 && error < 3000);
}

/** The number, where clients print it: `ERROR 1130 (HY000)`, `(1130, "…`, `[1130]`, `(HY000/1130)`, `#1130`. */
export function errorNumber(text: string): number | null {
  const match =
    /(?:error|fehler|erro|erreur|errno|code)\w{0,12}\W{0,3}(\d{4})\b|\((\d{4}),|\[(\d{4})\]|\/(\d{4})\)|#(\d{4})\b|^(\d{4})(?: - |: | \()/i.exec(
      text,
    );
  const digits = match?.slice(1).find((group) => group !== undefined);
  if (digits !== undefined) return Number(digits);
  // 1129 gives this advice in every language.
  if (/'(?:mysqladmin|mariadb-admin) flush-hosts'/.test(text)) return 1129;
  const symbol = Object.keys(SYMBOLS).find((name) => text.includes(name));
  return symbol === undefined ? null : (SYMBOLS[symbol] ?? null);
}

function isClient(text: string): boolean {
  return readClientText(text).kind === 'client';
}

/** In a text of unknown wording, a word without a dot is hardly a host. */
function looksLikeHost(text: string): boolean {
  if (parseAddress(text) !== null) return true;
  return isHostName(text) && text.includes('.') && !looksNumeric(text) && isClient(text);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
