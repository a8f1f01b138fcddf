// Reads the accounts that could matter to one client; the server filters, and drops none of them.
import type { Account } from '../../hostcache/account.ts';
import type { AccountQuestion, AccountRows } from '../../hostcache/server.ts';
import { isRefused } from './faults.ts';
import type { Fields, Link } from './link.ts';

/**
 * A superset of the rows that can match an address or one of two names, and of those asked for
 * beside them. `LIKE` stands in for the servers' own matchers except where those are looser
 * (`%_`, escapes, odd spellings of octets), and such rows are always kept.
 */
const COULD_MATTER = `(
  Host = '' OR LOWER(Host) IN (LOWER(?), LOWER(?), LOWER(?))
  OR LOCATE('/', Host) > 0 OR LOCATE('\\\\', Host) > 0
  OR (Host REGEXP '^[-+0-9.[:space:]]+$'
      AND (INET_ATON(Host) IS NULL OR INET_ATON(Host) = INET_ATON(?)))
  OR ((LOCATE('%', Host) > 0 OR LOCATE('_', Host) > 0)
      AND (LOWER(?) LIKE LOWER(Host) OR LOWER(?) LIKE LOWER(Host) OR LOWER(?) LIKE LOWER(Host)
           OR Host REGEXP '%_'))
  OR (? = 1 AND LOWER(Host) <> 'localhost' AND Host NOT REGEXP '^[0-9]+[.]'
      AND LOCATE(':', Host) = 0 AND (? IS NULL OR User IN ('', ?)))
  OR User = ?)`;

/** Where accounts stand; a reading account sees at least one of them. No password hash is read. */
const SOURCES: readonly string[] = [
  // A view for MariaDB, whose mysql.user shows hashes and hides locks; see the README's grants.
  `SELECT User, Host, plugin, ssl_type, account_locked, is_role
    FROM mysql.hostcache_accounts WHERE ${COULD_MATTER}`,
  `SELECT User, Host, plugin, ssl_type, account_locked, password_expired
    FROM mysql.user WHERE ${COULD_MATTER}`,
  `SELECT User, Host, JSON_VALUE(Priv, '$.plugin') AS plugin,
    JSON_VALUE(Priv, '$.ssl_type') AS ssl_type,
    JSON_VALUE(Priv, '$.account_locked') AS account_locked,
    JSON_VALUE(Priv, '$.is_role') AS is_role
    FROM mysql.global_priv WHERE ${COULD_MATTER}`,
  `SELECT User, Host, plugin, ssl_type, is_role FROM mysql.user WHERE ${COULD_MATTER}`,
  `SELECT User, Host, plugin, ssl_type FROM mysql.user WHERE ${COULD_MATTER}`,
];

/** The source that answered last is asked first. */
export function createAccountReader(
  link: Link,
): (question: AccountQuestion) => Promise<AccountRows> {
  let chosen: string | null = null;
  return async (question) => {
    const values = placeholders(question);
    let refusal: unknown = null;
    for (const sql of chosen === null ? SOURCES : [chosen, ...SOURCES]) {
      try {
        const rows = await link.ask(sql, values);
        chosen = sql;
        return { rows: rows.map(toAccount) };
      } catch (error) {
        if (!isRefused(error)) throw error;
        // A missing privilege is worth telling; a missing column only means another version.
        if (refusal === null || error.missing === 'privilege') refusal = error;
      }
    }
    throw refusal;
  };
}

function placeholders(question: AccountQuestion): readonly unknown[] {
  const { text } = question.address;
  const [first = null, second = null] = question.names;
  const user = question.user ?? null;
  const literals = [text, first, second];
  return [...literals, text, ...literals, question.anyName ? 1 : 0, user, user, user];
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
