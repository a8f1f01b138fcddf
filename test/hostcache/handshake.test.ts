import { describe, expect, it } from 'vitest';
import { adviseOnPileup, pileupOf, sayWaiting } from '../../src/hostcache/activity.ts';
import { type HandshakeStep, stepOf } from '../../src/hostcache/handshake.ts';
import { QUIET, waiting } from '../scenarios/evidence.ts';

/** The step of a handshake, from what MySQL 9.7.4 and MariaDB 10.11.18 show at each. */

const MYSQL = { version: '9.7.4-2', reading: 'Receiving from client', greeting: 79 };
const MARIADB = {
  version: '10.11.18-MariaDB-0+deb12u1',
  reading: 'Reading from net',
  greeting: 104,
};
const FROM_ADDRESS = { isUserShown: false, isDnsExcluded: false };

describe.each([MYSQL, MARIADB])('$version', ({ version, reading, greeting }) => {
  const at = (state: string, sent: number, received: number) =>
    stepOf({ ...FROM_ADDRESS, version, state, bytes: { sent, received } });

  it.each([
    ['DNS does not answer', 'login', 0, 0, 'dns'],
    ['silent after the greeting', reading, greeting, 0, 'greeting'],
    ['half a login packet', reading, greeting, 38, 'login'],
    ['as many bytes as a request for TLS has', reading, greeting, 36, 'login'],
    ['asked for TLS', 'login', greeting, 36, 'tls'],
    ['TLS, half a login packet', reading, greeting, 74, 'login'],
    ['before the server has begun', '', 0, 0, 'unknown'],
  ])('%s', (_, state, sent, received, step) => {
    expect(at(state, sent, received)).toBe(step);
  });
});

it.each([
  ['a plugin at work', 'login', 79, 76],
  ['asked for another plugin', MYSQL.reading, 127, 76],
  ['the same by TLS', MYSQL.reading, 127, 112],
  ['asked for the whole password', MYSQL.reading, 85, 90],
])('MySQL has the login packet: %s', (_, state, sent, received) => {
  const facts = { ...FROM_ADDRESS, version: MYSQL.version, state, bytes: { sent, received } };
  expect(stepOf(facts)).toBe('auth');
});

it('MariaDB shows the user once it has the login packet', () => {
  const facts = { ...FROM_ADDRESS, version: '10.11.18-MariaDB', isUserShown: true };
  expect(stepOf({ ...facts, state: MARIADB.reading, bytes: null })).toBe('auth');
});

it.each([
  { state: 'login', bytes: null, isDnsExcluded: false, step: 'dns or tls' },
  { state: 'login', bytes: null, isDnsExcluded: true, step: 'unknown' },
  { state: 'Receiving from client', bytes: null, isDnsExcluded: false, step: 'unknown' },
  // A lock holds it up.
  { state: 'login', bytes: { sent: 0, received: 0 }, isDnsExcluded: true, step: 'unknown' },
])('$state, $bytes, DNS excluded: $isDnsExcluded: $step', ({ step, ...facts }) => {
  expect(stepOf({ ...FROM_ADDRESS, version: '9.7.4', ...facts })).toBe(step);
});

describe('a pile-up', () => {
  const of = (...groups: readonly (readonly [HandshakeStep, ...number[]])[]) => {
    const pending = groups.flatMap(([step, ...seconds]) => waiting(step, ...seconds).pending);
    const pileup = pileupOf({ ...QUIET, pending });
    return pileup === null ? null : `${sayWaiting(pileup)}. ${adviseOnPileup(pileup)}`;
  };

  it('names DNS only where it is proved', () => {
    expect(of(['dns', 2, 2, 9])).toMatch(/^3 waiting for DNS\. Check the resolver/);
    const silent: readonly HandshakeStep[] = ['greeting', 'tls', 'login', 'auth', 'unknown'];
    for (const step of silent) expect(of([step, 2, 2, 9])).not.toMatch(/DNS|resolver/);
    expect(of(['dns or tls', 2, 2, 9])).toMatch(/^3 waiting for DNS or in the TLS handshake/);
  });

  it('leaves out those that came just now', () => {
    expect(of(['tls', 2, 2, 9], ['dns', 1, 0])).not.toMatch(/DNS|resolver/);
    expect(of(['tls', 2, 9], ['dns', 1, 0])).toBeNull();
  });

  it('counts each step, most first', () => {
    const mixed = of(['tls', 2], ['dns', 3, 4], ['greeting', 9, 9, 9]);
    expect(mixed).toMatch(
      /^3 silent after the greeting, 2 waiting for DNS, 1 in the TLS handshake/,
    );
    expect(mixed).toMatch(/resolver.*TLS/);
  });
});
