import { parseAddress } from '../hostcache/address.ts';
import { isHostName, looksNumeric } from '../hostcache/host-name.ts';

/** What an error message says about the client that the server refused, whichever program printed it. */
export interface PastedError {
  /** The number of the MySQL error; null = none recognised. */
  readonly error: number | null;
  /** Addresses and host names of clients, each once, as the server wrote them. */
  readonly hosts: readonly string[];
  /** The account name of the login; null = the message names none. */
  readonly user: string | null;
}

/** A shell may have removed the quotes. */
const HOST = String.raw`Host (?:'(?<host>[^']+)'|(?<bareHost>[^'\s]+))`;
const LOGIN = String.raw`Access denied for user (?:'(?<user>.{0,128}?)'@'(?<host>[^']*)'|(?<bareUser>[^'\s@]*)@(?<bareHost>[^'\s]+))`;

/** The English wordings, the most specific first. */
const WORDINGS: readonly (readonly [number, RegExp])[] = [
  [1129, wording(`${HOST} is blocked because of many connection errors`)],
  // Chat and logs cut off the end of a line.
  [
    1130,
    wording(`${HOST} is not allowed(?: to connect to this (?:MySQL|MariaDB) server|…|\\.{3})`),
  ],
  [3118, wording(`${LOGIN}\\. Account is locked`)],
  [3955, wording(`${LOGIN}\\. Account is blocked for`)],
  [6126, wording(`${LOGIN}, missing proxy privilege`)],
  [6127, wording(`${LOGIN}, proxied user doesn't`)],
  // This one names the account's pattern, not the client.
  [1044, /Access denied for user '[^']*'@'[^']*' to database/gi],
  [1045, wording(`${LOGIN} \\(using password`)],
  [1698, wording(`${LOGIN}(?! to database)`)],
  [1184, /Aborted connection \d+ to db: '[^']*' user: '(?<user>[^']*)' host: '(?<host>[^']*)'/gi],
  [4151, /Access denied, this account is locked/gi],
  [4150, /User is blocked because of too many credential errors/gi],
  [1226, /User '(?<user>[^']*)' has exceeded the '[^']*' resource/gi],
  [1203, /User (?<user>\S+) already has more than 'max_user_connections'/gi],
  [1040, /Too many connections/gi],
  [1043, /Bad handshake/gi],
  [1156, /Got packets out of order/gi],
  [1158, /Got an error reading communication packets/gi],
  [1159, /Got timeout reading communication packets/gi],
  [1251, /Client does not support authentication protocol requested by server/gi],
  [1862, /Your password has expired/gi],
  [3159, /Connections using insecure transport are prohibited/gi],
  [3032, /The server is currently in offline mode/gi],
  [1524, /Plugin '[^']*' is not loaded/gi],
  [2013, /Lost connection to (?:MySQL |MariaDB )?server/gi],
  [2003, /Can't connect to (?:MySQL |MariaDB )?server on/gi],
  // Connector/NET and MySqlConnector.
  [2003, /Unable to connect to any of the specified MySQL hosts|Couldn't connect to server/gi],
  [2002, /Can't connect to local (?:MySQL |MariaDB )?server through socket/gi],
  [2005, /Unknown (?:MySQL |MariaDB )?server host/gi],
  [2006, /MySQL server has gone away/gi],
  [1049, /Unknown database '[^']*'/gi],
  [2054, /server requested authentication method unknown to the client/gi],
  [2059, /Authentication plugin '[^']*' cannot be loaded/gi],
  // Go's driver.
  [2059, /this authentication plugin is not supported/gi],
  [2026, /(?:SSL|TLS\/SSL) connection error/gi],
  [2061, /Authentication requires secure connection/gi],
  // Connector/J.
  [2061, /Public Key Retrieval is not allowed/gi],
];

/** What the server prints before the client has named its user. */
const NOT_YET = 'unauthenticated';

/** Errors that name a client in quotes; others quote a table, a database or a variable. */
const NAMES_CLIENT: readonly number[] = [1045, 1129, 1130, 1698, 3118, 3955, 6126, 6127, 9000];

/** Symbols that some drivers print in place of the number. */
const SYMBOLS: Readonly<Record<string, number>> = {
  ER_HOST_IS_BLOCKED: 1129,
  ER_HOST_NOT_PRIVILEGED: 1130,
  ER_ACCESS_DENIED_ERROR: 1045,
  ER_DBACCESS_DENIED_ERROR: 1044,
};

/** Finds the error message in a text; null = the text holds none. */
export function parsePastedError(raw: string): PastedError | null {
  const text = normalise(raw);
  const found = WORDINGS.flatMap(([error, each]) =>
    [...text.matchAll(each)].map(({ groups = {} }) => ({
      error,
      host: groups['host'] ?? groups['bareHost'] ?? '',
      user: groups['user'] ?? groups['bareUser'] ?? '',
    })),
  );
  const [first] = found;
  if (first === undefined) return parseForeignWording(text);
  // A 1045 that was cut off reads like a 1698.
  const isCut = first.error === 1698 && errorNumber(text) === 1045;
  return {
    error: isCut ? 1045 : first.error,
    hosts: distinct(found.map(({ host }) => host).filter(isHost)),
    user: found.find(({ user }) => user !== '' && user !== NOT_YET)?.user ?? null,
  };
}

function wording(source: string): RegExp {
  return new RegExp(source, 'gi');
}

/** For servers in other languages: only the number and the quoted parts can be read. */
function parseForeignWording(text: string): PastedError | null {
  const error = errorNumber(text);
  if (error !== null && holdsNoClient(error)) return { error, hosts: [], user: null };
  // The French message has a second @.
  const [login, user = '', host = ''] = /'([^']*)'@'@?([^']*)'/.exec(text) ?? [];
  if (login !== undefined) {
    const rest = text.slice(text.indexOf(login) + login.length);
    // A quoted database follows only in 1044, where the host is the account's pattern.
    const isPattern = /^[^'(]*'[^']+'/.test(rest);
    if (isPattern) return { error: error ?? 1044, hosts: [], user: null };
    if (isHost(host)) return { error, hosts: [host], user: user || null };
  }
  const hosts = hostsOf(text, error);
  return hosts.length === 0 && error === null ? null : { error, hosts, user: null };
}

/** The quoted word before the name of the server or of mysqladmin; otherwise all that looks like a host. */
function hostsOf(text: string, error: number | null): readonly string[] {
  const beforeServer =
    /'([^'\s]+)'(?:(?!'[^'\s]+').)*?(?:'(?:mysqladmin|mariadb-admin) |MySQL|MariaDB)/g;
  const named = [...text.matchAll(beforeServer)].map((match) => match[1] ?? '').filter(isHost);
  if ((error === 1129 || error === 1130) && named.length > 0) return distinct(named);
  const mayQuote = error === null || NAMES_CLIENT.includes(error);
  const inQuotes = [...text.matchAll(/'([^']+)'/g)].map(
    (match) => (mayQuote ? match[1] : '') ?? '',
  );
  const bare = text.split(/[\s,;()"'<>=]+/).map((word) => word.replace(/[.:!?]+$/, ''));
  const addresses = bare.filter((word) => parseAddress(word) !== null);
  return distinct([...inQuotes.filter(looksLikeHost), ...addresses]);
}

/** 1044 and 1049 name a pattern and a database; errors of the client library (2000 to 2999) name the server. */
function holdsNoClient(error: number): boolean {
  return error === 1044 || error === 1049 || (error >= 2000 && error < 3000);
}

/** The number, where clients print it: `ERROR 1130 (HY000)`, `(1130, "…`, `[1130]`, `(HY000/1130)`, `#1130`. */
function errorNumber(text: string): number | null {
  const match =
    /(?:error|fehler|erro|erreur|errno|code)\w*\W{0,3}(\d{4})\b|\((\d{4}),|\[(\d{4})\]|\/(\d{4})\)|#(\d{4})\b|^(\d{4})(?: - |: | \()/i.exec(
      text,
    );
  const digits = match?.slice(1).find((group) => group !== undefined);
  if (digits !== undefined) return Number(digits);
  // 1129 gives this advice in every language.
  if (/'(?:mysqladmin|mariadb-admin) flush-hosts'/.test(text)) return 1129;
  const symbol = Object.keys(SYMBOLS).find((name) => text.includes(name));
  return symbol === undefined ? null : (SYMBOLS[symbol] ?? null);
}

/** Undoes what chat, mail, web pages and JSON do to quotes and line ends. */
function normalise(text: string): string {
  return text
    .replace(
      /[\u2018\u2019\u201a\u201b\u2032`´]|&(?:#0*39|#x0*27|apos|[lr]squo);|\\u0027|\\'/gi,
      "'",
    )
    .replace(/[\u201c\u201d\u201e]|&(?:#0*34|#x0*22|quot|[lr]dquo);/gi, '"')
    .replace(/^[>\s]+/gm, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Whether `why` accepts it as a client: a PTR record may hold any text. */
function isHost(text: string): boolean {
  return parseAddress(text) !== null || (isHostName(text) && !/^[\d.]+$/.test(text));
}

/** In a text of unknown wording, a word without a dot is hardly a host. */
function looksLikeHost(text: string): boolean {
  if (parseAddress(text) !== null) return true;
  return isHostName(text) && text.includes('.') && !looksNumeric(text);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
