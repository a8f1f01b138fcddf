import { describe, expect, it } from 'vitest';
import { isReply } from '../../src/chat/reply.ts';
import { countSilenced, matcherText, parseMatcher, silencedBy } from '../../src/sweep/silence.ts';
import { readSilence } from '../../src/sweep/silence-line.ts';
import { silence } from '../adapters/store/samples.ts';

/** What a silence hides, and how it is typed. */

const SERVERS = ['main', 'replica'];

/** What is typed, the server, rule and address that it meets; null = the server as a whole. */
const MEETINGS = [
  ['main', 'main', 'null-host', '192.0.2.7', true],
  ['main', 'main', 'cache-full', null, true],
  ['main', 'replica', 'null-host', '192.0.2.7', false],
  ['null-host', 'replica', 'null-host', '192.0.2.7', true],
  ['null-host', 'main', 'stale-host', '192.0.2.7', false],
  ['cache-full', 'main', 'cache-full', null, true],
  ['null-host on main', 'main', 'null-host', '192.0.2.7', true],
  ['null-host on main', 'replica', 'null-host', '192.0.2.7', false],
  ['null-host on main', 'main', 'stale-host', '192.0.2.7', false],
  ['192.0.2.0/29 on main', 'main', 'null-host', '192.0.2.7', true],
  ['192.0.2.0/29 on main', 'replica', 'null-host', '192.0.2.7', false],
  ['192.0.2.7', 'main', 'null-host', '192.0.2.7', true],
  ['192.0.2.7', 'main', 'null-host', '192.0.2.6', false],
  ['192.0.2.0/29', 'main', 'null-host', '192.0.2.7', true],
  ['192.0.2.0/29', 'main', 'null-host', '192.0.2.8', false],
  ['192.0.2.0/29', 'main', 'cache-full', null, false],
  ['0.0.0.0/0', 'main', 'null-host', '2001:db8::7', false],
  ['2001:db8::/32', 'main', 'null-host', '2001:db8::7', true],
] as const;

describe('a silence', () => {
  it.each(MEETINGS)('of %s, on %s: %s of %s', (typed, server, rule, address, isHidden) => {
    const targets = SERVERS.map((name) => ({ server: { name } }));
    const line = readSilence(typed.split(' '), targets);
    const matcher = isReply(line) ? null : line.what;
    if (matcher === null || matcher.kind === 'alert') throw new Error(`no matcher: ${typed}`);
    expect(matcherText(matcher)).toBe(typed);
    expect(silencedBy([silence({ matcher })], server)(rule, address) !== null).toBe(isHidden);
  });

  it.each(['', 'mian', 'never-seen', '192.0.2.0/33', '192.0.2.0/', '192.0.2.0/8/8', '::/129', '1'])(
    'of "%s" is none',
    (typed) => expect(parseMatcher(typed, SERVERS)).toBeNull(),
  );
});

it('hidden hosts are counted, of all rules', () => {
  const host = (address: string) => ({ address, name: null, says: '', sinceAt: null });
  const hosts = ['192.0.2.7', '192.0.2.8'].map(host);
  const observations = [
    { rule: 'null-host', hosts, fact: null },
    { rule: 'near-block', hosts: hosts.slice(1), fact: null },
  ] as const;
  const silenceOf = (_: string, address: string | null) =>
    address === '192.0.2.8' ? silence() : null;
  expect(countSilenced(observations, silenceOf)).toBe(2);
});
