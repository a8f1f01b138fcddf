/**
 * Parses an option file of the MySQL client, with the quotes, escapes and comments of MySQL's own
 * parser (mysys/my_default.cc), which no INI library follows.
 */

export type OptionLine =
  | {
      readonly kind: 'option';
      readonly group: string;
      /** With dashes: `ssl-ca`. */
      readonly name: string;
      /** null: written without `=`. */
      readonly value: string | null;
      readonly line: number;
    }
  | {
      readonly kind: 'include' | 'includedir';
      readonly path: string;
      readonly line: number;
    };

/** What ends the reading of a file, as `mysql` ends there too. */
export interface OptionFault {
  readonly line: number;
  /** `expected …, got …`; never a part of the line, which may be a password. */
  readonly says: string;
}

export function parseOptionFile(text: string): readonly OptionLine[] | OptionFault {
  const options: OptionLine[] = [];
  let group: string | null = null;
  for (const [at, raw] of text.split('\n').entries()) {
    const line = at + 1;
    const content = trim(raw);
    if (content === '' || /^[#;]/.test(content)) continue;
    const include = /^!(includedir|include)\s+(.+)$/.exec(content);
    if (include !== null) {
      const kind = include[1] === 'include' ? 'include' : 'includedir';
      options.push({ kind, path: include[2] ?? '', line });
    } else if (content.startsWith('!')) {
      return { line, says: 'expected !include or !includedir with a path, got another directive' };
    } else if (content.startsWith('[')) {
      group = /^\[\s*([^\]]*?)\s*\]/.exec(content)?.[1] ?? null;
      if (group === null) return { line, says: 'expected [group], got no closing bracket' };
    } else if (group === null) {
      return { line, says: 'expected a [group] before the first option, got an option' };
    } else {
      options.push({ kind: 'option', group, ...parseOption(content), line });
    }
  }
  return options;
}

function parseOption(content: string): { readonly name: string; readonly value: string | null } {
  const text = withoutComment(content);
  const at = text.indexOf('=');
  const written = at < 0 ? text : text.slice(0, at);
  // The server and the client take both spellings.
  const name = trim(written)
    .replaceAll('_', '-')
    .replace(/^loose-/, '');
  return { name, value: at < 0 ? null : parseValue(trim(text.slice(at + 1))) };
}

/** Only ASCII's blanks: a password may begin or end with another. */
function trim(text: string): string {
  return text.replace(/^[ \t\v\f\r]+|[ \t\v\f\r]+$/g, '');
}

/** A `#` begins a comment unless it is within quotes, which may also begin inside a value. */
function withoutComment(text: string): string {
  let quote = '';
  let isEscaped = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if ((character === "'" || character === '"') && !isEscaped) {
      quote = quote === '' ? character : quote === character ? '' : quote;
    }
    if (quote === '' && character === '#') return text.slice(0, at);
    isEscaped = quote !== '' && character === '\\' && !isEscaped;
  }
  return text;
}

/** Between quotes and without, the same escapes count. */
const ESCAPES: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', b: '\b', s: ' ' },
  ...{ '"': '"', "'": "'", '\\': '\\' },
};

function parseValue(text: string): string {
  const isQuoted = text.length > 1 && /^["']/.test(text) && text.at(0) === text.at(-1);
  const inner = isQuoted ? text.slice(1, -1) : text;
  // A backslash before another character stays.
  return inner.replace(/\\(.)/gs, (both, next: string) => ESCAPES[next] ?? both);
}
