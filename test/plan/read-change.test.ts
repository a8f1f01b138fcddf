import { expect, it } from 'vitest';
import { isReply } from '../../src/chat/reply.ts';
import { CHANGES, readChange, sayChange } from '../../src/plan/read-change.ts';

const APP = { user: 'app', host: '10.%' };

it.each([
  ['skip-name-resolve on', { kind: 'skip-name-resolve', on: true }],
  ['skip_name_resolve OFF', { kind: 'skip-name-resolve', on: false }],
  ['flush', { kind: 'flush' }],
  ["add 'app'@'10.%'", { kind: 'add', account: APP }],
  ["drop 'app'@'10.%'", { kind: 'drop', account: APP }],
  [
    "rename 'app'@'10.%' to 'app'@'10.1.%'",
    { kind: 'rename', from: APP, to: { user: 'app', host: '10.1.%' } },
  ],
  [
    "rename 'a to b'@'%' to 'to'@'%'",
    { kind: 'rename', from: { user: 'a to b', host: '%' }, to: { user: 'to', host: '%' } },
  ],
  [
    'max-connect-errors 18446744073709551615',
    { kind: 'max-connect-errors', limit: 2n ** 64n - 1n },
  ],
  [
    'dns 192.0.2.7 app7.example.com',
    { kind: 'dns', address: { text: '192.0.2.7', family: 4 }, name: 'app7.example.com' },
  ],
  [
    'dns 2001:db8::7 none',
    { kind: 'dns', address: { text: '2001:db8::7', family: 6 }, name: null },
  ],
  [
    'release mysql 8.4.9',
    {
      kind: 'release',
      flavour: 'mysql',
      version: { text: '8.4.9', major: 8, minor: 4, patch: 9 },
    },
  ],
])('%s', (text, change) => {
  const read = readChange(text);
  expect(read).toEqual(change);
  if (!isReply(read)) expect(readChange(sayChange(read))).toEqual(read);
});

it.each([
  ['', 'Expected a change: '],
  ['skip-name-resolve', 'Expected \\"skip-name-resolve on\\" or \\"off\\", got nothing'],
  ['skip-name-resolve maybe', 'got \\"maybe\\"'],
  ['flush now', 'flush takes no words'],
  ['add', 'Expected an account'],
  ["rename 'app'@'10.%'", 'Expected \\"rename'],
  ["rename 'app'@'10.%' to", 'Expected \\"rename'],
  ["rename 'app'@'10.%' to 'x", 'Expected an account'],
  ['max-connect-errors 0', 'from 1 on, got \\"0\\"'],
  ['max-connect-errors 18446744073709551616', 'expected a whole number'],
  ['dns app7.example.com x', 'expected an IPv4 or IPv6 address'],
  ['dns 192.0.2.7', 'expected a host name or \\"none\\"'],
  ['dns 192.0.2.7 a b', 'expected a host name'],
  ['release oracle 23', 'expected \\"mysql\\" or \\"mariadb\\"'],
  ['release mysql 10.11', 'expected a series of MySQL'],
  ['frobnicate', 'got \\"frobnicate\\"'],
])('%s is refused in one line', (text, says) => {
  const refused = readChange(text);
  if (!isReply(refused)) throw new Error(`${text} was read`);
  expect(JSON.stringify(refused.messages)).toContain(says);
  expect(refused.exit).toBe(2);
  expect(refused.messages).toHaveLength(1);
});

it('help shows each change', () => {
  expect(CHANGES.map((each) => each.split(' ')[0])).toContain('max-connect-errors');
  expect(CHANGES).toHaveLength(8);
});
