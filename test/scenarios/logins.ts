import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, ROLE, rowsOf } from './accounts.ts';
import { NAME, OLD_NAME } from './clients.ts';
import { entry, NULL_NO_PTR } from './entries.ts';
import { healthy } from './evidence.ts';
import { nullHostNoPtr } from './names.ts';

/** Clients whose account is missing, elsewhere, shadowed or shut. */

/** The server knows the name, and has no account for it. */
export const noAccount: Evidence = {
  ...healthy,
  entry: known(entry({ counters: { COUNT_HOST_ACL_ERRORS: 3 } })),
  accounts: known(rowsOf()),
};

/** As noAccount, and no 1130 was counted yet. */
export const noAccountUnproved: Evidence = { ...noAccount, entry: known(entry()) };

/** jdoe logs in as jdoe. */
export const ownAccount: Evidence = { ...healthy, user: 'jdoe' };

/** jdoe has an account, for another host; others let the host in. */
export const accountElsewhere: Evidence = {
  ...healthy,
  user: 'jdoe',
  accounts: known(rowsOf(BY_ADDRESS, account('jdoe', OLD_NAME))),
};

/** Nobody of that name is in mysql.user; others let the host in. */
export const noSuchUser: Evidence = {
  ...healthy,
  user: 'ghost',
  accounts: known(rowsOf(BY_ADDRESS)),
};

/** An account without a name is more specific than jdoe's. */
export const anonymousInFront: Evidence = {
  ...healthy,
  user: 'jdoe',
  accounts: known(rowsOf(account('', NAME), account('jdoe', '%.example.com'))),
};

/** The account without a name comes last. */
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

/** As nullHostNoPtr, asked for jdoe alone: the role lets him in as far as the password. */
export const waitingUser: Evidence = {
  ...nullHostNoPtr,
  user: 'jdoe',
  entry: known(NULL_NO_PTR),
  accounts: known(rowsOf(ROLE, JDOE)),
};

/** Two patterns of one user that the server holds for equal. */
export const tiedAccounts: Evidence = {
  ...ownAccount,
  accounts: known(rowsOf(account('jdoe', '%.example.com'), account('jdoe', '%.com'))),
};
