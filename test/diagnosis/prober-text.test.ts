import { describe, expect, it } from 'vitest';
import { known, unknown } from '../../src/diagnosis/evidence.ts';
import { proberOf, type Witness } from '../../src/diagnosis/prober-text.ts';
import type { LoginFailure } from '../../src/hostcache/failures.ts';
import { CLIENT, NAME } from '../scenarios/clients.ts';

const AT = new Date('2026-11-29T12:00:00Z');

function rows(user: string | null, ...errors: readonly number[]): readonly LoginFailure[] {
  const end = new Date(AT.getTime() + 27_000);
  return errors.map((error) => ({
    ...{ user, host: NAME, error, count: 9 },
    ...{ firstAt: AT, lastAt: end },
  }));
}

function witness(failures: readonly LoginFailure[], lost = 0): Witness {
  const users = [...new Set(failures.map(({ user }) => user))];
  const counts = users.map((user) => ({ user, host: NAME, connections: 9, open: 0 }));
  return {
    client: CLIENT,
    failures: known(failures),
    logins: known({ counts, lost }),
    entry: known(null),
  };
}

const TCP = witness(rows(null, 1043, 1158));
const CHECK = witness(rows('haproxy', 1043, 1156));
const MONITOR = witness(rows('nagios', 1045));

describe('proberOf', () => {
  it('says one product as a fact', () => {
    expect(proberOf(CHECK, 'handshake')).toEqual({
      explains: expect.any(Function),
      cause:
        "haproxy sends its next packet before the server has answered the login (1156), 9 times, one every 3.4 s on average, from 2026-11-29 12:00:00 UTC to 2026-11-29 12:00:27 UTC. That is HAProxy's option mysql-check with post-80.",
      remedy: expect.stringMatching(
        /^HAProxy: option mysql-check can only log in to an account with/,
      ),
    });
  });

  it('says all that fit, and that they cannot be told apart', () => {
    expect(proberOf(TCP, 'handshake')?.cause).toMatch(
      /\. The counters do not tell these apart: a TCP check of HAProxy.+; a port scanner\.$/,
    );
  });

  it('says whose usual interval it is, where that is all that is known', () => {
    const times = { firstAt: AT, lastAt: new Date(AT.getTime() + 80_000) };
    const slow = rows(null, 1043, 1158).map((row) => ({ ...row, ...times }));
    expect(proberOf(witness(slow), 'handshake')?.cause).toMatch(
      /That is the usual interval of Kubernetes' tcpSocket probe; AWS Network Load Balancer's health check\.$/,
    );
  });

  it('tells who breaks off from who is denied', () => {
    expect(proberOf(MONITOR, 'handshake')).toBeNull();
    expect(proberOf(MONITOR, 'login')?.explains({ user: 'nagios', error: 1045 })).toBe(true);
    expect(proberOf(MONITOR, 'login')?.explains({ user: 'shop', error: 1045 })).toBe(false);
    expect(proberOf(MONITOR, 'login')?.remedy).toMatch(/^Give check_mysql the -u and -p/);
    expect(proberOf(TCP, 'login')).toBeNull();
  });

  it('says nothing where the server has lost rows, or tells nothing', () => {
    expect(proberOf(witness(rows(null, 1043, 1158), 1), 'handshake')).toBeNull();
    const unread = { ...TCP, failures: unknown('no grant') };
    expect(proberOf(unread, 'handshake')).toBeNull();
  });

  it('gives each cure once, and at most three', () => {
    const users = ['a', 'b', 'c', 'd'].flatMap((user) => rows(user, 1043, 1156));
    const said = proberOf(witness(users), 'handshake');
    expect(said?.cause.match(/post-80/g)).toHaveLength(3);
    expect(said?.remedy.match(/MySQL 9/g)).toHaveLength(1);
  });
});
