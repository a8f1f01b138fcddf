import type { HostCacheEntry } from '../../src/hostcache/entry.ts';
import { CLIENT, NAME } from './clients.ts';

/** Rows of performance_schema.host_cache. */

const FIRST_SEEN = new Date('2026-11-20T09:02:11Z');
const LAST_SEEN = new Date('2026-11-21T03:59:58Z');

/** A row without any error: the name is known and confirmed. */
export function entry(change: Partial<HostCacheEntry> = {}): HostCacheEntry {
  return {
    address: CLIENT.text,
    host: NAME,
    validated: true,
    connectErrors: 0,
    counters: {},
    firstSeenAt: FIRST_SEEN,
    lastSeenAt: LAST_SEEN,
    firstErrorAt: null,
    lastErrorAt: null,
    ...change,
  };
}

/** DNS had no PTR record at the client's first connection; the server does not query it again. */
export const NULL_NO_PTR = entry({
  host: null,
  counters: { COUNT_NAMEINFO_PERMANENT_ERRORS: 1, COUNT_HOST_ACL_ERRORS: 3 },
  firstErrorAt: FIRST_SEEN,
  lastErrorAt: LAST_SEEN,
});

/** The PTR name had no address. */
export const NULL_NO_ADDRESS = entry({
  host: null,
  counters: { COUNT_ADDRINFO_PERMANENT_ERRORS: 1 },
  firstErrorAt: FIRST_SEEN,
  lastErrorAt: FIRST_SEEN,
});

/** The PTR name had other addresses. */
export const NULL_MISMATCH = entry({
  host: null,
  counters: { COUNT_FCRDNS_ERRORS: 1 },
  firstErrorAt: FIRST_SEEN,
  lastErrorAt: FIRST_SEEN,
});

/** The PTR lookup fails at each connection. */
export const PTR_FAILS = entry({
  host: null,
  validated: false,
  counters: { COUNT_NAMEINFO_TRANSIENT_ERRORS: 7 },
  firstErrorAt: FIRST_SEEN,
  lastErrorAt: LAST_SEEN,
});

/** The PTR name begins with digits and a dot. */
export const NUMERIC_NAME = entry({
  host: null,
  validated: false,
  counters: { COUNT_FORMAT_ERRORS: 4 },
  firstErrorAt: FIRST_SEEN,
  lastErrorAt: LAST_SEEN,
});

/** A health check has broken off `connectErrors` handshakes in a row. */
export function broken(connectErrors: number, change: Partial<HostCacheEntry> = {}) {
  return entry({
    connectErrors,
    counters: { COUNT_HANDSHAKE_ERRORS: connectErrors, COUNT_HOST_BLOCKED_ERRORS: 2 },
    firstErrorAt: FIRST_SEEN,
    lastErrorAt: LAST_SEEN,
    ...change,
  });
}
