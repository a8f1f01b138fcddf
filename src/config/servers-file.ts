import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import {
  type FaultOfCron,
  judge,
  quoted,
  SETTINGS,
  type SettingName,
  type SettingValue,
} from './setting.ts';
import { expanded, type Variables } from './variables.ts';
import { type Path, readYaml, type YamlFault } from './yaml.ts';

/** Parses SERVERS_FILE: YAML, `servers: [{name, url, …}]`, with secrets as `${VARIABLE}`. */

export interface ServersFile {
  readonly path: string;
  readonly text: string;
  readonly variables: Variables;
}

/** One server in the file; an absent value comes from the general setting. */
export interface ServerDraft {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly flushLogin?: MysqlLogin | undefined;
  readonly channel?: string | undefined;
  readonly sweepCron?: string | undefined;
  readonly approvers?: readonly string[] | undefined;
  readonly mention?: readonly string[] | undefined;
  readonly runbookUrl?: string | undefined;
  readonly dnsServers?: readonly string[] | undefined;
}

/** The setting whose rules each key follows. */
const KEYS = {
  name: 'SERVER_NAME',
  url: 'MYSQL_URL',
  flush_url: 'MYSQL_FLUSH_URL',
  channel: 'ALERT_CHANNEL',
  sweep: 'SWEEP_CRON',
  approvers: 'APPROVERS',
  mention: 'MENTION',
  runbook_url: 'RUNBOOK_URL',
  dns_servers: 'DNS_SERVERS',
} as const satisfies Readonly<Record<string, SettingName>>;

type Key = keyof typeof KEYS;

/** Keys that hold a list, or comma-separated text. */
const LISTS: readonly Key[] = ['approvers', 'mention', 'dns_servers'];

/** Keys in which an empty value could mean nobody or the general setting, so it is refused. */
const OF_PEOPLE: readonly Key[] = ['approvers', 'mention'];

/** The keys that a terminal reads. It ignores the others, including their `${…}`. */
const OF_TERMINAL: readonly Key[] = ['name', 'url', 'dns_servers'];

/** Reports every error, in the order of the file. If there is any, servers may be missing. */
export function parseServersFile(
  { path: file, text, variables }: ServersFile,
  { isBot, faultOfCron }: { readonly isBot: boolean; readonly faultOfCron: FaultOfCron },
): { readonly servers: readonly ServerDraft[]; readonly faults: readonly string[] } {
  const sentences = (faults: readonly YamlFault[]) =>
    faults
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, says }) => `SERVERS_FILE ${file}:${line}: ${says}.`);
  const yaml = readYaml(text);
  if ('faults' in yaml) return { servers: [], faults: sentences(yaml.faults) };
  const { value, lineOf } = yaml;
  const faults: YamlFault[] = [];
  const refuse = (path: Path, says: string) => faults.push({ line: lineOf(path), says });
  const reading = { isBot, faultOfCron: remembering(faultOfCron), variables, lineOf, refuse };
  const servers = readTop(value, reading);
  return { servers, faults: sentences(faults) };
}

/** Remembers results: a thousand servers share a few expressions, and each is slow to check. */
function remembering(faultOfCron: FaultOfCron): FaultOfCron {
  const results = new Map<string, string | null>();
  return (cron) => {
    const before = results.get(cron);
    if (before !== undefined) return before;
    const fault = faultOfCron(cron);
    results.set(cron, fault);
    return fault;
  };
}

interface Reading {
  readonly isBot: boolean;
  readonly faultOfCron: FaultOfCron;
  readonly variables: Variables;
  readonly lineOf: (path: Path) => number;
  readonly refuse: (path: Path, says: string) => void;
}

