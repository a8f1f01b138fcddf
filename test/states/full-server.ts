import { createUnreadable } from '../../src/chat/unreadable.ts';
import type { Flusher, FlushView } from '../../src/flush/flusher.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { broken, entry, NULL_NO_PTR, PTR_FAILS } from '../scenarios/entries.ts';
import { QUIET } from '../scenarios/evidence.ts';
import { identity } from '../scenarios/flush-requests.ts';
import { NOW } from './app.ts';
import { addresses, LONG_ADDRESS, type Words } from './words.ts';

/** A server whose cache, accounts and sessions contain the given words, with hosts of every kind. */

const KINDS = [
  broken(4_294_967_296),
  broken(60),
  NULL_NO_PTR,
  PTR_FAILS,
  entry({ counters: { COUNT_AUTHENTICATION_ERRORS: 7 } }),
  entry(),
];

export function targetOf(name: string, words: Words, count = 300): FlushTarget {
  const { user, pattern, host, says } = words;
  const accounts = [
    account('', '%'),
    account(user, pattern),
    ...Array.from({ length: 100 }, (_, at) => account(`${user}${at}`, at % 2 === 0 ? '%' : host)),
  ];
  const pending = addresses(40).map((at, id) => ({
    id,
    host: id === 0 ? host : at,
    seconds: id,
    state: says,
    step: 'dns' as const,
  }));
  const server = createFakeServer({
    name,
    entries: entriesOf(words).slice(0, count),
    accounts: accounts.slice(0, count),
    activity: { ...QUIET, pending },
    failures: [{ user, host, error: 1045, count: 2, firstAt: NOW, lastAt: NOW }],
    logins: { counts: [{ user, host, connections: 4_294_967_296, open: 1 }], lost: 1 },
  });
  const resolver = createFakeResolver({ ptr: { [LONG_ADDRESS]: [host] } });
  return {
    server,
    resolver: { ...resolver, label: says },
    view: viewOf(words),
    flusher: flusherOf(name, words),
    channel: 'C0OPS',
    approvers: ['U0BOB'],
  };
}

function viewOf({ says }: Words): FlushView {
  const blockedHosts = addresses(300).map((address) => ({
    address,
    connectErrors: 4_294_967_296,
    looksLikeAttack: true,
  }));
  return {
    identity: async () => identity({ hostname: says, datadir: says }),
    cache: async () => ({ entries: 300, blockedHosts, csv: says, readAt: NOW, oldestAt: null }),
  };
}

/** A flusher; on servers whose names end in 9 it may not flush, with a long reason. */
function flusherOf(name: string, { says }: Words): Flusher {
  const off = { kind: 'off', why: says, statements: [says, says] } as const;
  return {
    mayFlush: async () => (name.endsWith('9') ? off : { kind: 'may' }),
    open: () => Promise.reject(createUnreadable(says)),
  };
}

function entriesOf({ host }: Words): readonly HostCacheEntry[] {
  return [LONG_ADDRESS, ...addresses(299)].map((address, at) => {
    const kind = KINDS[at % KINDS.length] ?? entry();
    return { ...kind, address, host: kind.host === null ? null : host };
  });
}
