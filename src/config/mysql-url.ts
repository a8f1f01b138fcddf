import type { MysqlLogin } from '../hostcache/mysql-login.ts';

/** Parses `mysql://user:password@host:3306?socketPath=…&ssl=…&allowPublicKeyRetrieval=…`, wherever such a URL is used. */

/** Why a text was refused: `expected` completes `expected …`. */
export interface Refused {
  readonly expected: string;
}

export function isRefused(read: unknown): read is Refused {
  return typeof read === 'object' && read !== null && 'expected' in read;
}

export const SERVER_URL = 'mysql://user:password@host:3306';
export const DATABASE_URL = 'mysql://user:password@host:3306/database';

const RETRIEVAL = 'allowPublicKeyRetrieval';
const PARAMETERS = ['socketPath', 'ssl', RETRIEVAL];

/** Parses a URL of the given form. */
export function readMysqlUrl(
  text: string,
  form: typeof SERVER_URL | typeof DATABASE_URL,
): MysqlLogin | Refused {
  if (/^mysql:\/\/[^@]*[#/?][^@]*@/.test(text)) {
    return { expected: 'a password in percent encoding (# is %23, / is %2F, ? is %3F)' };
  }
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'mysql:') return { expected: form };
  const expected = faultOfPlace(url, form) ?? faultOfParameters(url.searchParams);
  if (expected !== null) return { expected };
  const database = decodeURIComponent(url.pathname.slice(1));
  const socketPath = url.searchParams.get('socketPath');
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || 3306),
    ...(socketPath !== null && { socketPath }),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    ...(database !== '' && { database }),
    ...parseSsl(url.searchParams.get('ssl') ?? 'false'),
    ...(url.searchParams.get(RETRIEVAL) === 'true' && { allowPublicKeyRetrieval: true }),
  };
}

function faultOfPlace(url: URL, form: string): string | null {
  const { username, password, hostname, port, pathname, hash } = url;
  if (username === '') return `a user in ${form}`;
  if (hostname === '') return `a host in ${form}`;
  if (port === '0') return 'a port from 1 to 65535';
  if (form === SERVER_URL && !['', '/'].includes(pathname)) return `no path after ${form}`;
  if (form === DATABASE_URL && !/^\/[^/]+$/.test(pathname)) return `one database in ${form}`;
  if (![username, password, pathname].every(isEncoded)) {
    return 'a user and a password in percent encoding (% itself is %25)';
  }
  return hash === '' ? null : 'nothing after #, which is %23 in a password';
}

function faultOfParameters(parameters: URLSearchParams): string | null {
  for (const [name, value] of parameters) {
    if (!PARAMETERS.includes(name)) {
      // A name that is not a plain word may be the end of a password.
      const unknown = /^\w{1,32}$/.test(name) ? `, not ${name}` : '';
      return `only the parameters socketPath, ssl and ${RETRIEVAL}${unknown}`;
    }
    if (parameters.getAll(name).length > 1) return `the parameter ${name} once`;
    if (value === '') return `a value for the parameter ${name}`;
    if (name === 'ssl' && parseSsl(value) === null) {
      return 'true, false, an object in JSON, or Amazon RDS for the parameter ssl';
    }
    if (name === RETRIEVAL && !['true', 'false'].includes(value)) {
      return `true or false for the parameter ${name}`;
    }
  }
  return null;
}

/** `true`, `false`, mysql2's profile (`ssl_profiles.js`) or options in JSON; null = other text. */
function parseSsl(text: string): Pick<MysqlLogin, 'ssl'> | null {
  if (text === 'false') return {};
  if (text === 'true') return { ssl: {} };
  if (text === 'Amazon RDS') return { ssl: text };
  // Text that begins with a brace and parses is an object.
  return text.startsWith('{') ? accepted(() => ({ ssl: JSON.parse(text) }), SyntaxError) : null;
}

function isEncoded(text: string): boolean {
  // WHATWG URLs accept a lone %, but decodeURIComponent rejects it.
  return accepted(() => decodeURIComponent(text), URIError) !== null;
}

/** The parsed value; null = the parser threw the given error. */
function accepted<T>(parse: () => T, refusal: new () => Error): T | null {
  try {
    return parse();
  } catch (error) {
    if (error instanceof refusal) return null;
    throw error;
  }
}
