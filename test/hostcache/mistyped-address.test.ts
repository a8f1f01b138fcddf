import { describe, expect, it } from 'vitest';
import { parseAddress } from '../../src/hostcache/address.ts';
import { mistypedAddress } from '../../src/hostcache/mistyped-address.ts';
import { fc } from '../chance.ts';

describe('a mistyped address', () => {
  it.each([
    { name: 'a port', word: '192.0.2.7:3306', what: /port, 3306/, instead: '192.0.2.7' },
    { name: 'a port of IPv6', word: '[2001:db8::1]:3306', what: /port/, instead: '2001:db8::1' },
    { name: 'a trailing comma', word: '192.0.2.7,', what: /holds more/, instead: '192.0.2.7' },
    { name: 'a full stop', word: '192.0.2.7.', what: /holds more/, instead: '192.0.2.7' },
    { name: 'quotes', word: "'192.0.2.7'", what: /holds more/, instead: '192.0.2.7' },
    { name: 'wide letters', word: '192．0．2．7', what: /holds more/, instead: '192.0.2.7' },
    { name: 'a network', word: '192.0.2.0/24', what: /a network/, instead: null },
    { name: 'a network of one', word: '192.0.2.7/32', what: /a network/, instead: '192.0.2.7' },
    {
      name: 'a letter O',
      word: '192.O.2.7',
      what: /letter instead of a digit/,
      instead: '192.0.2.7',
    },
    {
      name: 'a letter l',
      word: '192.0.2.l',
      what: /letter instead of a digit/,
      instead: '192.0.2.1',
    },
    { name: 'commas', word: '192,0,2,7', what: /commas/, instead: '192.0.2.7' },
    { name: 'cut off', word: '192.0.2.', what: /3 numbers/, instead: null },
    { name: 'five numbers', word: '192.0.2.7.5', what: /5 numbers/, instead: null },
    { name: 'too large', word: '192.0.2.300', what: /300 is over 255/, instead: null },
    { name: 'octal', word: '010.0.0.1', what: /010 begins with 0/, instead: null },
    { name: 'two dots', word: '192.0..2.7', what: /an extra dot/, instead: '192.0.2.7' },
    { name: 'three colons', word: '2001:db8:::1', what: /three colons/, instead: '2001:db8::1' },
    { name: 'not hexadecimal', word: '2001:db8::g', what: /"g" is not/, instead: null },
    { name: 'too long a group', word: '2001:db8::12345', what: /12345 is over/, instead: null },
    { name: '"::" twice', word: '2001::db8::1', what: /twice/, instead: null },
    { name: 'too few groups', word: '2001:db8:1', what: /3 groups/, instead: null },
  ])('$name', ({ word, what, instead }) => {
    expect(mistypedAddress(word)).toEqual({ problem: expect.stringMatching(what), instead });
  });

  it.each([
    '192.0.2.7',
    '[2001:db8::1]',
    'merp.example.com',
    'web-1.oil.lol',
    'db1:3306',
    'host.example.com:3306',
    '',
    '10',
    'main',
  ])('"%s" is none', (word) => {
    expect(mistypedAddress(word)).toBeNull();
  });

  it('offers addresses only, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (word) => {
        const instead = mistypedAddress(word)?.instead ?? null;
        expect(instead === null || parseAddress(instead)?.text === instead).toBe(true);
      }),
    );
    const typed = fc.stringMatching(/^[0-9a-fgOl.:,/[\]]{0,24}$/);
    fc.assert(
      fc.property(typed, (word) => {
        const instead = mistypedAddress(word)?.instead ?? null;
        expect(instead === null || parseAddress(instead)?.text === instead).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
