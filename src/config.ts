import type { Environment } from './config/environment.ts';
import { SETTINGS, type SettingName, type SettingValue } from './config/setting.ts';

/** The settings, read once; every fault is named at once. */

export interface Config {
  /** null: this command does without Slack. */
  readonly slack: SlackConfig | null;
  /** Empty: this command does without MySQL. */
  readonly servers: readonly ServerConfig[];
  /** Ids of people and user groups who may use the bot; empty = every full member. */
  readonly operators: readonly string[];
  readonly flushRequestTtlMs: number;
  readonly nullHostAlerts: 'all' | 'matter';
  readonly stateUrl: string;
  /** null: no metrics. */
  readonly metrics: { readonly port: number; readonly host: string } | null;
  /** null: as each way of running has it. */
  readonly logLevel: SettingValue<'LOG_LEVEL'> | null;
}

export interface SlackConfig {
  readonly botToken: string;
  readonly transport: SlackTransport;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
}

export type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string; readonly port: number };

export interface ServerConfig {
  readonly name: string;
  /** The reading account. */
  readonly url: string;
  /** The account that may flush; null = flushing is off. */
  readonly flushUrl: string | null;
  /** Where alerts and flush requests go; null = a command of a terminal, which posts nothing. */
  readonly channel: string | null;
  /** null: no sweeps. */
  readonly sweepCron: string | null;
  /** Ids of people and user groups; empty = nobody. */
  readonly approvers: readonly string[];
  /** null: the system's. */
  readonly dnsServers: readonly string[] | null;
}

/** What a command cannot do without. */
export type Need = 'slack' | 'mysql';

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/** The settings that the needs ask for; what is not asked for is not looked at. */
export function readConfig(
  environment: Environment,
  needs: readonly Need[],
): Config | { readonly faults: readonly string[] } {
  const reader = createReader(environment);
  const isBot = needs.includes('slack');
  function ofBot<N extends SettingName>(name: N): SettingValue<N> | null {
    return isBot ? reader.optional(name) : null;
  }
  const slack = isBot ? readSlack(reader) : null;
  const servers = needs.includes('mysql') ? readServers(reader, isBot) : [];
  const metricsPort = ofBot('METRICS_PORT');
  const metricsHost = ofBot('METRICS_HOST') ?? '127.0.0.1';
  const config: Config = {
    slack,
    servers,
    operators: ofBot('OPERATORS') ?? [],
    flushRequestTtlMs: ofBot('FLUSH_REQUEST_TTL') ?? 600_000,
    nullHostAlerts: ofBot('NULL_HOST_ALERTS') ?? 'all',
    stateUrl: ofBot('STATE_URL') ?? 'sqlite:hostcache.db',
    metrics: metricsPort === null ? null : { port: metricsPort, host: metricsHost },
    logLevel: needs.length > 0 ? reader.optional('LOG_LEVEL') : null,
  };
  return reader.faults.length === 0 ? config : { faults: reader.faults };
}

interface Reader {
  readonly faults: readonly string[];
  /** null: not given, or faulty. */
  optional<N extends SettingName>(name: N): SettingValue<N> | null;
  /** null: faulty, then the fault is noted. */
  required<N extends SettingName>(name: N, purpose: string): SettingValue<N> | null;
  refuse(fault: string): void;
  isGiven(name: SettingName): boolean;
}

function createReader({ values, faults: unread }: Environment): Reader {
  const faults: string[] = unread['.env'] === undefined ? [] : [unread['.env']];
  function optional<N extends SettingName>(name: N): SettingValue<N> | null {
    const unreadable = unread[name];
    if (unreadable !== undefined) faults.push(unreadable);
    const value = values[name];
    if (unreadable !== undefined || value === undefined) return null;
    const { schema, expected, shown } = SETTINGS[name];
    const result = schema.safeParse(value);
    // The table's row for N gives N's value; the compiler does not follow an index into it.
    if (result.success) return result.data as SettingValue<N>;
    faults.push(`${name}: expected ${expected(value)}, got ${shown(value)}. See .env.example.`);
    return null;
  }
  return {
    faults,
    optional,
    required: (name, purpose) => {
      if (values[name] === undefined && unread[name] === undefined) {
        const sought = SETTINGS[name].expected('');
        faults.push(`${name}: expected ${sought}, got nothing; ${purpose}. See .env.example.`);
      }
      return optional(name);
    },
    refuse: (fault) => faults.push(fault),
    isGiven: (name) => values[name] !== undefined || unread[name] !== undefined,
  };
}

function readSlack(reader: Reader): SlackConfig | null {
  const botToken = reader.required('SLACK_BOT_TOKEN', 'the bot speaks by it');
  const mode = reader.optional('SLACK_MODE') ?? 'socket';
  const transport = mode === 'socket' ? readSocket(reader) : readHttp(reader);
  const apiUrl = reader.optional('SLACK_API_URL');
  return botToken === null || transport === null ? null : { botToken, transport, apiUrl };
}

function readSocket(reader: Reader): SlackTransport | null {
  const appToken = reader.required('SLACK_APP_TOKEN', 'Socket Mode needs it');
  return appToken === null ? null : { mode: 'socket', appToken };
}

function readHttp(reader: Reader): SlackTransport | null {
  const signingSecret = reader.required('SLACK_SIGNING_SECRET', 'SLACK_MODE=http needs it');
  const port = reader.optional('PORT') ?? 3000;
  return signingSecret === null ? null : { mode: 'http', signingSecret, port };
}

function readServers(reader: Reader, isBot: boolean): readonly ServerConfig[] {
  if (reader.isGiven('SERVERS_FILE')) {
    const both = reader.isGiven('MYSQL_URL');
    reader.refuse(
      both
        ? 'SERVERS_FILE: expected MYSQL_URL or SERVERS_FILE, got both.'
        : 'SERVERS_FILE: expected MYSQL_URL, for this version reads one server only, got a file.',
    );
    return [];
  }
  const url = reader.required('MYSQL_URL', 'it names the MySQL server and the reading account');
  const sweepCron = isBot ? (reader.optional('SWEEP_CRON') ?? '*/5 * * * *') : 'off';
  const server = {
    name: reader.optional('SERVER_NAME') ?? 'main',
    flushUrl: isBot ? reader.optional('MYSQL_FLUSH_URL') : null,
    channel: isBot ? reader.required('ALERT_CHANNEL', 'alerts and flush requests go there') : null,
    sweepCron: sweepCron === 'off' ? null : sweepCron,
    approvers: isBot ? (reader.optional('APPROVERS') ?? []) : [],
    dnsServers: reader.optional('DNS_SERVERS'),
  };
  return url === null ? [] : [{ ...server, url }];
}
