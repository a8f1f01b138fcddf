import { type Account, accountLiteral } from './account.ts';

/** Reads an account as a statement names it: `'app'@'10.%'`, `app@10.1.2.3`, `` `app`@`%` ``, `app`. */

/** The user and the host pattern of an account. */
export type AccountPlace = Pick<Account, 'user' | 'host'>;

/** A string in one kind of quotes, which is doubled or escaped inside; or a bare word. */
const PART = /'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|`((?:[^`]|``)*)`|([^\s'"`@]+)/y;

/** HOSTNAME_LENGTH; servers refuse a longer one (1470). */
const HOST_LIMIT = 255;

/** Characters of a text that is quoted in a sentence. */
const LENGTH_SHOWN = 120;

/** A sentence: what is wrong with the text. */
export function readAccount(typed: string): AccountPlace | string {
  const text = typed.trim();
  const expected = `Expected an account such as 'app'@'10.%', got ${text === '' ? 'nothing' : `"${text.slice(0, LENGTH_SHOWN)}"`}`;
  // A shell takes the quotes of ''@'%' away.
  const user = text.startsWith('@') ? { text: '', end: 0 } : readPart(text, 0);
  if (user === null) return `${expected}.`;
  if (user.end === text.length) return place(user.text, '%');
  if (text[user.end] !== '@') return `${expected}.`;
  const host = readPart(text, user.end + 1);
  if (host === null || host.end !== text.length) return `${expected}.`;
  return place(user.text, host.text);
}

/** Servers trim the host and store it in lower case. */
function place(user: string, typedHost: string): AccountPlace | string {
  const host = typedHost.trim().toLowerCase();
  if (host.length > HOST_LIMIT) {
    return `A host pattern has at most ${HOST_LIMIT} characters, got ${host.length}.`;
  }
  // Servers refuse it: Malformed hostname (1105).
  if (host.includes('@')) {
    return `A host pattern has no "@", got "${host.slice(0, LENGTH_SHOWN)}". No server creates such an account.`;
  }
  return { user, host };
}

function readPart(
  text: string,
  from: number,
): { readonly text: string; readonly end: number } | null {
  PART.lastIndex = from;
  const found = PART.exec(text);
  if (found === null) return null;
  const [whole, single, double, backtick, bare] = found;
  const end = from + whole.length;
  if (bare !== undefined) return { text: bare, end };
  if (backtick !== undefined) return { text: backtick.replaceAll('``', '`'), end };
  const quoted = single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? '';
  // In a pattern, \_ and \% stay as they are.
  return { text: quoted.replace(/\\(['"\\0nrZ])/g, (_, of: string) => ESCAPED[of] ?? of), end };
}

const ESCAPED: Readonly<Record<string, string>> = { 0: '\0', n: '\n', r: '\r', Z: '\u001a' };

/** As typed; read back unchanged. */
export function sayPlace(account: AccountPlace): string {
  return accountLiteral(account);
}
