import { count as counted } from '../chat/lists.ts';
import { shorten } from '../chat/words.ts';
import { literal } from '../hostcache/account.ts';
import type { Address } from '../hostcache/address.ts';
import { counter, DNS_FAILURES, type HostCacheEntry } from '../hostcache/entry.ts';
import type { LoginCount, LoginFailure } from '../hostcache/failures.ts';
import { type Beat, fits, sayBeat } from './beat.ts';
import { countOf, mergedRows, rowOf } from './failure-rows.ts';
import {
  type Fit,
  HAPROXY_BARE,
  HAPROXY_CURE,
  HTTP_CHECKS,
  type Product,
  productAt,
  SOME_HTTP_CHECK,
  SOME_TCP_CHECK,
  TCP_CHECKS,
} from './prober-products.ts';

/** What breaks the logins of one client off, where the packets and the interval prove it. Pure. */

export interface Probed {
  readonly client: Address;
  /** Of this client, by its address and its names; null = not known. */
  readonly failures: readonly LoginFailure[] | null;
  /** Who connected from here; null = not known. */
  readonly logins: readonly LoginCount[] | null;
  readonly entry: HostCacheEntry | null;
}

export interface Prober extends Fit {
  /**
   * `sure`: only these do what was seen. `usual`: others do it too, but not at this interval by default.
   * `open`: others do it too.
   */
  readonly proof: 'sure' | 'usual' | 'open';
  /** Whether it breaks handshakes off, which can block the host; otherwise it is refused. */
  readonly breaksHandshakes: boolean;
  readonly why: string;
}

/** Fewer connections may be chance. */
const LEAST = 5;

/** Fewer failures may be an accident of an ordinary client. */
const LEAST_LOGINS = 3;

/** Empty = nothing is proved. */
export function probersOf(probed: Probed): readonly Prober[] {
  const rows = mergedRows(probed.failures ?? []);
  const users = [...new Set(rows.flatMap(({ user }) => (user === null ? [] : [user])))];
  const all = [
    ...(atAddress(probed, rows) ?? [tcpCheck(probed, rows), otherProtocol(rows)]),
    ...users.flatMap((user) => [
      pipelined(rows, user),
      withoutPlugins(rows, user),
      leftInAuthentication(probed, rows, user),
      monitoring(probed, rows, user),
    ]),
  ];
  return all.filter((prober) => prober !== null);
}

/** Some clouds check from addresses that nothing else uses; null = it is none of these. */
function atAddress(
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
  return [proberFrom([product], 'sure', why)];
}

const HANDSHAKE = 1043;
const OUT_OF_ORDER = 1156;
const WENT_AWAY = 1158;
const SILENT = 1159;
const NO_PLUGINS = 1251;
const DENIED = 1045;

/** Connects and leaves. Nobody who has ever sent a login name from here is meant. */
function tcpCheck(probed: Probed, rows: readonly LoginFailure[]): Prober | null {
  const row = rowOf(rows, null, WENT_AWAY);
  if (row === null || row.count < LEAST || !neverLogsIn(probed, rows)) return null;
  // A client that waits for the server's DNS may leave before the greeting, again and again.
  if (isDnsSlow(probed.entry)) return null;
  const others = countOf(rows, null, HANDSHAKE) - row.count;
  const foreign = countOf(rows, null, OUT_OF_ORDER) + countOf(rows, null, SILENT);
  if (Math.max(others, foreign) > row.count * MAY_DIFFER + 1) return null;
  const blocked = blockedBeat(probed.entry);
  return fitting(TCP_CHECKS, blocked === null ? [row] : [row, blocked], SOME_TCP_CHECK, (beat) => {
    const often = `${counted(row.count, 'connection')} ended before a login name came (1158)`;
    return `${often}, ${sayBeat(beat)}. No login name has ever come from this client.`;
  });
}

/** The rows are read one after the other while the server counts on. */
const MAY_DIFFER = 0.02;

/** Sends something that no MySQL client sends first: HTTP, mostly. */
function otherProtocol(rows: readonly LoginFailure[]): Prober | null {
  const row = rowOf(rows, null, OUT_OF_ORDER);
  if (row === null || countOf(rows, null, HANDSHAKE) < row.count) return null;
  return fitting(HTTP_CHECKS, [row], SOME_HTTP_CHECK, (beat) => {
    const often = counted(row.count, 'connection');
    return `${often} began with packets that are not of the MySQL protocol (1156), ${sayBeat(beat)}.`;
  });
}

