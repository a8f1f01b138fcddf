import { type Address, parseAddress } from '../../src/hostcache/address.ts';

/** The clients of the scenarios. */

export function addressOf(text: string): Address {
  const address = parseAddress(text);
  if (address === null) throw new Error(`expected an address, got ${text}`);
  return address;
}

/** The client in most scenarios, and the name in its account. */
export const CLIENT = addressOf('192.0.2.7');
export const NAME = 'merp.example.com';

/** The name that the client had before. */
export const OLD_NAME = 'old.example.com';
