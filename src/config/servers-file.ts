import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml';
import { type FaultOfCron, judge, quoted, type SettingName, type SettingValue } from './setting.ts';

/** SERVERS_FILE: many servers in YAML, `servers: [{name, url, …}]`, secrets by `${VARIABLE}`. */

export interface ServersFile {
  readonly path: string;
  readonly text: string;
  /** What the environment holds for the `${…}` in the text; what it does not hold is left out. */
  readonly variables: Readonly<Record<string, string>>;
  /** Variables whose file could not be read, one sentence each. */
  readonly faults: Readonly<Record<string, string>>;
}

/** One server as the file has it; undefined = not given there, so the general setting counts. */
export interface ServerDraft {
  readonly name: string;
  readonly url: string;
  readonly flushUrl: string | undefined;
  readonly channel: string | undefined;
  readonly sweepCron: string | undefined;
  readonly approvers: readonly string[] | undefined;
  readonly dnsServers: readonly string[] | undefined;
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

const VARIABLE = /\$\{([^}]*)\}/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The names of the `${…}` in the text, in comments too. */
export function variablesIn(text: string): readonly string[] {
  const names = Array.from(text.matchAll(VARIABLE), (match) => match[1] ?? '');
  return Array.from(new Set(names)).filter((name) => VARIABLE_NAME.test(name));
}

/** Every fault at once, each with its line; where there is any, servers may be missing. */
export function parseServersFile(
  file: ServersFile,
  asked: { readonly isBot: boolean; readonly faultOfCron: FaultOfCron },
): { readonly servers: readonly ServerDraft[]; readonly faults: readonly string[] } {
  const lineCounter = new LineCounter();
  // Its pretty errors would quote the line, and whatever secret stands in it.
  const document = parseDocument(file.text, { lineCounter, prettyErrors: false });
  const faults: string[] = [];
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const reading: Reading = {
    ...asked,
    file,
    anchors: new Map(),
    lineOf,
    refuse: (offset, says) => faults.push(`SERVERS_FILE ${file.path}:${lineOf(offset)}: ${says}.`),
  };
  for (const { code, pos } of document.errors) {
    const reason = code.toLowerCase().replaceAll('_', ' ');
    reading.refuse(pos[0], `expected YAML, got what YAML cannot read (${reason})`);
  }
  if (faults.length > 0) return { servers: [], faults };
  return { servers: readTop(document.contents, reading), faults };
}

interface Reading {
  readonly file: ServersFile;
  readonly isBot: boolean;
  readonly faultOfCron: FaultOfCron;
  /** `&name` as met so far. */
  readonly anchors: Map<string, Node>;
  readonly lineOf: (offset: number) => number;
  readonly refuse: (offset: number, says: string) => void;
}

function readTop(top: Node | null, reading: Reading): readonly ServerDraft[] {
  if (!isMap<Node, Node | null>(top)) {
    reading.refuse(offsetOf(top), `expected servers: and a list below it, got ${kindOf(top)}`);
    return [];
  }
  const drafts: ServerDraft[] = [];
  let isThere = false;
  for (const { key, value } of top.items) {
    if (sourceOf(key) !== 'servers') {
      reading.refuse(offsetOf(key), `expected the key servers alone, got ${shownKey(key)}`);
      continue;
    }
    isThere = true;
    if (isSeq<Node | null>(value) && value.items.length > 0) {
      drafts.push(...readServers(value.items, reading));
    } else {
      reading.refuse(offsetOf(key), `servers: expected a list of servers, got ${kindOf(value)}`);
    }
  }
  if (!isThere) reading.refuse(offsetOf(top), 'expected the key servers, got others');
  return drafts;
}

function readServers(
  items: readonly (Node | null)[],
  reading: Reading,
): readonly ServerDraft[] {
  const drafts: ServerDraft[] = [];
  const lines = new Map<string, number>();
  for (const item of items) {
    const node = resolved(item, reading);
    if (!isMap<Node, Node | null>(node)) {
      reading.refuse(offsetOf(item), `expected a server with name and url, got ${kindOf(node)}`);
      continue;
    }
    const offset = offsetOf(item);
    const { name, url, ...values } = readKeys(node.items, offset, reading);
    if (name !== undefined) {
      const before = lines.get(name);
      if (before === undefined) lines.set(name, reading.lineOf(offset));
      else reading.refuse(offset, `name: expected each name once, got "${name}" of line ${before} again`);
    }
    if (name !== undefined && url !== undefined) drafts.push(draftOf(name, url, values));
  }
  return drafts;
}

function draftOf(name: string, url: string, values: Omit<Values, 'name' | 'url'>): ServerDraft {
  return {
    name,
    url,
    flushUrl: values.flush_url,
    channel: values.channel,
    sweepCron: values.sweep,
    approvers: values.approvers,
    dnsServers: values.dns_servers,
  };
}

