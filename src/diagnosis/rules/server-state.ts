import { utc } from '../../chat/lists.ts';
import { accountName } from '../../hostcache/account.ts';
import {
  adviseOnPileup,
  isAtMaxConnections,
  pileupOf,
  sayWaiting,
} from '../../hostcache/activity.ts';
import { isLoopback } from '../../hostcache/address.ts';
import { counter, type HostCacheEntry } from '../../hostcache/entry.ts';
import { releaseOf } from '../../hostcache/release.ts';
import { isCacheFull, type ServerSettings } from '../../hostcache/settings.ts';
import type { Contradiction } from '../reported.ts';
import {
  type Case,
  counterOf,
  createRule,
  type Explanation,
  entryOf,
  settingsOf,
} from '../rule.ts';

/** Limits and options of the server that affect every client. */

export const notListening = createRule('not-listening', {
  find: (subject) => {
    const settings = settingsOf(subject);
    if (settings === null) return null;
    if (settings.skipNetworking) return { reason: 'skip_networking is ON', isSure: true };
    // An entry proves that this client reached the server, whatever the variable says.
    const isReached = entryOf(subject) !== null || isLocal(subject.evidence.client.text);
    if (isReached || !bindsLocally(settings)) return null;
    return { reason: `bind_address is ${settings.bindAddress}`, isSure: false };
  },
  explain: ({ reason, isSure }) => ({
    severity: isSure ? 'blocking' : 'risk',
    title: isSure
      ? 'The server accepts no TCP connections'
      : 'The server listens on its own machine only',
    cause: `This client's connection fails (2003) before it reaches the host cache: ${reason}.`,
    remedy: 'Change the option and restart the server, or connect where it listens.',
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
    cause: `${connected} connections are open, max_connections is ${settings.maxConnections}. The host cache does not record this error.`,
    remedy: 'Find who holds the connections, or raise max_connections. A flush does nothing.',
  }),
});

export const handshakePileup = createRule('handshake-pileup', {
  find: ({ evidence: { activity } }) => (activity.known ? pileupOf(activity.value) : null),
  explain: (pileup) => ({
    severity: 'degraded',
    title: `${pileup.count} connections have not finished authentication`,
    cause: `By step: ${sayWaiting(pileup)}. Each one occupies a connection.`,
    remedy: adviseOnPileup(pileup),
  }),
});

export const privilegesNotReloaded = createRule('privileges-not-reloaded', {
  find: (subject) => {
    const { nowUnblocked, contradiction } = subject.prediction;
    if (contradiction !== null) return contradiction;
    const isProved = counterOf(subject, 'COUNT_HOST_ACL_ERRORS') > 0;
    return nowUnblocked.outcome === 'refused' && !isProved ? 'unproved' : null;
  },
  explain: (reason, subject) =>
    reason === 'unproved' ? UNPROVED : contradictionText(reason, subject),
});

const UNPROVED: Explanation = {
  severity: 'note',
  title: 'The server may answer 1045 instead of 1130',
  cause:
    "It does so if an account or role for '%' has existed since the last FLUSH PRIVILEGES or restart, or if mysql.user was edited by hand since. No query shows either.",
  remedy: 'FLUSH PRIVILEGES makes the server read mysql.user again.',
};

function contradictionText(reason: Contradiction, { evidence, prediction }: Case): Explanation {
  const { account } = prediction.nowUnblocked;
  const entry = evidence.entry.known ? evidence.entry.value : null;
  const at = entry?.lastErrorAt ?? null;
  const what = reason === 'reported' ? 'The pasted error is 1130' : 'Its last connection got 1130';
  return {
    severity: 'blocking',
    title: 'The server refused this client (1130), although mysql.user admits it',
    cause: `${what}${at === null ? '' : ` (last error at ${utc(at)})`}; mysql.user has ${account === null ? 'an account' : accountName(account)} for it. ${whyRefused(entry)}`,
    remedy:
      'Reload the accounts. If the account or its DNS name was only corrected after the error, let the client try again; or the error came from another server.',
    statements: ['FLUSH PRIVILEGES;'],
  };
}

function whyRefused(entry: HostCacheEntry | null): string {
  if (entry === null || counter(entry, 'COUNT_HOST_ACL_ERRORS') > 0) {
    return 'The server uses what it read last: rows that were edited by hand count only after FLUSH PRIVILEGES.';
  }
  const since = entry.firstSeenAt === null ? '' : ` since ${utc(entry.firstSeenAt)}`;
  return `Its entry counts no 1130${since}: the error is older, or came from another server.`;
}

export const noLongerBlocked = createRule('no-longer-blocked', {
  find: ({ evidence: { reported, entry }, prediction: { now } }) =>
    reported?.error === 1129 && entry.known && now.outcome !== 'blocked' ? { entry } : null,
  explain: ({ entry }, subject) => ({
    severity: 'risk',
    title: 'The host was blocked (1129) and is not any more',
    cause: noLongerText(entry.value, settingsOf(subject)),
    remedy:
      'Let the client try again. Find what breaks its handshakes off, or the block comes back. A flush does nothing now.',
  }),
});

function noLongerText(entry: HostCacheEntry | null, settings: ServerSettings | null): string {
  if (entry === null) {
    return 'The server holds no entry for it: the cache was emptied since, or the error came from another server.';
  }
  const blocked = counter(entry, 'COUNT_HOST_BLOCKED_ERRORS');
  return `SUM_CONNECT_ERRORS is ${entry.connectErrors}, max_connect_errors is ${settings?.maxConnectErrors ?? 'not known'}, COUNT_HOST_BLOCKED_ERRORS is ${blocked}.`;
}

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
    cause: `It holds ${entryCount} of ${settings.hostCacheSize} entries; a new entry replaces the ${releaseOf(settings).evicts} one.`,
    remedy:
      'Raise host_cache_size (65536 at most); setting it empties the cache at once. Accounts by address avoid the lookups.',
    statements: [`SET GLOBAL host_cache_size = ${Math.min(settings.hostCacheSize * 2, 65_536)};`],
  }),
});

function isLocal(address: string): boolean {
  return address.startsWith('127.') || isLoopback({ text: address, family: 6 });
}

function bindsLocally({ bindAddress }: ServerSettings): boolean {
  const addresses = bindAddress.split(',').map((address) => address.trim());
  return addresses.every((address) => address === 'localhost' || isLocal(address));
}
