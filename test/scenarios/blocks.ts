import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, rowsOf } from './accounts.ts';
import { NO_PTR } from './dns.ts';
import { broken, NULL_NO_PTR } from './entries.ts';
import { healthy, QUIET, sessions } from './evidence.ts';
import { MYSQL } from './servers.ts';

/** Hosts with connect errors: max_connect_errors is 100. */

/** A health check broke off 100 handshakes in a row. */
export const blocked: Evidence = { ...healthy, entry: known(broken(100)) };

/** Other clients with the same address are active. */
export const blockedShared: Evidence = {
  ...blocked,
  activity: known({ ...QUIET, sessions: [sessions('merp.example.com', 2)] }),
};

export const halfway: Evidence = { ...healthy, entry: known(broken(50)) };

export const belowHalf: Evidence = { ...healthy, entry: known(broken(49)) };

/** Blocked, and there is no account for it. */
export const blockedWithoutAccount: Evidence = {
  ...blocked,
  accounts: known(rowsOf(account('app', '10.%'))),
};

/** Blocked, and only its cached name has an account: a flush would keep it out. */
export const blockedAndDnsGone: Evidence = { ...blocked, dns: NO_PTR };

/** Blocked and without a name, which jdoe's account needs. */
export const blockedNull: Evidence = {
  ...healthy,
  entry: known({ ...NULL_NO_PTR, connectErrors: 100 }),
  dns: NO_PTR,
};

/** max_connect_errors was raised above the errors: the block ends and the cache stays. */
export const unblockedByLimit: Evidence = {
  ...blocked,
  settings: known({ ...MYSQL, maxConnectErrors: 1000n }),
};

/** Blocked, with an account for its address. */
export const blockedByAddress: Evidence = {
  ...blocked,
  accounts: known(rowsOf(BY_ADDRESS)),
};
