import { resolve } from 'node:path';
import { millisecondsInDay } from 'date-fns/constants';
import { parseDuration } from '../chat/duration.ts';
import { redact } from '../chat/secret.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { DATABASE_URL, isRefused, type Refused, readMysqlUrl, SERVER_URL } from './mysql-url.ts';

/** Every setting: how its value is parsed, and how an invalid value is shown. */

const PROXY_URL = 'http://host:port or http://user:password@host:port';

/** What runbook URLs are filled in with, as the longest names would be. */
const LONGEST_NAME = 'x'.repeat(32);

/** Slack refuses a longer URL of a button. */
const RUNBOOK_LIMIT = 3000;

const RUNBOOK_URL = 'an http or https address, in which {server} and {rule} are filled in';

const STATE_URL = `sqlite:FILE or ${DATABASE_URL}`;

/** Slack's ids of people and of user groups. */
const PRINCIPAL = /^[UWS][A-Z0-9]{2,}$/;

export const SETTINGS = {
  SLACK_BOT_TOKEN: secret('a bot token, xoxb-…', /^xoxb-\S+$/),
  SLACK_APP_TOKEN: secret('an app-level token, xapp-…', /^xapp-\S+$/),
  SLACK_SIGNING_SECRET: secret('the signing secret of the app, without spaces', /^\S+$/),
  SLACK_MODE: plain('socket or http', oneOf('socket', 'http')),
  PORT: plain('a port from 1 to 65535', parsePort),
  HOST: plain('an address or a host name', matching(/^[\w.:-]+$/)),
  SLACK_API_URL: plain('an http or https address', parseHttpUrl),
  HTTPS_PROXY: url(PROXY_URL, parseProxyUrl),
  HTTP_PROXY: url(PROXY_URL, parseProxyUrl),
  NO_PROXY: plain('comma-separated host names', matching(/./s)),
  MYSQL_URL: url(SERVER_URL, (text) => readMysqlUrl(text, SERVER_URL)),
  MYSQL_FLUSH_URL: url(SERVER_URL, (text) => readMysqlUrl(text, SERVER_URL)),
  SERVER_NAME: plain(
    'at most 32 lowercase letters, digits, dots, dashes and underscores, not "all"',
    matching(/^(?!all$)[a-z0-9][a-z0-9._-]{0,31}$/),
  ),
  SERVERS_FILE: plain('the path of a YAML file', matching(/./s)),
  ALERT_CHANNEL: plain('the id of a channel, C…', matching(/^[CG][A-Z0-9]{2,}$/)),
  APPROVERS: plain('comma-separated ids of people (U…) and user groups (S…)', parsePrincipals),
  MENTION: plain('comma-separated ids of people (U…) and user groups (S…)', parsePrincipals),
  RUNBOOK_URL: {
    expected: RUNBOOK_URL,
    parse: parseRunbookUrl,
    shown: (text: string) => quoted(text.includes('@') ? withoutPassword(text) : text),
  },
  OPERATORS: plain('comma-separated ids of people (U…) and user groups (S…)', parsePrincipals),
  FLUSH_REQUEST_TTL: plain('a duration from 1s to 1d, such as 10m', parseTtl),
  NULL_HOST_ALERTS: plain('all or matter', oneOf('all', 'matter')),
  SWEEP_CRON: plain('five or six cron fields, or off', matching(/./s)),
  DNS_SERVERS: plain('comma-separated addresses with or without a port', parseDnsServers),
  STATE_URL: url(STATE_URL, parseStateUrl),
  METRICS_PORT: plain('a port from 1 to 65535', parsePort),
  METRICS_HOST: plain('an address or a host name', matching(/^[\w.:-]+$/)),
  HEALTH_FILE: plain('the path of a file', matching(/./s)),
  LOG_LEVEL: plain(
    'trace, debug, info, warn, error, fatal or silent',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  ),
} as const;

/** Where the state is stored, from STATE_URL. */
export type StatePlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mysql'; readonly login: MysqlLogin };

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> = Exclude<
  ReturnType<(typeof SETTINGS)[N]['parse']>,
  Refused
>;

/** What is wrong with a cron expression, as the end of a sentence; null = valid. */
export type FaultOfCron = (cron: string) => string | null;

export type Judged<N extends SettingName> =
  | { readonly isGood: true; readonly value: SettingValue<N> }
  /** `expected …, got …`. */
  | { readonly isGood: false; readonly says: string };

/** Checks a value. The error quotes `shown`, such as the text before `${…}` was expanded. */
export function judge<N extends SettingName>(
  name: N,
  text: string,
  faultOfCron: FaultOfCron,
  shown: string = text,
): Judged<N> {
  const setting = SETTINGS[name];
  const read = setting.parse(text);
  const expected = isRefused(read) ? read.expected : setting.expected;
  const says = `expected ${expected}, got ${setting.shown(shown)}`;
  if (isRefused(read)) return { isGood: false, says };
  const fault = name === 'SWEEP_CRON' && text !== 'off' ? faultOfCron(text) : null;
  if (fault !== null) return { isGood: false, says: `${says}: ${fault}` };
  // The table's row for N gives N's value; the compiler does not follow an index into it.
  return { isGood: true, value: read as SettingValue<N> };
}

