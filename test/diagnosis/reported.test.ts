import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { exitOf } from '../../src/diagnosis/json.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import { reportedBy } from '../../src/diagnosis/reported.ts';
import { account, rowsOf } from '../scenarios/accounts.ts';
import * as blocks from '../scenarios/blocks.ts';
import { addressOf, NAME } from '../scenarios/clients.ts';
import { entry } from '../scenarios/entries.ts';
import { healthy, QUIET, sessions } from '../scenarios/evidence.ts';
import * as logins from '../scenarios/logins.ts';

/** A pasted error, or the entry's own counters, against what the tables say. */

const ERROR_AT = new Date('2026-11-21T03:59:58Z');
const BEFORE = new Date('2026-11-20T00:00:00Z');

/** Its last connection got 1130; `changedAt`: when the account that admits it was made. */
function refusedLast(changedAt: Date | null, change: Partial<Evidence> = {}): Evidence {
  const counters = { COUNT_HOST_ACL_ERRORS: 1 };
  return {
    ...healthy,
    entry: known(entry({ counters, firstErrorAt: ERROR_AT, lastErrorAt: ERROR_AT })),
    accounts: known(rowsOf(account('jdoe', NAME, { changedAt }))),
    ...change,
  };
}

const pasted = (error: number, on: Evidence = healthy): Evidence => ({
  ...on,
  reported: reportedBy(error),
});

function told(evidence: Evidence) {
  const said = diagnose(evidence);
  return {
    now: said.prediction.now.outcome,
    exit: exitOf(said),
    first: said.findings[0] === undefined ? null : said.findings[0].rule,
    headline: diagnosisMessage(said, evidence.client.text).headline,
  };
}

describe('1130, although mysql.user admits the client', () => {
  it.each([
    { name: 'pasted', evidence: pasted(1130) },
    { name: 'pasted, as a user', evidence: pasted(1130, logins.ownAccount) },
    {
      name: 'pasted, where another account opens the check',
      evidence: pasted(1130, logins.noSuchUser),
    },
    { name: 'counted, by an account older than the error', evidence: refusedLast(BEFORE) },
  ])('$name: reload, and never "can log in"', ({ evidence }) => {
    const { findings, gaps } = diagnose(evidence);
    const { headline, ...rest } = told(evidence);
    expect(rest).toEqual({ now: 'unknown', exit: 1, first: 'privileges-not-reloaded' });
    expect(headline).toMatch(/was refused by main \(1130\).*FLUSH PRIVILEGES/);
    expect(headline).not.toMatch(/can log in|passes/);
    expect(findings[0]).toMatchObject({ severity: 'blocking', statements: ['FLUSH PRIVILEGES;'] });
    expect(gaps.join()).toContain('not known');
  });

  it.each([
    { name: 'it logged in since', evidence: pasted(1130, loggedInSince()) },
    { name: 'it has a session', evidence: refusedLast(BEFORE, { activity: known(connected()) }) },
    {
      name: 'the account is newer than the error',
      evidence: refusedLast(new Date(ERROR_AT.getTime() + 5_000)),
    },
    {
      name: 'the account may be newer by a part of a second',
      evidence: refusedLast(new Date(ERROR_AT.getTime() - 1_000)),
    },
    { name: 'nothing shows how old the account is', evidence: refusedLast(null) },
  ])('$name: the tables count', ({ evidence }) => {
    expect(told(evidence)).toMatchObject({ now: 'admitted', exit: 0 });
  });

  it.each([
    { name: 'the last of several errors is not known', column: 'COUNT_HANDSHAKE_ERRORS' },
    { name: 'it had no name at first', column: 'COUNT_NAMEINFO_TRANSIENT_ERRORS' },
    { name: 'its name was rejected at first', column: 'COUNT_FORMAT_ERRORS' },
  ])('$name: the tables count, too', ({ column }) => {
    const counters = { COUNT_HOST_ACL_ERRORS: 1, [column]: 1 };
    const evidence = refusedLast(BEFORE, {
      entry: known(entry({ counters, lastErrorAt: ERROR_AT })),
    });
    expect(told(evidence).now).toBe('admitted');
  });
});

