import { times, utc } from '../../chat/lists.ts';
import { isLoopback } from '../../hostcache/address.ts';
import { DNS_FAILURES, isDnsFailing } from '../../hostcache/entry.ts';
import { keepsHostCache } from '../../hostcache/settings.ts';
import { acceptedName, type DnsFacts } from '../dns-facts.ts';
import type { Evidence } from '../evidence.ts';
import {
  type Case,
  counterOf,
  createRule,
  entryOf,
  hostsWithoutCache,
  isKeptOut,
  settingsOf,
} from '../rule.ts';

/** Clients for which the server has no name in its cache. */

export const dnsFailing = createRule('dns-failing', {
  find: (subject) => {
    const entry = entryOf(subject);
    const failsNow = subject.evidence.dns?.status === 'failed' && asksDnsNext(subject);
    if (!failsNow && (entry === null || !isDnsFailing(entry))) return null;
    return {
      reverse: counterOf(subject, DNS_FAILURES.reverse),
      forward: counterOf(subject, DNS_FAILURES.forward),
      failsNow,
    };
  },
  explain: ({ reverse, forward, failsNow }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'degraded',
    title: failsNow
      ? 'DNS fails for this address, so the server knows no name for it'
      : 'DNS failed for this address when it last connected',
    cause: `${failuresText(reverse, forward)}${dnsNowText(subject)}. The server asks again for each connection, and each connection waits.`,
    remedy: `${failsNow ? 'Fix DNS on the database host; the next connection then gets its name.' : 'Let the client connect again: the server then asks DNS. If that fails, fix DNS on the database host.'} Do not flush: while DNS fails, the cached names of other clients would be lost.`,
  }),
});

export const numericHostName = createRule('numeric-host-name', {
  find: (subject) => {
    const count = counterOf(subject, 'COUNT_FORMAT_ERRORS');
    const isNow = subject.evidence.dns?.rejected === 'numeric' && asksDnsNext(subject);
    return (count > 0 && entryOf(subject)?.validated === false) || isNow ? { count } : null;
  },
  explain: ({ count }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'note',
    title: 'The PTR name begins like an address, so the server rejects it',
    cause: `${ptrText(subject)}The server never matches accounts by a name that begins with digits and a dot (rejected ${times(count)} so far), and asks DNS again for each connection.`,
    remedy:
      'Give the address a PTR name that begins with a letter, or create an account by address. A flush does nothing.',
  }),
});

export const neverSeen = createRule('never-seen', {
  find: (subject) => {
    const { entry, client } = subject.evidence;
    const settings = settingsOf(subject);
    const isAbsent = entry.known && entry.value === null && !isLoopback(client);
    const keepsCache =
      settings !== null && keepsHostCache(settings) && hostsWithoutCache(subject) === 0;
    return isAbsent && keepsCache ? subject.evidence : null;
  },
  explain: ({ dns, logins }) => ({
    severity: 'note',
    title: 'The server holds no entry for this address',
    cause: whyAbsent(logins),
    remedy: `At the next connection the server asks DNS${expectedText(dns)}.`,
  }),
});

export const loopback = createRule('loopback', {
  find: (subject) => {
    const { client } = subject.evidence;
    // Under skip_name_resolve it is an address like any other.
    const isCalledLocal = isLoopback(client) && settingsOf(subject)?.skipNameResolve !== true;
    return isCalledLocal ? client : null;
  },
  explain: (client) => ({
    severity: 'note',
    title: 'A local connection, which the host cache ignores',
    cause: `The server calls ${client.text} localhost, never looks it up in DNS and never blocks it.`,
    remedy: 'A flush does nothing for it.',
  }),
});

/** The server's record of logins remembers clients that the cache has dropped. */
function whyAbsent(logins: Evidence['logins']): string {
  const rows = logins.known ? logins.value.counts : [];
  const connections = rows.reduce((sum, row) => sum + row.connections, 0);
  return connections === 0
    ? 'The client has not connected since the cache was last emptied, or its connections do not reach this server, or its entry was evicted.'
    : `The client has connected ${times(connections)} since the server started; since then the cache was emptied, or its entry was evicted.`;
}

/** Whether the server is known to ask DNS at the next connection: it holds no validated entry. */
function asksDnsNext({ evidence: { entry } }: Case): boolean {
  return entry.known && entry.value?.validated !== true;
}

function expectedText(dns: DnsFacts | null): string {
  if (dns === null) return '';
  const name = acceptedName(dns);
  return name === null ? ', which gives no usable name at present' : ` and gets ${name}`;
}

function ptrText({ evidence: { dns, rejectedName } }: Case): string {
  const host = dns?.host ?? rejectedName;
  return host ? `The PTR name is ${host}. ` : '';
}

function failuresText(reverse: number, forward: number): string {
  const sentences = [
    ...(reverse > 0 ? [`The PTR lookup failed ${times(reverse)} (${DNS_FAILURES.reverse})`] : []),
    ...(forward > 0
      ? [`The address lookup failed ${times(forward)} (${DNS_FAILURES.forward})`]
      : []),
  ];
  return sentences.join('. ') || 'The server has not tried a lookup yet';
}

function dnsNowText({ evidence: { dns, resolver, readAt } }: Case): string {
  if (dns === null) return '';
  return dns.status === 'failed'
    ? `; DNS fails now too (${resolver}: ${dns.why}, ${utc(readAt)})`
    : '; DNS answers now';
}
