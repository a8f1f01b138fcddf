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

/** Clients whose name the server does not know, knows wrongly, or no longer has. */

/** The story of the seeds: no PTR then, none today; jdoe is kept out until DNS and then the cache are fixed. */
export const nullHostNoPtr: Evidence = { ...healthy, entry: known(NULL_NO_PTR), dns: NO_PTR };

/** DNS is fixed, the server does not ask again: a flush cures. */
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

/** No account waits for any name: DNS and flushes are beside the point. */
export const nullHostByAddress: Evidence = {
  ...nullHostNoPtr,
  accounts: known(rowsOf(BY_ADDRESS)),
};

/** One account comes by address, jdoe still waits for the name. */
export const nullBesideAddress: Evidence = {
  ...nullHostNoPtr,
  accounts: known(rowsOf(BY_ADDRESS, JDOE)),
};

/** A role for '%' lets every host in to the password, and jdoe still waits for the name. */
export const roleOpensHostCheck: Evidence = {
  ...nullHostFixed,
  accounts: known(rowsOf(ROLE, JDOE)),
};

/** The same before DNS is fixed. */
export const roleOpensUnfixed: Evidence = { ...roleOpensHostCheck, dns: NO_PTR };

/** The address was given to another machine; the server holds the old name. */
export const staleHost: Evidence = { ...healthy, entry: known(entry({ host: OLD_NAME })) };

/** The old name has an account as well. */
export const staleHostOtherAccount: Evidence = {
  ...staleHost,
  accounts: known(rowsOf(account('etl', OLD_NAME), JDOE)),
};

/** The same user has an account for the old name and one for the new. */
export const staleHostSameUser: Evidence = {
  ...staleHost,
  user: 'jdoe',
  accounts: known(rowsOf(account('jdoe', OLD_NAME), JDOE)),
};

/** DNS has lost the name; only the cache still lets the client in. */
export const dnsGone: Evidence = { ...healthy, dns: NO_PTR };

/** The PTR record still stands, its address record is gone. */
export const addressGone: Evidence = { ...healthy, dns: MISMATCH };

/** DNS fails today; the cached name still works. */
export const dnsDownCached: Evidence = { ...healthy, dns: SERVFAIL };

/** DNS fails at each connection; nothing is kept. */
export const servfail: Evidence = { ...healthy, entry: known(PTR_FAILS), dns: SERVFAIL };

/** DNS answers again; the next connection asks it. */
export const servfailHealed: Evidence = { ...servfail, dns: confirmed() };

export const numericName: Evidence = {
  ...healthy,
  entry: known(NUMERIC_NAME),
  dns: unconfirmed('12.example.com', 'numeric'),
};

export const neverSeen: Evidence = { ...healthy, entry: known(null), entryCount: 12 };

/** Never seen, and DNS fails: nothing is known of the name, nor will the server know it. */
export const neverSeenServfail: Evidence = { ...neverSeen, dns: SERVFAIL };

/** 127.0.0.1 is localhost to the server, without cache and DNS. */
export const loopback: Evidence = {
  ...healthy,
  client: addressOf('127.0.0.1'),
  entry: known(null),
  accounts: known(rowsOf(account('root', 'localhost'))),
  dns: null,
};

/** The PTR record holds two names. */
export const twoPtrNames: Evidence = { ...healthy, dns: confirmed(NAME, 'other.example.com') };
