import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { accountName } from '../../src/hostcache/account.ts';
import { account, BY_ADDRESS, JDOE, ROLE, rowsOf } from '../scenarios/accounts.ts';
import { NAME, OLD_NAME } from '../scenarios/clients.ts';
import { confirmed, NO_PTR } from '../scenarios/dns.ts';
import { healthy } from '../scenarios/evidence.ts';
import * as logins from '../scenarios/logins.ts';
import * as names from '../scenarios/names.ts';
import { MARIADB } from '../scenarios/servers.ts';
import { ADMITTED, checkForecast, type ForecastRow, REFUSED } from './forecast-row.ts';

/** What a flush is worth where accounts decide: for one user, and behind an open host check. */

const BY_USER: readonly ForecastRow[] = [
  { name: 'his own account, both times', evidence: logins.ownAccount, ...ADMITTED },
  {
    name: 'another account of his after it',
    evidence: names.staleHostSameUser,
    from: 'admitted',
    to: 'admitted',
    flush: 'changes-account',
    exit: 0,
  },
  {
    name: 'an anonymous account now, his own after',
    evidence: {
      ...names.staleHost,
      user: 'jdoe',
      accounts: known(rowsOf(account('', '%.example.com'), JDOE)),
    },
    from: 'admitted',
    to: 'admitted',
    flush: 'changes-account',
    exit: 0,
  },
  {
    name: 'denied now, let in after',
    evidence: { ...logins.waitingUser, dns: confirmed() },
    from: 'denied',
    to: 'admitted',
    flush: 'cures',
    exit: 1,
  },
  {
    name: 'denied until DNS is fixed',
    evidence: logins.waitingUser,
    from: 'denied',
    to: 'denied',
    flush: 'cures-after-fix',
    exit: 1,
  },
  {
    name: 'let in by one row, and another waits for the name',
    evidence: {
      ...names.nullHostNoPtr,
      user: 'jdoe',
      accounts: known(rowsOf(account('jdoe', '%'), JDOE)),
    },
    from: 'admitted',
    to: 'admitted',
    flush: 'cures-after-fix',
    exit: 0,
  },
  {
    name: 'somebody else waits for the name',
    evidence: { ...logins.waitingUser, user: 'app' },
    from: 'denied',
    to: 'denied',
    flush: 'useless',
    exit: 1,
  },
  {
    name: 'let in now, denied after',
    evidence: { ...names.dnsGone, user: 'jdoe', accounts: known(rowsOf(ROLE, JDOE)) },
    from: 'admitted',
    to: 'denied',
    flush: 'breaks',
    exit: 0,
  },
  {
    name: 'his host check fails, and DNS will not change it',
    evidence: { ...logins.noAccount, user: 'jdoe' },
    ...REFUSED,
  },
];

describe('for one user', () => {
  it.each(BY_USER)('$name: $flush', checkForecast);
});

const ROLE_OPENS = { from: 'admitted', to: 'admitted' } as const;

/** The host check passes both times, so the accounts decide. */
const BY_ACCOUNTS: readonly ForecastRow[] = [
  {
    name: 'one is gained behind a role',
    evidence: names.roleOpensHostCheck,
    ...ROLE_OPENS,
    flush: 'cures',
    exit: 1,
  },
  {
    name: 'one waits for a name behind a role',
    evidence: names.roleOpensUnfixed,
    ...ROLE_OPENS,
    flush: 'cures-after-fix',
    exit: 1,
  },
  {
    name: 'one waits for a name beside one that can log in',
    evidence: names.nullBesideAddress,
    ...ROLE_OPENS,
    flush: 'cures-after-fix',
    exit: 0,
  },
  {
    name: 'one is lost behind a role',
    evidence: { ...names.dnsGone, accounts: known(rowsOf(ROLE, JDOE)) },
    ...ROLE_OPENS,
    flush: 'breaks',
    exit: 0,
  },
  {
    name: 'one is gained, one is lost',
    evidence: names.staleHostOtherAccount,
    ...ROLE_OPENS,
    flush: 'changes-account',
    exit: 0,
  },
  {
    name: 'none is gained or lost',
    evidence: { ...names.nullHostFixed, accounts: known(rowsOf(BY_ADDRESS, ROLE)) },
    ...ADMITTED,
  },
];