function readTop(top: unknown, reading: Reading): readonly ServerDraft[] {
  const { refuse } = reading;
  if (!isObject(top)) {
    refuse([], `expected the key servers with a list, got ${kindOf(top)}`);
    return [];
  }
  const { servers, ...others } = top;
  for (const key of Object.keys(others)) {
    refuse([key], `expected only the key servers, got ${quoted(key)}`);
  }
  if (Array.isArray(servers) && servers.length > 0) return readServers(servers, reading);
  refuse(['servers'], `servers: expected a list of servers, got ${kindOf(servers)}`);
  return [];
}

function readServers(items: readonly unknown[], reading: Reading): readonly ServerDraft[] {
  const lines = new Map<string, number>();
  return items.flatMap((item, at) => {
    const path = ['servers', at];
    if (!isObject(item)) {
      reading.refuse(path, `expected a server with name and url, got ${kindOf(item)}`);
      return [];
    }
    const { name, draft } = readServer(item, path, reading);
    const before = name === undefined ? undefined : lines.get(name);
    if (before !== undefined) {
      const got = `got "${name}", which line ${before} already has`;
      reading.refuse(path, `name: expected a unique name, ${got}`);
    }
    if (name !== undefined) lines.set(name, reading.lineOf(path));
    return draft === null ? [] : [draft];
  });
}

/** The draft is null if anything in it was refused. */
function readServer(item: Fields, path: Path, reading: Reading) {
  let isGood = true;
  const refuse = (at: Path, says: string) => {
    isGood = false;
    reading.refuse(at, says);
  };
  for (const key of Object.keys(item).filter((each) => !Object.hasOwn(KEYS, each))) {
    refuse([...path, key], `expected ${Object.keys(KEYS).join(', ')}, got ${quoted(key)}`);
  }
  const own = <K extends Key>(key: K) => {
    if (!reading.isBot && !OF_TERMINAL.includes(key)) return undefined;
    const read = readValue(key, item[key], reading);
    if (!('faults' in read)) return read.value;
    for (const fault of read.faults) refuse([...path, key], `${key}: ${fault}`);
    return undefined;
  };
  const [name, login] = [own('name'), own('url')];
  const rest = {
    flushLogin: own('flush_url'),
    channel: own('channel'),
    sweepCron: own('sweep'),
    approvers: own('approvers'),
    mention: own('mention'),
    runbookUrl: own('runbook_url'),
    dnsServers: own('dns_servers'),
  };
  const isWhole = isGood && name !== undefined && login !== undefined;
  return { name, draft: isWhole ? { name, login, ...rest } : null };
}

type Value<K extends Key> = SettingValue<(typeof KEYS)[K]>;

/** The key's value, undefined if an optional key is absent; or the errors. */
function readValue<K extends Key>(
  key: K,
  value: unknown,
  { variables, faultOfCron }: Reading,
): { readonly value: Value<K> | undefined } | { readonly faults: readonly string[] } {
  if (kindOf(value) === 'nothing') {
    if (OF_PEOPLE.includes(key) && value !== undefined)
      return { faults: ['expected ids, or [] for nobody, got nothing'] };
    if (key !== 'name' && key !== 'url') return { value: undefined };
    return { faults: [`expected ${SETTINGS[KEYS[key]].expected}, got nothing`] };
  }
  const isList = LISTS.includes(key);
  const texts = (isList && Array.isArray(value) ? value : [value]).map(textOf);
  if (texts.includes(null)) {
    return { faults: [`expected a ${isList ? 'list of texts' : 'text'}, got ${kindOf(value)}`] };
  }
  const raw = texts.join(',');
  const text = expanded(raw, variables);
  if (typeof text !== 'string') return text;
  const result = judge<(typeof KEYS)[K]>(KEYS[key], text, faultOfCron, raw);
  return result.isGood ? { value: result.value } : { faults: [result.says] };
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The trimmed text; null = the value is not a text. */
function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value.trim() : null;
}

/** Completes `got …`. */
function kindOf(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isObject(value)) return 'keys';
  return value === undefined || value === null || textOf(value) === '' ? 'nothing' : 'a text';
}
