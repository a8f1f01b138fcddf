/** The table of the scripted DNS: answers by name and type, which tests change while it runs. */
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { nameKey, type Rcode, type RecordType, type WireRecord, writeName } from './wire.ts';

/** `server` is the database server in its namespace, `bot` is any process outside. */
export type Asker = 'server' | 'bot';

/** Records (addresses for A and AAAA, otherwise names in zone file form), or the reason why there are none. */
export type DnsAnswer =
  | readonly string[]
  | 'NXDOMAIN'
  | 'NODATA'
  | 'SERVFAIL'
  | 'REFUSED'
  | 'SILENCE';

export interface AnswerOptions {
  readonly delayMs?: number;
  /** Only this asker gets the answer; it takes precedence over an answer for both. */
  readonly to?: Asker;
}

export interface AskedQuestion {
  readonly askedAt: Date;
  readonly asker: Asker;
  readonly name: string;
  /** null = none of A, AAAA, PTR, CNAME. */
  readonly type: RecordType | null;
}

/** An unknown name gives NXDOMAIN; a known name without the type gives NODATA. */
export interface ScriptedDns {
  /** Gives the address this name, and the name this address. A name may have several addresses. */
  host(address: string, name: string, options?: AnswerOptions): void;
  /** Sets only the reverse answer; several names are several PTR records. */
  ptr(address: string, answer: DnsAnswer, options?: AnswerOptions): void;
  /** `ANY` = every type without its own answer. */
  answer(name: string, type: RecordType | 'ANY', answer: DnsAnswer, options?: AnswerOptions): void;
  /** Removes all answers for the name, or for the reverse name of the address. */
  forget(nameOrAddress: string): void;
  /** Answers every question like this, whatever the table contains; null ends the outage. */
  outage(answer: Exclude<DnsAnswer, readonly string[]> | null, options?: AnswerOptions): void;
  /** Empties the table, ends outages and clears the list of questions. */
  clear(): void;
  readonly asked: readonly AskedQuestion[];
  /** Clears the list of questions, for a test of hours. */
  clearAsked(): void;
}

/** null = never answers. */
export interface Outcome {
  readonly delayMs: number;
  readonly reply: { readonly rcode: Rcode; readonly records: readonly WireRecord[] } | null;
}

export interface DnsTable {
  readonly dns: ScriptedDns;
  resolve(question: Omit<AskedQuestion, 'askedAt'>): Outcome;
}

interface Rule {
  readonly answer: DnsAnswer;
  readonly delayMs: number;
}

type Scope = Asker | 'both';

/** Rules by the name's key, then by scope and type. */
type Rules = Map<string, Map<`${Scope} ${RecordType | 'ANY'}`, Rule>>;

export function createTable(): DnsTable {
  const rules: Rules = new Map();
  const outages = new Map<Scope, Rule>();
  const asked: AskedQuestion[] = [];
  const dns: ScriptedDns = {
    ...createWriters(rules),
    asked,
    outage(answer, options = {}) {
      const { delayMs = 0, to = 'both' } = options;
      if (answer === null) outages.delete(to);
      else outages.set(to, { answer, delayMs });
    },
    clear() {
      rules.clear();
      outages.clear();
      asked.length = 0;
    },
    clearAsked() {
      asked.length = 0;
    },
  };
  return {
    dns,
    resolve(question) {
      asked.push({ askedAt: new Date(), ...question });
      const outage = outages.get(question.asker) ?? outages.get('both');
      return outage === undefined ? follow(rules, question) : conclude(outage, []);
    },
  };
}

