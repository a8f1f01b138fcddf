import { codeOf, createUnreadable, isUnreadable, type Unreadable } from '../../chat/unreadable.ts';
import { driverFault, oneLine, type Sentence } from '../../hostcache/login-faults.ts';

/** Turns the driver's errors into sentences for a DBA. Only this file reads the driver's codes. */

const SENTENCES: Readonly<Record<string, Sentence>> = {
  ER_TABLEACCESS_DENIED_ERROR: (_, message) =>
    `a privilege is missing: ${message} (1142); doctor prints the GRANT`,
  ER_COLUMNACCESS_DENIED_ERROR: (_, message) =>
    `a privilege is missing: ${message} (1143); doctor prints the GRANT`,
  ER_SPECIFIC_ACCESS_DENIED_ERROR: (_, message) =>
    `a privilege is missing: ${message} (1227); doctor prints the GRANT`,
  ER_NO_SUCH_TABLE: (_, message) => `${message} (1146)`,
  ER_QUERY_TIMEOUT: () => 'the server took too long and ended the query (3024)',
  ER_STATEMENT_TIMEOUT: () => 'the server took too long and ended the query (1969)',
  ER_LOCK_WAIT_TIMEOUT: () => 'the server waited too long for a lock (1205)',
};

export interface Place {
  /** The server's name in the settings. */
  readonly name: string;
  readonly label: string;
}

/** The server refused this table, column or function; another source may have the rows. */
export interface Refused extends Unreadable {
  readonly missing: 'table' | 'privilege';
}

export function isRefused(error: unknown): error is Refused {
  return isUnreadable(error) && 'missing' in error;
}

export function didNotAnswer(place: Place, limitMs: number): Unreadable {
  return createUnreadable(
    `${place.name}: ${place.label} did not answer within ${limitMs / 1000} s.`,
  );
}

/** A driver's error as `Unreadable`; what is no error is returned unchanged. */
export function toUnreadable(error: unknown, place: Place): unknown {
  if (isUnreadable(error) || !(error instanceof Error)) return error;
  const code = codeOf(error) ?? '';
  const message = oneLine(error.message);
  const text =
    SENTENCES[code]?.(place.label, message) ??
    driverFault(place.label, error) ??
    withNumber(error, message);
  const unreadable = createUnreadable(`${place.name}: ${text}.`, error);
  if (['ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR', 'ER_SP_DOES_NOT_EXIST'].includes(code))
    return Object.assign(unreadable, { missing: 'table' as const });
  return /ACCESS_DENIED_ERROR|VIEW_INVALID/.test(code) && code !== 'ER_ACCESS_DENIED_ERROR'
    ? Object.assign(unreadable, { missing: 'privilege' as const })
    : unreadable;
}

/** Whether this server has no such table, column or variable. */
export function isMissing(error: unknown): boolean {
  const code = codeOf(isUnreadable(error) ? error.cause : error) ?? '';
  return ['ER_UNKNOWN_SYSTEM_VARIABLE', 'ER_NO_SUCH_TABLE', 'ER_BAD_FIELD_ERROR'].includes(code);
}

/** Whether the server reported the error: only its errors have an SQL state. */
export function isSaidByServer(error: unknown): boolean {
  const cause = isUnreadable(error) ? error.cause : error;
  return cause instanceof Error && 'sqlState' in cause && cause.sqlState !== undefined;
}

/** Whether the connection was lost, so the same query may be sent on a new one. */
export function isConnectionLost(error: unknown): boolean {
  return LOST.includes(codeOf(error) ?? '');
}

const LOST: readonly string[] = [
  'PROTOCOL_CONNECTION_LOST',
  'ECONNRESET',
  'EPIPE',
  'ER_SERVER_SHUTDOWN',
  'ER_CLIENT_INTERACTION_TIMEOUT',
];

function withNumber(error: Error, message: string): string {
  return 'errno' in error ? `${message} (${error.errno})` : message;
}
