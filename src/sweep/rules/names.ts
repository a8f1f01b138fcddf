import { times } from '../../chat/lists.ts';
import { HELPS } from '../../diagnosis/after-flush.ts';
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

/** Rules about hosts whose name the server does not have, has wrong, or cannot look up. */

/** From this many hosts on, DNS is at fault and not the hosts. */
const DNS_DOWN_FOR_MANY = 5;

export const dnsFailing = {
  id: 'dns-failing',
  title: { one: 'host whose DNS lookup fails', many: 'hosts whose DNS lookup fails' },
  meaning: 'The server knows no name for them, and each of their connections waits for DNS.',
  remedy:
    'Fix the resolver of the database host; the entries correct themselves at the next connection. Do not flush until then.',
  needsSecondLook: true,
  observe: whenRead(({ cache }) => {
    const hosts = cache.notable
      .filter(isDnsFailing)
      .map((entry) => toHost(entry, sayFailures(entry), entry.firstErrorAt));
    const isDown = hosts.length >= DNS_DOWN_FOR_MANY;
    const fact = `DNS fails for ${hosts.length} hosts: check the resolver of the database host, not the hosts.`;
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
  remedy: 'Run why for one of them: it says whether DNS is fixed and whether a flush helps.',
  flushHelps: true,
  inhibitedBy: [dnsFailing],
  note: ({ namedAccounts }, hosts) => {
    if (!namedAccounts.known) {
      return `It is not known whether an account here needs a name: ${namedAccounts.why}`;
    }
    return namedAccounts.value > 0
      ? `Some accounts here have a pattern that only a name can match.${sayCured(hosts)}`
      : 'No account here needs a name, so no client is kept out. NULL_HOST_ALERTS=matter turns these alerts off.';
  },
  observe: whenRead(({ cache, namedAccounts }, { nullHostAlerts }) => {
    // If no account needs a name, a NULL keeps no client out. If that is not known, it may matter.
    const needsName = !namedAccounts.known || namedAccounts.value > 0;
    if (nullHostAlerts === 'matter' && !needsName) return ofHosts([]);
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

/** How many of the hosts a flush cures now; empty = not known of any. */
function sayCured(hosts: readonly AlertHost[]): string {
  const judged = hosts.flatMap(({ flush }) => flush ?? []);
  if (judged.length === 0) return '';
  const cured = judged.filter((effect) => HELPS.includes(effect)).length;
  const later = judged.filter((effect) => effect === 'cures-after-fix').length;
  const same = judged.length - cured - later;
  const others = hosts.length - judged.length;
  return [
    ` A flush cures ${cured === 0 ? 'none' : cured} of them now`,
    `${later === 0 ? 'none' : later} ${later === 1 ? 'needs' : 'need'} DNS fixed first`,
    ...(same === 0 ? [] : [`it changes nothing for ${same}`]),
    ...(others === 0 ? [] : [`${others} ${others === 1 ? 'was' : 'were'} not checked`]),
  ]
    .join('; ')
    .concat('.');
}

const CAUSES: Readonly<Record<NullCause, string>> = {
  no_ptr: 'no PTR record',
  no_address: 'its name has no address',
  fcrdns: 'its name has other addresses',
  other: 'no name',
};

export const staleHost = {
  id: 'stale-host',
  title: { one: 'host with a stale name', many: 'hosts with a stale name' },
  meaning: 'The server keeps a name as long as its entry; DNS now gives another name, or none.',
  remedy: 'Run why for one of them: a flush may let it in or keep it out.',
  flushHelps: true,
  // While DNS is down, names come and go; a full cache evicts stale names anyway.
  inhibitedBy: [dnsFailing, cacheFull],
  // Only the names that were checked this time are judged; other hosts stay in the alert.
  observe: whenRead(({ cache, names }) => {
    const checks = [...names.values()];
    const isAnswered = checks.length === 0 || checks.some(({ kind }) => kind !== 'failed');
    if (!isAnswered) return null;
    const checked = cache.named.filter(({ address }) => names.has(address));
    return ofHosts(checked.flatMap((entry) => staleOf(entry, names.get(entry.address))));
  }),
  proof: ({ name, check }) => {
    if (name === null) return 'the server holds no name for it';
    if (check?.kind === 'local') return `${name} is a name that only the database host knows`;
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
