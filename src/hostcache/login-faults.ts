/** Says what is wrong and how to fix the login, without a full stop. `label` comes from `labelOf`. */
export type Sentence = (label: string, message: string, error?: unknown) => string;

/** The code of our own error: the server asked for a password that may not be sent to it. */
export const PASSWORD_KEPT = 'HOSTCACHE_PASSWORD_KEPT';

/** The code of our own error: the server sends more than any answer can hold. */
export const TOO_MUCH = 'HOSTCACHE_TOO_MUCH';

/**
 * Why a login failed, by the driver's code: Node's errno names, and MySQL's names in
 * sql/share/messages_to_clients.txt.
 */
export const LOGIN_FAULTS: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: (label) => `nothing listens at ${label}; check whether the server is running`,
  ENOENT: (label) => `there is no socket at ${label}; check whether the server is running`,
  ENOTFOUND: (label) => `no address found for ${label}; check its host`,
  EAI_AGAIN: (label) => `DNS did not answer for ${label}; check its host`,
  EHOSTUNREACH: (label) => `no route to ${label}`,
  ENETUNREACH: (label) => `no route to ${label}`,
  ETIMEDOUT: (label) => `${label} did not answer`,
  ECONNRESET: (label) => `${label} closed the connection`,
  EPIPE: (label) => `${label} closed the connection`,
  PROTOCOL_CONNECTION_LOST: (label) => `${label} closed the connection`,
  HANDSHAKE_SSL_ERROR: tlsFault,
  HANDSHAKE_NO_SSL_SUPPORT: () =>
    'the server offers no TLS, but its URL or option file asks for it',
  [PASSWORD_KEPT]: (_, message) => message,
  [TOO_MUCH]: (label) => `${label} sends more than an answer can hold; ${WHAT_LISTENS}`,
  AUTH_SWITCH_PLUGIN_ERROR: (label) =>
    `${label}: the server asks for an authentication plugin that hostcache does not have; let this account use caching_sha2_password (MariaDB: mysql_native_password)`,
  ER_SECURE_TRANSPORT_REQUIRED: () =>
    'the server requires TLS (3159); add ssl to its URL, or ssl-mode to its option file',
  ER_ACCESS_DENIED_ERROR: (label) => `${label} is refused (1045); check its user and password`,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: (label) => `${label} is refused (1698); check its user`,
  ER_ACCOUNT_HAS_BEEN_LOCKED: (label) => `the account of ${label} is locked (3118)`,
  ER_MUST_CHANGE_PASSWORD: (label) => `the password of ${label} has expired (1820)`,
  ER_MUST_CHANGE_PASSWORD_LOGIN: (label) => `the password of ${label} has expired (1862)`,
  ER_HOST_NOT_PRIVILEGED: (label) => `${label} may not connect from this machine (1130)`,
  ER_HOST_IS_BLOCKED: (label) =>
    `this machine itself is a blocked host to ${label} (1129); raise max_connect_errors there`,
  ER_CON_COUNT_ERROR: (label) => `${label} has no free connection (1040)`,
  ER_SERVER_SHUTDOWN: (label) => `${label} is shutting down (1053)`,
};

/** A server's text is shown up to this length. */
const TEXT_LENGTH = 300;

/**
 * The sentence for an error of the driver; null = an error of the server or of the system, whose own
 * text says what is wrong. Others are the driver's words about an answer that it cannot read.
 */
export function driverFault(label: string, error: Error): string | null {
  const { code, errno, library, reason }: Fields = { ...error };
  const sentence = LOGIN_FAULTS[String(code)];
  if (sentence !== undefined) return sentence(label, oneLine(error.message), error);
  if (typeof library === 'string') return `TLS with ${label} failed: ${reason}; ${CHECK_TLS}`;
  if (/^ERR_(?:TLS|CRYPTO|INVALID_ARG)/.test(String(code)))
    return `the TLS settings of ${label} cannot be used: ${oneLine(error.message)}`;
  if (typeof errno === 'number') return null;
  return `the answer of ${label} cannot be read; ${WHAT_LISTENS}`;
}

/** A server's text, on one line, without its full stop. */
export function oneLine(text: string): string {
  const line = text
    .slice(0, 4 * TEXT_LENGTH)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > TEXT_LENGTH ? `${line.slice(0, TEXT_LENGTH)}…` : line.replace(/\.$/, '');
}

const CHECK_TLS = 'check ssl in its URL, or ssl-mode and ssl-ca in its option file';

const WHAT_LISTENS = 'check that a MySQL server listens there';

/** How many names of a certificate are shown, and how long each may be. */
const NAMES = 5;
const NAME_LENGTH = 64;

function tlsFault(label: string, message: string, error: unknown): string {
  // Node's own fields; an error without them is about the certificate's issuer or its dates.
  const { cert, host, reason } = isObject(error) ? error : {};
  if (cert !== undefined && typeof host === 'string') {
    const asked = host.replace(/\.$/, '');
    return `the certificate of ${label} is for ${certificateNames(cert)}, not for ${asked}; use a name that it has as the host, or give the server a certificate for ${asked}`;
  }
  if (typeof reason === 'string') return `TLS with ${label} failed: ${reason}; ${CHECK_TLS}`;
  return `TLS with ${label} failed: ${message}; renew the certificate if it has expired, or name the CA that signed it with ssl={"ca":"…"} in its URL, or ssl-ca in its option file`;
}

/** The DNS names and addresses; without any, the common name, as Node compares them. */
export function certificateNames(cert: unknown): string {
  const { subjectaltname, subject } = isObject(cert) ? cert : {};
  const names = String(subjectaltname ?? '')
    .split(', ')
    .flatMap((name) => /^(?:DNS|IP Address):"?(.+?)"?$/.exec(name)?.[1] ?? []);
  const { CN } = isObject(subject) ? subject : {};
  const all = (names.length > 0 ? names : [CN].flat().map((name) => String(name ?? ''))).filter(
    (name) => name !== '',
  );
  const shown = all.slice(0, NAMES).map((name) => name.slice(0, NAME_LENGTH));
  const more = all.length - shown.length;
  return `${shown.join(', ') || 'no host'}${more > 0 ? ` and ${more} more` : ''}`;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null;
}
