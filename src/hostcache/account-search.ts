import type { HostPattern } from './host-pattern.ts';
import type { Candidate, Client } from './matching.ts';

/** Finds the accounts of one client among hundreds of thousands, by the form of their host patterns. */

/** The accounts with one host pattern. */
export interface PatternAccounts<C extends Candidate> {
  readonly pattern: HostPattern;
  readonly byUser: ReadonlyMap<string, C>;
}

export interface AccountSearch<C extends Candidate> {
  /** Every pattern that can match the client, or open the host check for it, and a few more. */
  patternsFor(client: Client): readonly PatternAccounts<C>[];
}

interface Group<C extends Candidate> extends PatternAccounts<C> {
  readonly byUser: Map<string, C>;
}

export function searchAccounts<C extends Candidate>(candidates: readonly C[]): AccountSearch<C> {
  const groups = groupsOf(candidates);
  const byText = new Map<string, Group<C>[]>();
  const byMask = new Map<number, Map<number, Group<C>[]>>();
  const byStart = new Map<string, Group<C>[]>();
  const byEnd = new Map<string, Group<C>[]>();
  const always: Group<C>[] = [];
  for (const group of groups) {
    const { text, base, mask } = group.pattern;
    const key = text.toLowerCase();
    if (mask !== null) put(entryOf(byMask, mask), base, group);
    // The text of a pattern opens the host check to the client that is called so.
    if (!/[%_\\]/.test(text)) put(byText, key, group);
    else if (mask === null) {
      const [start = ''] = key.split(/[%_\\]/, 1);
      const end = /[^%_\\]*$/.exec(key)?.[0] ?? '';
      if (start !== '') put(byStart, start, group);
      else if (end !== '') put(byEnd, end, group);
      else always.push(group);
    }
  }
  const starts = lengthsOf(byStart);
  const ends = lengthsOf(byEnd);
  const open = [...always, ...(byText.get('') ?? [])];
  // Called for tens of thousands of clients, so it makes one array and few texts.
  const find = (text: string, found: Group<C>[]) => {
    addTo(found, byText.get(text));
    for (const length of starts) {
      if (length <= text.length) addTo(found, byStart.get(text.slice(0, length)));
    }
    for (const length of ends) {
      if (length <= text.length) addTo(found, byEnd.get(text.slice(-length)));
    }
  };
  return {
    patternsFor: ({ address, name }) => {
      if (!name.known) return groups;
      const found = [...open];
      find(address.text, found);
      if (name.name !== null) find(name.name.toLowerCase(), found);
      if (address.family === 6 || byMask.size === 0) return found;
      const number = numberOf(address.text);
      for (const [mask, bases] of byMask) addTo(found, bases.get((number & mask) >>> 0));
      return found;
    },
  };
}

/** A pattern can be found by its text, by its mask, by the address and by the name. */
function addTo<G>(found: G[], groups: readonly G[] | undefined): void {
  if (groups === undefined) return;
  for (const group of groups) if (!found.includes(group)) found.push(group);
}

function groupsOf<C extends Candidate>(candidates: readonly C[]): readonly Group<C>[] {
  const groups = new Map<string, Group<C>>();
  for (const candidate of candidates) {
    const { pattern, account } = candidate;
    const group = groups.get(account.host) ?? { pattern, byUser: new Map() };
    groups.set(account.host, group);
    group.byUser.set(account.user, candidate);
  }
  return [...groups.values()];
}

function put<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function entryOf<K, V>(byMask: Map<number, Map<K, V[]>>, mask: number): Map<K, V[]> {
  const bases = byMask.get(mask) ?? new Map<K, V[]>();
  byMask.set(mask, bases);
  return bases;
}

function lengthsOf(map: ReadonlyMap<string, unknown>): readonly number[] {
  return [...new Set([...map.keys()].map((key) => key.length))];
}

/** The address as the servers compare it. */
function numberOf(text: string): number {
  return text.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
