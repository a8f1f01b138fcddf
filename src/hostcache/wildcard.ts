/** The three text matchers that servers use on host patterns: `%` any run, `_` one character. */

/** One piece of a pattern; an escaped `\%` is the character itself. */
type Token =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'character'; readonly value: string };

type Matches = (tokenIndex: number, textIndex: number) => boolean;

export function tokensOf(pattern: string): readonly Token[] {
  const known = tokenized.get(pattern);
  if (known !== undefined) return known;
  if (tokenized.size >= PATTERNS_KEPT) tokenized.clear();
  const tokens = tokenize(pattern);
  tokenized.set(pattern, tokens);
  return tokens;
}

/** A plan compares a few patterns with tens of thousands of clients. */
const tokenized = new Map<string, readonly Token[]>();
const PATTERNS_KEPT = 1000;

function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const isEscaped = pattern[at] === '\\' && at + 1 < pattern.length;
    if (isEscaped) at += 1;
    const value = pattern.charAt(at);
    if (!isEscaped && value === '%') tokens.push({ kind: 'any' });
    else if (!isEscaped && value === '_') tokens.push({ kind: 'one' });
    else tokens.push({ kind: 'character', value });
  }
  return tokens;
}

/** MariaDB and MySQL before 8.0: a textbook glob; case matters for an address, not for a name. */
export function matchesGlob(text: string, pattern: string, ignoreCase: boolean): boolean {
  if (isPlain(pattern)) return ignoreCase ? equalIgnoringCase(text, pattern) : text === pattern;
  const tokens = tokensOf(pattern);
  const matches = remembering(tokens, text.length, (i, at) => {
    const token = tokens[i];
    if (token === undefined) return at === text.length;
    if (token.kind === 'any') return anyFrom(at, text.length, (next) => matches(i + 1, next));
    if (at === text.length) return false;
    return fits(token, text.charAt(at), ignoreCase) && matches(i + 1, at + 1);
  });
  return matches(0, 0);
}

/**
 * MySQL 8.0 and newer on a name. `_%` and `%%` at the end need one more character.
 * Source: wild_case_compare in sql/auth/sql_auth_cache.cc, confirmed by connections.
 */
export function matchesName(name: string, pattern: string): boolean {
  if (isPlain(pattern)) return pattern !== '' && equalIgnoringCase(name, pattern);
  const tokens = tokensOf(pattern);
  const last = tokens.length - 1;
  const isFinalAny = (i: number) => i === last && tokens[i]?.kind === 'any';
  if (name === '') return isFinalAny(0);
  const matches = remembering(tokens, name.length, (i, at) => {
    const token = tokens[i];
    if (token === undefined) return false;
    if (token.kind === 'any') {
      return i === last || anyFrom(at, name.length - 1, (next) => matches(i + 1, next));
    }
    if (!fits(token, name.charAt(at), true)) return false;
    if (at + 1 < name.length) return matches(i + 1, at + 1);
    return i === last || (token.kind === 'character' && isFinalAny(i + 1));
  });
  return matches(0, 0);
}

/** MySQL 8.0 and newer on an address: case matters, and a `_` right after `%` matches no character. */
export function matchesAddressText(address: string, pattern: string): boolean {
  if (isPlain(pattern)) return address === pattern;
  const tokens = tokensOf(pattern);
  const matches = remembering(tokens, address.length, (i, at) => {
    const token = tokens[i];
    if (token === undefined) return at === address.length;
    if (token.kind === 'any') {
      const next = tokens.findIndex((later, j) => j > i && later.kind === 'character');
      const skipped = tokens.slice(i, next < 0 ? undefined : next);
      if (at === address.length && skipped.some((later) => later.kind === 'one')) return false;
      return next < 0 || anyFrom(at, address.length - 1, (start) => matches(next, start));
    }
    if (at === address.length) return false;
    return fits(token, address.charAt(at), false) && matches(i + 1, at + 1);
  });
  return matches(0, 0);
}

/** Whether it matches only the text that it is. */
function isPlain(pattern: string): boolean {
  return !/[%_\\]/.test(pattern);
}

/** The servers ignore the case of ASCII letters only. */
export function equalIgnoringCase(a: string, b: string): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) {
    if (upper(a.charCodeAt(at)) !== upper(b.charCodeAt(at))) return false;
  }
  return true;
}

function upper(code: number): number {
  return code >= 97 && code <= 122 ? code - 32 : code;
}

function fits(token: Token, character: string, ignoreCase: boolean): boolean {
  if (token.kind !== 'character') return true;
  return ignoreCase ? equalIgnoringCase(token.value, character) : token.value === character;
}

function anyFrom(first: number, last: number, holds: (at: number) => boolean): boolean {
  for (let at = first; at <= last; at += 1) if (holds(at)) return true;
  return false;
}

/** Remembers where a `%` leads nowhere, so a pattern with many does not take exponential time. */
function remembering(tokens: readonly Token[], textLength: number, matches: Matches): Matches {
  const failed = new Set<number>();
  return (tokenIndex, textIndex) => {
    if (tokens[tokenIndex]?.kind !== 'any') return matches(tokenIndex, textIndex);
    const state = tokenIndex * (textLength + 1) + textIndex;
    if (failed.has(state)) return false;
    const found = matches(tokenIndex, textIndex);
    if (!found) failed.add(state);
    return found;
  };
}