/** Completes `got …`: on one line, without secrets, at most 100 characters. */
export function quoted(text: string): string {
  const shown = redact(text);
  return JSON.stringify(shown.length > 100 ? `${shown.slice(0, 100)}…` : shown);
}

interface Setting<T> {
  /** Completes `expected …` if nothing is given. */
  readonly expected: string;
  readonly parse: (text: string) => T | Refused;
  /** Completes `got …`; never shows a secret. */
  readonly shown: (text: string) => string;
}

function plain<T>(expected: string, parse: (text: string) => T | null): Setting<T> {
  return { expected, parse: (text) => parse(text) ?? { expected }, shown: quoted };
}

function secret(expected: string, pattern: RegExp): Setting<string> {
  return { ...plain(expected, matching(pattern)), shown: kindOfSecret };
}

function url<T>(expected: string, parse: Setting<T>['parse']): Setting<T> {
  return {
    expected,
    parse,
    // A short text without colon, @ and parameters cannot contain a password.
    shown: (text) => (/^[\w.-]{1,32}$/.test(text) ? quoted(text) : quoted(withoutPassword(text))),
  };
}

function matching(pattern: RegExp): (text: string) => string | null {
  return (text) => (pattern.test(text) ? text : null);
}

function oneOf<W extends string>(...words: readonly W[]): (text: string) => W | null {
  return (text) => words.find((word) => word === text) ?? null;
}

/** `an xoxp-… token` or `12 other characters`: enough to recognise a mix-up. */
function kindOfSecret(text: string): string {
  const kind = /^(xox[a-z]|xapp)[-.]/.exec(text)?.[1];
  return kind === undefined ? `${text.length} other characters` : `an ${kind}-… token`;
}

function withoutPassword(text: string): string {
  // The greedy match also hides a password that contains @. Without any @, hide all after the
  // colon.
  const masked = text.includes('@')
    ? text.replace(/^([a-z]+:\/\/)?([^:@]*):.*@/is, '$1$2:…@')
    : text.replace(/^([a-z]+:\/\/)?([^:]*):.*$/is, '$1$2:…');
  return masked.replace(/\?.*$/s, '?…');
}

function parsePort(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : null;
}

function parseList(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function parsePrincipals(text: string): readonly string[] | null {
  const ids = parseList(text);
  return ids.every((id) => PRINCIPAL.test(id)) ? ids : null;
}

function parseTtl(text: string): number | null {
  const ttlMs = parseDuration(text);
  return ttlMs !== null && ttlMs >= 1000 && ttlMs <= millisecondsInDay ? ttlMs : null;
}

/** In the form that node:dns accepts: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. */
function parseDnsServers(text: string): readonly string[] | null {
  const servers = parseList(text);
  return servers.length > 0 && servers.every(isDnsServer) ? servers : null;
}

function isDnsServer(text: string): boolean {
  if (parseAddress(text) !== null) return true;
  const match = /^(.+):(\d{1,5})$/.exec(text);
  const [, host, port] = match ?? [];
  if (host === undefined || port === undefined || parsePort(port) === null) return false;
  return parseAddress(host) !== null && host.includes(':') === host.startsWith('[');
}

function parseHttpUrl(text: string): string | null {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null;
}

/** With the names of the longest server and rule, Slack must accept it too. */
function parseRunbookUrl(text: string): string | Refused {
  const filled = text.replaceAll(/\{(?:server|rule)\}/g, LONGEST_NAME);
  if (/[{}]/.test(filled)) return { expected: `${RUNBOOK_URL}, and no other { or }` };
  const isUrl = !/\s/.test(filled) && parseHttpUrl(filled) !== null;
  if (!isUrl) return { expected: RUNBOOK_URL };
  const { username, password, href } = new URL(filled);
  if (username + password !== '') return { expected: `${RUNBOOK_URL}, without user and password` };
  if (Math.max(filled.length, href.length) <= RUNBOOK_LIMIT) return text;
  return { expected: `${RUNBOOK_URL}, of at most ${RUNBOOK_LIMIT} characters with long names` };
}

/** With a user, undici needs a password too; otherwise it sends neither. */
function parseProxyUrl(text: string): string | Refused {
  const refused = { expected: PROXY_URL };
  const url = parseHttpUrl(text) === null ? null : new URL(text);
  if (url === null || (url.username === '') !== (url.password === '')) return refused;
  // A # or ? in a password that is not encoded would make the user the host.
  if (url.pathname + url.search + url.hash !== '/' || /[?#]/.test(text)) return refused;
  try {
    decodeURIComponent(url.username + url.password);
    return text;
  } catch (error) {
    if (error instanceof URIError) return { expected: `${PROXY_URL}, with % written as %25` };
    throw error;
  }
}

function parseStateUrl(text: string): StatePlace | Refused {
  const file = /^sqlite:(.+)$/s.exec(text)?.[1];
  // An absolute path cannot be mistaken for the URL of a remote database.
  if (file !== undefined) return { kind: 'sqlite', file: resolve(file) };
  if (!text.startsWith('mysql:')) return { expected: STATE_URL };
  const login = readMysqlUrl(text, DATABASE_URL);
  return isRefused(login) ? login : { kind: 'mysql', login };
}
