import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, ROLE, rowsOf } from './accounts.ts';
import { NAME, OLD_NAME } from './clients.ts';
import { entry, NULL_NO_PTR } from './entries.ts';
import { healthy } from './evidence.ts';
import { nullHostNoPtr } from './names.ts';

/** Clients whose account is missing, for another host, shadowed or locked. */

/** The server knows the name but has no account for it. */
export const noAccount: Evidence = {
  ...healthy,
  entry: known(entry({ counters: { COUNT_HOST_ACL_ERRORS: 3 } })),
  accounts: known(rowsOf()),
};

/** Like noAccount, but no 1130 is counted yet. */
export const noAccountUnproved: Evidence = { ...noAccount, entry: known(entry()) };

/** jdoe logs in as jdoe. */
export const ownAccount: Evidence = { ...healthy, user: 'jdoe' };

/** jdoe has an account for another host; other accounts admit the host. */
export const accountElsewhere: Evidence = {
  ...healthy,
  user: 'jdoe',
  accounts: known(rowsOf(BY_ADDRESS, account('jdoe', OLD_NAME))),
};

/** mysql.user has no account of that name; other accounts admit the host. */
export const noSuchUser: Evidence = {
  ...healthy,
  user: 'ghost',
  accounts: known(rowsOf(BY_ADDRESS)),
};

/** An account without a user name is more specific than jdoe's. */
export const anonymousInFront: Evidence = {
  ...healthy,
  user: 'jdoe',
  accounts: known(rowsOf(account('', NAME), account('jdoe', '%.example.com'))),
};

/** The account without a user name is less specific. */
export const anonymousBehind: Evidence = {
  ...anonymousInFront,
  accounts: known(rowsOf(account('', '%.example.com'), JDOE)),
};

export const lockedAccount: Evidence = {
  ...ownAccount,
  accounts: known(rowsOf(account('jdoe', NAME, { locked: true }))),
};

export const tlsAccount: Evidence = {
  ...ownAccount,
  accounts: known(rowsOf(account('jdoe', NAME, { tls: 'ANY' }))),
};

export const nativePassword: Evidence = {
  ...ownAccount,
  accounts: known(rowsOf(account('jdoe', NAME, { plugin: 'mysql_native_password' }))),
};

/** Like nullHostNoPtr, but for user jdoe: the role opens the host check, so the password is checked. */
export const waitingUser: Evidence = {
  ...nullHostNoPtr,
  user: 'jdoe',
  entry: known(NULL_NO_PTR),
  accounts: known(rowsOf(ROLE, JDOE)),
};

/** Two host patterns of one user with equal specificity. */
export const tiedAccounts: Evidence = {
  ...ownAccount,
  accounts: known(rowsOf(account('jdoe', '%.example.com'), account('jdoe', '%.com'))),
};
