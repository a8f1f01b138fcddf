import { resolve } from 'node:path';
import { count } from '../chat/lists.ts';
import type { Need } from '../chat/subcommand.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import type { Environment } from './environment.ts';
import { createReader, type Reader } from './reader.ts';
import type { ServerDraft } from './servers-file.ts';
import {
  type FaultOfCron,
  SETTINGS,
  type SettingName,
  type SettingValue,
  type StatePlace,
} from './setting.ts';

/** Reads the settings once, and reports every error at once. */

export interface Config {
  /** null: this command does not need Slack. */
  readonly slack: SlackConfig | null;
  /** Empty: this command does not need MySQL. */
  readonly servers: readonly ServerConfig[];
  /** Ids of people and user groups who may use the bot; empty = every full member. */
  readonly operators: readonly string[];
  readonly flushRequestTtlMs: number;
  readonly nullHostAlerts: 'all' | 'matter';
  readonly statePlace: StatePlace;
  /** null: no metrics. */
  readonly metrics: { readonly port: number; readonly host: string } | null;
  /** The file that a running bot writes every few seconds; null = none. */
  readonly healthFile: string | null;
  /** null: not set; the bot and a terminal have different defaults. */
  readonly logLevel: SettingValue<'LOG_LEVEL'> | null;
}

export interface SlackConfig {
  readonly botToken: string;
  readonly transport: SlackTransport;
  /** null: Slack's own. */
  readonly apiUrl: string | null;
  /** null: no proxy. */
  readonly proxies: Proxies | null;
}

/** The proxies for connections to Slack, as URLs; null = none. */
export interface Proxies {
  readonly https: string | null;
  readonly http: string | null;
  /** The hosts that are connected to directly, as NO_PROXY lists them. */
  readonly except: string | null;
}

export type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: string }
  | {
      readonly mode: 'http';
      readonly signingSecret: string;
      readonly port: number;
      /** The address to listen on; null = all. */
      readonly host: string | null;
    };

export interface ServerConfig {
  readonly name: string;
  /** The reading account. */
  readonly login: MysqlLogin;
  /** The account that may flush; null = flushing is off. */
  readonly flushLogin: MysqlLogin | null;
  /** The channel for alerts and flush requests; null = a terminal command, which posts nothing. */
  readonly channel: string | null;
  /** null: no sweeps. */
  readonly sweepCron: string | null;
  /** Ids of people and user groups; empty = nobody. */
  readonly approvers: readonly string[];
  /** Ids of people and user groups that a newly firing alert mentions; empty = nobody. */
  readonly mention: readonly string[];
  /** A page about alerts; `{server}` and `{rule}` in it are filled in. null = none. */
  readonly runbookUrl: string | null;
  /** null: the system's. */
  readonly dnsServers: readonly string[] | null;
}

export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);

/**
 * Reads only the settings that `needs` asks for. `all` reads everything, but Slack's settings only
 * if there is a bot token.
 */
export function readConfig(
  environment: Environment,
  needs: readonly Need[],
  faultOfCron: FaultOfCron,
): Config | { readonly faults: readonly string[] } {
  const reader = createReader(environment, faultOfCron);
  const isAll = needs.includes('all');
  const hasSlack = needs.includes('slack') || (isAll && reader.isGiven('SLACK_BOT_TOKEN'));
  const isBot = hasSlack || isAll || needs.includes('plans');
  function ofBot<N extends SettingName>(name: N): SettingValue<N> | null {
    return isBot ? reader.optional(name) : null;
  }
  const slack = hasSlack ? readSlack(reader) : null;
  const hasServers = needs.includes('mysql') || needs.includes('slack');
  const servers = hasServers ? readServers(reader, { isBot, hasSlack }) : [];
  const metricsPort = ofBot('METRICS_PORT');
  const metricsHost = ofBot('METRICS_HOST') ?? '127.0.0.1';
  const config: Config = {
    slack,
    servers,
    operators: ofBot('OPERATORS') ?? [],
    flushRequestTtlMs: ofBot('FLUSH_REQUEST_TTL') ?? 600_000,
    nullHostAlerts: ofBot('NULL_HOST_ALERTS') ?? 'matter',
    statePlace: (isBot || needs.includes('state') ? reader.optional('STATE_URL') : null) ?? {
      kind: 'sqlite',
      file: resolve('hostcache.db'),
    },
    metrics: metricsPort === null ? null : { port: metricsPort, host: metricsHost },
    healthFile: ofBot('HEALTH_FILE'),
    logLevel: needs.length > 0 ? reader.optional('LOG_LEVEL') : null,
  };
  return reader.faults.length === 0 ? config : { faults: reader.faults };
}

