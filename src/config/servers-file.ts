import { isMap, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
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
import { isNothing, kindOf, listAt, offsetOf, resolved, textAt } from './yaml-node.ts';

/** SERVERS_FILE: many servers in YAML, `servers: [{name, url, …}]`, secrets by `${VARIABLE}`. */

export interface ServersFile {
  readonly path: string;
  readonly text: string;
  readonly variables: Variables;
}

/** One server as the file has it; what is not given there, the general setting gives. */
export interface ServerDraft {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly flushLogin?: MysqlLogin | undefined;
  readonly channel?: string | undefined;
  readonly sweepCron?: string | undefined;
  readonly approvers?: readonly string[] | undefined;
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
  dns_servers: 'DNS_SERVERS',
} as const satisfies Readonly<Record<string, SettingName>>;

type Key = keyof typeof KEYS;
type Values = { [K in Key]?: SettingValue<(typeof KEYS)[K]> };

/** Keys that hold a list, or the same by comma. */
const LISTS: readonly Key[] = ['approvers', 'dns_servers'];

/** What a terminal needs; the rest is the bot's, its `${…}` too, and is not looked at. */
const OF_TERMINAL: readonly Key[] = ['name', 'url', 'dns_servers'];

/** Every fault at once, each with its line; where there is any, servers may be missing. */
export function parseServersFile(
  file: ServersFile,
  asked: { readonly isBot: boolean; readonly faultOfCron: FaultOfCron },
): { readonly servers: readonly ServerDraft[]; readonly faults: readonly string[] } {
  const lines = new LineCounter();
  // Its pretty errors would quote the line, and whatever secret stands in it.
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false });
  const faults: string[] = [];
  const lineOf = (offset: number) => lines.linePos(offset).line;
  const refuse = (offset: number, says: string) => {
    faults.push(`SERVERS_FILE ${file.path}:${lineOf(offset)}: ${says}.`);
  };
  for (const { code, pos } of document.errors) {
    const reason = code.toLowerCase().replaceAll('_', ' ');
    refuse(pos[0], `expected YAML, got what YAML cannot read (${reason})`);
  }
  if (faults.length > 0) return { servers: [], faults };
  const { variables } = file;
  const { isBot } = asked;
  const faultOfCron = remembering(asked.faultOfCron);
  const anchors = new Map<string, Node>();
  const reading = { isBot, faultOfCron, variables, anchors, lineOf, refuse };
  return { servers: readTop(document.contents, reading), faults };
}

/** A thousand servers share a few expressions, and each takes long to judge. */
function remembering(faultOfCron: FaultOfCron): FaultOfCron {
  const judged = new Map<string, string | null>();
  return (cron) => {
    const before = judged.get(cron);
    if (before !== undefined) return before;
    const fault = faultOfCron(cron);
    judged.set(cron, fault);
    return fault;
  };
}

interface Reading {
  readonly isBot: boolean;
  readonly faultOfCron: FaultOfCron;
  readonly variables: Variables;
  readonly anchors: Map<string, Node>;
  readonly lineOf: (offset: number) => number;
  readonly refuse: (offset: number, says: string) => void;
}

function readTop(top: Node | null, reading: Reading): readonly ServerDraft[] {
  if (!isMap<Node, Node | null>(top)) {
    reading.refuse(offsetOf(top), `expected servers: and a list below it, got ${kindOf(top)}`);
    return [];
  }
  const servers: ServerDraft[] = [];
  for (const { key, value } of top.items) {
    if (textAt(key) !== 'servers') {
      reading.refuse(offsetOf(key), `expected the key servers alone, got ${shownKey(key)}`);
    } else if (isSeq<Node | null>(value) && value.items.length > 0) {
      servers.push(...readServers(value.items, reading));
    } else {
      reading.refuse(offsetOf(key), `servers: expected a list of servers, got ${kindOf(value)}`);
    }
  }
  if (top.items.length === 0) reading.refuse(offsetOf(top), 'expected the key servers, got none');
  return servers;
}

