/** One wording of an error, as a server, a proxy or a driver prints it. */

/** What the text is about, whatever its number. */
export type Topic =
  | 'blocked'
  | 'refused'
  | 'denied'
  | 'locked'
  | 'proxy-user'
  | 'database-denied'
  | 'database-unknown'
  | 'limit'
  | 'full'
  | 'broken'
  /** The server closed at its greeting, or hours later: the words are the same. */
  | 'broken-or-later'
  | 'init-connect'
  | 'no-method'
  | 'tls'
  | 'tls-required'
  | 'plugin-missing'
  | 'no-answer'
  | 'no-socket'
  | 'server-name'
  /** The server found no name for the client's address, and keeps that. */
  | 'no-name'
  | 'lookup-failed'
  | 'numeric-name'
  | 'names-off'
  | 'refused-by-proxy';

/** Who wrote the words; `client`: a driver that did not get that far. */
export type Speaker =
  | 'mysql'
  | 'proxysql'
  | 'mysql-router'
  | 'maxscale'
  | 'rds-proxy'
  | 'cloud-sql'
  | 'haproxy'
  | 'client';

export interface Wording {
  /** null: the words have no number. */
  readonly error: number | null;
  /** null: another matter; the number says which. */
  readonly topic: Topic | null;
  readonly by: Speaker;
  /** Global. Groups: `host`, `bareHost`, `user`, `bareUser`. Every repetition is bounded. */
  readonly pattern: RegExp;
}

/** Either quote, with blanks that people leave inside. */
export const Q = `['"]`;

/** A shell may have removed the quotes. */
export const HOST = String.raw`Host:? (?:${Q} ?(?<host>[^'"]{0,255}?) ?${Q}|(?<bareHost>[^'"\s]{1,255}))`;

/** A quote may stand in a name, but not the end of one login and the start of the next. */
const USER = `(?<user>(?:(?!${Q} ?@ ?${Q}).){0,128}?)`;

export const LOGIN = String.raw`Access denied for user:? (?:${Q}${USER}${Q} ?@ ?${Q} ?(?<host>[^'"]{0,255}?) ?${Q}|(?<bareUser>[^'"\s@]{0,128})@(?<bareHost>[^'"\s]{1,255}))`;

export function wording(
  error: number | null,
  topic: Topic | null,
  pattern: string | RegExp,
  by: Speaker = speakerOf(error),
): Wording {
  const source = typeof pattern === 'string' ? pattern : pattern.source;
  return { error, topic, by, pattern: new RegExp(source, 'gi') };
}

/** Who prints an error of this number, where no words say it. */
export function speakerOf(error: number | null): Speaker {
  if (error === null) return 'client';
  if (error >= 9000 && error < 10_000) return 'proxysql';
  return error >= 2000 && error < 3000 ? 'client' : 'mysql';
}

/** The topic of a number without known words; null = another matter. */
export function topicOf(error: number): Topic | null {
  return TOPICS.find(([, errors]) => errors.includes(error))?.[0] ?? null;
}

const TOPICS: readonly (readonly [Topic, readonly number[]])[] = [
  ['blocked', [1129]],
  ['refused', [1130]],
  ['denied', [1045, 1698]],
  ['locked', [3118, 3955, 4150, 4151]],
  ['proxy-user', [6126, 6127]],
  ['database-denied', [1044]],
  ['database-unknown', [1049]],
  ['limit', [1203, 1226]],
  ['full', [1040]],
  ['broken', [1043, 1156, 1158, 1159, 1160, 1161, 2055]],
  ['broken-or-later', [2013]],
  ['no-method', [1251, 2049, 2054, 2059, 2061]],
  ['tls', [2026]],
  ['tls-required', [3159]],
  ['plugin-missing', [1524]],
  ['no-answer', [2003]],
  ['no-socket', [2002]],
  ['server-name', [2005]],
  ['refused-by-proxy', [9000, 9001]],
];
