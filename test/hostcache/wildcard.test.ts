import { describe, expect, it } from 'vitest';
import {
  equalIgnoringCase,
  matchesAddressText,
  matchesGlob,
  matchesName,
  tokensOf,
} from '../../src/hostcache/wildcard.ts';
import { fc } from '../chance.ts';
import { glob, ip9, name9 } from './reference.ts';

/** The servers' three text matchers. */

const MATCHERS = [
  { name: 'matchesGlob', matches: (text: string, p: string) => matchesGlob(text, p, true) },
  { name: 'matchesName', matches: matchesName },
  { name: 'matchesAddressText', matches: matchesAddressText },
] as const;

describe('the quirks of MySQL 8 and newer', () => {
  it.each([
    // At the end of a name, `_%` needs one more character.
    { text: 'ab', pattern: 'a_%', name: false, glob: true },
    { text: 'abc', pattern: 'a_%', name: true, glob: true },
    { text: 'ab', pattern: '__%', name: false, glob: true },
    { text: 'a', pattern: '_%', name: false, glob: true },
    { text: 'ab', pattern: '_%', name: true, glob: true },
    { text: 'foo', pattern: 'foo%%', name: false, glob: true },
    { text: 'foo', pattern: 'foo%', name: true, glob: true },
    { text: 'food', pattern: 'foo%%', name: true, glob: true },
    { text: 'foo', pattern: '%%foo', name: true, glob: true },
    { text: '', pattern: '%', name: true, glob: true },
    { text: '', pattern: '%%', name: false, glob: true },
    { text: '', pattern: '', name: false, glob: true },
  ])('$text is like $pattern: name $name, glob $glob', ({ text, pattern, name, glob: plain }) => {
    expect(matchesName(text, pattern)).toBe(name);
    expect(matchesGlob(text, pattern, true)).toBe(plain);
  });

  it.each([
    { text: '10.1.2.5', pattern: '%_5', address: true, glob: true },
    { text: '5', pattern: '%_5', address: true, glob: false },
    { text: '10', pattern: '10%_', address: false, glob: false },
    { text: '100', pattern: '10%_', address: true, glob: true },
    { text: '2001:db8::5', pattern: '2001:DB8::5', address: false, glob: false },
    { text: '', pattern: '%', address: true, glob: true },
  ])('$text is like $pattern: address $address, glob $glob', (row) => {
    expect(matchesAddressText(row.text, row.pattern)).toBe(row.address);
    expect(matchesGlob(row.text, row.pattern, false)).toBe(row.glob);
  });

  it('a backslash escapes a wildcard, and is a plain character at the end', () => {
    for (const { matches } of MATCHERS) {
      expect(matches('a_b', 'a\\_b')).toBe(true);
      expect(matches('axb', 'a\\_b')).toBe(false);
      expect(matches('a%', 'a\\%')).toBe(true);
      expect(matches('a\\', 'a\\')).toBe(true);
      expect(matches('a\\', 'a\\\\')).toBe(true);
      expect(matches('ab', 'a\\b')).toBe(true);
    }
  });

  it('case is ignored in names, not in addresses', () => {
    expect(matchesName('Merp.Example.COM', 'mERP.%.com')).toBe(true);
    expect(matchesGlob('Merp', 'mERP', true)).toBe(true);
    expect(matchesGlob('Merp', 'mERP', false)).toBe(false);
    expect(matchesAddressText('2001:db8::a', '2001:db8::A')).toBe(false);
  });

  it('only ASCII letters have case', () => {
    expect(equalIgnoringCase('aZ', 'Az')).toBe(true);
    // In Unicode the long s and the dotless i become S and I.
    expect(equalIgnoringCase('\u017f', 's')).toBe(false);
    expect(equalIgnoringCase('\u0131', 'i')).toBe(false);
    expect(equalIgnoringCase('stra\u00dfe', 'strasse')).toBe(false);
  });
});

describe('compared with the reference', () => {
  const letter = fc.constantFrom('a', 'A', 'b', '.', '1', '_', '%', '\\');
  const text = fc.string({ unit: letter, maxLength: 7 });
  const pattern = fc.string({ unit: fc.oneof(letter, fc.constantFrom('%', '_')), maxLength: 7 });
  const upper = (a: string, b: string) => a.toUpperCase() === b.toUpperCase();

  it('all agree on every small text', () => {
    fc.assert(
      fc.property(text, pattern, (t, p) => {
        expect(matchesName(t, p)).toBe(name9(t, p));
        expect(matchesAddressText(t, p)).toBe(ip9(t, p));
        expect(matchesGlob(t, p, true)).toBe(glob(t, p, upper));
        expect(matchesGlob(t, p, false)).toBe(glob(t, p, (a, b) => a === b));
      }),
      { numRuns: 1500 },
    );
  });
});

describe.each(MATCHERS)('$name', ({ matches }) => {
  it('never throws, whatever text and pattern are', () => {
    const wild = fc.string({ unit: 'binary', maxLength: 120 });
    fc.assert(fc.property(wild, wild, (t, p) => void matches(t, p)));
  });

  // Without the memory of dead ends, these would take exponential time.
  it.each([
    { pattern: '%a'.repeat(60), text: `${'a'.repeat(254)}b` },
    { pattern: `${'%a'.repeat(60)}%b`, text: 'a'.repeat(255) },
    { pattern: `${'%_'.repeat(60)}b`, text: 'a'.repeat(255) },
    { pattern: `${'_%'.repeat(60)}b`, text: 'a'.repeat(255) },
    { pattern: `${'%'.repeat(254)}b`, text: 'a'.repeat(255) },
    { pattern: `${'%aa%a'.repeat(40)}b`, text: 'a'.repeat(255) },
    { pattern: `${'%\\%'.repeat(60)}b`, text: '%'.repeat(255) },
  ])('says no to $pattern', ({ pattern, text }) => expect(matches(text, pattern)).toBe(false));

  it('matches a pattern of many %', () => {
    expect(matches('a'.repeat(255), '%a'.repeat(60))).toBe(true);
  });

  it('a text matches itself as a pattern, with wildcards escaped', () => {
    const plain = fc.string({ unit: fc.constantFrom(...'ab.1_%\\'), minLength: 1 });
    fc.assert(
      fc.property(plain, (t) => {
        const pattern = t.replaceAll(/[\\%_]/g, '\\$&');
        expect(tokensOf(pattern).every(({ kind }) => kind === 'character')).toBe(true);
        expect(matches(t, pattern)).toBe(true);
      }),
    );
  });
});
