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
  { argv: ['-V'], typed: { wantsVersion: true } },
  { argv: ['version'], typed: { wantsVersion: true } },
  { argv: ['explain', 'version'], typed: { wantsVersion: false } },
  { argv: ['why', '--color=never'], typed: { colour: 'never' } },
  {
    argv: ['why', 'a.b', '--defaults-file=~/x', '--login-path', 'prod'],
    typed: { client: { 'defaults-file': '~/x', 'login-path': 'prod' }, colour: 'auto' },
  },
  { argv: ['why', '--', '--odd'], typed: { words: ['why', '--odd'] } },
])('$argv', ({ argv, typed }) => {
  expect(parseArguments(argv)).toMatchObject(typed);
});

it.each([
  {
    argv: ['--jsn'],
    says: 'unknown option --jsn; did you mean --json? The options are --server, --user, --json, --defaults-file',
  },
  { argv: ['why', '192.0.2.7', '--sevrer', 'main'], says: 'did you mean --server?' },
  { argv: ['--paper'], says: 'unknown option --paper; the options are' },
  { argv: ['--color=red'], says: '--color needs one of auto, always, never' },
  { argv: ['--\u001b[2J'], says: 'unknown option --\\x1b[2J; the options are' },
  { argv: ['-x'], says: 'unknown option -x' },
  { argv: ['why', '--user'], says: '--user needs a value' },
  { argv: ['why', '--user', '--json'], says: '--user needs a value' },
  { argv: ['--json=yes'], says: '--json takes no value' },
])('$argv is refused', ({ argv, says }) => {
  expect(parseArguments(argv)).toContain(says);
});
