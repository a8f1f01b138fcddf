import { describe, expect, it } from 'vitest';
import { parseOptionFile } from '../../src/config/option-file.ts';

/** Option files, as MySQL's own my_print_defaults reads them. */

describe('a value', () => {
  it.each([
    { name: 'plain', line: 'password=secret', value: 'secret' },
    { name: 'with blanks around it', line: 'password =  secret \t', value: 'secret' },
    { name: 'with a line end of Windows', line: 'password=secret\r', value: 'secret' },
    { name: 'with a comment', line: 'password=secret # of prod', value: 'secret' },
    { name: 'with # in quotes', line: 'password="a#b"', value: 'a#b' },
    { name: 'with # in single quotes', line: "password='a#b'", value: 'a#b' },
    { name: 'with # after a quote that nobody ends', line: "password=it's#1", value: "it's#1" },
    { name: 'with # after a quoted part', line: 'password="a"b#c', value: '"a"b' },
    { name: 'with the other quote', line: `password="it's"`, value: "it's" },
    { name: 'with an escaped quote', line: 'password="a\\"b#c"', value: 'a"b#c' },
    { name: 'with escapes', line: 'password=a\\tb\\nc\\\\d\\se', value: 'a\tb\nc\\d e' },
    { name: 'with another backslash', line: 'password=C:\\dir\\q', value: 'C:\\dir\\q' },
    { name: 'with a backslash at the end', line: 'password=a\\', value: 'a\\' },
    { name: 'with = and ;', line: 'password=a=b;c', value: 'a=b;c' },
    { name: 'with brackets', line: 'password=[x]', value: '[x]' },
    { name: 'with a blank that is no ASCII', line: 'password=\u00a0é', value: '\u00a0é' },
    { name: 'one quote', line: 'password="', value: '"' },
    { name: 'empty', line: 'password=', value: '' },
    { name: 'empty quotes', line: 'password=""', value: '' },
    { name: 'blanks in quotes', line: 'password=" a "', value: ' a ' },
    { name: 'none', line: 'password', value: null },
  ])('$name', ({ line, value }) => {
    expect(parseOptionFile(`[client]\n${line}\n`)).toEqual([
      { kind: 'option', group: 'client', name: 'password', value, line: 2 },
    ]);
  });
});

it('knows groups, comments, includes and both spellings of a name', () => {
  const text = [
    '# of everybody',
    '[client] ; more',
    '  ssl_ca = /ca.pem',
    '; loose=1',
    '!include /etc/more.cnf',
    '!includedir /etc/conf.d',
    '[ mysql ]',
    'loose-ssl-mode=REQUIRED',
  ].join('\n');
  expect(parseOptionFile(text)).toEqual([
    { kind: 'option', group: 'client', name: 'ssl-ca', value: '/ca.pem', line: 3 },
    { kind: 'include', path: '/etc/more.cnf', line: 5 },
    { kind: 'includedir', path: '/etc/conf.d', line: 6 },
    { kind: 'option', group: 'mysql', name: 'ssl-mode', value: 'REQUIRED', line: 8 },
  ]);
});

it.each([
  { text: 'password=secret', line: 1, says: /\[group\] before the first option/ },
  { text: '\n[client\npassword=secret', line: 2, says: /no closing bracket/ },
  { text: '[client]\n!inklude secret', line: 2, says: /another directive/ },
])('$text is refused without a part of it', ({ text, line, says }) => {
  const fault = parseOptionFile(text);
  expect(fault).toEqual({ line, says: expect.stringMatching(says) });
  expect(JSON.stringify(fault)).not.toContain('secret');
});
