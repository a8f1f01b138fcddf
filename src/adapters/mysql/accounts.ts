// Reads the accounts that could matter to one client; the server filters, and drops none of them.
import { type Account, accountName } from '../../hostcache/account.ts';
import type { AccountList, AccountQuestion, AccountRows } from '../../hostcache/server.ts';
import type { Fields } from './answer.ts';
import { toDate } from './entry.ts';
import { isRefused } from './faults.ts';
import type { Link } from './link.ts';

/** A place where accounts are stored: the columns to read, each with its name at the end. */
interface Source {
  readonly columns: readonly string[];
  readonly from: string;
}

const HOST_AND_USER = ['User', 'Host', 'plugin', 'ssl_type'];
const MARIADB_VIEW = [...HOST_AND_USER, 'account_locked', 'is_role'];
const MYSQL_TABLE = [...HOST_AND_USER, 'account_locked', 'password_expired'];

/** A reading account can read at least one. No hash is read. */
const SOURCES: readonly Source[] = [
  // A view for MariaDB: its mysql.user shows hashes and hides locks (README, the grants).
  {
    columns: [...MARIADB_VIEW, 'FROM_UNIXTIME(password_last_changed) AS password_last_changed'],
    from: 'mysql.hostcache_accounts',
  },
  { columns: MARIADB_VIEW, from: 'mysql.hostcache_accounts' },
  { columns: [...MYSQL_TABLE, 'password_last_changed'], from: 'mysql.user' },
  { columns: MYSQL_TABLE, from: 'mysql.user' },
  {
    columns: [
      ...['User', 'Host'],
      ...['plugin', 'ssl_type', 'account_locked', 'is_role'].map(
        (name) => `JSON_VALUE(Priv, '$.${name}') AS ${name}`,
      ),
      `FROM_UNIXTIME(JSON_VALUE(Priv, '$.password_last_changed')) AS password_last_changed`,
    ],
    from: 'mysql.global_priv',
  },
  { columns: [...HOST_AND_USER, 'is_role'], from: 'mysql.user' },
  // MySQL 5.6 has no locks.
  { columns: [...HOST_AND_USER, 'password_expired'], from: 'mysql.user' },
  { columns: HOST_AND_USER, from: 'mysql.user' },
];

/**
 * A superset of the rows that match an address or one of two names. `LIKE` replaces the servers'
 * own matchers. Rows that those match more loosely (`%_`, escapes, odd spellings of octets) are
 * always selected. A text with a slash is a netmask, or matches no client.
 */
const COULD_MATCH = `(
  Host = '' OR LOWER(Host) IN (LOWER(?), LOWER(?), LOWER(?))
  OR (LOCATE('/', Host) > 0 AND (INET_ATON(SUBSTRING_INDEX(Host, '/', 1)) IS NULL
      OR INET_ATON(?) & INET_ATON(SUBSTRING_INDEX(Host, '/', -1))
         = INET_ATON(SUBSTRING_INDEX(Host, '/', 1))
      OR SUBSTRING_INDEX(Host, '/', -1) REGEXP '^[^.]*$'
         AND INET_ATON(?) >> (32 - SUBSTRING_INDEX(Host, '/', -1))
         = INET_ATON(SUBSTRING_INDEX(Host, '/', 1)) >> (32 - SUBSTRING_INDEX(Host, '/', -1))))
  OR (Host REGEXP '^[-+0-9.[:space:]]+$'
      AND (INET_ATON(Host) IS NULL OR INET_ATON(Host) = INET_ATON(?)))
  OR ((LOCATE('%', Host) > 0 OR LOCATE('_', Host) > 0)
      AND (LOWER(?) LIKE LOWER(Host) OR LOWER(?) LIKE LOWER(Host) OR LOWER(?) LIKE LOWER(Host)
           OR Host REGEXP '%_' OR LOCATE('\\\\', Host) > 0))
  OR (LOCATE('\\\\', Host) > 0 AND LOCATE('/', Host) = 0))`;

/** Rows of one user come first, then rows that match by name: these decide what a flush changes. */
const DECIDING_FIRST = `ORDER BY User IN (?, '') DESC, ? LIKE Host, Host, User LIMIT ?`;

/** A superset of the rows that some name could match; for one user, or for all users (NULL). */
const NAMED = `LOWER(Host) <> 'localhost' AND Host NOT IN ('', '%') AND Host NOT REGEXP '^[0-9]+[.]'
  AND LOCATE(':', Host) = 0 AND LOCATE('/', Host) = 0 AND (? IS NULL OR User IN (?, ''))`;

const IN_ORDER = 'ORDER BY Host, User LIMIT ?';

/** Rows beyond these are counted, not read. */
const MATCHING_LIMIT = 5_000;
const NAMED_LIMIT = 100;
const ELSEWHERE_LIMIT = 20;
const ALL_LIMIT = 10_000;

