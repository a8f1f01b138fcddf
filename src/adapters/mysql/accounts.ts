// Reads the accounts that could matter to one client; the server filters, and drops none of them.
import { type Account, accountName } from '../../hostcache/account.ts';
import type { AccountList, AccountQuestion, AccountRows } from '../../hostcache/server.ts';
import { isRefused } from './faults.ts';
import type { Fields, Link } from './link.ts';

/** Where accounts stand; a reading account sees at least one of them. No password hash is read. */
const SOURCES: readonly string[] = [
  // A view for MariaDB, whose mysql.user shows hashes and hides locks; see the README's grants.
  `SELECT User, Host, plugin, ssl_type, account_locked, is_role FROM mysql.hostcache_accounts`,
  `SELECT User, Host, plugin, ssl_type, account_locked, password_expired FROM mysql.user`,
  `SELECT User, Host, JSON_VALUE(Priv, '$.plugin') AS plugin,
    JSON_VALUE(Priv, '$.ssl_type') AS ssl_type,
    JSON_VALUE(Priv, '$.account_locked') AS account_locked,
    JSON_VALUE(Priv, '$.is_role') AS is_role FROM mysql.global_priv`,
  `SELECT User, Host, plugin, ssl_type, is_role FROM mysql.user`,
  `SELECT User, Host, plugin, ssl_type FROM mysql.user`,
];

/**
 * A superset of the rows that match an address or one of two names. `LIKE` stands in for the
 * servers' own matchers except where those are looser (`%_`, escapes, odd spellings of octets):
 * such rows are always kept. A text with a slash is a netmask or matches nobody.
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

/** The rows of one login first, then those that match by a name: these decide what a flush changes. */
const DECIDING_FIRST = `ORDER BY User IN (?, '') DESC, ? LIKE Host, Host, User LIMIT ?`;

/** Rows that some name could match, a superset; of one user, or (NULL) of all. */
const NAMED = `LOWER(Host) <> 'localhost' AND Host <> '%' AND Host NOT REGEXP '^[0-9]+[.]'
  AND LOCATE(':', Host) = 0 AND LOCATE('/', Host) = 0 AND (? IS NULL OR User IN (?, ''))`;

const IN_ORDER = 'ORDER BY Host, User LIMIT ?';

/** Rows beyond these are counted, not read. */
const MATCHING_LIMIT = 5_000;
const NAMED_LIMIT = 100;
const ELSEWHERE_LIMIT = 20;
const ALL_LIMIT = 10_000;

export interface AccountReader {
  readonly about: (question: AccountQuestion) => Promise<AccountRows>;
  readonly all: () => Promise<AccountList>;
  readonly countNamed: () => Promise<number>;
}

/** The source that answered last is asked first. */
export function createAccountReader(link: Link): AccountReader {
  let chosen: string | null = null;

  async function askAny(tail: string, values: readonly unknown[]): Promise<readonly Fields[]> {
    let refusal: unknown = null;
    for (const source of chosen === null ? SOURCES : [chosen, ...SOURCES]) {
      try {
        const rows = await link.ask(`${source} ${tail}`, values);
        chosen = source;
        return rows;
      } catch (error) {
        if (!isRefused(error)) throw error;
        // A missing privilege is worth telling; a missing column only means another version.
        if (refusal === null || error.missing === 'privilege') refusal = error;
      }
    }
    throw refusal;
  }

  async function ask(where: string, order: string, values: Values): Promise<AccountList> {
    const limited = [...values.where, ...values.order, values.limit];
    const rows = await askAny(`WHERE ${where} ${order}`, limited);
    if (rows.length < values.limit) return { rows: rows.map(toAccount), more: 0 };
    const from = (chosen ?? '').slice((chosen ?? '').lastIndexOf(' FROM '));
    const [count] = await link.ask(`SELECT COUNT(*) AS total${from} WHERE ${where}`, values.where);
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
    // Only to say where else this user may come from.
    const elsewhere = isFound
      ? NO_ROWS
      : await ask('User = ?', IN_ORDER, { where: [user], order: [], limit: ELSEWHERE_LIMIT });
    return {
      rows: distinct([...matching.rows, ...named.rows, ...elsewhere.rows]),
      moreMatching: matching.more,
      moreNamed: named.more,
    };
  }

  const all = () => ask('TRUE', IN_ORDER, { where: [], order: [], limit: ALL_LIMIT });
  const countNamed = async () => {
    const { rows, more } = await ask(NAMED, IN_ORDER, { where: [null, null], order: [], limit: 1 });
    return rows.length + more;
  };
  return { about, all, countNamed };
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
  const isLocked = locked === undefined ? null : isYes(locked);
  return {
    user: String(row['User']),
    host: String(row['Host'] ?? ''),
    // CREATE ROLE makes a locked account with an expired password; MySQL has no other mark on it.
    isRole: isYes(row['is_role']) || (isLocked === true && isYes(row['password_expired'])),
    locked: isLocked,
    plugin: row['plugin'] === undefined ? null : String(row['plugin'] ?? ''),
    tls: row['ssl_type'] === undefined ? null : tlsOf(row['ssl_type']),
  };
}

function isYes(value: unknown): boolean {
  return ['Y', '1', 'true'].includes(String(value));
}

/** MariaDB's JSON numbers them: 0 none, 1 ANY, 2 X509, 3 SPECIFIED. */
function tlsOf(value: unknown): string {
  return ['', 'ANY', 'X509', 'SPECIFIED'][Number(value ?? 0)] ?? String(value);
}
