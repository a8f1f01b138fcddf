import { createUnreadable, type Unreadable } from '../../chat/unreadable.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';

/** Where the state is stored, and errors about it. */

export type Place = SqlitePlace | MysqlPlace;

export interface SqlitePlace {
  readonly kind: 'sqlite';
  /** An absolute path. */
  readonly file: string;
}

export interface MysqlPlace {
  readonly kind: 'mysql';
  readonly login: MysqlLogin;
}

/** The file, or `bot@db.example.com:3306/hostcache`; never the password. */
export function nameOf(place: Place): string {
  return place.kind === 'sqlite' ? place.file : labelOf(place.login);
}

/** One line that names the setting; `sentence` has no full stop. */
export function fault(sentence: string, cause?: unknown): Unreadable {
  return createUnreadable(`STATE_URL: ${sentence}.`, cause);
}

export function didNotAnswer(place: Place, limitMs: number): Unreadable {
  return fault(`${nameOf(place)} did not answer within ${limitMs / 1000} s`);
}
