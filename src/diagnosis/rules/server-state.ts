import { isAtMaxConnections, pileupOf } from '../../hostcache/activity.ts';
import { isLoopback } from '../../hostcache/address.ts';
import { releaseOf } from '../../hostcache/release.ts';
import { isCacheFull, type ServerSettings } from '../../hostcache/settings.ts';
import { createRule } from '../rule.ts';
import { counterOf, entryOf, settingsOf } from './words.ts';

/** What the server as a whole is short of, or does not tell. */

export const notListening = createRule('not-listening', {
  find: (subject) => {
    const settings = settingsOf(subject);
    if (settings === null) return null;
    if (settings.skipNetworking) return { says: 'skip_networking is ON', isSure: true };
    // An entry proves that this client reached the server, whatever the variable says.
    const isReached = entryOf(subject) !== null || isLocal(subject.evidence.client.text);
    if (isReached || !bindsLocally(settings)) return null;
    return { says: `bind_address is ${settings.bindAddress}`, isSure: false };
  },
  explain: ({ says, isSure }) => ({
    severity: isSure ? 'blocking' : 'risk',
    title: isSure
      ? 'The server takes no TCP connections at all'
      : 'The server listens on its own machine only',
    cause: `${says}, so this client's connection does not get as far as the host cache (2003).`,
    remedy: 'Change the option and restart the server, or connect where it listens.',
    statements: [],
    manual: 'server-system-variables',
  }),
});

export const tooManyConnections = createRule('too-many-connections', {
  find: (subject) => {
    const { activity } = subject.evidence;
    const settings = settingsOf(subject);
    if (!activity.known || settings === null) return null;
    return isAtMaxConnections(activity.value, settings) ? { ...activity.value, settings } : null;
  },
  explain: ({ connected, settings }) => ({
    severity: 'degraded',
    title: 'The server has no free connection (1040)',
    cause: `${connected} connections are open, max_connections is ${settings.maxConnections}. This leaves no mark in the host cache.`,
    remedy: 'Find who holds them, or raise max_connections. A flush does nothing.',
    statements: [],
    manual: 'server-system-variables',
  }),
});

export const handshakePileup = createRule('handshake-pileup', {
  find: ({ evidence: { activity } }) => (activity.known ? pileupOf(activity.value) : null),
  explain: ({ pending, inDns }) => ({
    severity: 'degraded',
    title: `${pending} connections have not finished authentication`,
    cause: `${inDns} of them wait before the greeting, where the server asks DNS; the others wait for their client. Each holds a connection until connect_timeout.`,
    remedy:
      inDns > 0
        ? 'Look at the resolver of the database host: it is slow or down.'
        : 'Look for a scanner, a health check or an overloaded client.',
    statements: [],
    manual: 'host-cache',
  }),
});

export const privilegesNotReloaded = createRule('privileges-not-reloaded', {
  find: (subject) => {
    const { nowUnblocked } = subject.prediction;
    const isProved = counterOf(subject, 'COUNT_HOST_ACL_ERRORS') > 0;
    return nowUnblocked.outcome === 'refused' && !isProved ? nowUnblocked : null;
  },
  explain: () => ({
    severity: 'note',
    title: 'The server may answer 1045 in place of 1130',
    cause:
      "While an account or role for '%' existed since the last FLUSH PRIVILEGES or restart, the host check stays open; and rows of mysql.user that were edited by hand do not count yet. No query shows either, and no 1130 of this client has disproved it.",
    remedy: 'FLUSH PRIVILEGES makes the server read mysql.user anew.',
    statements: [],
    manual: 'connection-access',
  }),
});

export const cacheFull = createRule('cache-full', {
  find: (subject) => {
    const settings = settingsOf(subject);
    const { entryCount } = subject.evidence;
    if (settings === null || entryCount === null) return null;
    return isCacheFull(entryCount, settings) ? { settings, entryCount } : null;
  },
  explain: ({ settings, entryCount }) => ({
    severity: 'risk',
    title: 'The host cache is full, so a missing entry proves nothing',
    cause: `It holds ${entryCount} of ${settings.hostCacheSize} entries; the ${releaseOf(settings).evicts} entry makes room for a new one.`,
    remedy:
      'Raise host_cache_size (65536 at most); setting it empties the cache at once. Accounts by address spare the lookups.',
    statements: [`SET GLOBAL host_cache_size = ${Math.min(settings.hostCacheSize * 2, 65_536)};`],
    manual: 'host-cache',
  }),
});

function isLocal(address: string): boolean {
  return address.startsWith('127.') || isLoopback({ text: address, family: 6 });
}

function bindsLocally({ bindAddress }: ServerSettings): boolean {
  const addresses = bindAddress.split(',').map((address) => address.trim());
  return addresses.every((address) => address === 'localhost' || isLocal(address));
}