function readServers(items: readonly (Node | null)[], reading: Reading): readonly ServerDraft[] {
  const drafts: ServerDraft[] = [];
  const lines = new Map<string, number>();
  for (const item of items) {
    const offset = offsetOf(item);
    const node = resolved(item, reading.anchors);
    if (!isMap<Node, Node | null>(node)) {
      reading.refuse(offset, `expected a server with name and url, got ${kindOf(node)}`);
      continue;
    }
    const { values, isGood } = readServer(node.items, offset, reading);
    const { name, url: login } = values;
    const before = name === undefined ? undefined : lines.get(name);
    if (before !== undefined) {
      const again = `got "${name}" of line ${before} again`;
      reading.refuse(offset, `name: expected a name of its own, ${again}`);
    }
    if (name !== undefined) lines.set(name, reading.lineOf(offset));
    if (isGood && name !== undefined && login !== undefined) {
      drafts.push(draftOf(name, login, values));
    }
  }
  return drafts;
}

function draftOf(name: string, login: MysqlLogin, values: Values): ServerDraft {
  return {
    name,
    login,
    flushLogin: values.flush_url,
    channel: values.channel,
    sweepCron: values.sweep,
    approvers: values.approvers,
    dnsServers: values.dns_servers,
  };
}

function readServer(
  pairs: readonly Pair<Node, Node | null>[],
  offset: number,
  reading: Reading,
): { readonly values: Values; readonly isGood: boolean } {
  const values: Values = {};
  const given = new Set<string>();
  let isGood = true;
  const refuse: Reading['refuse'] = (at, says) => {
    isGood = false;
    reading.refuse(at, says);
  };
  for (const { key: keyNode, value } of pairs) {
    const key = textAt(keyNode);
    // An anchor counts from here on, whether or not its value is looked at.
    const node = resolved(value, reading.anchors);
    if (!isKey(key)) {
      const known = Object.keys(KEYS).join(', ');
      refuse(offsetOf(keyNode), `expected ${known}, got ${shownKey(keyNode)}`);
      continue;
    }
    // Nobody, or the general ones? Who may approve is not left to a guess.
    if (isNothing(node) && key !== 'approvers') continue;
    given.add(key);
    if (!reading.isBot && !OF_TERMINAL.includes(key)) continue;
    for (const fault of put(key, node, { values, reading })) {
      refuse(offsetOf(value ?? keyNode), `${key}: ${fault}`);
    }
  }
  for (const key of ['name', 'url'] as const) {
    const sought = SETTINGS[KEYS[key]].expected('');
    if (!given.has(key)) refuse(offset, `${key}: expected ${sought}, got nothing`);
  }
  return { values, isGood };
}

/** Puts what the node holds among the values; else says what is wrong with it. */
function put<K extends Key>(
  key: K,
  node: Node | null,
  { values, reading }: { readonly values: Values; readonly reading: Reading },
): readonly string[] {
  if (key === 'approvers' && isNothing(node))
    return ['expected ids, or [] for nobody, got nothing'];
  const isList = LISTS.includes(key);
  const raw = textAt(node) ?? (isList ? listAt(node, reading.anchors) : null);
  if (raw === null) return [`expected a ${isList ? 'list of texts' : 'text'}, got ${kindOf(node)}`];
  const text = expanded(raw, reading.variables);
  if (typeof text !== 'string') return text.faults;
  const judged = judge<(typeof KEYS)[K]>(KEYS[key], text, reading.faultOfCron, raw);
  if (!judged.isGood) return [judged.says];
  // KEYS says whose value the key holds; the compiler does not follow an index into it.
  values[key] = judged.value as Values[K];
  return [];
}

function isKey(text: string | null): text is Key {
  return text !== null && Object.hasOwn(KEYS, text);
}

function shownKey(node: Node): string {
  const text = textAt(node);
  return text === null ? kindOf(node) : quoted(text);
}
