import { count as counted } from '../chat/lists.ts';
import { counter, DNS_FAILURES, type HostCacheEntry } from '../hostcache/entry.ts';
import type { LoginFailure } from '../hostcache/failures.ts';
import { type Beat, fits, sayBeat } from './beat.ts';
import { countOf, rowOf } from './failure-rows.ts';
import {
  HANDSHAKE,
  MAY_DIFFER,
  OUT_OF_ORDER,
  type Probed,
  type Prober,
  SILENT,
  WENT_AWAY,
} from './prober.ts';
import {
  type Fit,
  HTTP_CHECKS,
  type Product,
  productAt,
  SOME_HTTP_CHECK,
  SOME_TCP_CHECK,
  TCP_CHECKS,
} from './prober-products.ts';

/** Programs that send no login name: they look whether the port answers. */

/** Fewer connections may be chance. */
const LEAST = 5;

/** Some clouds check from addresses that nothing else uses; null = it is none of these. */
export function atAddress(
  { client, entry }: Probed,
  rows: readonly LoginFailure[],
): readonly Prober[] | null {
  const product = productAt(client);
  const broken = Math.max(
    countOf(rows, null, HANDSHAKE),
    entry === null ? 0 : counter(entry, 'COUNT_HANDSHAKE_ERRORS'),
  );
  if (product === null || broken === 0) return null;
  const why = `${counted(broken, 'handshake was', 'handshakes were')} broken off by ${client.text}, the address of these checks.`;
  return [{ error: WENT_AWAY, user: null, proof: 'sure', ...fitOf([product]), why }];
}

/** Connects and leaves. Nobody who has ever sent a login name from here is meant. */
export function tcpCheck(probed: Probed, rows: readonly LoginFailure[]): Prober | null {
  const row = rowOf(rows, null, WENT_AWAY);
  if (row === null || row.count < LEAST || !neverLogsIn(probed, rows)) return null;
  // A client that waits for the server's DNS may leave before the greeting, again and again.
  if (isDnsSlow(probed.entry)) return null;
  const others = countOf(rows, null, HANDSHAKE) - row.count;
  const foreign = countOf(rows, null, OUT_OF_ORDER) + countOf(rows, null, SILENT);
  if (Math.max(others, foreign) > row.count * MAY_DIFFER + 1) return null;
  const blocked = blockedBeat(probed.entry);
  const tcp = { error: WENT_AWAY, products: TCP_CHECKS, some: SOME_TCP_CHECK };
  return fitting(tcp, blocked === null ? [row] : [row, blocked], (beat) => {
    const often = `${counted(row.count, 'connection')} ended before a login name came (1158)`;
    return `${often}, ${sayBeat(beat)}. No login name has ever come from this client.`;
  });
}

/** Sends something that no MySQL client sends first: HTTP, mostly. */
export function otherProtocol(rows: readonly LoginFailure[]): Prober | null {
  const row = rowOf(rows, null, OUT_OF_ORDER);
  if (row === null || countOf(rows, null, HANDSHAKE) < row.count) return null;
  const http = { error: OUT_OF_ORDER, products: HTTP_CHECKS, some: SOME_HTTP_CHECK };
  return fitting(http, [row], (beat) => {
    const often = counted(row.count, 'connection');
    return `${often} began with packets that are not of the MySQL protocol (1156), ${sayBeat(beat)}.`;
  });
}

interface Checks {
  readonly error: number;
  readonly products: readonly Product[];
  /** All of them, in short. */
  readonly some: Fit;
}

/** Those whose usual interval it is; if it is that of none, `some`. */
function fitting(
  { error, products, some }: Checks,
  beats: readonly [Beat, ...Beat[]],
  whyOf: (beat: Beat) => string,
): Prober {
  for (const beat of beats) {
    const inTime = products.filter(({ periods }) => periods.some((each) => fits(beat, each)));
    if (inTime.length > 0)
      return { error, user: null, proof: 'usual', ...fitOf(inTime), why: whyOf(beat) };
  }
  return { error, user: null, proof: 'open', ...some, why: whyOf(beats[0]) };
}

function fitOf(products: readonly Product[]): Fit {
  const cures = new Set(products.map(({ cure }) => cure));
  return { what: products.map(({ what }) => what), cure: [...cures].join(' ') };
}

/** The checks go on while the host is blocked; only the host cache counts them then. */
function blockedBeat(entry: HostCacheEntry | null): Beat | null {
  if (entry === null) return null;
  const checks =
    counter(entry, 'COUNT_HANDSHAKE_ERRORS') + counter(entry, 'COUNT_HOST_BLOCKED_ERRORS');
  const errors = Object.values(entry.counters).reduce((all, each) => all + each, 0);
  if (errors !== checks) return null;
  return { count: checks, firstAt: entry.firstErrorAt, lastAt: entry.lastErrorAt };
}

function neverLogsIn({ logins }: Probed, rows: readonly LoginFailure[]): boolean {
  if (logins === null || rows.some(({ user }) => user !== null)) return false;
  return logins.every(({ user }) => user === null);
}

function isDnsSlow(entry: HostCacheEntry | null): boolean {
  return entry !== null && Object.values(DNS_FAILURES).some((column) => counter(entry, column) > 0);
}
