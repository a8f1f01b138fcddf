import { expect, it } from 'vitest';
import { readAccount, sayPlace } from '../../src/hostcache/account-text.ts';
import { fc } from '../chance.ts';

it.each([
  ["'app'@'10.%'", 'app', '10.%'],
  ['app@10.1.2.3', 'app', '10.1.2.3'],
  ['"app"@"10.%"', 'app', '10.%'],
  ['`app`@`%`', 'app', '%'],
  ['app', 'app', '%'],
  ["''@'%'", '', '%'],
  ['@%', '', '%'],
  ["'app'@''", 'app', ''],
  ["  'app'@'App1.Example.COM'  ", 'app', 'app1.example.com'],
  ["'app'@' 10.1.2.3 '", 'app', '10.1.2.3'],
  ["'it''s'@'%'", "it's", '%'],
  ["'it\\'s'@'%'", "it's", '%'],
  ["'app'@'my\\_host'", 'app', 'my\\_host'],
  ["'a@b'@'%'", 'a@b', '%'],
  ["'to to'@'2001:db8::%'", 'to to', '2001:db8::%'],
  ["'Ünal'@'10.0.0.0/255.0.0.0'", 'Ünal', '10.0.0.0/255.0.0.0'],
])('%s', (text, user, host) => {
  expect(readAccount(text)).toEqual({ user, host });
});

it.each([
  ['', /got nothing/],
  ["'app", /Expected an account such as 'app'@'10\.%'/],
  ["'app'@", /Expected an account/],
  ["'app'@'10.%' x", /Expected an account/],
  ["'app''@'10.%'", /Expected an account/],
  ['app@a@b', /Expected an account/],
  ["'app'@'a@b'", /has no "@"/],
  [`'app'@'${'x'.repeat(256)}'`, /at most 255 characters, got 256/],
])('%s is refused', (text, says) => {
  expect(readAccount(text)).toMatch(says);
});

it('what it says is read back', () => {
  const unit = fc.oneof(fc.constantFrom('\n', '\r', '\0', '\u001a', '\\', "'"), fc.string());
  const part = fc.array(unit, { maxLength: 5 }).map((units) => units.join(''));
  fc.assert(
    fc.property(part, part, (user, typed) => {
      const host = typed.trim().toLowerCase();
      fc.pre(!host.includes('@') && host.trim() === host && host.toLowerCase() === host);
      expect(readAccount(sayPlace({ user, host }))).toEqual({ user, host });
    }),
  );
});
