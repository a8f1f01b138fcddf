import { times, utc } from '../../chat/lists.ts';
import { isLoopback } from '../../hostcache/address.ts';
import { DNS_FAILURES, isDnsFailing } from '../../hostcache/entry.ts';
import { isCurrentName } from '../../hostcache/host-name.ts';
import { acceptedName, type DnsFacts } from '../dns-facts.ts';
import { type Case, createRule } from '../rule.ts';
import { counterOf, entryOf, flushStatement, isKeptOut, severityOfName, since } from './words.ts';

/** What the server knows, or fails to know, of a client's name. */

export const dnsFailing = createRule('dns-failing', {
  find: (subject) => {
    const entry = entryOf(subject);
    const failsNow = subject.evidence.dns?.status === 'failed' && mustAskDns(subject);
    if (!failsNow && (entry === null || !isDnsFailing(entry))) return null;
    return {
      reverse: counterOf(subject, DNS_FAILURES.reverse),
      forward: counterOf(subject, DNS_FAILURES.forward),
    };
  },
  explain: ({ reverse, forward }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'degraded',
    title: 'DNS fails for this address, so the server knows no name for it',
    cause: `${sayCounts(reverse, forward)}${sayDns(subject)}. The server asks again at each connection, and each one waits.`,
    remedy:
      'Mend DNS on the database host; this heals by itself at the next connection. Do not flush: the names that other clients still have would be lost while DNS fails.',
    statements: [],
    manual: 'host-cache',
  }),
});

export const numericHostName = createRule('numeric-host-name', {
  find: (subject) => {
    const count = counterOf(subject, 'COUNT_FORMAT_ERRORS');
    const entry = entryOf(subject);
    const isNow = subject.evidence.dns?.rejected === 'numeric' && mustAskDns(subject);
    return (count > 0 && entry?.validated === false) || isNow ? { count } : null;
  },
  explain: ({ count }, subject) => ({
    severity: isKeptOut(subject) ? 'blocking' : 'note',
    title: 'The PTR name begins like an address, so the server rejects it',
    cause: `${sayPtr(subject)}A name that begins with digits and a dot is never used for accounts (${times(count)} so far); DNS is asked anew at each connection.`,
    remedy:
      'Give the address a PTR name that begins with a letter, or an account by address. A flush changes nothing.',
    statements: [],
    manual: 'account-names',
  }),
});

export const staleHost = createRule('stale-host', {
  find: (subject) => {
    const host = entryOf(subject)?.host ?? null;
    const { dns } = subject.evidence;
    if (host === null || dns === null || dns.status === 'failed') return null;
    return isCurrentName(host, dns.names) ? null : { host, dns };
  },
  explain: ({ host, dns }, subject) => ({
    severity: severityOfName(subject),
    title: 'The server still uses a name that DNS no longer gives for this address',
    cause: `It holds ${host}${since(entryOf(subject)?.firstSeenAt ?? null)}; DNS now gives ${sayNames(dns)}.`,
    ...remedyOfStale(subject),
    manual: 'host-cache',
  }),
});

/** Without an entry the server would ask DNS, which has no usable name: told where it matters. */
export const neverSeen = createRule('never-seen', {
  find: (subject) => {
    const { evidence } = subject;
    const isAbsent = evidence.entry.known && evidence.entry.value === null;
    const isCached = evidence.settings.known && !evidence.settings.value.skipNameResolve;
    const isOn = evidence.settings.known && evidence.settings.value.hostCacheSize > 0;
    return isAbsent && isCached && isOn && !isLoopback(evidence.client) ? evidence : null;
  },
  explain: (evidence) => ({
    severity: 'note',
    title: 'The server holds no entry for this address',
    cause:
      'It has not connected since the cache was last emptied, or its connections do not reach this server, or its entry was evicted.',
    remedy: `At its next connection the server asks DNS anew${sayExpected(evidence.dns)}.`,
    statements: [],
    manual: 'host-cache',
  }),
});

export const loopback = createRule('loopback', {
  find: ({ evidence }) => (isLoopback(evidence.client) ? evidence.client : null),
  explain: (client) => ({
    severity: 'note',
    title: 'A local connection, which the host cache leaves out',
    cause: `${client.text} is called localhost, never asked of DNS and never blocked.`,
    remedy: 'A flush changes nothing for it.',
    statements: [],
    manual: 'host-cache',
  }),
});

/** Whether the server will ask DNS at the next connection: it is known to hold no lasting answer. */
function mustAskDns({ evidence: { entry } }: Case): boolean {
  return entry.known && entry.value?.validated !== true;
}

function remedyOfStale(subject: Case): { remedy: string; statements: readonly string[] } {
  switch (subject.forecast.effect) {
    case 'cures':
    case 'changes-account':
    case 'unblocks':
      return {
        remedy: 'Flush the host cache: the server keeps a validated name for ever otherwise.',
        statements: [flushStatement(subject)],
      };
    case 'breaks':
      return {
        remedy:
          'Do not flush now: the client is let in only by the old name. Mend DNS, or add an account for the address, first.',
        statements: [],
      };
    case 'cures-after-fix':
    case 'useless':
    case 'unknown':
      return { remedy: 'A flush would not change what this client is answered.', statements: [] };
  }
}

function sayNames(dns: DnsFacts): string {
  return dns.names.length === 0 ? 'no name' : dns.names.join(', ');
}

function sayExpected(dns: DnsFacts | null): string {
  const name = dns === null ? null : acceptedName(dns);
  if (dns === null) return '';
  return name === null ? ' and, as DNS stands, finds no name' : ` and finds ${name}`;
}

function sayPtr({ evidence }: Case): string {
  const host = evidence.dns?.host ?? evidence.rejectedName;
  return host ? `The PTR name is ${host}. ` : '';
}

function sayCounts(reverse: number, forward: number): string {
  const parts = [
    ...(reverse > 0 ? [`the PTR lookup failed ${times(reverse)} (${DNS_FAILURES.reverse})`] : []),
    ...(forward > 0
      ? [`the address lookup failed ${times(forward)} (${DNS_FAILURES.forward})`]
      : []),
  ];
  return parts.length === 0 ? 'the server has not met it yet' : parts.join('; ');
}

function sayDns({ evidence }: Case): string {
  const { dns, resolver, readAt } = evidence;
  if (dns === null) return '';
  if (dns.status === 'failed') return `; ${resolver} fails too (${dns.why}, ${utc(readAt)})`;
  return `; ${resolver} answers now`;
}
