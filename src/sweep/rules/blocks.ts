import { isBlocked, isNearBlock } from '../../hostcache/entry.ts';
import { sayPace } from '../pace.ts';
import { type AlertRule, type HostNow, ofHosts, toHost, whenRead } from './rule.ts';

/** Hosts that the server blocks, or soon will, because of their connect errors. */

export const blockedHost = {
  id: 'blocked-host',
  title: { one: 'blocked host', many: 'blocked hosts' },
  meaning: 'Their connect errors reached max_connect_errors: every connection gets error 1129.',
  remedy:
    'Raise max_connect_errors above their counts: this loses no data, and one successful login resets a count to 0. Then find what breaks the handshakes off. A flush unblocks all hosts, attackers too, until the errors return.',
  flushHelps: true,
  isCharted: true,
  observe: whenRead(({ cache, settings: { maxConnectErrors: limit } }) =>
    ofHosts(
      cache.notable
        .filter((entry) => isBlocked(entry, limit))
        .map((entry) => toHost(entry, sayErrors(entry.connectErrors, limit), entry.lastErrorAt)),
    ),
  ),
  proof: sayFewerErrors,
} as const satisfies AlertRule;

export const nearBlock = {
  id: 'near-block',
  title: { one: 'host close to being blocked', many: 'hosts close to being blocked' },
  meaning: 'They have half of max_connect_errors or more.',
  remedy:
    'Find the health check, the scanner or the failing TLS behind it before they are blocked.',
  // The count and the forecast change with each sweep.
  isReworded: true,
  isCharted: true,
  observe: whenRead(({ cache, settings: { maxConnectErrors: limit } }, { paces }) =>
    ofHosts(
      cache.notable
        .filter((entry) => isNearBlock(entry, limit))
        .map((entry) => {
          const { address, connectErrors, firstErrorAt } = entry;
          const pace = sayPace(paces.get(address), connectErrors, Number(limit));
          return toHost(entry, `${sayErrors(connectErrors, limit)}${pace}`, firstErrorAt);
        }),
    ),
  ),
  proof: (host) =>
    host.entry !== null && isBlocked(host.entry, host.limit)
      ? `it is blocked now, with ${sayErrors(host.entry.connectErrors, host.limit)}`
      : sayFewerErrors(host),
} as const satisfies AlertRule;

function sayErrors(errors: number, limit: bigint): string {
  return `${errors} of ${limit} connect errors`;
}

function sayFewerErrors({ entry, limit }: HostNow): string {
  return entry === null || entry.connectErrors === 0
    ? 'a login reset its connect errors to 0'
    : `it has ${entry.connectErrors} connect errors, max_connect_errors is ${limit}`;
}