describe('an entry that counts no 1130', () => {
  it.each([
    { evidence: healthy, says: 'Its entry counts no 1130 since 2026-11-20 09:02:11 UTC' },
    { evidence: { ...healthy, entry: known(null) }, says: 'only after FLUSH PRIVILEGES' },
    { evidence: refusedLast(BEFORE), says: 'only after FLUSH PRIVILEGES' },
  ])('is older than the error, or of another server: $says', ({ evidence, says }) => {
    expect(diagnose(pasted(1130, evidence)).findings[0]?.cause).toContain(says);
  });
});

describe('a pasted 1129', () => {
  it('of a host that is not blocked any more has the figures', () => {
    const evidence = pasted(1129, blocks.belowHalf);
    const { findings } = diagnose(evidence);
    const said = findings.find(({ rule }) => rule === 'no-longer-blocked');
    expect(said?.cause).toMatch(/SUM_CONNECT_ERRORS is 49, max_connect_errors is 100/);
    expect(told(evidence)).toMatchObject({ now: 'admitted', exit: 0 });
  });

  it('of a host without an entry says why there is none', () => {
    const said = diagnose(pasted(1129, { ...healthy, entry: known(null) })).findings;
    expect(said.find(({ rule }) => rule === 'no-longer-blocked')?.cause).toContain('emptied');
  });
});

describe('a pasted 1045', () => {
  it('where an account matches names it, and what else it can be', () => {
    const evidence = pasted(1045, logins.ownAccount);
    expect(told(evidence)).toMatchObject({ now: 'admitted', exit: 1, first: 'wrong-password' });
    expect(told(evidence).headline).toContain(`if the password is that of 'jdoe'@'${NAME}'`);
    const [first] = diagnose(evidence).findings;
    expect(first?.remedy).toMatch(/requires TLS.*FLUSH PRIVILEGES.*another server/);
  });

  it('where an anonymous account is in front blames that one', () => {
    expect(told(pasted(1045, logins.anonymousInFront))).toMatchObject({
      exit: 1,
      first: 'anonymous-account',
    });
  });
});

describe('a pasted 1045 where only an anonymous account matches', () => {
  const anonymous: Evidence = {
    ...logins.anonymousInFront,
    accounts: known(rowsOf(account('', '127.%'))),
    client: addressOf('127.0.0.1'),
    entry: known(null),
    dns: null,
  };

  it('is no login, and a local client may be another one', () => {
    expect(told(anonymous)).toMatchObject({ exit: 0 });
    const [first] = diagnose(pasted(1045, anonymous)).findings;
    expect(first).toMatchObject({ rule: 'wrong-password', severity: 'blocking' });
    expect(first?.remedy).toMatch(/Unix socket or from ::1/);
  });
});

describe('an account that is reached and cannot serve', () => {
  const EXPIRED = account('jdoe', NAME, { expired: true });

  it.each([
    { name: 'anonymous', evidence: logins.anonymousInFront },
    { name: 'locked', evidence: logins.lockedAccount },
    { name: 'expired', evidence: { ...logins.ownAccount, accounts: known(rowsOf(EXPIRED)) } },
  ])('$name: it lands there, it is not admitted', ({ evidence }) => {
    const message = diagnosisMessage(diagnose(evidence), evidence.client.text);
    expect(message.headline).toContain('lands on');
    expect(message.headline).not.toContain('can log in');
    expect(JSON.stringify(message)).not.toMatch(/Now: admitted/);
  });
});

function loggedInSince(): Evidence {
  return { ...healthy, entry: known(entry({ lastErrorAt: BEFORE })) };
}

function connected() {
  return { ...QUIET, sessions: [sessions(NAME)] };
}
