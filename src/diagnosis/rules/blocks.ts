import { count, times } from '../../chat/lists.ts';
import { isBlocked, isNearBlock } from '../../hostcache/entry.ts';
import { type Case, createRule } from '../rule.ts';
import { counterOf, entryOf, flushStatement, settingsOf, since } from './words.ts';

/** Hosts that the server blocks, or soon will, because of their connect errors. */

export const blockedHost = createRule('blocked-host', {
  find: (subject) => {
    const entry = entryOf(subject);
    const settings = settingsOf(subject);
    if (entry === null || settings === null) return null;
    const limit = settings.maxConnectErrors;
    return isBlocked(entry, limit) ? { errors: entry.connectErrors, limit, entry } : null;
  },
  explain: ({ errors, limit, entry }, subject) => ({
    severity: 'blocking',
    title: 'The host is blocked because of its connect errors (1129)',
    cause: `SUM_CONNECT_ERRORS is ${errors}, max_connect_errors is ${limit}${since(entry.firstErrorAt)}; ${count(counterOf(subject, 'COUNT_HANDSHAKE_ERRORS'), 'handshake')} broken off (COUNT_HANDSHAKE_ERRORS). Turned away so far: ${times(counterOf(subject, 'COUNT_HOST_BLOCKED_ERRORS'))}.${sayShared(subject)}`,
    remedy: `Raise max_connect_errors above ${errors}: that unblocks at once and loses nothing, and one good login sets the count back to 0. Find what breaks the handshakes off (a health check, a port scan, failing TLS), or it blocks again. A flush unblocks too, but forgets every host's name and count.`,
    statements: [
      `SET GLOBAL max_connect_errors = ${raised(errors)}; -- now ${limit}`,
      flushStatement(subject),
    ],
    manual: 'blocked-host',
  }),
});

export const nearBlock = createRule('near-block', {
  find: (subject) => {
    const entry = entryOf(subject);
    const settings = settingsOf(subject);
    if (entry === null || settings === null) return null;
    const limit = settings.maxConnectErrors;
    return isNearBlock(entry, limit) ? { entry, limit } : null;
  },
  explain: ({ entry, limit }, subject) => ({
    severity: 'risk',
    title: 'The host is close to being blocked',
    cause: `SUM_CONNECT_ERRORS is ${entry.connectErrors}, half of max_connect_errors (${limit}) or more${since(entry.firstErrorAt)}.${sayShared(subject)}`,
    remedy:
      'Find what breaks the handshakes off: a health check, a port scan, failing TLS. One good login sets the count back to 0.',
    statements: [],
    manual: 'blocked-host',
  }),
});

/** Live sessions from a host with errors: several clients behind one address, and one of them is bad. */
function sayShared(subject: Case): string {
  const { activity, client } = subject.evidence;
  if (!activity.known) return '';
  const names = [client.text, entryOf(subject)?.host ?? client.text];
  const sessions = [...new Set(names)]
    .map((name) => activity.value.sessionsByHost.get(name) ?? 0)
    .reduce((sum, count) => sum + count, 0);
  if (sessions === 0) return '';
  const live = count(sessions, 'session is', 'sessions are');
  return ` ${live} alive from the same address: it is shared (NAT, a proxy, a node), and one client behind it breaks off.`;
}

/** The next power of ten with room above the count. */
function raised(errors: number): string {
  return String(10 ** Math.ceil(Math.log10(Math.max(errors, 100) * 2)));
}
