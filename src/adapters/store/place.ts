import { resolve } from 'node:path';
import type { PoolOptions } from 'mysql2';
import { redact } from '../../chat/secret.ts';
import { createUnreadable, type Unreadable } from '../../chat/unreadable.ts';

/** Where STATE_URL says that the state is. */

export type Place = SqlitePlace | MysqlPlace;

export interface SqlitePlace {
  readonly kind: 'sqlite';
  /** The file, from the root on. */
  readonly label: string;
}

export interface MysqlPlace {
  readonly kind: 'mysql';
  /** `bot@db.example.com:3306/hostcache`; never the password. */
  readonly label: string;
  readonly database: string;
  readonly options: PoolOptions;
}

const EXPECTED = 'sqlite:FILE or mysql://user:password@host:3306/database';

const PARAMETERS = ['socketPath', 'ssl'];

/** `sqlite:FILE`, `mysql://user:password@host:3306/database?socketPath=…&ssl=…`; throws as `Unreadable` what is neither. */
export function parsePlace(url: string): Place {
  const file = /^sqlite:(.+)$/s.exec(url)?.[1];
  // From the root on, a file cannot be taken for the address of a remote database.
  if (file !== undefined) return { kind: 'sqlite', label: resolve(file) };
  const place = parseMysql(url);
  if (place !== null) return place;
  // A parameter may hold a key of TLS.
  const shown = redact(url).replace(/\?.*$/s, '?…');
  throw fault(`expected ${EXPECTED}, got ${JSON.stringify(shown)}; see .env.example`);
}

/** One line that names the setting; `says` has no full stop. */
export function fault(says: string, cause?: unknown): Unreadable {
  return createUnreadable(`STATE_URL: ${says}.`, cause);
}

export function didNotAnswer({ label }: Place, limitMs: number): Unreadable {
  return fault(`${label} did not answer within ${limitMs / 1000} s`);
}

function parseMysql(text: string): MysqlPlace | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'mysql:' || url.username === '' || url.hostname === '') return null;
  const path = /^\/([^/]+)$/.exec(url.pathname)?.[1];
  if (path === undefined) return null;
  const [user, password, database] = [url.username, url.password, path].map(decode);
  if (user == null || password == null || database == null) return null;
  const other = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (other !== undefined)
    throw fault(`expected no parameters but ${PARAMETERS.join(' and ')}, got ${other}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const socketPath = url.searchParams.get('socketPath');
  const ssl = parseSsl(url.searchParams.get('ssl'));
  if (ssl === null) return null;
  const at = socketPath === null ? { host, port: Number(url.port || 3306) } : { socketPath };
  return {
    kind: 'mysql',
    label: `${user}@${socketPath ?? `${host}:${url.port || 3306}`}/${database}`,
    database,
    options: { ...at, user, password, database, ...ssl },
  };
}

/** null: no percent encoding. */
function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

/** A profile's name, or an object in JSON, as mysql2 takes it; null where it is broken JSON. */
function parseSsl(text: string | null): Pick<PoolOptions, 'ssl'> | null {
  if (text === null) return {};
  if (text === 'true') return { ssl: {} };
  if (!text.startsWith('{')) return { ssl: text };
  try {
    return { ssl: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
