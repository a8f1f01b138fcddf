import { type Reply, refuse } from '../chat/reply.ts';
import { nearest, shorten } from '../chat/words.ts';
import { type AccountPlace, readAccount, sayPlace } from '../hostcache/account-text.ts';
import { parseAddress } from '../hostcache/address.ts';
import { isHostName } from '../hostcache/host-name.ts';
import { readRelease } from '../hostcache/known-releases.ts';

import type { Change } from './change.ts';

/** Reads a change as it was typed: `add 'app'@'10.%'`. */

/** The changes, as help shows them. */
export const CHANGES = [
  'skip-name-resolve on|off',
  'flush',
  'add <account>',
  'drop <account>',
  'rename <account> to <account>',
  'max-connect-errors <n>',
  'dns <address> <name|none>',
  'release <mysql|mariadb> <version>',
] as const;

/** The first words of the changes; `plan check` is typed in the same place. */
export const NAMES = [...CHANGES.map((change) => change.split(' ', 1)[0] ?? ''), 'check'];

/** The server stores up to 18446744073709551615. */
const MOST_CONNECT_ERRORS = 2n ** 64n - 1n;

/** The change, or a refusal. `text`: the line after `plan`, without `on <server>`. */
export function readChange(text: string): Change | Reply {
  const [, word = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(text) ?? [];
  const name = word.toLowerCase();
  switch (name) {
    case '':
      return refuse(`Expected a change: ${CHANGES.join(', ')}.`);
    case 'skip-name-resolve':
    case 'skip_name_resolve':
      return readSwitch(rest);
    case 'flush':
      return rest === ''
        ? { kind: 'flush' }
        : refuse(`flush takes no words, got "${shorten(rest)}".`);
    case 'add':
    case 'drop': {
      const account = readAccount(rest);
      return typeof account === 'string' ? refuse(account) : { kind: name, account };
    }
    case 'rename':
      return readRename(rest);
    case 'max-connect-errors':
    case 'max_connect_errors':
      return readLimit(rest);
    case 'dns':
      return readDns(rest);
    case 'release':
      return readTarget(rest);
    default:
      return refuse(`Expected a change: ${CHANGES.join(', ')}; got "${shorten(word)}".`, 2, {
        word,
        instead: nearest(word, NAMES),
      });
  }
}

function readSwitch(text: string): Change | Reply {
  const value = text.toLowerCase();
  if (value === 'on' || value === 'off') return { kind: 'skip-name-resolve', on: value === 'on' };
  return refuse(`Expected "skip-name-resolve on" or "off", got ${quoted(text)}.`);
}

function readRename(text: string): Change | Reply {
  // An account can contain the word, so the last one that leaves two accounts counts.
  const places = [...text.matchAll(/\s+to\s+/gi)].reverse();
  const pairs = places.map(({ index, 0: { length } }) => ({
    from: readAccount(text.slice(0, index)),
    to: readAccount(text.slice(index + length)),
  }));
  const isRead = ({ from, to }: { from: AccountPlace | string; to: AccountPlace | string }) =>
    typeof from !== 'string' && typeof to !== 'string';
  const pair = pairs.find(isRead) ?? pairs[0];
  if (pair === undefined) {
    return refuse(
      `Expected "rename 'app'@'10.%' to 'app'@'10.1.%'", got ${quoted(`rename ${text}`)}.`,
    );
  }
  const { from, to } = pair;
  if (typeof from === 'string') return refuse(from);
  return typeof to === 'string' ? refuse(to) : { kind: 'rename', from, to };
}

function readLimit(text: string): Change | Reply {
  const limit = /^\d{1,20}$/.test(text) ? BigInt(text) : 0n;
  if (limit >= 1n && limit <= MOST_CONNECT_ERRORS) return { kind: 'max-connect-errors', limit };
  return refuse(`max-connect-errors: expected a whole number from 1 on, got ${quoted(text)}.`);
}

function readDns(text: string): Change | Reply {
  const [first = '', second = '', ...others] = text.split(/\s+/);
  const address = parseAddress(first);
  if (address === null) {
    return refuse(`dns: expected an IPv4 or IPv6 address, got ${quoted(first)}.`);
  }
  const name = second.replace(/\.$/, '');
  if (others.length > 0 || !isHostName(name)) {
    return refuse(
      `dns: expected a host name or "none" after ${address.text}, got ${quoted([second, ...others].join(' '))}.`,
    );
  }
  return { kind: 'dns', address, name: name.toLowerCase() === 'none' ? null : name };
}

function readTarget(text: string): Change | Reply {
  const release = readRelease(text);
  return typeof release === 'string' ? refuse(release) : { kind: 'release', ...release };
}

function quoted(text: string): string {
  return text === '' ? 'nothing' : `"${shorten(text)}"`;
}

/** The line that reads this change again. */
export function sayChange(change: Change): string {
  switch (change.kind) {
    case 'skip-name-resolve':
      return `skip-name-resolve ${change.on ? 'on' : 'off'}`;
    case 'flush':
      return 'flush';
    case 'add':
    case 'drop':
      return `${change.kind} ${sayPlace(change.account)}`;
    case 'rename':
      return `rename ${sayPlace(change.from)} to ${sayPlace(change.to)}`;
    case 'max-connect-errors':
      return `max-connect-errors ${change.limit}`;
    case 'dns':
      return `dns ${change.address.text} ${change.name ?? 'none'}`;
    case 'release':
      return `release ${change.flavour} ${change.version.text}`;
  }
}