function createWriters(rules: Rules): Pick<ScriptedDns, 'host' | 'ptr' | 'answer' | 'forget'> {
  const answer: ScriptedDns['answer'] = (name, type, given, options = {}) => {
    const { delayMs = 0, to = 'both' } = options;
    // Throws now, not at the first question, when a record does not fit the type.
    if (type !== 'ANY') toRecords(type, name, given);
    const ofName = rules.get(nameKey(name)) ?? new Map();
    rules.set(nameKey(name), ofName.set(`${to} ${type}`, { answer: given, delayMs }));
  };
  const ptr: ScriptedDns['ptr'] = (address, given, options) =>
    answer(reverseName(address), 'PTR', given, options);
  return {
    answer,
    ptr,
    host(address, name, options = {}) {
      ptr(address, [name], options);
      const type = isIP(address) === 4 ? 'A' : 'AAAA';
      const before = rules.get(nameKey(name))?.get(`${options.to ?? 'both'} ${type}`)?.answer;
      const others = typeof before === 'object' ? before.filter((other) => other !== address) : [];
      answer(name, type, [...others, address], options);
    },
    forget(nameOrAddress) {
      const name = isIP(nameOrAddress) === 0 ? nameOrAddress : reverseName(nameOrAddress);
      rules.delete(nameKey(name));
    },
  };
}

/** `5.2.0.192.in-addr.arpa` for 192.0.2.5. Throws if the text is not an address. */
export function reverseName(address: string): string {
  if (isIP(address) === 0) throw new Error(`DNS: expected an address, got "${address}"`);
  const parsed = ipaddr.parse(address);
  const bytes = [...parsed.toByteArray()];
  if (parsed.kind() === 'ipv4') return `${bytes.reverse().join('.')}.in-addr.arpa`;
  const nibbles = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${[...nibbles].reverse().join('.')}.ip6.arpa`;
}

/** The answer for the name, or for the last name in its chain of CNAMEs. */
function follow(rules: Rules, question: Omit<AskedQuestion, 'askedAt'>): Outcome {
  const aliases: WireRecord[] = [];
  let name = question.name;
  for (let step = 0; step < 8; step++) {
    const ofName = rules.get(nameKey(name));
    if (ofName === undefined) return conclude({ answer: 'NXDOMAIN', delayMs: 0 }, aliases);
    const find = (type: RecordType | 'ANY') =>
      ofName.get(`${question.asker} ${type}`) ?? ofName.get(`both ${type}`);
    const own = (question.type && find(question.type)) ?? find('ANY');
    if (own !== undefined) {
      const records = question.type === null ? [] : toRecords(question.type, name, own.answer);
      return conclude(own, [...aliases, ...records]);
    }
    const alias = find('CNAME');
    if (alias === undefined) return conclude({ answer: 'NODATA', delayMs: 0 }, aliases);
    const target = typeof alias.answer === 'object' ? alias.answer[0] : undefined;
    if (target === undefined) return conclude(alias, aliases);
    aliases.push({ name, type: 'CNAME', data: writeName(target) });
    name = target;
  }
  return conclude({ answer: 'SERVFAIL', delayMs: 0 }, []);
}

function toRecords(type: RecordType, name: string, answer: DnsAnswer): readonly WireRecord[] {
  if (typeof answer === 'string') return [];
  return answer.map((value) => ({ name, type, data: recordData(type, value) }));
}

function conclude({ answer, delayMs }: Rule, records: readonly WireRecord[]): Outcome {
  if (typeof answer !== 'string') return { delayMs, reply: { rcode: 'NOERROR', records } };
  switch (answer) {
    case 'SILENCE':
      return { delayMs, reply: null };
    case 'NODATA':
      return { delayMs, reply: { rcode: 'NOERROR', records } };
    case 'NXDOMAIN':
    case 'SERVFAIL':
    case 'REFUSED':
      return { delayMs, reply: { rcode: answer, records } };
  }
}

/** Throws when the value does not fit the type. */
function recordData(type: RecordType, value: string): Buffer {
  switch (type) {
    case 'A':
      return Buffer.from(ipaddr.IPv4.parse(value).toByteArray());
    case 'AAAA':
      return Buffer.from(ipaddr.IPv6.parse(value).toByteArray());
    case 'CNAME':
    case 'PTR':
      return writeName(value);
  }
}
