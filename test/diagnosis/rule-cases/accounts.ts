import { known } from '../../../src/diagnosis/evidence.ts';
import { account, BY_ADDRESS, JDOE, rowsOf } from '../../scenarios/accounts.ts';
import * as blind from '../../scenarios/blind.ts';
import { NAME } from '../../scenarios/clients.ts';
import { healthy } from '../../scenarios/evidence.ts';
import * as logins from '../../scenarios/logins.ts';
import { MYSQL_84 } from '../../scenarios/servers.ts';
import { type RuleCase, UNREADABLE, unseen, withAccounts } from './rule-case.ts';

/** What mysql.user holds for the client and its user. */

export const ACCOUNT_CASES: readonly RuleCase[] = [
  {
    rule: 'no-matching-account',
    name: 'one pattern matches',
    on: logins.noAccount,
    below: withAccounts(logins.noAccount, BY_ADDRESS),
    unknown: { ...logins.noAccount, accounts: UNREADABLE },
  },
  {
    rule: 'no-matching-account',
    name: 'nobody has that account name',
    on: logins.noSuchUser,
    below: logins.accountElsewhere,
    unknown: { ...logins.noSuchUser, accounts: known({ ...rowsOf(BY_ADDRESS), moreNamed: 1 }) },
  },
  {
    rule: 'no-matching-account',
    name: 'a name that is not known could match',
    on: blind.mariadbBlindNoAccount,
    below: blind.mariadbBlind,
    unknown: unseen(healthy),
  },
  {
    rule: 'no-matching-account',
    name: 'others may be let in by a name that is not known',
    on: { ...blind.mariadbBlindNoAccount, user: null },
    below: { ...blind.mariadbBlindNoAccount, user: 'jdoe' },
    unknown: { ...blind.mariadbBlindNoAccount, accounts: UNREADABLE },
  },
  {
    rule: 'account-not-from-here',
    name: 'one of its rows is for here',
    on: logins.accountElsewhere,
    below: withAccounts(logins.accountElsewhere, account('jdoe', '10.%'), JDOE),
    unknown: { ...logins.accountElsewhere, accounts: UNREADABLE },
  },
  {
    rule: 'account-not-from-here',
    name: 'only its name can tell',
    on: withAccounts(logins.accountElsewhere, account('', '%'), account('jdoe', '10.%')),
    below: withAccounts(logins.accountElsewhere, account('', '%'), JDOE),
    unknown: blind.blindAnonymous,
  },
  {
    rule: 'account-not-from-here',
    name: 'the user has no row at all',
    on: logins.accountElsewhere,
    below: logins.noSuchUser,
    unknown: blind.blindByName,
  },
  {
    rule: 'anonymous-account',
    name: 'it is less specific',
    on: logins.anonymousInFront,
    below: logins.anonymousBehind,
    unknown: { ...logins.anonymousInFront, accounts: UNREADABLE },
  },
  {
    rule: 'anonymous-account',
    name: 'the user has no row here to be shadowed',
    on: logins.anonymousInFront,
    below: withAccounts(logins.anonymousInFront, account('', NAME), account('jdoe', '10.%')),
    unknown: unseen(logins.anonymousInFront),
  },
  {
    rule: 'account-locked',
    name: 'chosen and locked',
    on: logins.lockedAccount,
    below: withAccounts(
      logins.lockedAccount,
      JDOE,
      account('jdoe', '%.example.com', { locked: true }),
    ),
    unknown: withAccounts(logins.lockedAccount, account('jdoe', NAME, { locked: null })),
  },
  {
    rule: 'tls-required',
    name: 'chosen and REQUIRE SSL',
    on: logins.tlsAccount,
    below: withAccounts(logins.tlsAccount, JDOE, account('jdoe', '%', { tls: 'X509' })),
    unknown: withAccounts(logins.tlsAccount, account('jdoe', NAME, { tls: null })),
  },
  {
    rule: 'plugin-missing',
    name: 'mysql_native_password before MySQL 9',
    on: logins.nativePassword,
    below: { ...logins.nativePassword, settings: known(MYSQL_84) },
    unknown: withAccounts(logins.nativePassword, account('jdoe', NAME, { plugin: null })),
  },
  {
    rule: 'name-resolution-off',
    name: 'accounts for names',
    on: blind.skipNameResolve,
    below: blind.skipNameResolveByAddress,
    unknown: { ...blind.skipNameResolve, settings: UNREADABLE },
  },
];
