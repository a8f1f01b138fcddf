import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, ROLE, rowsOf } from './accounts.ts';
import { addressOf, NAME, OLD_NAME } from './clients.ts';
import { confirmed, MISMATCH, NO_PTR, SERVFAIL, unconfirmed } from './dns.ts';
import {
  entry,
  NULL_MISMATCH,
  NULL_NO_ADDRESS,
  NULL_NO_PTR,
  NUMERIC_NAME,
  PTR_FAILS,
} from './entries.ts';
import { healthy } from './evidence.ts';

/** Clients whose name is missing, stale or wrong in the server's cache or in DNS. */

/** There was no PTR record at the first connection and there is none now: jdoe needs a DNS fix, then a flush. */
export const nullHostNoPtr: Evidence = { ...healthy, entry: known(NULL_NO_PTR), dns: NO_PTR };

/** DNS is fixed, but the server does not query it again: a flush cures it. */
export const nullHostFixed: Evidence = { ...nullHostNoPtr, dns: confirmed() };

export const nullHostMismatch: Evidence = {
  ...healthy,
  entry: known(NULL_MISMATCH),
  dns: MISMATCH,
  rejectedName: NAME,
};

export const nullHostNoAddress: Evidence = {
  ...healthy,
  entry: known(NULL_NO_ADDRESS),
  dns: unconfirmed(NAME, 'no-address'),
};

/** No account needs a name, so neither DNS nor a flush matters. */
export const nullHostByAddress: Evidence = {
  ...nullHostNoPtr,
  accounts: known(rowsOf(BY_ADDRESS)),
};

/** One account is for the address; jdoe still needs the name. */
export const nullBesideAddress: Evidence = {
  ...nullHostNoPtr,
  accounts: known(rowsOf(BY_ADDRESS, JDOE)),
};

/** A role for '%' opens the host check for every host; jdoe still needs the name. */
export const roleOpensHostCheck: Evidence = {
  ...nullHostFixed,
  accounts: known(rowsOf(ROLE, JDOE)),
};

/** The same, before DNS is fixed. */
export const roleOpensUnfixed: Evidence = { ...roleOpensHostCheck, dns: NO_PTR };

/** Another machine has the address now, but the server has the old name. */
export const staleHost: Evidence = { ...healthy, entry: known(entry({ host: OLD_NAME })) };

/** The old name has an account too. */
export const staleHostOtherAccount: Evidence = {
  ...staleHost,
  accounts: known(rowsOf(account('etl', OLD_NAME), JDOE)),
};

/** The same user has accounts for the old and the new name. */
export const staleHostSameUser: Evidence = {
  ...staleHost,
  user: 'jdoe',
  accounts: known(rowsOf(account('jdoe', OLD_NAME), JDOE)),
};

/** DNS no longer has the name; only the cached name admits the client. */
export const dnsGone: Evidence = { ...healthy, dns: NO_PTR };

/** The PTR record exists, but the address record is gone. */
export const addressGone: Evidence = { ...healthy, dns: MISMATCH };

/** DNS fails now; the cached name still works. */
export const dnsDownCached: Evidence = { ...healthy, dns: SERVFAIL };

/** DNS fails at each connection, so the server caches no name. */
export const servfail: Evidence = { ...healthy, entry: known(PTR_FAILS), dns: SERVFAIL };

/** DNS works again, and the server queries it at the next connection. */
export const servfailHealed: Evidence = { ...servfail, dns: confirmed() };

export const numericName: Evidence = {
  ...healthy,
  entry: known(NUMERIC_NAME),
  dns: unconfirmed('12.example.com', 'numeric'),
};

export const neverSeen: Evidence = { ...healthy, entry: known(null), entryCount: 12 };

/** There is no entry and DNS fails: the name is unknown, also to the server. */
export const neverSeenServfail: Evidence = { ...neverSeen, dns: SERVFAIL };

/** For the server, 127.0.0.1 is localhost, without the cache and without DNS. */
export const loopback: Evidence = {
  ...healthy,
  client: addressOf('127.0.0.1'),
  entry: known(null),
  accounts: known(rowsOf(account('root', 'localhost'))),
  dns: null,
};

/** The address has two PTR names. */
export const twoPtrNames: Evidence = { ...healthy, dns: confirmed(NAME, 'other.example.com') };
