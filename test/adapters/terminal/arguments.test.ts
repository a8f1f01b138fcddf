import { expect, it } from 'vitest';
import { parseArguments } from '../../../src/adapters/terminal/arguments.ts';

it.each([
  { argv: [], typed: { words: [] } },
  { argv: ['why', '192.0.2.7', '--json'], typed: { words: ['why', '192.0.2.7'], isJson: true } },
  { argv: ['--json', 'why', '-'], typed: { words: ['why', '-'], isJson: true } },
  {
    argv: ['why', 'a.b', '--user', 'app', '--server=main'],
    typed: { options: { user: 'app', server: 'main' } },
  },
  { argv: ['why', 'a.b', '--user='], typed: { options: { user: '' } } },
  { argv: ['why', 'a.b', '--user', ''], typed: { options: { user: '' } } },
  { argv: ['why', '--help'], typed: { wantsHelp: true } },
  { argv: ['-h'], typed: { wantsHelp: true } },
  { argv: ['--version'], typed: { wantsVersion: true } },
  { argv: ['why', '--', '--odd'], typed: { words: ['why', '--odd'] } },
])('$argv', ({ argv, typed }) => {
  expect(parseArguments(argv)).toMatchObject(typed);
});

it.each([
  {
    argv: ['--jsn'],
    says: 'unknown option --jsn; did you mean --json? The options are --json, --server, --user',
  },
  { argv: ['why', '192.0.2.7', '--sevrer', 'main'], says: 'did you mean --server?' },
  { argv: ['--colour'], says: 'unknown option --colour; the options are' },
  { argv: ['--\u001b[2J'], says: 'unknown option --\\x1b[2J; the options are' },
  { argv: ['-x'], says: 'unknown option -x' },
  { argv: ['why', '--user'], says: '--user needs a value' },
  { argv: ['why', '--user', '--json'], says: '--user needs a value' },
  { argv: ['--json=yes'], says: '--json takes no value' },
])('$argv is refused', ({ argv, says }) => {
  expect(parseArguments(argv)).toContain(says);
});
