/** The packets of clients that only look whether a server is there, as the programs send them. Pure. */

/**
 * HAProxy's `option mysql-check user`, by its keyword (do_parse_mysql_check_opt in its tcpcheck.c). The
 * login packet and COM_QUIT go out together, before the greeting is read.
 */
export type HaproxyCheck = 'pre-41' | 'post-41' | 'post-80';

/** Of the checks; their account has no password. */
export const HAPROXY_USER = 'haproxy';

export function haproxyPackets(check: HaproxyCheck, user = HAPROXY_USER): Buffer {
  const login = Buffer.concat([LOGIN_HEADS[check], Buffer.from(`${user}\0\0`), PLUGINS[check]]);
  return Buffer.concat([packet(1, login), packet(0, Buffer.of(COM_QUIT))]);
}

/** Capabilities, the longest packet, and from 4.1 on the character set (utf8) with 23 bytes of 0. */
const LOGIN_HEADS: Readonly<Record<HaproxyCheck, Buffer>> = {
  'pre-41': Buffer.from('0080000001', 'hex'),
  'post-41': Buffer.from(`008200000080000121${'00'.repeat(23)}`, 'hex'),
  'post-80': Buffer.from(`008208000080000121${'00'.repeat(23)}`, 'hex'),
};

const PLUGINS: Readonly<Record<HaproxyCheck, Buffer>> = {
  'pre-41': Buffer.alloc(0),
  'post-41': Buffer.alloc(0),
  'post-80': Buffer.from('mysql_native_password\0'),
};

/** What port scanners send to find out who answers. */
export const GARBAGE: Readonly<Record<'lines' | 'bytes' | 'long', Buffer>> = {
  /** As Nmap's GenericLines. */
  lines: Buffer.from('\r\n\r\n'),
  /** A request of Microsoft's RDP, as many scanners send to every port. */
  bytes: Buffer.from(
    '0300002a25e00000000000436f6f6b69653a206d737473686173683d6e6d61700d0a0100080003000000',
    'hex',
  ),
  /** A whole packet with the right number, but no login in it. */
  long: packet(1, Buffer.alloc(200, 0xa5)),
};

export const COM_QUIT = 1;

/** Length (3 bytes), sequence number (1), payload. */
export function packet(sequence: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = sequence;
  return Buffer.concat([head, payload]);
}
