import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import * as blind from '../scenarios/blind.ts';
import * as blocks from '../scenarios/blocks.ts';
import { OLD_NAME } from '../scenarios/clients.ts';
import { confirmed, FORWARD_SERVFAIL, SERVFAIL } from '../scenarios/dns.ts';
import { broken, entry } from '../scenarios/entries.ts';
import { healthy } from '../scenarios/evidence.ts';
import * as logins from '../scenarios/logins.ts';
import * as names from '../scenarios/names.ts';
import {
  ADMITTED,
  AFTER_FIX,
  CURES,
  checkForecast,
  type ForecastRow,
  REFUSED,
} from './forecast-row.ts';

/** What a flush is worth: each row of the decision table, and each of the seven answers. */

/** The same with DNS fixed, the cache as it was. */
function fixed(evidence: Evidence): Evidence {
  return { ...evidence, dns: confirmed() };
}

/** Does a flush help? Every row measured on three servers. */
const DECISIONS: readonly ForecastRow[] = [
  { name: 'NULL, no PTR: the cause is there', evidence: names.nullHostNoPtr, ...AFTER_FIX },
  { name: 'NULL, no PTR: fixed', evidence: fixed(names.nullHostNoPtr), ...CURES },
  { name: 'NULL, no address: the cause is there', evidence: names.nullHostNoAddress, ...AFTER_FIX },
  { name: 'NULL, no address: fixed', evidence: fixed(names.nullHostNoAddress), ...CURES },
  { name: 'NULL, mismatch: the cause is there', evidence: names.nullHostMismatch, ...AFTER_FIX },
  { name: 'NULL, mismatch: fixed', evidence: fixed(names.nullHostMismatch), ...CURES },
  { name: 'not validated, DNS fails', evidence: names.servfail, ...REFUSED },
  {
    name: 'not validated, DNS answers: it heals itself',
    evidence: names.servfailHealed,
    ...ADMITTED,
  },
  { name: 'a numeric name', evidence: names.numericName, ...REFUSED },
  { name: 'a numeric name, fixed', evidence: fixed(names.numericName), ...ADMITTED },
  { name: 'a stale name', evidence: names.staleHost, ...CURES },
  {
    name: 'the limit is reached',
    evidence: blocks.blocked,
    from: 'blocked',
    to: 'admitted',
    flush: 'unblocks',
    exit: 1,
  },
  { name: 'no account (HOST_ACL)', evidence: logins.noAccount, ...REFUSED },
  ...[
    'COUNT_AUTHENTICATION_ERRORS',
    'COUNT_AUTH_PLUGIN_ERRORS',
    'COUNT_SSL_ERRORS',
    'COUNT_MAX_USER_CONNECTIONS_ERRORS',
    'COUNT_DEFAULT_DATABASE_ERRORS',
    'COUNT_INIT_CONNECT_ERRORS',
    'COUNT_HANDSHAKE_ERRORS',
  ].map((column) => ({
    name: column,
    evidence: { ...healthy, entry: known(entry({ counters: { [column]: 9 } })) },
    ...ADMITTED,
  })),
];

describe('the decision table', () => {
  it.each(DECISIONS)('$name: $flush', checkForecast);
});

const BLOCKED = { from: 'blocked', to: 'refused', exit: 1 } as const;

const BLOCKED_AND_REFUSED: readonly ForecastRow[] = [
  {
    name: 'no account before or after',
    evidence: blocks.blockedWithoutAccount,
    ...BLOCKED,
    flush: 'useless',
  },
  {
    name: 'let in by the cached name alone',
    evidence: blocks.blockedAndDnsGone,
    ...BLOCKED,
    flush: 'breaks',
  },
  { name: 'a name could cure', evidence: blocks.blockedNull, ...BLOCKED, flush: 'cures-after-fix' },
];

describe('blocked now and refused after is forecast as if not blocked', () => {
  it.each(BLOCKED_AND_REFUSED)('$name: $flush', checkForecast);

  it('and admitted after it unblocks, whatever kept it out besides', () => {
    const evidence = { ...names.staleHost, entry: known(broken(100, { host: OLD_NAME })) };
    expect(diagnose(evidence).forecast.effect).toBe('unblocks');
  });
});

const FIRST_AND_LAST: readonly ForecastRow[] = [
  { name: 'all is well', evidence: healthy, ...ADMITTED },
  { name: 'never seen', evidence: names.neverSeen, ...ADMITTED },
  { name: 'loopback', evidence: names.loopback, ...ADMITTED },
  { name: 'skip_name_resolve', evidence: blind.skipNameResolve, ...REFUSED },
  { name: 'skip_name_resolve, by address', evidence: blind.skipNameResolveByAddress, ...ADMITTED },
  { name: 'the cache is off', evidence: blind.cacheOff, ...ADMITTED },
  { name: 'nobody waits for the name', evidence: names.nullHostByAddress, ...ADMITTED },
  { name: 'half the limit', evidence: blocks.halfway, ...ADMITTED },
  { name: 'the limit was raised', evidence: blocks.unblockedByLimit, ...ADMITTED },
];

const DURING_AN_OUTAGE: readonly ForecastRow[] = [
  { name: 'the PTR fails', evidence: { ...healthy, dns: SERVFAIL } },
  { name: 'the address lookup fails', evidence: { ...healthy, dns: FORWARD_SERVFAIL } },
  { name: 'the PTR is gone', evidence: names.dnsGone },
  { name: 'the address is another', evidence: names.addressGone },
].map((row) => ({ ...row, from: 'admitted', to: 'refused', flush: 'breaks', exit: 0 }));

const UNKNOWN: readonly ForecastRow[] = [
  { name: 'mysql.user', evidence: blind.noGrantOnMysqlUser, to: 'unknown' },
  { name: 'host_cache', evidence: blind.noGrantOnHostCache, to: 'admitted' },
  { name: 'MariaDB as it comes', evidence: blind.mariadbBlind, to: 'admitted' },
  { name: 'MariaDB, no account', evidence: blind.mariadbBlindNoAccount, to: 'refused' },
  { name: 'the server', evidence: blind.serverDown, to: 'unknown' },
].map((row) => ({ ...row, from: 'unknown', flush: 'unknown', exit: 3 }));

describe('a flush', () => {
  it.each(FIRST_AND_LAST)('changes nothing: $name', checkForecast);
  it.each(DURING_AN_OUTAGE)('breaks what only the cached name lets in: $name', checkForecast);
  it.each(UNKNOWN)('has unknown worth where $name cannot be read', checkForecast);
});
