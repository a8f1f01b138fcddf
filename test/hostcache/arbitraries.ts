import type { Account } from '../../src/hostcache/account.ts';
import { type Address, isLoopback } from '../../src/hostcache/address.ts';
import { isHostName, looksNumeric } from '../../src/hostcache/host-name.ts';
import type { Rules } from '../../src/hostcache/host-pattern.ts';
import { fc } from '../chance.ts';
import { account } from '../scenarios/accounts.ts';
import { addressOf } from '../scenarios/clients.ts';
import { ALL_RULES } from './login.ts';

/** Random clients, names and accounts of every kind, with more near misses than by chance. */

export const rules = fc.constantFrom<Rules>(...ALL_RULES);

const NAMES = [
  'merp.example.com',
  'MERP.Example.com',
  'my_host.example.com',
  '12host.example.com',
  'ab',
  'x',
  'loclhost',
  'locblhost',
  'a.',
];

const PIECES = [
  ...['%', '_', '\\', '/', '.', '+', '-', ' ', ':', '::'],
  ...['0', '1', '2', '7', '24', '32', '192', '255', '192.0.2.', '192.0.2.7', '2001:db8::'],
  ...['a', 'b', 'M', 'erp', 'merp', 'my', 'host', 'example', '.com', 'loc', 'localhost'],
];

/** Texts that are rarely host patterns, including control characters and lone surrogates. */
export const weirdText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => {
    return String.fromCharCode(...units);
  }),
  // Letters whose other case is ASCII, or longer.
  fc.string({ unit: fc.constantFrom('\u017f', '\u0131', '\u212a', '\u00df', 's', 'i', '%', '_') }),
);

export const host = fc.oneof(
  { weight: 4, arbitrary: fc.array(fc.constantFrom(...PIECES), { maxLength: 6 }).map(join) },
  { weight: 2, arbitrary: fc.constantFrom('%', '', 'localhost', '192.0.2.7', '::1', ...NAMES) },
  { weight: 1, arbitrary: weirdText },
);

function join(pieces: readonly string[]): string {
  return pieces.join('');
}

export const accounts = (hosts: fc.Arbitrary<string> = host): fc.Arbitrary<readonly Account[]> =>
  fc.array(
    fc
      .record({ user: fc.constantFrom('u', 'u', 'v', ''), host: hosts, isRole: fc.boolean() })
      .map(({ user, host: each, isRole }) =>
        account(user, each, { isRole: isRole && user === 'v' }),
      ),
    { maxLength: 6 },
  );

export const address: fc.Arbitrary<Address> = fc
  .oneof(
    fc.constantFrom('192.0.2.7', '192.0.2.17', '192.0.27.2', '2001:db8::7', '127.0.0.1', '::1'),
    fc.ipV4(),
    fc.ipV6(),
  )
  .map(addressOf);

/** A name that DNS could give this client and that the server would accept. */
export const validName = fc
  .oneof(
    fc.constantFrom(...NAMES),
    fc.stringMatching(/^[a-z0-9_]{1,8}(\.[A-Za-z0-9-]{1,6}){0,3}$/),
    fc
      .array(fc.constantFrom(...PIECES.filter((piece) => /^[\w.-]+$/.test(piece))), {
        minLength: 1,
        maxLength: 5,
      })
      .map(join),
  )
  .filter((name) => isHostName(name) && !looksNumeric(name) && name.toLowerCase() !== 'localhost');

/** What the server may call this client: a loopback client is always localhost. */
export const nameOf = ({ client, name }: { client: Address; name: string | null }) =>
  isLoopback(client) ? 'localhost' : name;