/** Tries the source that answered last first. */
export function createAccountReader(link: Link) {
  let chosen: Source | null = null;

  async function askAny(
    tail: string,
    values: readonly unknown[],
    select = selectFrom,
  ): Promise<readonly Fields[]> {
    let refusal: unknown = null;
    for (const source of chosen === null ? SOURCES : [chosen, ...SOURCES]) {
      try {
        const rows = await link.ask(`${select(source)} ${tail}`, values);
        chosen = source;
        return rows;
      } catch (error) {
        if (!isRefused(error)) throw error;
        // Report a missing privilege; a missing column only means another version.
        if (refusal === null || error.missing === 'privilege') refusal = error;
      }
    }
    throw refusal;
  }

  async function ask(where: string, order: string, values: Values): Promise<AccountList> {
    const limited = [...values.where, ...values.order, values.limit];
    const rows = await askAny(`WHERE ${where} ${order}`, limited);
    if (rows.length < values.limit) return { rows: rows.map(toAccount), more: 0 };
    const from = chosen?.from ?? 'mysql.user';
    const [count] = await link.ask(
      `SELECT COUNT(*) AS total FROM ${from} WHERE ${where}`,
      values.where,
    );
    return { rows: rows.map(toAccount), more: Number(count?.['total']) - rows.length };
  }

  async function about(question: AccountQuestion): Promise<AccountRows> {
    const { address, names, user = null, anyName } = question;
    const [first = null, second = null] = names;
    const { text } = address;
    const literals = [text, first, second];
    const where = [...literals, text, text, text, ...literals];
    const [matching, named] = await Promise.all([
      ask(COULD_MATCH, DECIDING_FIRST, { where, order: [user, text], limit: MATCHING_LIMIT }),
      anyName
        ? ask(NAMED, IN_ORDER, { where: [user, user], order: [], limit: NAMED_LIMIT })
        : NO_ROWS,
    ]);
    const isFound = user === null || matching.rows.some((account) => account.user === user);
    // These only show from where else this user may connect.
    const elsewhere = isFound
      ? NO_ROWS
      : await ask('User = ?', IN_ORDER, { where: [user], order: [], limit: ELSEWHERE_LIMIT });
    return {
      rows: distinct([...matching.rows, ...named.rows, ...elsewhere.rows]),
      moreMatching: matching.more,
      moreNamed: named.more,
    };
  }

  const all = (limit = ALL_LIMIT) => ask('TRUE', IN_ORDER, { where: [], order: [], limit });
  const countNamed = async (): Promise<number> => {
    const [row] = await askAny(`WHERE ${NAMED}`, [null, null], selectCount);
    return Number(row?.['total']);
  };
  const mark = async (): Promise<string> => {
    const [row] = await askAny('', [], selectMark);
    return `${row?.['total']} ${row?.['mark']}`;
  };
  return { about, all, countNamed, mark };
}

function selectFrom({ columns, from }: Source): string {
  return `SELECT ${columns.join(', ')} FROM ${from}`;
}

/** With the columns that are read of accounts, so that it is refused where they would be. */
function selectCount(source: Source): string {
  return `SELECT COUNT(*) AS total FROM (${selectFrom(source)}) AS accounts`;
}

/** The number of accounts and a sum over all that is read of them, in any order. */
function selectMark(source: Source): string {
  const names = source.columns.map((column) => column.split(' ').at(-1));
  const texts = names.map((name) => `QUOTE(${name})`).join(', ');
  return `SELECT COUNT(*) AS total, SUM(CRC32(CONCAT(${texts}))) AS mark
    FROM (${selectFrom(source)}) AS accounts`;
}

interface Values {
  readonly where: readonly unknown[];
  readonly order: readonly unknown[];
  readonly limit: number;
}

const NO_ROWS: AccountList = { rows: [], more: 0 };

function distinct(accounts: readonly Account[]): readonly Account[] {
  return [...new Map(accounts.map((account) => [accountName(account), account])).values()];
}

function toAccount(row: Fields): Account {
  const locked = row['account_locked'];
  const expired = row['password_expired'];
  const isLocked = locked === undefined ? null : isYes(locked);
  return {
    user: String(row['User']),
    host: String(row['Host'] ?? ''),
    // CREATE ROLE makes a locked account with an expired password; MySQL has no other sign of a
    // role.
    isRole: isYes(row['is_role']) || (isLocked === true && isYes(expired)),
    locked: isLocked,
    plugin: row['plugin'] === undefined ? null : String(row['plugin'] ?? ''),
    tls: row['ssl_type'] === undefined ? null : tlsOf(row['ssl_type']),
    expired: expired === undefined ? null : isYes(expired),
    changedAt: toDate(row['password_last_changed']),
  };
}

function isYes(value: unknown): boolean {
  return ['Y', '1', 'true'].includes(String(value));
}

/** ssl_type as text. MariaDB's JSON holds a number: 0 none, 1 ANY, 2 X509, 3 SPECIFIED. */
function tlsOf(value: unknown): string {
  return ['', 'ANY', 'X509', 'SPECIFIED'][Number(value ?? 0)] ?? String(value);
}
