import {
  adviseOnPileup,
  isAtMaxConnections,
  pileupOf,
  sayWaiting,
} from '../../hostcache/activity.ts';
import { releaseOf } from '../../hostcache/release.ts';
import { isCacheFull } from '../../hostcache/settings.ts';
import { whyUnread } from '../look.ts';
import { type AlertRule, ofServer, whenRead } from './rule.ts';

/** Rules about a server as a whole. */

export const serverUnreadable = {
  id: 'server-unreadable',
  title: 'The server cannot be read',
  meaning:
    'Until it can be read, nothing is known about its hosts, and none of its alerts is resolved.',
  remedy:
    'Check that the server runs, with performance_schema=ON, and that the reading account may read.',
  isReworded: true,
  observe: (look) => ofServer(whyUnread(look)),
} as const satisfies AlertRule;

export const cacheFull = {
  id: 'cache-full',
  title: 'The host cache is full',
  meaning:
    'Hosts lose their entries, with names and error counts, and the server asks DNS again and again.',
  remedy:
    'Raise host_cache_size (65536 at most; setting it empties the cache), or create accounts for addresses instead of names.',
  observe: whenRead(({ cache: { total }, settings }) =>
    ofServer(
      isCacheFull(total, settings)
        ? `The host cache holds ${total} of ${settings.hostCacheSize} entries; the ${releaseOf(settings).evicts} one makes room for a new one, so a missing entry proves nothing.`
        : null,
    ),
  ),
} as const satisfies AlertRule;

export const handshakePileup = {
  id: 'handshake-pileup',
  title: 'Handshakes pile up',
  meaning: 'Connections stay unauthenticated, and each holds one of max_connections.',
  remedy: 'Run pending: it shows which client waits at which step.',
  isReworded: true,
  observe: whenRead(({ activity }) => {
    if (!activity.known || !activity.value.seesOthers) return null;
    const pileup = pileupOf(activity.value);
    return ofServer(
      pileup === null
        ? null
        : `${pileup.count} connections have not finished authentication: ${sayWaiting(pileup)}. ${adviseOnPileup(pileup)}`,
    );
  }),
} as const satisfies AlertRule;

export const tooManyConnections = {
  id: 'too-many-connections',
  title: 'The server has no free connection',
  meaning: 'Clients get error 1040. The host cache does not record this error.',
  remedy: 'Find who holds the connections, or raise max_connections.',
  observe: whenRead(({ activity, settings }) => {
    if (!activity.known) return null;
    const { connected } = activity.value;
    return ofServer(
      isAtMaxConnections(activity.value, settings)
        ? `${connected} connections are open, max_connections is ${settings.maxConnections}.`
        : null,
    );
  }),
} as const satisfies AlertRule;
