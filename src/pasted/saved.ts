import { shorten } from '../chat/words.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import { readClient, sessionClient, textOf, toCount, toDate, wordOf } from './cells.ts';
import { type Cells, isUnauthenticated, type Problem, type TableRow } from './columns.ts';
import { isLineOfNames } from './delimited.ts';
import { readTables } from './tables.ts';

/** Saved rows of host caches and process lists, whichever program printed them. */
export interface Saved {
  readonly caches: readonly SavedEntry[];
  readonly waiting: readonly WaitingRow[];
  /** How many rows of process lists are connections that have logged in. */
  readonly sessions: number;
  readonly problems: readonly Problem[];
  /** Indexes of the lines that belong to a table. */
  readonly used: ReadonlySet<number>;
  /** The text is a table without rows. */
  readonly isEmptySet: boolean;
}

export interface SavedEntry extends Omit<HostCacheEntry, 'address'> {
  /** null: the text has no IP column, or the address was masked. */
  readonly address: string | null;
  /** Columns that the diagnosis reads and the text lacks. */
  readonly missing: readonly string[];
  /** The number of its line, from 1. */
  readonly line: number;
}

/** A connection that has not finished authentication. */
export interface WaitingRow {
  /** Its address or host name, without the port; null = not shown. */
  readonly client: string | null;
  readonly seconds: number | null;
  /** As the server shows it; null = not shown. */
  readonly state: string | null;
}

/** The counters that all releases have. */
export const COUNTERS: readonly string[] =
  `HOST_BLOCKED NAMEINFO_TRANSIENT NAMEINFO_PERMANENT FORMAT
  ADDRINFO_TRANSIENT ADDRINFO_PERMANENT FCRDNS HOST_ACL NO_AUTH_PLUGIN AUTH_PLUGIN HANDSHAKE
  PROXY_USER PROXY_USER_ACL AUTHENTICATION SSL MAX_USER_CONNECTIONS MAX_USER_CONNECTIONS_PER_HOUR
  DEFAULT_DATABASE INIT_CONNECT LOCAL UNKNOWN`
    .split(/\s+/)
    .map((name) => `COUNT_${name}_ERRORS`);

const NEEDED = ['HOST', 'HOST_VALIDATED', 'SUM_CONNECT_ERRORS', ...COUNTERS];

export function readSaved(lines: readonly string[]): Saved {
  const { rows, problems, used } = readTables(lines);
  const caches: SavedEntry[] = [];
  const waiting: WaitingRow[] = [];
  const broken: Problem[] = [...problems];
  let sessions = 0;
  for (const row of rows) {
    const read = readRow(row);
    if (read === null) sessions += 1;
    else if (typeof read === 'string') broken.push({ line: row.line + 1, problem: read });
    else if ('missing' in read) caches.push(read);
    else waiting.push(read);
  }
  const isNothing = rows.length === 0 && broken.length === 0;
  return {
    caches,
    waiting,
    sessions,
    problems: broken.sort((a, b) => a.line - b.line),
    used,
    isEmptySet: isNothing && isEmptySet(lines),
  };
}

/** A string says what is wrong with the row; null = a session that has logged in. */
function readRow({ kind, cells, line }: TableRow): SavedEntry | WaitingRow | string | null {
  switch (kind) {
    case 'cache':
      return toEntry(cells, line + 1);
    case 'listed':
      return toEntry(unlisted(cells), line + 1);
    case 'session':
      return isUnauthenticated(cells.get('USER'))
        ? waitingOf(sessionClient(cells.get('HOST')), cells.get('TIME'), cells.get('STATE'))
        : null;
    case 'pending':
      return waitingOf(textOf(cells.get('CLIENT')), cells.get('SECONDS'), cells.get('STATE'));
  }
}

function waitingOf(client: string | null, seconds: unknown, state: unknown): WaitingRow {
  const isShown = textOf(seconds) !== null;
  return { client, seconds: isShown ? toCount(seconds) : null, state: textOf(state) };
}

/** The entry, or what is wrong with the row. */
function toEntry(cells: Cells, line: number): SavedEntry | string {
  const client = readClient(cells.get('IP'));
  if (client.kind === 'other') return `IP: expected an address, got ${shown(cells.get('IP'))}`;
  const counters: Record<string, number> = {};
  for (const [name, value] of cells) {
    if (!/^(?:SUM_CONNECT_ERRORS$|COUNT_)/.test(name)) continue;
    const count = toCount(value);
    if (count === null) return `${name}: expected a number, got ${shown(value)}`;
    counters[name] = count;
  }
  const { SUM_CONNECT_ERRORS: connectErrors = 0, ...others } = counters;
  return {
    address: client.kind === 'address' ? client.text : null,
    host: wordOf(cells.get('HOST')),
    validated: /^(?:YES|true|1)$/i.test(wordOf(cells.get('HOST_VALIDATED')) ?? ''),
    connectErrors,
    counters: others,
    firstSeenAt: toDate(cells.get('FIRST_SEEN')),
    lastSeenAt: toDate(cells.get('LAST_SEEN')),
    firstErrorAt: toDate(cells.get('FIRST_ERROR_SEEN')),
    lastErrorAt: toDate(cells.get('LAST_ERROR_SEEN')),
    missing: NEEDED.filter((name) => !cells.has(name)),
    line,
  };
}

/** The columns of a line of `list`, which counts errors in words: `blocked, handshake 2`. */
function unlisted(cells: Cells): Cells {
  const what = String(cells.get('WHAT') ?? '');
  const named = new Map<string, unknown>([
    ['IP', cells.get('ADDRESS')],
    ['HOST', cells.get('HOST')],
  ]);
  if (cells.has('VALIDATED')) named.set('HOST_VALIDATED', cells.get('VALIDATED'));
  // Of a stale host only the names are listed.
  if (what.startsWith('DNS gives')) return named;
  const counted = what.split(', ').flatMap((part): [string, unknown][] => {
    const [, name, count] = /^([a-z0-9_]{1,60}) (\d{1,20})$/.exec(part) ?? [];
    return name === undefined ? [] : [[`COUNT_${name.toUpperCase()}_ERRORS`, count]];
  });
  const zeros = COUNTERS.map((name): [string, unknown] => [name, 0]);
  const sum: [string, unknown] = ['SUM_CONNECT_ERRORS', cells.get('CONNECT_ERRORS')];
  return new Map([...named, sum, ...zeros, ...counted]);
}

function isEmptySet(lines: readonly string[]): boolean {
  if (lines.some((line) => /^\s{0,20}Empty set\b/i.test(line))) return true;
  const filled = lines.filter((line) => line.trim() !== '');
  const [only = ''] = filled;
  if (filled.length === 1 && isLineOfNames(only)) return true;
  const text = filled.slice(0, 50).join('');
  if (/^\s{0,20}\[\s{0,200}\]\s{0,20}$/.test(text)) return true;
  return /"rows"\s{0,9}:\s{0,9}\[\s{0,200}\]/.test(text) || /<resultset\b/i.test(text);
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : `"${shorten(String(value))}"`;
}
