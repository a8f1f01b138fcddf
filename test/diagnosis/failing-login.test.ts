import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { FAILURES_LISTED, failedLogins, goodLogins } from '../../src/diagnosis/failed-logins.ts';
import { exitOf, toJson } from '../../src/diagnosis/json.ts';
import { diagnosisMessage } from '../../src/diagnosis/messages.ts';
import type { RuleId } from '../../src/diagnosis/rule.ts';
import { LOGIN_ERRORS } from '../../src/hostcache/failures.ts';
import * as failures from '../scenarios/failures.ts';
import { failing, failure } from '../scenarios/failures.ts';
import { MARIADB, MYSQL } from '../scenarios/servers.ts';

/** Who fails to log in from a client, in words and as data. */

function found(evidence: Evidence, id: RuleId = 'failing-login') {
  return diagnose(evidence).findings.find(({ rule }) => rule === id);
}

const headline = (evidence: Evidence) =>
  diagnosisMessage(diagnose(evidence), evidence.client.text).headline;

describe('failing-login', () => {
  it('says who, with which error, how often, first and last, and who logs in well', () => {
    const finding = found(failures.oneOfTwoFails);
    expect(finding?.severity).toBe('degraded');
    expect(finding?.title).toBe('billing fails to log in from here (1045)');
    expect(finding?.cause).toBe(
      'billing: access denied (1045) 212 times, first 2026-11-20 09:00:00 UTC, last 2026-11-21 04:00:00 UTC. ' +
        'shop (34 times) logged in well from here: one client behind this address fails, not the address. ' +
        'Counted since the server started.',
    );
  });

  it.each([
    { name: 'often and lately', change: { count: 3 }, severity: 'degraded' },
    { name: 'twice', change: { count: 2 }, severity: 'note' },
    {
      name: 'often, over an hour ago',
      change: { lastAt: new Date('2026-11-21T03:00:11Z') },
      severity: 'note',
    },
    {
      name: 'often, an hour ago',
      change: { lastAt: new Date('2026-11-21T03:00:12Z') },
      severity: 'degraded',
    },
  ])('$name is a $severity', ({ change, severity }) => {
    expect(found(failing([failure(change)]))?.severity).toBe(severity);
  });

  it('is about the user who was asked about, if one was', () => {
    const rows = [failure(), failure({ user: 'jdoe', count: 1 })];
    const evidence = { ...failures.ownLoginFails, failures: known(rows) };
    const finding = found(evidence);
    expect(finding?.severity).toBe('note');
    expect(finding?.title).toBe('jdoe fails to log in from here (1045)');
    expect(finding?.cause).not.toContain('billing');
    expect(toJson(diagnose(evidence), 'x')).toMatchObject({ failures: rows });
    expect(headline(evidence)).toContain('can log in');
  });

  it('takes back that the user can log in, where the logins keep failing', () => {
    expect(headline(failures.ownLoginFails)).toContain('its logins have failed');
    expect(headline(failures.ownLoginFails)).not.toContain('can log in');
    expect(exitOf(diagnose(failures.ownLoginFails))).toBe(0);
  });

  it('spells hostile login names out, on one line, in quotes', () => {
    const cause = found(failures.hostileNames)?.cause ?? '';
    expect(cause).toContain(
      `'root; all is well.\\u000aroot (1045) once': access denied (1045) once`,
    );
    expect(cause).toContain(`'<!channel> \\u202e*b*': access denied`);
    expect(cause).not.toContain('\n');
    const json = JSON.stringify(toJson(diagnose(failures.hostileNames), 'x'));
    expect(JSON.parse(json).failures[0].user).toBe('root; all is well.\nroot (1045) once');
  });

  it('has words and a remedy for every error of a login', () => {
    for (const error of LOGIN_ERRORS.keys()) {
      if (error === 1129 || error === 1130) continue;
      const rows = [failure({ error }), failure({ error: 1043 })];
      const finding = found(failing(rows));
      expect(finding?.cause, String(error)).toContain(`(${error}) 212 times`);
      expect(finding?.cause).not.toMatch(/: error \d/);
      expect(finding?.remedy).not.toBe('');
    }
  });

  it('counts a broken handshake once', () => {
    const rows = [failure({ error: 1043, count: 5 }), failure({ error: 1251, count: 5 })];
    expect(found(failing(rows))?.cause).not.toContain('1043');
    const more = [failure({ error: 1043, count: 6 }), failure({ error: 1251, count: 5 })];
    expect(found(failing(more))?.cause).toContain('1043');
  });
});

