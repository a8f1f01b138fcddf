import { parseAddress } from '../hostcache/address.ts';
import { isHostName, looksNumeric } from '../hostcache/host-name.ts';

/** What an error message tells of the client that was turned away, whatever program printed it. */
export interface PastedError {
  /** The number of the MySQL error; null = none recognised. */
  readonly error: number | null;
  /** Addresses and host names of clients, each once, as the server called them. */
  readonly hosts: readonly string[];
  /** The account name that was tried; null = not told. */
  readonly user: string | null;
}

/** The English wordings, first match wins; `{ host, user }` are their groups. */
const WORDINGS: readonly (readonly [number, RegExp])[] = [
  [1129, /Host '(?<host>[^']+)' is blocked because of many connection errors/gi],
  [1130, /Host '(?<host>[^']+)' is not allowed to connect to this (?:MySQL|MariaDB) server/gi],
  [3118, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)'\. Account is locked/gi],
  [3955, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)'\. Account is blocked for/gi],
  [6126, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)', missing proxy privilege/gi],
  [6127, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)', proxied user doesn't/gi],
  // It names the account's pattern, not the client.
  [1044, /Access denied for user '[^']*'@'[^']*' to database/gi],
  [1045, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)' \(using password/gi],
  [1698, /Access denied for user '(?<user>[^']*)'@'(?<host>[^']*)'/gi],
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
  [2002, /Can't connect to local (?:MySQL |MariaDB )?server through socket/gi],
  [2005, /Unknown (?:MySQL |MariaDB )?server host/gi],
  [2026, /(?:SSL|TLS\/SSL) connection error/gi],
  [2061, /Authentication requires secure connection/gi],
];

/** Errors whose hosts are no clients: the account's pattern, or the server itself. */
const HOLD_NO_CLIENT: readonly number[] = [1044, 2002, 2003, 2005, 2013, 2026, 2061];

/** Reads a text that holds an error message; null where nothing in it looks like one. */
export function parsePastedError(raw: string): PastedError | null {
  const text = normalise(raw);
  for (const [error, wording] of WORDINGS) {
    const matches = [...text.matchAll(wording)];
    if (matches.length === 0) continue;
    const groups = matches.map((match) => match.groups ?? {});
    const hosts = HOLD_NO_CLIENT.includes(error)
      ? []
      : groups.map(({ host }) => host).filter((host) => host !== undefined);
    return { error, hosts: distinct(hosts), user: groups[0]?.['user'] || null };
  }
  return parseForeignWording(text);
}

/** Servers speak other languages; the number and what stands in quotes survive. */
function parseForeignWording(text: string): PastedError | null {
  const error = errorNumber(text);
  if (error !== null && HOLD_NO_CLIENT.includes(error)) return { error, hosts: [], user: null };
  const [, user, host] = /'([^']*)'@'([^']*)'/.exec(text) ?? [];
  if (user !== undefined && host !== undefined && isClient(host)) {
    return { error, hosts: [host], user: user || null };
  }
  const quoted = [...text.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
  const bare = text.split(/[\s,;()"'<>=]+/).map((word) => word.replace(/[.:!?]+$/, ''));
  const addresses = bare.filter((word) => parseAddress(word) !== null);
  const hosts = [...quoted.filter(isClient), ...addresses];
  return hosts.length === 0 && error === null
    ? null
    : { error, hosts: distinct(hosts), user: null };
}

/** Where clients put the number: `ERROR 1130 (HY000)`, `(1130, "…`, `[1130]`, `(HY000/1130)`. */
function errorNumber(text: string): number | null {
  const match =
    /\b(?:error|fehler|erro|erreur)\W{0,3}(\d{4})\b|\((\d{4}),|\[(\d{4})\]|\/(\d{4})\)|^(\d{4})\b/i.exec(
      text,
    );
  const digits = match?.slice(1).find((group) => group !== undefined);
  return digits === undefined ? null : Number(digits);
}

/** Chat and mail bend quotes and break lines. */
function normalise(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201a\u2032`´]/g, "'")
    .replace(/[\u201c\u201d\u201e]/g, '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll("\\'", "'")
    .replace(/\s+/g, ' ')
    .trim();
}

function isClient(text: string): boolean {
  if (parseAddress(text) !== null) return true;
  return isHostName(text) && text.includes('.') && !looksNumeric(text);
}

function distinct(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}
