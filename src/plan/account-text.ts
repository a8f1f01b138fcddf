import { type Reply, refuse } from '../chat/reply.ts';
import { shorten } from '../chat/words.ts';
import { accountLiteral } from '../hostcache/account.ts';
import type { AccountPlace } from './change.ts';

/** Reads an account as a statement names it: `'app'@'10.%'`, `app@10.1.2.3`, `` `app`@`%` ``, `app`. */

/** A string in one kind of quotes, which is doubled or escaped inside; or a bare word. */
const PART = /'((?:[^'\\]|\\.|'')*)'|"((?:[^"\\]|\\.|"")*)"|`((?:[^`]|``)*)`|([^\s'"`@]+)/y;

/** HOSTNAME_LENGTH; servers refuse a longer one (1470). */
const HOST_LIMIT = 255;

export function readAccount(typed: string): AccountPlace | Reply {
  const text = typed.trim();
  const expected = `Expected an account such as 'app'@'10.%', got ${text === '' ? 'nothing' : `"${shorten(text)}"`}`;
  // A shell takes the quotes of ''@'%' away.
  const user = text.startsWith('@') ? { text: '', end: 0 } : readPart(text, 0);
  if (user === null) return refuse(`${expected}.`);
  if (user.end === text.length) return place(user.text, '%');
  if (text[user.end] !== '@') return refuse(`${expected}.`);
  const host = readPart(text, user.end + 1);
  if (host === null || host.end !== text.length) return refuse(`${expected}.`);
  return place(user.text, host.text);
}

/** Servers trim the host and store it in lower case. */
function place(user: string, typedHost: string): AccountPlace | Reply {
  const host = typedHost.trim().toLowerCase();
  if (host.length > HOST_LIMIT) {
    return refuse(`A host pattern has at most ${HOST_LIMIT} characters, got ${host.length}.`);
  }
  // Servers refuse it: Malformed hostname (1105).
  if (host.includes('@')) {
    return refuse(
      `A host pattern has no "@", got "${shorten(host)}". No server creates such an account.`,
    );
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
