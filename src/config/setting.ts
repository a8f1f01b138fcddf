import { resolve } from 'node:path';
import { millisecondsInDay } from 'date-fns/constants';
import { z } from 'zod';
import { parseDuration } from '../chat/duration.ts';
import { redact } from '../chat/secret.ts';
import { parseAddress } from '../hostcache/address.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { DATABASE_URL, isRefused, type Refused, readMysqlUrl, SERVER_URL } from './mysql-url.ts';

/** Every setting: what its value looks like, and how a wrong one is shown. */

/** Person ids and user group ids of Slack. */
const PRINCIPAL = /^[UWS][A-Z0-9]{2,}$/;

export const SETTINGS = {
  SLACK_BOT_TOKEN: secret('a bot token, xoxb-…', /^xoxb-\S+$/),
  SLACK_APP_TOKEN: secret('an app-level token, xapp-…', /^xapp-\S+$/),
  SLACK_SIGNING_SECRET: secret('the signing secret of the app, without blanks', /^\S+$/),
  SLACK_MODE: plain('socket or http', z.enum(['socket', 'http'])),
  PORT: plain('a port from 1 to 65535', parsed(parsePort)),
  SLACK_API_URL: plain('an http or https address', z.url({ protocol: /^https?$/ })),
  MYSQL_URL: url(parseServerUrl),
  MYSQL_FLUSH_URL: url(parseServerUrl),
  SERVER_NAME: plain(
    'a name of small letters, digits, dot, dash and underscore, at most 32, not "all"',
    z.string().regex(/^(?!all$)[a-z0-9][a-z0-9._-]{0,31}$/),
  ),
  SERVERS_FILE: plain('the path of a YAML file', z.string()),
  ALERT_CHANNEL: plain('the id of a channel, C…', z.string().regex(/^[CG][A-Z0-9]{2,}$/)),
  APPROVERS: plain('ids of people (U…) and user groups (S…), by comma', parsed(parsePrincipals)),
  OPERATORS: plain('ids of people (U…) and user groups (S…), by comma', parsed(parsePrincipals)),
  FLUSH_REQUEST_TTL: plain('a duration from 1s to 1d, such as 10m', parsed(parseTtl)),
  NULL_HOST_ALERTS: plain('all or matter', z.enum(['all', 'matter'])),
  SWEEP_CRON: plain('five or six fields of cron, or off', parsed(parseCron)),
  DNS_SERVERS: plain('addresses with or without a port, by comma', parsed(parseDnsServers)),
  STATE_URL: url(parseStateUrl),
  METRICS_PORT: plain('a port from 1 to 65535', parsed(parsePort)),
  METRICS_HOST: plain('an address or a host name', z.string().regex(/^[\w.:-]+$/)),
  LOG_LEVEL: plain(
    'trace, debug, info, warn, error, fatal or silent',
    z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
  ),
} as const;

/** Where STATE_URL says that the state is. */
export type StatePlace =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'mysql'; readonly login: MysqlLogin };

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> = z.output<(typeof SETTINGS)[N]['schema']>;

/** What is wrong with a cron expression, as the end of a sentence; null = it comes about. */
export type FaultOfCron = (cron: string) => string | null;

export type Judged<N extends SettingName> =
  | { readonly isGood: true; readonly value: SettingValue<N> }
  /** `expected …, got …`. */
  | { readonly isGood: false; readonly says: string };

/** `shown` stands in the fault for the text, where the text came from somewhere else. */
export function judge<N extends SettingName>(
  name: N,
  text: string,
  faultOfCron: FaultOfCron,
  shown: string = text,
): Judged<N> {
  const setting = SETTINGS[name];
  const came = setting.shown(shown);
  const result = setting.schema.safeParse(text);
  if (!result.success) {
    return { isGood: false, says: `expected ${setting.expected(text)}, got ${came}` };
  }
  const fault = name === 'SWEEP_CRON' && text !== 'off' ? faultOfCron(text) : null;
  if (fault !== null) {
    return { isGood: false, says: `expected ${setting.expected(text)}, got ${came}: ${fault}` };
  }
  // The table's row for N gives N's value; the compiler does not follow an index into it.
  return { isGood: true, value: result.data as SettingValue<N> };
}

/** The end of `got …`: on one line, without secrets, not too long. */
export function quoted(text: string): string {
  const shown = redact(text);
  return JSON.stringify(shown.length > 100 ? `${shown.slice(0, 100)}…` : shown);
}

interface Setting<T> {
  readonly schema: z.ZodType<T, string>;
  /** The end of `expected …` for this value. */
  readonly expected: (value: string) => string;
  /** The end of `got …`: never a secret. */
  readonly shown: (value: string) => string;
}

function plain<T>(expected: string, schema: z.ZodType<T, string>): Setting<T> {
  return { schema, expected: () => expected, shown: quoted };
}

function secret(expected: string, pattern: RegExp): Setting<string> {
  return { schema: z.string().regex(pattern), expected: () => expected, shown: kindOfSecret };
}

function url<T extends object>(parse: (text: string) => T | Refused): Setting<T> {
  return {
    schema: parsed((text) => {
      const read = parse(text);
      return isRefused(read) ? null : read;
    }),
    expected: (text) => {
      const read = parse(text);
      return isRefused(read) ? read.expected : 'another address';
    },
    // A text without a colon, an @ or a parameter holds no password in any spelling of an address.
    shown: (text) => (/^[\w.-]{1,32}$/.test(text) ? quoted(text) : quoted(withoutPassword(text))),
  };
}

function parsed<T>(parse: (text: string) => T | null): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = parse(text);
    if (value !== null) return value;
    context.addIssue({ code: 'custom' });
    return z.NEVER;
  });
}

/** `an xoxp-… token`, `12 characters`: enough to see what was mixed up. */
function kindOfSecret(text: string): string {
  const kind = /^(xox[a-z]|xapp)[-.]/.exec(text)?.[1];
  return kind === undefined ? `${text.length} other characters` : `an ${kind}-… token`;
}

function withoutPassword(text: string): string {
  // The greedy @ keeps a password with an @ of its own out; without any @ all after the colon goes.
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

function parseCron(text: string): string | null {
  const fields = text.trim().split(/\s+/).length;
  return text === 'off' || fields === 5 || fields === 6 ? text : null;
}

/** As node:dns takes them: `192.0.2.53`, `192.0.2.53:5353`, `[2001:db8::53]:5353`. */
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

function parseServerUrl(text: string): MysqlLogin | Refused {
  return readMysqlUrl(text, SERVER_URL);
}

function parseStateUrl(text: string): StatePlace | Refused {
  const file = /^sqlite:(.+)$/s.exec(text)?.[1];
  // From the root on, a file cannot be taken for the address of a remote database.
  if (file !== undefined) return { kind: 'sqlite', file: resolve(file) };
  if (!text.startsWith('mysql:')) return { expected: `sqlite:FILE or ${DATABASE_URL}` };
  const login = readMysqlUrl(text, DATABASE_URL);
  return isRefused(login) ? login : { kind: 'mysql', login };
}
