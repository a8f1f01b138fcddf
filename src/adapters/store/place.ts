import { createUnreadable, type Unreadable } from '../../chat/unreadable.ts';
import { labelOf, type MysqlLogin } from '../../hostcache/mysql-login.ts';

/** Where the state is. */

export type Place = SqlitePlace | MysqlPlace;

export interface SqlitePlace {
  readonly kind: 'sqlite';
  /** From the root on. */
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

/** One line that names the setting; `says` has no full stop. */
export function fault(says: string, cause?: unknown): Unreadable {
  return createUnreadable(`STATE_URL: ${says}.`, cause);
}

export function didNotAnswer(place: Place, limitMs: number): Unreadable {
  return fault(`${nameOf(place)} did not answer within ${limitMs / 1000} s`);
}
