import { expect, it } from 'vitest';
import { matches, parseHostPattern } from '../../src/hostcache/host-pattern.ts';
import { coverOf } from '../../src/plan/cover.ts';
import { fc } from '../chance.ts';
import { addressOf } from '../scenarios/clients.ts';

/** Few patterns for many addresses, none of which matches a stranger. */

const ipv4 = (octets: readonly number[], prefix = '192.0.2') =>
  octets.map((octet) => `${prefix}.${octet}`);
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

it.each([
  { name: 'nothing', addresses: [], hosts: [] },
  { name: 'one address', addresses: ipv4([7]), hosts: ['192.0.2.7'] },
  { name: 'neighbours', addresses: ipv4([8, 9]), hosts: ['192.0.2.8/255.255.255.254'] },
  { name: 'no neighbours', addresses: ipv4([7, 9]), hosts: ['192.0.2.7', '192.0.2.9'] },
  { name: 'ten by the last digit', addresses: ipv4(range(70, 79)), hosts: ['192.0.2.7_'] },
  { name: 'a whole network', addresses: ipv4(range(0, 255)), hosts: ['192.0.2.0/255.255.255.0'] },
  {
    name: 'most of a network, where the others may have it too',
    addresses: ipv4(range(0, 200)),
    mayMatch: (text: string) => text.startsWith('192.0.2.'),
    hosts: ['192.0.2.0/255.255.255.0'],
  },
  {
    name: 'two networks that make one',
    addresses: [...ipv4(range(0, 255)), ...ipv4(range(0, 255), '192.0.3')],
    hosts: ['192.0.2.0/255.255.254.0'],
  },
])('$name', ({ addresses, hosts, mayMatch = () => false }) => {
  expect(coverOf({ addresses, mayMatch })).toEqual(hosts);
});

it.each(['mysql', 'mysql-old', 'mariadb'] as const)('matches all, and no other, on %s', (rules) => {
  const octets = fc.uniqueArray(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(octets, octets, (needed, allowed) => {
      const addresses = ipv4(needed);
      const may = new Set(ipv4(allowed));
      const patterns = coverOf({ addresses, mayMatch: (text) => may.has(text) }).map((host) =>
        parseHostPattern(host, rules),
      );
      expect(patterns.length).toBeLessThanOrEqual(addresses.length);
      for (const text of ipv4(range(0, 255))) {
        const isMatched = patterns.some((each) => matches(each, addressOf(text), null, rules));
        if (addresses.includes(text)) expect(isMatched, text).toBe(true);
        else if (isMatched) expect(may, text).toContain(text);
      }
    }),
    { numRuns: 60 },
  );
});