describe('without a user', () => {
  it.each(BY_ACCOUNTS)('$name: $flush', checkForecast);
});

describe('the accounts', () => {
  const listed = (evidence: Evidence) => {
    const { accounts, accountsTotal } = diagnose(evidence).forecast;
    const rows = accounts.map(({ account: one, now, afterFlush }) => ({
      account: accountName(one),
      now,
      afterFlush,
    }));
    return { rows, accountsTotal };
  };

  it('are those that match now or after, the more specific first', () => {
    expect(listed(names.staleHostOtherAccount)).toEqual({
      rows: [
        { account: `'etl'@'${OLD_NAME}'`, now: true, afterFlush: false },
        { account: `'jdoe'@'${NAME}'`, now: false, afterFlush: true },
      ],
      accountsTotal: 2,
    });
  });

  it('are also those that a name could match, where DNS comes before the flush', () => {
    const elsewhere = account('etl', '10.%');
    const accounts = { ...rowsOf(JDOE, elsewhere), moreMatching: 2, moreNamed: 40 };
    expect(listed({ ...names.nullHostNoPtr, accounts: known(accounts) })).toEqual({
      rows: [{ account: `'jdoe'@'${NAME}'`, now: false, afterFlush: false }],
      accountsTotal: 43,
    });
    // Where no name is waited for, those of other names do not count.
    expect(listed({ ...healthy, accounts: known(accounts) }).accountsTotal).toBe(3);
  });

  it('are chosen under their own names: a less specific one of the same user is not', () => {
    const evidence = {
      ...healthy,
      accounts: known(rowsOf(JDOE, account('jdoe', '%'), account('app', '%'), account('', NAME))),
    };
    expect(listed(evidence).rows).toEqual([
      { account: `'jdoe'@'${NAME}'`, now: true, afterFlush: true },
      { account: `''@'${NAME}'`, now: true, afterFlush: true },
      { account: "'jdoe'@'%'", now: false, afterFlush: false },
      // Logins of app land on the anonymous account.
      { account: "'app'@'%'", now: false, afterFlush: false },
    ]);
  });

  it('are not chosen where the host check refuses them', () => {
    const evidence = { ...healthy, accounts: known(rowsOf(account('app', '192.0.2.7/32'))) };
    expect(listed(evidence).rows).toEqual([
      { account: "'app'@'192.0.2.7/32'", now: false, afterFlush: false },
    ]);
    expect(diagnose(evidence).prediction.now.outcome).toBe('refused');
  });

  it('name their ties', () => {
    const { now } = diagnose(logins.tiedAccounts).prediction;
    expect([now.account, ...now.ties].map((one) => one?.host)).toEqual(['%.example.com', '%.com']);
  });
});

describe('a NULL that becomes a name', () => {
  const accounts = known(rowsOf(account('app', '192.0.2.7'), account('app', NAME)));
  const evidence = { ...names.nullHostFixed, user: 'app', accounts };

  it('changes no account of MySQL, where addresses come first', () => {
    expect(diagnose(evidence).forecast.effect).toBe('useless');
  });

  it('changes the account of MariaDB, where names do', () => {
    const { forecast, prediction } = diagnose({ ...evidence, settings: known(MARIADB) });
    expect(forecast.effect).toBe('changes-account');
    expect(prediction.now.account?.host).toBe('192.0.2.7');
    expect(prediction.afterFlush.account?.host).toBe(NAME);
  });

  it('never waits for a name that DNS already gives', () => {
    const waiting = { ...names.nullHostFixed, accounts: known(rowsOf(account('app', '%.corp'))) };
    expect(diagnose(waiting).forecast.effect).toBe('useless');
    expect(diagnose({ ...waiting, dns: NO_PTR }).forecast.effect).toBe('cures-after-fix');
  });
});
