import { count, times } from '../../chat/lists.ts';
import { type HostCacheEntry, isBlocked, isNearBlock } from '../../hostcache/entry.ts';
import { sessionsOf } from '../evidence.ts';
import { proberOf } from '../prober-text.ts';
import {
  type Case,
  counterOf,
  createRule,
  entryOf,
  flushStatement,
  settingsOf,
  since,
} from '../rule.ts';

/** Hosts that the server blocks, or soon will, because of their connect errors. */

export const blockedHost = createRule('blocked-host', {
  find: (subject) => limitWhere(subject, isBlocked),
  explain: ({ entry, limit }, subject) => ({
    severity: 'blocking',
    title: 'The host is blocked because of its connect errors (1129)',
    cause: `SUM_CONNECT_ERRORS is ${entry.connectErrors}, max_connect_errors is ${limit}${since(entry.firstErrorAt)}. ${count(counterOf(subject, 'COUNT_HANDSHAKE_ERRORS'), 'handshake was', 'handshakes were')} broken off (COUNT_HANDSHAKE_ERRORS). The server has turned the host away ${times(counterOf(subject, 'COUNT_HOST_BLOCKED_ERRORS'))}.${sharedAddressText(subject)}${proofText(subject)}`,
    remedy: `Raise max_connect_errors above ${entry.connectErrors}: this unblocks the host at once and loses no data; one successful login then resets the count to 0. ${cureText(subject) ?? 'Find what breaks the handshakes off (a health check, a port scan, failing TLS), or the host is blocked again.'}${flushText(subject)}`,
    statements: [
      `SET GLOBAL max_connect_errors = ${raisedLimit(entry.connectErrors)}; -- now ${limit}`,
    ],
  }),
});

export const nearBlock = createRule('near-block', {
  find: (subject) => limitWhere(subject, isNearBlock),
  explain: ({ entry, limit }, subject) => ({
    severity: 'risk',
    title: 'The host is close to being blocked',
    cause: `SUM_CONNECT_ERRORS is ${entry.connectErrors}, at least half of max_connect_errors (${limit})${since(entry.firstErrorAt)}.${sharedAddressText(subject)}${proofText(subject)}`,
    remedy: `${cureText(subject) ?? 'Find what breaks the handshakes off: a health check, a port scan, failing TLS.'} One successful login resets the count to 0.`,
  }),
});

/** What shows which program breaks the handshakes off. Programs with a login name are told by failing-login. */
function proofText({ evidence }: Case): string {
  const prober = proberOf(evidence, 'nameless');
  return prober === null ? '' : ` ${prober.cause}`;
}

/** What to do about that program; null = not known. */
function cureText({ evidence }: Case): string | null {
  const prober = proberOf(evidence, 'handshake');
  return prober === null ? null : `Stop what breaks the handshakes off. ${prober.remedy}`;
}

/** A flush is the other way only where it lets the client in. */
function flushText(subject: Case): string {
  return subject.forecast.effect === 'unblocks'
    ? ` A flush also unblocks it, but clears the names and counts of all hosts: ${flushStatement(subject)}`
    : '';
}

function limitWhere(
  subject: Case,
  applies: (entry: HostCacheEntry, limit: bigint) => boolean,
): { readonly entry: HostCacheEntry; readonly limit: bigint } | null {
  const entry = entryOf(subject);
  const limit = settingsOf(subject)?.maxConnectErrors;
  if (entry === null || limit === undefined || !applies(entry, limit)) return null;
  return { entry, limit };
}

/** Live sessions from a host with errors: several clients share the address, and one of them fails. */
function sharedAddressText(subject: Case): string {
  const sessions = sessionsOf(subject.evidence);
  if (sessions === 0) return '';
  const open = count(sessions, 'session is', 'sessions are');
  return ` ${open} open from the same address: several clients share it (NAT, a proxy, a node), and one of them breaks handshakes off.`;
}

/** The next power of ten that is at least twice the count. */
function raisedLimit(errors: number): string {
  return String(10 ** Math.ceil(Math.log10(Math.max(errors, 100) * 2)));
}