function readSlack(reader: Reader): SlackConfig | null {
  const botToken = reader.required('SLACK_BOT_TOKEN', 'the bot needs it');
  const mode = reader.optional('SLACK_MODE') ?? 'socket';
  const transport = mode === 'socket' ? readSocket(reader) : readHttp(reader);
  const apiUrl = reader.optional('SLACK_API_URL');
  const proxies = readProxies(reader);
  if (botToken === null || transport === null) return null;
  return { botToken, transport, apiUrl, proxies };
}

function readProxies(reader: Reader): Proxies | null {
  const https = reader.optional('HTTPS_PROXY');
  const http = reader.optional('HTTP_PROXY');
  const except = reader.optional('NO_PROXY');
  return https === null && http === null ? null : { https, http, except };
}

function readSocket(reader: Reader): SlackTransport | null {
  const appToken = reader.required('SLACK_APP_TOKEN', 'Socket Mode needs it');
  return appToken === null ? null : { mode: 'socket', appToken };
}

function readHttp(reader: Reader): SlackTransport | null {
  const signingSecret = reader.required('SLACK_SIGNING_SECRET', 'SLACK_MODE=http needs it');
  const port = reader.optional('PORT') ?? 3000;
  const host = reader.optional('HOST');
  return signingSecret === null ? null : { mode: 'http', signingSecret, port, host };
}

interface Asked {
  /** Whether to read the bot's settings. */
  readonly isBot: boolean;
  /** Whether it can post to Slack. */
  readonly hasSlack: boolean;
}

function readServers(reader: Reader, asked: Asked): readonly ServerConfig[] {
  const drafts = readDrafts(reader, asked.isBot);
  const general = readGeneral(reader, asked, drafts);
  return drafts.map((own) => {
    const sweepCron = own.sweepCron ?? general.sweepCron;
    return {
      name: own.name,
      login: own.login,
      flushLogin: own.flushLogin ?? null,
      channel: own.channel ?? general.channel,
      sweepCron: sweepCron === 'off' ? null : sweepCron,
      approvers: own.approvers ?? general.approvers,
      mention: own.mention ?? general.mention,
      runbookUrl: own.runbookUrl ?? general.runbookUrl,
      dnsServers: own.dnsServers ?? general.dnsServers,
    };
  });
}

function readDrafts(reader: Reader, isBot: boolean): readonly ServerDraft[] {
  if (!reader.isGiven('SERVERS_FILE')) return readOneServer(reader, isBot);
  if (reader.isGiven('MYSQL_URL')) {
    reader.refuse('SERVERS_FILE: expected MYSQL_URL or SERVERS_FILE, got both.');
    return [];
  }
  reader.optional('SERVERS_FILE');
  return reader.servers(isBot);
}

/** Only in a terminal. */
const INSTEAD = 'the option files of the MySQL client (~/.my.cnf) would do too';

function readOneServer(reader: Reader, isBot: boolean): readonly ServerDraft[] {
  const client = reader.clientLogin();
  const isClients = client !== null && (client.login !== null || client.faults.length > 0);
  const purpose = 'it names the MySQL server and the reading account';
  const login = isClients
    ? client.login
    : reader.required('MYSQL_URL', client === null ? purpose : `${purpose}; ${INSTEAD}`);
  const name = reader.optional('SERVER_NAME') ?? 'main';
  const flushLogin = isBot ? reader.optional('MYSQL_FLUSH_URL') : null;
  return login === null ? [] : [{ name, login, flushLogin: flushLogin ?? undefined }];
}

type General = Omit<ServerConfig, 'name' | 'login' | 'flushLogin' | 'sweepCron'> & {
  readonly sweepCron: string;
};

/** Of a command in a terminal, which posts nothing. */
const NO_POSTS = { channel: null, sweepCron: 'off', approvers: [], mention: [], runbookUrl: null };

/** The defaults for servers that do not set their own values. */
function readGeneral(
  reader: Reader,
  { isBot, hasSlack }: Asked,
  drafts: readonly ServerDraft[],
): General {
  const dnsServers = reader.optional('DNS_SERVERS');
  if (!isBot) return { ...NO_POSTS, dnsServers };
  return {
    channel: hasSlack ? readChannel(reader, drafts) : reader.optional('ALERT_CHANNEL'),
    sweepCron: reader.optional('SWEEP_CRON') ?? '*/5 * * * *',
    approvers: reader.optional('APPROVERS') ?? [],
    mention: reader.optional('MENTION') ?? [],
    runbookUrl: reader.optional('RUNBOOK_URL'),
    dnsServers,
  };
}

function readChannel(reader: Reader, drafts: readonly ServerDraft[]): string | null {
  if (!reader.isGiven('SERVERS_FILE')) {
    return reader.required('ALERT_CHANNEL', 'alerts and flush requests go there');
  }
  const [first, ...others] = drafts.filter(({ channel }) => channel === undefined);
  if (first === undefined) return reader.optional('ALERT_CHANNEL');
  const more = others.length === 0 ? '' : ` and ${count(others.length, 'more server')}`;
  return reader.required('ALERT_CHANNEL', `no channel of their own: ${first.name}${more}`);
}
