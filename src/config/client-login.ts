import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import type { ClientOption } from './client-files.ts';
import { judge, quoted } from './setting.ts';

/** The login that the MySQL client's own option files and variables describe. */

/** The variables that the client reads, each after the option files. */
export const CLIENT_VARIABLES = ['MYSQL_HOST', 'MYSQL_TCP_PORT', 'MYSQL_PWD', 'MYSQL_UNIX_PORT'];

export interface ClientFacts {
  readonly options: ReadonlyMap<string, ClientOption>;
  /** The values of CLIENT_VARIABLES. */
  readonly values: Readonly<Record<string, string>>;
  /** The person's name on this machine; null = unknown. */
  readonly person: string | null;
  /** The server's socket on this machine, where it usually is; null = there is none. */
  readonly socket: string | null;
  /** The text of a certificate; null = it cannot be read. */
  readonly readText: (path: string) => string | null;
}

export interface ClientLogin {
  /** null: nothing describes a login, or there are faults. */
  readonly login: MysqlLogin | null;
  /** Whether to ask for the password. */
  readonly asksPassword: boolean;
  readonly faults: readonly string[];
}

const OPTIONS = ['host', 'port', 'user', 'password', 'socket', 'protocol', 'ssl-ca', 'ssl-mode'];

const SSL_MODES = ['DISABLED', 'PREFERRED', 'REQUIRED', 'VERIFY_CA', 'VERIFY_IDENTITY'];

/** An empty value counts as absent, but an empty password is one. */
export function readClientLogin(facts: ClientFacts): ClientLogin {
  const { options, values, person, socket } = facts;
  const faults: string[] = [];
  const given = (name: string) => options.get(name)?.value || null;
  const isDescribed = OPTIONS.some((name) => options.has(name)) || Object.keys(values).length > 0;
  if (!isDescribed && socket === null) return { login: null, asksPassword: false, faults };
  for (const name of OPTIONS.filter((each) => each !== 'password')) {
    const option = options.get(name);
    if (option?.value === null) faults.push(`${option.place}: expected ${name}=…, got no value.`);
  }
  const user = given('user') ?? person;
  if (user === null) faults.push('user: expected a user in the option files, got nothing.');
  const port = readPort(facts, faults);
  const place = placeOf(facts, faults);
  const ssl = place.socketPath === undefined ? readSsl(facts, faults) : {};
  const password = options.get('password');
  const login: MysqlLogin = {
    ...place,
    port,
    user: user ?? '',
    password: password?.value ?? values['MYSQL_PWD'] ?? '',
    ...ssl,
    isFromOptionFile: true,
  };
  const isGood = faults.length === 0;
  return { login: isGood ? login : null, asksPassword: password?.value === null, faults };
}

function readPort({ options, values }: ClientFacts, faults: string[]): number {
  const option = options.get('port');
  const text = option?.value || values['MYSQL_TCP_PORT'] || '3306';
  const from = option?.value ? `${option.place}: port` : 'MYSQL_TCP_PORT';
  const judged = judge('PORT', text, () => null);
  if (judged.isGood) return judged.value;
  // To the client, 0 is its default.
  if (text !== '0') faults.push(`${from}: ${judged.says}.`);
  return 3306;
}

/** `localhost` is a socket to the client, if there is one. */
function placeOf(
  { options, values, socket }: ClientFacts,
  faults: string[],
): Pick<MysqlLogin, 'host' | 'socketPath'> {
  const host = options.get('host')?.value || values['MYSQL_HOST'] || 'localhost';
  const protocol = options.get('protocol');
  const name = protocol?.value?.toLowerCase() ?? '';
  if (!['', 'tcp', 'socket'].includes(name)) {
    const says = `expected protocol=tcp or socket, got ${quoted(name)}`;
    faults.push(`${protocol?.place}: ${says}.`);
  }
  const isSocket = name === 'socket' || (name === '' && host.toLowerCase() === 'localhost');
  const path = options.get('socket')?.value || values['MYSQL_UNIX_PORT'] || socket;
  if (isSocket && path !== null) return { host, socketPath: path };
  return { host: host.toLowerCase() === 'localhost' ? '127.0.0.1' : host };
}

/** What the client does by default, it does as far as the server can: PREFERRED. */
function readSsl(facts: ClientFacts, faults: string[]): Partial<MysqlLogin> {
  const { options, readText } = facts;
  const ca = options.get('ssl-ca');
  const mode = sslMode(facts, faults);
  if (mode === 'DISABLED') return {};
  const unverified = { rejectUnauthorized: false, verifyIdentity: false };
  if (mode === 'REQUIRED') return { ssl: unverified };
  if (mode === 'PREFERRED') return { ssl: unverified, isTlsOptional: true };
  const text = ca?.value ? readText(ca.value) : undefined;
  if (text === null) {
    faults.push(
      `${ca?.place}: ssl-ca: expected a file that can be read, got ${quoted(ca?.value ?? '')}.`,
    );
  }
  const verified = typeof text === 'string' ? { ca: text } : {};
  return { ssl: mode === 'VERIFY_CA' ? { ...verified, verifyIdentity: false } : verified };
}

function sslMode({ options }: ClientFacts, faults: string[]): string {
  const option = options.get('ssl-mode');
  const mode = option?.value?.toUpperCase();
  if (mode && option !== undefined) {
    if (SSL_MODES.includes(mode)) return mode;
    const says = `expected ${SSL_MODES.join(', ')}, got ${quoted(mode)}`;
    faults.push(`${option.place}: ssl-mode: ${says}.`);
  }
  // MariaDB's client has no ssl-mode.
  const verify = options.get('ssl-verify-server-cert');
  if (verify !== undefined && !/^(?:0|off|false)$/i.test(verify.value ?? '')) {
    return 'VERIFY_IDENTITY';
  }
  return options.get('ssl-ca')?.value ? 'VERIFY_CA' : 'PREFERRED';
}
