import type { DnsFacts, Rejection } from '../../src/diagnosis/dns-facts.ts';
import { CLIENT, NAME } from './clients.ts';

/** The DNS answers for the client now. */

/** The name and the address resolve to each other. */
export function confirmed(host = NAME, ...others: readonly string[]): DnsFacts {
  return {
    status: 'ok',
    host,
    names: [host, ...others],
    addresses: [CLIENT.text],
    confirmed: true,
    rejected: null,
    why: null,
  };
}

/** There is a PTR name, but the server would reject it. */
export function unconfirmed(host: string, rejected: Rejection): DnsFacts {
  return { ...confirmed(host), addresses: [], confirmed: false, rejected };
}

export const NO_PTR: DnsFacts = {
  status: 'nxdomain',
  host: null,
  names: [],
  addresses: [],
  confirmed: false,
  rejected: 'no-ptr',
  why: null,
};

export const PTR_NODATA: DnsFacts = { ...NO_PTR, status: 'nodata' };

export const SERVFAIL: DnsFacts = {
  ...NO_PTR,
  status: 'failed',
  rejected: 'ptr-failed',
  why: 'SERVFAIL',
};

/** The PTR lookup works, the forward lookup fails. */
export const FORWARD_SERVFAIL: DnsFacts = {
  ...unconfirmed(NAME, 'address-failed'),
  status: 'failed',
  why: 'SERVFAIL',
};

export const MISMATCH: DnsFacts = {
  ...unconfirmed(NAME, 'mismatch'),
  addresses: ['192.0.2.99'],
};
