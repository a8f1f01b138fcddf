import type { AlertRuleId } from './alert.ts';

/** What each alert is called, means, and asks for. */
export interface RuleWords {
  /** `3 blocked hosts`; `count` is of hosts. */
  readonly title: (count: number) => string;
  readonly meaning: string;
  readonly remedy: string;
  /** Whether emptying the cache could help these hosts. */
  readonly flushHelps: boolean;
}

const hosts = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

export const RULE_WORDS: Readonly<Record<AlertRuleId, RuleWords>> = {
  'server-unreadable': {
    title: () => 'The server cannot be read',
    meaning: 'Nothing is known of its hosts meanwhile; no alert of it is called resolved.',
    remedy: 'See whether it runs, and whether the reading account may read.',
    flushHelps: false,
  },
  'blocked-host': {
    title: (count) => hosts(count, 'blocked host', 'blocked hosts'),
    meaning: 'Their connect errors reached max_connect_errors: every connection gets 1129.',
    remedy:
      'Raise max_connect_errors above their errors: that loses nothing, and one good login sets them back to 0. Find what breaks the handshakes off. A flush unblocks all, attackers too, until the errors return.',
    flushHelps: true,
  },
  'near-block': {
    title: (count) => hosts(count, 'host close to being blocked', 'hosts close to being blocked'),
    meaning: 'They have half of max_connect_errors or more.',
    remedy:
      'Find the health check, the scanner or the failing TLS behind it before they are blocked.',
    flushHelps: false,
  },
  'null-host': {
    title: (count) => hosts(count, 'host without a name', 'hosts without a name'),
    meaning:
      'HOST is NULL and validated: the server will not ask DNS again, and accounts for names never match.',
    remedy: 'Ask why of one of them: it says whether DNS is mended, and so whether a flush cures.',
    flushHelps: true,
  },
  'stale-host': {
    title: (count) => hosts(count, 'host with a stale name', 'hosts with a stale name'),
    meaning: 'The server keeps a name for ever; DNS gives another one today, or none.',
    remedy: 'Ask why of one of them: a flush may cure it, or may keep it out.',
    flushHelps: true,
  },
  'dns-failing': {
    title: (count) => `DNS fails for ${hosts(count, 'host', 'hosts')}`,
    meaning: 'The server knows no name for them, and each of their connections waits for DNS.',
    remedy:
      'Mend the resolver of the database host; it heals at their next connection. Do not flush meanwhile.',
    flushHelps: false,
  },
  'cache-full': {
    title: () => 'The host cache is full',
    meaning:
      'New hosts lose their entries, with their names and errors; DNS is asked again and again.',
    remedy:
      'Raise host_cache_size (65536 at most; setting it empties the cache), or give accounts by address.',
    flushHelps: false,
  },
  'handshake-pileup': {
    title: () => 'Handshakes pile up',
    meaning: 'Connections stay unauthenticated, and each holds one of max_connections.',
    remedy: 'State "login" waits for DNS: look at the resolver. Others wait for their client.',
    flushHelps: false,
  },
  'too-many-connections': {
    title: () => 'The server has no free connection',
    meaning: 'Clients get 1040; that leaves no mark in the host cache.',
    remedy: 'Find who holds the connections, or raise max_connections.',
    flushHelps: false,
  },
};
