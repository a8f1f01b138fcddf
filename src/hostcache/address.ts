import ipaddr from 'ipaddr.js';

/** One IP address, written as the server writes it in host_cache.IP. */
export interface Address {
  /** Dotted quad, or RFC 5952 lower case; an IPv4-mapped or -compatible IPv6 address is its IPv4. */
  readonly text: string;
  readonly family: 4 | 6;
}

/** Four plain decimal octets; 010 and 1.2 mean different things to different programs. */
const DOTTED_QUAD = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/** null: the text is not an address. Brackets around IPv6 are allowed. */
export function parseAddress(text: string): Address | null {
  const bare = /^\[(.+)\]$/.exec(text)?.[1] ?? text;
  if (!bare.includes(':')) {
    return DOTTED_QUAD.test(bare) && ipaddr.IPv4.isValid(bare) ? { text: bare, family: 4 } : null;
  }
  // ipaddr.js would read 010 in an embedded IPv4 as eight.
  const tail = bare.slice(bare.lastIndexOf(':') + 1);
  if (tail.includes('.') && !DOTTED_QUAD.test(tail)) return null;
  if (!ipaddr.IPv6.isValid(bare)) return null;
  const parsed = ipaddr.IPv6.parse(bare);
  const inner = innerIPv4(parsed);
  if (inner !== null) return { text: inner, family: 4 };
  return { text: parsed.toRFC5952String(), family: 6 };
}

/** Only 127.0.0.1 and ::1 are local to a server; 127.0.0.2 is an ordinary host. */
export function isLoopback(address: Address): boolean {
  return address.text === '127.0.0.1' || address.text === '::1';
}

/**
 * Whether both are of one family and their first `bits` bits are equal. An address that a text shows
 * masked (`10.0.x.x`) is in no network.
 */
export function isInNetwork(address: Address, base: Address, bits: number): boolean {
  if (!ipaddr.isValid(address.text)) return false;
  const parsed = ipaddr.parse(address.text);
  const network = ipaddr.parse(base.text);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

/** The DNS name of the address's PTR record: 64.242.221.240.in-addr.arpa. */
export function reverseName(address: Address): string {
  const bytes = ipaddr.parse(address.text).toByteArray();
  if (address.family === 4) return `${bytes.reverse().join('.')}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 15]);
  return `${nibbles
    .reverse()
    .map((nibble) => nibble.toString(16))
    .join('.')}.ip6.arpa`;
}

/** The server treats ::ffff:a.b.c.d and ::a.b.c.d as an IPv4 client (vio_get_normalized_ip). */
function innerIPv4(address: ipaddr.IPv6): string | null {
  const bytes = address.toByteArray();
  const mapped = address.isIPv4MappedAddress();
  const leading = bytes.slice(0, 12).every((byte) => byte === 0);
  const tail = bytes.slice(12);
  const isReserved = tail.slice(0, 3).every((byte) => byte === 0) && (tail[3] ?? 0) <= 1;
  return mapped || (leading && !isReserved) ? tail.join('.') : null;
}
