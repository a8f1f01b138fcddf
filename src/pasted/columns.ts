/** The columns of host caches and process lists, by which a table is recognised in any form. */

/** Values by column name in upper case. */
export type Cells = ReadonlyMap<string, unknown>;

export type RowKind =
  /** A row of performance_schema.host_cache. */
  | 'cache'
  /** A row of a process list. */
  | 'session'
  /** A line of `hostcache list`, in JSON or not. */
  | 'listed'
  /** A line of `hostcache pending --json`. */
  | 'pending';

export interface TableRow {
  readonly kind: RowKind;
  /** The index of its first line. */
  readonly line: number;
  readonly cells: Cells;
}

export interface Problem {
  /** The number of the line, from 1. */
  readonly line: number;
  /** What was expected, and what came. */
  readonly problem: string;
}

/** What the readers of the forms add to. */
export interface Found {
  readonly rows: TableRow[];
  readonly problems: Problem[];
  /** Indexes of lines that belong to a table. */
  readonly used: Set<number>;
}

const CACHE_COLUMN =
  /^(?:IP|HOST|HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_[A-Z0-9_]{1,60}|(?:FIRST|LAST)_(?:ERROR_)?SEEN)$/;

/** No other table has these. */
const CACHE_ONLY = /^(?:HOST_VALIDATED|SUM_CONNECT_ERRORS|COUNT_[A-Z0-9_]{1,60}_ERRORS)$/;

/** SHOW PROCESSLIST and information_schema.processlist of MySQL, Percona Server and MariaDB. */
const SESSION_COLUMNS: ReadonlySet<string> = new Set(
  `ID USER HOST DB COMMAND TIME STATE INFO PROGRESS TIME_MS STAGE MAX_STAGE MEMORY_USED
   MAX_MEMORY_USED EXAMINED_ROWS SENT_ROWS ROWS_SENT ROWS_EXAMINED QUERY_ID INFO_BINARY TID
   EXECUTION_ENGINE`.split(/\s+/),
);

const LISTED_COLUMNS = ['ADDRESS', 'HOST', 'CONNECT_ERRORS', 'WHAT'];
const PENDING_COLUMNS = ['CLIENT', 'SECONDS', 'STATE', 'STEP'];

/** `h.sum_connect_errors`, `**IP**`, `Sum connect errors` and Workbench's `# IP` in the server's spelling. */
export function columnName(text: string): string {
  return text
    .trim()
    .replace(/^# /, '')
    .replace(/^[*`"'[]{1,4}|[*`"'\]]{1,4}$/g, '')
    .replace(/^(?:\w{1,64}\.){1,2}/, '')
    .replace(/ /g, '_')
    .toUpperCase()
    .replace(/^PROCESSLIST_/, '');
}

/** The kind of table that has exactly these columns; null = some other table. */
export function kindOf(names: readonly string[]): RowKind | null {
  const has = (name: string) => names.includes(name);
  if (LISTED_COLUMNS.every(has)) return 'listed';
  if (PENDING_COLUMNS.every(has)) return 'pending';
  const isCache = names.some((name) => CACHE_ONLY.test(name));
  if (isCache && names.filter((name) => CACHE_COLUMN.test(name)).length > 1) return 'cache';
  // Logs have an IP and a host too, beside other things.
  if (has('IP') && names.every((name) => CACHE_COLUMN.test(name))) return 'cache';
  const isSessions = names.length > 2 && names.every((name) => SESSION_COLUMNS.has(name));
  return isSessions && has('USER') && has('HOST') ? 'session' : null;
}

/** The same, of columns that must all be known. */
export function kindOfKnown(names: readonly string[]): RowKind | null {
  const known = [CACHE_COLUMN, /^(?:ADDRESS|CONNECT_ERRORS|WHAT)$/];
  const isKnown = (name: string) =>
    SESSION_COLUMNS.has(name) || known.some((column) => column.test(name));
  return names.every(isKnown) ? kindOf(names) : null;
}

export function isCacheColumn(name: string): boolean {
  return CACHE_COLUMN.test(name);
}

export function isSessionColumn(name: string): boolean {
  return SESSION_COLUMNS.has(name);
}

const UNAUTHENTICATED =
  /^[`"'*]{0,3}unauthenticated user[`"'*]{0,3}(?:\s{0,20}(?:<|←|#|\(|--|\/\/).{0,300})?$/i;

/**
 * How the server names a client in a process list before it has logged in; a remark may follow.
 * information_schema of MySQL 5.6 cuts it off after 16 characters.
 */
export function isUnauthenticated(user: unknown): boolean {
  const text = String(user).trim();
  return text === 'unauthenticated' || UNAUTHENTICATED.test(text);
}