/** Its COM_QUIT has arrived before the server has answered the login. Only a fixed script sends that. */
function pipelined(rows: readonly LoginFailure[], user: string): Prober | null {
  const row = rowOf(rows, user, OUT_OF_ORDER);
  if (row === null || !isOfHandshakes(rows, user)) return null;
  return {
    proof: 'sure',
    breaksHandshakes: true,
    what: ["HAProxy's option mysql-check with post-80"],
    why: `${nameOf(user)} sends its next packet before the server has answered the login (1156), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: HAPROXY_CURE,
  };
}

/** HAProxy's check with a user, or a driver from before plugins: the same packet. */
function withoutPlugins(rows: readonly LoginFailure[], user: string): Prober | null {
  const row = rowOf(rows, user, NO_PLUGINS);
  if (row === null) return null;
  const isNamed = /ha.?proxy/i.test(user);
  const isInTime = HAPROXY_BARE.periods.some((each) => fits(row, each));
  const isHaproxy = isNamed || isInTime;
  return {
    proof: isNamed ? 'sure' : isInTime ? 'usual' : 'open',
    breaksHandshakes: true,
    what: isHaproxy ? [HAPROXY_WITH_USER] : [OLD_DRIVER, HAPROXY_WITH_USER],
    why: `${nameOf(user)} logs in with the protocol of MySQL 5.1, which knows no plugins (1251), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: isHaproxy ? HAPROXY_CURE : `Driver: update it. ${HAPROXY_CURE}`,
  };
}

const OLD_DRIVER = 'a driver of MySQL 5.1 or older';
const HAPROXY_WITH_USER = "HAProxy's option mysql-check with a user (post-41 or pre-41)";

/** The client leaves when the server asks for what it cannot or will not give. */
function leftInAuthentication(
  probed: Probed,
  rows: readonly LoginFailure[],
  user: string,
): Prober | null {
  const row = rowOf(rows, user, WENT_AWAY);
  if (row === null || row.count < LEAST_LOGINS) return null;
  if (!isOfHandshakes(rows, user)) return null;
  // A lost connection is an accident; most of its connections lost are not.
  if (row.count * 2 < (connectionsOf(probed, user) ?? Number.POSITIVE_INFINITY)) return null;
  return {
    proof: 'open',
    breaksHandshakes: true,
    what: [
      'a client without TLS for an account with caching_sha2_password (client error 2061)',
      "a driver that lacks the account's plugin (client error 2059)",
    ],
    why: `${nameOf(user)} sends its login and leaves when the server goes on with the authentication (1158), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: "Turn TLS on in that client, or let it fetch the server's key (get-server-public-key, allowPublicKeyRetrieval=true); update a driver that lacks the plugin.",
  };
}

/** check_mysql without -u logs in under the name of the operating system's user. */
function monitoring(probed: Probed, rows: readonly LoginFailure[], user: string): Prober | null {
  const row = rowOf(rows, user, DENIED);
  if (row === null || row.count < LEAST_LOGINS || !MONITORS.test(user)) return null;
  const connections = connectionsOf(probed, user);
  if (connections === null || connections > row.count * (1 + MAY_DIFFER) + 1) return null;
  return {
    proof: 'sure',
    breaksHandshakes: false,
    what: ['check_mysql of Nagios or Icinga, without a login'],
    why: `Every login of ${nameOf(user)} is denied (1045), ${counted(row.count, 'time')}, ${sayBeat(row)}.`,
    cure: 'Give check_mysql -u and -p of an account for it, and leave -n out. Denied logins never block a host.',
  };
}

const MONITORS = /^(?:nagios|icinga2?|naemon|shinken|centreon(?:-engine)?)$/i;

/** Those whose usual interval it is; if it is that of none, `some`. */
function fitting(
  products: readonly Product[],
  beats: readonly [Beat, ...Beat[]],
  some: Fit,
  whyOf: (beat: Beat) => string,
): Prober {
  for (const beat of beats) {
    const inTime = products.filter(({ periods }) => periods.some((each) => fits(beat, each)));
    if (inTime.length > 0) return proberFrom(inTime, 'usual', whyOf(beat));
  }
  return { proof: 'open', breaksHandshakes: true, ...some, why: whyOf(beats[0]) };
}

function proberFrom(products: readonly Product[], proof: Prober['proof'], why: string): Prober {
  const cures = new Set(products.map(({ cure }) => cure));
  return {
    proof,
    breaksHandshakes: true,
    what: products.map(({ what }) => what),
    why,
    cure: [...cures].join(' '),
  };
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

/** A session can raise these errors too; if all of them are of handshakes, each has a 1043 beside it. */
function isOfHandshakes(rows: readonly LoginFailure[], user: string): boolean {
  const errors = [OUT_OF_ORDER, WENT_AWAY, SILENT, NO_PLUGINS];
  const raised = errors.reduce((all, error) => all + countOf(rows, user, error), 0);
  return raised <= countOf(rows, user, HANDSHAKE);
}

function neverLogsIn({ logins }: Probed, rows: readonly LoginFailure[]): boolean {
  if (logins === null || rows.some(({ user }) => user !== null)) return false;
  return logins.every(({ user }) => user === null);
}

function isDnsSlow(entry: HostCacheEntry | null): boolean {
  return entry !== null && Object.values(DNS_FAILURES).some((column) => counter(entry, column) > 0);
}

/** As a stranger typed it. */
function nameOf(user: string): string {
  return literal(shorten(user));
}

/** null = not known. */
function connectionsOf({ logins }: Probed, user: string): number | null {
  if (logins === null) return null;
  const own = logins.filter((login) => login.user === user);
  return own.reduce((all, { connections }) => all + connections, 0);
}