function readKeys(
  pairs: readonly Pair<Node, Node | null>[],
  offset: number,
  reading: Reading,
): Values {
  const values: Values = {};
  const met = new Set<string>();
  for (const { key: node, value } of pairs) {
    const key = sourceOf(node);
    if (!isKey(key)) {
      const known = Object.keys(KEYS).join(', ');
      reading.refuse(offsetOf(node), `expected ${known}, got ${shownKey(node)}`);
      continue;
    }
    met.add(key);
    const given = resolved(value, reading);
    if (!reading.isBot && !OF_TERMINAL.includes(key)) continue;
    if (readKey(key, given, offsetOf(value ?? node), { values, reading }) === 'empty') {
      met.delete(key);
    }
  }
  for (const key of ['name', 'url'] as const) {
    if (met.has(key)) continue;
    const name = values.name === undefined ? 'a server' : `server ${values.name}`;
    reading.refuse(offset, `${key}: expected one for ${name}, got nothing`);
  }
  return values;
}

/** Puts what the key holds among the values, or notes what is wrong with it. */
function readKey<K extends Key>(
  key: K,
  node: Node | null,
  offset: number,
  { values, reading }: { readonly values: Values; readonly reading: Reading },
): 'empty' | 'read' {
  const raw = rawText(key, node, reading);
  if (raw === null) {
    const sought = LISTS.includes(key) ? 'a list of texts' : 'a text';
    reading.refuse(offset, `${key}: expected ${sought}, got ${kindOf(node)}`);
    return 'read';
  }
  if (raw === '' && !isSeq(node)) {
    // Nobody, or the general ones? Who may approve is not left to a guess.
    if (key !== 'approvers') return 'empty';
    reading.refuse(offset, 'approvers: expected ids, or [] for nobody, got nothing');
    return 'read';
  }
  const text = expanded(raw, reading.file);
  if (typeof text !== 'string') {
    for (const fault of text.faults) reading.refuse(offset, `${key}: ${fault}`);
    return 'read';
  }
  const judged = judge<(typeof KEYS)[K]>(KEYS[key], text, reading.faultOfCron, raw);
  // KEYS says whose value this key holds; the compiler does not follow an index into it.
  if (judged.isGood) values[key] = judged.value as Values[K];
  else reading.refuse(offset, `${key}: ${judged.says}`);
  return 'read';
}

/** As it stands in the file, a list by comma; empty = nothing; null = neither a text nor such a list. */
function rawText(key: Key, node: Node | null, reading: Reading): string | null {
  if (node === null) return '';
  if (isScalar(node)) return node.value === null ? '' : textOf(node);
  if (!isSeq<Node | null>(node) || !LISTS.includes(key)) return null;
  const items = node.items.map((item) => resolved(item, reading));
  return items.every((item) => isScalar(item)) ? items.map(textOf).join(',') : null;
}

function expanded(raw: string, file: ServersFile): string | { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const text = raw.replace(VARIABLE, (_, name: string) => {
    const value = file.variables[name];
    if (value !== undefined) return value;
    faults.push(variableFault(name, file));
    return '';
  });
  return faults.length === 0 ? text : { faults };
}

function variableFault(name: string, { faults }: ServersFile): string {
  if (!VARIABLE_NAME.test(name)) {
    // What stands there may be part of a password.
    return 'expected letters, digits and underscores between ${ and }, got others';
  }
  const unread = faults[name];
  if (unread !== undefined) return unread.replace(/\.$/, '');
  return `expected the variable ${name}, got nothing; set ${name} or ${name}_FILE`;
}

/** What an alias stands for, else the node itself; null = nothing. */
function resolved(node: Node | null, { anchors }: Reading): Node | null {
  if (isAlias(node)) return anchors.get(node.source) ?? null;
  if ((isScalar(node) || isSeq(node) || isMap(node)) && node.anchor !== undefined) {
    anchors.set(node.anchor, node);
  }
  return node;
}

function isKey(text: string | null): text is Key {
  return text !== null && Object.hasOwn(KEYS, text);
}

function sourceOf(node: Node | null): string | null {
  return isScalar(node) ? textOf(node) : null;
}

/** As it was written, so that 007 and off stay what they are. */
function textOf(node: Scalar): string {
  return (node.source ?? String(node.value)).trim();
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function shownKey(node: Node): string {
  const text = sourceOf(node);
  return text === null ? kindOf(node) : quoted(text);
}

function kindOf(node: Node | null): string {
  if (isMap(node)) return 'keys';
  if (isSeq(node)) return node.items.length === 0 ? 'an empty list' : 'a list';
  if (isScalar(node) && node.value !== null) return 'a text';
  return 'nothing';
}