describe('handshake-errors', () => {
  it('tells how the handshakes ended', () => {
    expect(found(failures.brokenHandshakes, 'handshake-errors')?.cause).toBe(
      "The server's record of logins has 15, since 2026-11-20 09:00:00 UTC: " +
        '5 times the client went away (1158); 4 times the client fell silent until connect_timeout (1159); ' +
        '3 times the client did not speak the MySQL protocol (1156); ' +
        "2 times the client does not have the account's authentication method (1251); " +
        'once TLS failed, or the client quit instead of logging in. ' +
        '3 connections began with packets that are not of the MySQL protocol (1156), ' +
        'from 2026-11-20 09:00:00 UTC to 2026-11-21 04:00:00 UTC. The counters do not tell these apart: ' +
        'an HTTP check of HAProxy, a load balancer, Kubernetes or Nagios; ' +
        'a proxy that sends the PROXY protocol (send-proxy); a port scanner.',
    );
  });

  it('advises on what no program explains, and on what one does by its product', () => {
    const rows = [
      failure({ user: 'haproxy', error: 1043, count: 9 }),
      failure({ user: 'haproxy', error: 1251, count: 9 }),
      failure({ user: null, error: 1043, count: 4 }),
      failure({ user: null, error: 1159, count: 4 }),
    ];
    expect(found(failing(rows), 'handshake-errors')?.remedy).toMatch(/^Fell silent: look for/);
    expect(found(failing(rows))?.remedy).toMatch(/^HAProxy: option mysql-check/);
    const scan = [
      failure({ user: null, error: 1043, count: 4 }),
      failure({ user: null, error: 1156, count: 4 }),
    ];
    expect(found(failing(scan), 'handshake-errors')?.remedy).toMatch(
      /^Point the check at .+ a firewall\. (?!Another protocol)/,
    );
  });
});

describe('a program behind failed logins', () => {
  it('gives the cure of a monitor beside the advice for others', () => {
    const rows = [failure({ user: 'nagios' }), failure({ user: 'shop' })];
    const counts = [{ user: 'nagios', host: '192.0.2.7', connections: 212, open: 0 }];
    const remedy = found(failing(rows, counts), 'failing-login')?.remedy;
    expect(remedy).toMatch(/^Give check_mysql the -u and -p .+ Correct the password/);
    const alone = found(failing(rows.slice(0, 1), counts), 'failing-login')?.remedy;
    expect(alone).not.toMatch(/Correct the password/);
  });
});

describe('the record of logins', () => {
  it('subtracts failures from connections, a broken handshake once', () => {
    const rows = [
      failure({ count: 4 }),
      failure({ error: 1043, count: 3 }),
      failure({ error: 1158, count: 3 }),
    ];
    const counts = [{ user: 'billing', host: '192.0.2.7', connections: 8, open: 0 }];
    expect(goodLogins(failing(rows, counts))).toEqual([{ user: 'billing', times: 1 }]);
  });

  it('is listed newest first, at most 20 rows; a gap counts them all', () => {
    const rows = Array.from({ length: FAILURES_LISTED + 1 }, (_, at) =>
      failure({ user: `u${at}`, lastAt: new Date(at * 1000) }),
    );
    const diagnosis = diagnose(failing(rows));
    const json = JSON.parse(JSON.stringify(toJson(diagnosis, 'x')));
    expect(json.failures).toHaveLength(FAILURES_LISTED);
    expect(json.failures[0]).toEqual({
      user: 'u20',
      host: '192.0.2.7',
      error: 1045,
      count: 212,
      firstAt: '2026-11-20T09:00:00.000Z',
      lastAt: '1970-01-01T00:00:20.000Z',
    });
    expect(diagnosis.gaps.join()).toContain('newest 20 of 21');
  });

  it('has rows of all clients together for 1130, which are of no client', () => {
    const all = failure({ user: null, host: null, error: 1130, count: 34 });
    const evidence = { ...failing([all]), accounts: known(NO_ACCOUNTS) };
    expect(failedLogins(evidence)).toEqual([]);
    expect(found(evidence)).toBeUndefined();
    const { cause } = found(evidence, 'no-matching-account') ?? { cause: '' };
    expect(cause).toContain('of all clients together: 34 times, last 2026-11-21 04:00:00 UTC');
  });

  it('says that rows are missing, or why there is none', () => {
    const lost = { ...failing([]), logins: known({ counts: [], lost: 2 }) };
    expect(diagnose(lost).gaps.join()).toContain('no room to count 2 accounts and hosts');
    const none = {
      ...failing([]),
      settings: known(MARIADB),
      failures: { known: false, why: 'x.' },
    } as const;
    expect(diagnose(none).gaps).toContain('Who fails to log in from here: x.');
    expect(toJson(diagnose(none), 'x')).toMatchObject({ failures: null });
    expect(diagnose({ ...failing([]), settings: known(MYSQL) }).gaps).toEqual([]);
  });

  it('tells a client that the cache dropped from one that never came', () => {
    const counts = [{ user: 'shop', host: '192.0.2.7', connections: 12, open: 0 }];
    const evidence = { ...failing([], counts), settings: known(MYSQL), entryCount: 3 };
    expect(found(evidence, 'never-seen')?.cause).toContain('has connected 12 times');
    const never = { ...evidence, logins: known({ counts: [], lost: 0 }) };
    expect(found(never, 'never-seen')?.cause).toContain('has not connected');
  });
});

const NO_ACCOUNTS = { rows: [], moreMatching: 0, moreNamed: 0 };
