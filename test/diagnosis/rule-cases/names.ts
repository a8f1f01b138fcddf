import { known } from '../../../src/diagnosis/evidence.ts';
import * as blind from '../../scenarios/blind.ts';
import * as blocks from '../../scenarios/blocks.ts';
import { addressOf, NAME } from '../../scenarios/clients.ts';
import { confirmed, NO_PTR, SERVFAIL } from '../../scenarios/dns.ts';
import { NULL_NO_PTR } from '../../scenarios/entries.ts';
import { healthy } from '../../scenarios/evidence.ts';
import * as names from '../../scenarios/names.ts';
import { cached, type RuleCase, serverOf, UNREADABLE, unseen } from './rule-case.ts';

/** Blocks, names and what the cache holds of one client. */

export const NAME_CASES: readonly RuleCase[] = [
  {
    rule: 'blocked-host',
    name: 'the limit',
    on: cached({ connectErrors: 100 }),
    below: cached({ connectErrors: 99 }),
    unknown: unseen(blocks.blocked),
  },
  {
    rule: 'near-block',
    name: 'half the limit',
    on: cached({ connectErrors: 50 }),
    below: cached({ connectErrors: 49 }),
    unknown: { ...blocks.halfway, settings: UNREADABLE },
  },
  {
    rule: 'near-block',
    name: 'an odd limit',
    on: serverOf({ maxConnectErrors: 3n }, cached({ connectErrors: 2 })),
    below: serverOf({ maxConnectErrors: 3n }, cached({ connectErrors: 1 })),
    unknown: unseen(blocks.halfway),
  },
  {
    rule: 'near-block',
    name: 'blocked is no longer near',
    on: cached({ connectErrors: 99 }),
    below: cached({ connectErrors: 100 }),
    unknown: unseen(blocks.halfway),
  },
  {
    rule: 'null-host',
    name: 'validated',
    on: names.nullHostNoPtr,
    below: { ...names.nullHostNoPtr, entry: known({ ...NULL_NO_PTR, validated: false }) },
    unknown: unseen(names.nullHostNoPtr),
  },
  {
    rule: 'local-name',
    name: 'DNS gives it too',
    on: { ...cached({ host: '_gateway' }), dns: NO_PTR },
    below: { ...cached({ host: '_gateway' }), dns: confirmed('_GATEWAY') },
    unknown: unseen(cached({ host: '_gateway' })),
  },
  {
    rule: 'stale-host',
    name: 'only the database host can know it',
    on: { ...cached({ host: 'app.example.com' }), dns: NO_PTR },
    below: { ...cached({ host: 'app.local' }), dns: NO_PTR },
    unknown: { ...names.staleHost, dns: SERVFAIL },
  },
  {
    rule: 'stale-host',
    name: 'DNS spells it in another case',
    on: names.staleHost,
    below: cached({ host: NAME.toUpperCase() }),
    unknown: { ...names.staleHost, dns: SERVFAIL },
  },
  {
    rule: 'stale-host',
    name: 'it is the second PTR name of today',
    on: { ...names.staleHost, dns: confirmed(NAME, 'other.example.com') },
    below: { ...names.staleHost, dns: confirmed(NAME, 'OLD.example.com') },
    unknown: unseen(names.staleHost),
  },
  {
    rule: 'dns-failing',
    name: 'history of a validated entry',
    on: names.servfail,
    below: cached({ counters: { COUNT_NAMEINFO_TRANSIENT_ERRORS: 7 } }),
    unknown: { ...unseen(names.servfail), dns: confirmed() },
  },
  {
    rule: 'dns-failing',
    name: 'fails now, without an entry',
    on: names.neverSeenServfail,
    below: names.neverSeen,
    unknown: { ...names.neverSeenServfail, dns: null },
  },
  {
    rule: 'dns-failing',
    name: 'the address lookup',
    on: cached({
      host: null,
      validated: false,
      counters: { COUNT_ADDRINFO_TRANSIENT_ERRORS: 1 },
    }),
    below: cached({ host: null, validated: false, counters: {} }),
    unknown: unseen(healthy),
  },
  {
    rule: 'numeric-host-name',
    name: 'digits and a dot, not digits alone',
    on: names.numericName,
    below: { ...names.numericName, entry: known(null), dns: confirmed('12host.example.com') },
    unknown: { ...unseen(names.numericName), dns: SERVFAIL },
  },
  {
    rule: 'never-seen',
    name: 'there is an entry',
    on: names.neverSeen,
    below: healthy,
    unknown: unseen(names.neverSeen),
  },
  {
    rule: 'never-seen',
    name: 'no entry is kept of anybody',
    on: names.neverSeen,
    below: blind.cacheOff,
    unknown: blind.skipNameResolve,
  },
  {
    rule: 'loopback',
    name: '127.0.0.2 is a host like any other',
    on: names.loopback,
    below: { ...names.neverSeen, client: addressOf('127.0.0.2') },
    unknown: null,
  },
];
