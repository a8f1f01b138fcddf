import { times } from '../../chat/lists.ts';
import {
  counter,
  DNS_FAILURES,
  type HostCacheEntry,
  isDnsFailing,
  isLastingNull,
  type NullCause,
  nullCause,
} from '../../hostcache/entry.ts';
import type { NamedEntry } from '../../hostcache/server.ts';
import { type NameCheck, sayToday } from '../look.ts';
import { type AlertHost, type AlertRule, ofHosts, toHost, whenRead } from './rule.ts';
import { cacheFull } from './server.ts';

/** Hosts whose name the server lacks, holds wrongly, or cannot learn. */

/** So many hosts whose DNS fails are a fault of DNS, not of the hosts. */
const DNS_DOWN_FOR_MANY = 5;

export const dnsFailing = {
  id: 'dns-failing',
  title: { one: 'host whose DNS lookup fails', many: 'hosts whose DNS lookup fails' },
  meaning: 'The server knows no name for them, and each of their connections waits for DNS.',
  remedy:
    'Mend the resolver of the database host; it heals at their next connection. Do not flush meanwhile.',
  needsSecondLook: true,
  observe: whenRead(({ cache }) => {
    const hosts = cache.notable
      .filter(isDnsFailing)
      .map((entry) => toHost(entry, sayFailures(entry), entry.firstErrorAt));
    const isDown = hosts.length >= DNS_DOWN_FOR_MANY;
    const fact = `DNS fails for ${hosts.length} hosts: look at the resolver of the database host, not at them.`;
    return { hosts, fact: isDown ? fact : null };
  }),
  proof: ({ name, entry }) => {
    if (name !== null) return sayKnown(name);
    return entry?.validated === true ? 'DNS answers: it has no name' : null;
  },
} as const satisfies AlertRule;

export const nullHost = {
  id: 'null-host',
  title: { one: 'host without a name', many: 'hosts without a name' },
  meaning:
    'HOST is NULL and validated: the server will not ask DNS again, and accounts for names never match.',
  remedy: 'Ask why of one of them: it says whether DNS is fixed, and so whether a flush cures.',
  flushHelps: true,
  inhibitedBy: [dnsFailing],
  note: ({ namedAccounts }) => {
    if (!namedAccounts.known) return '';
    return namedAccounts.value > 0
      ? 'Some accounts here have a pattern that only a name can match.'
      : 'No account here needs a name, so nobody is kept out; NULL_HOST_ALERTS=matter quiets these.';
  },
  observe: whenRead(({ cache, namedAccounts }, { nullHostAlerts }) => {
    // Where no account needs a name, a NULL keeps nobody out.
    if (nullHostAlerts === 'matter') {
      if (!namedAccounts.known) return null;
      if (namedAccounts.value === 0) return ofHosts([]);
    }
    const nulls = cache.notable.filter(isLastingNull);
    return ofHosts(
      nulls.map((entry) => toHost(entry, CAUSES[nullCause(entry)], entry.firstSeenAt)),
    );
  }),
  proof: ({ name, entry }) => {
    if (name !== null) return sayKnown(name);
    return entry !== null && !isLastingNull(entry)
      ? 'the server asks DNS again'
      : 'no account needs a name';
  },
} as const satisfies AlertRule;

const CAUSES: Readonly<Record<NullCause, string>> = {
  no_ptr: 'no PTR record',
  no_address: 'its name has no address',
  fcrdns: 'its name leads elsewhere',
  other: 'no name',
};

export const staleHost = {
  id: 'stale-host',
  title: { one: 'host with a stale name', many: 'hosts with a stale name' },
  meaning: 'The server keeps a name for ever; DNS gives another one today, or none.',
  remedy: 'Ask why of one of them: a flush may cure it, or may keep it out.',
  flushHelps: true,
  // While DNS is down names come and go, and in a full cache stale ones go by themselves.
  inhibitedBy: [dnsFailing, cacheFull],
  // Only the names that were asked for this time are judged; others stay in the alert.
  observe: whenRead(({ cache, names }) => {
    const checks = [...names.values()];
    const isAnswered = checks.length === 0 || checks.some(({ kind }) => kind !== 'failed');
    return isAnswered
      ? ofHosts(cache.named.flatMap((entry) => staleOf(entry, names.get(entry.address))))
      : null;
  }),
  proof: ({ name, check }) => {
    if (name === null) return 'the server holds no name for it';
    return check?.kind === 'current' ? `DNS gives ${name} again` : null;
  },
} as const satisfies AlertRule;

function staleOf(
  { address, host, firstSeenAt }: NamedEntry,
  check: NameCheck | undefined,
): readonly AlertHost[] {
  if (check?.kind !== 'stale') return [];
  const says = `cached as ${host}, ${sayToday(check)}`;
  return [{ address, name: host, says, sinceAt: firstSeenAt }];
}

function sayFailures(entry: HostCacheEntry): string {
  const reverse = counter(entry, DNS_FAILURES.reverse);
  const forward = counter(entry, DNS_FAILURES.forward);
  return reverse >= forward
    ? `PTR failed ${times(reverse)}`
    : `address lookup failed ${times(forward)}`;
}

function sayKnown(name: string): string {
  return `the server knows it as ${name}`;
}
