/** The steps of a handshake, and how a server shows at which one a connection waits. Pure. */

export type HandshakeStep =
  /** The server asks DNS for the client's name. It has sent nothing yet. */
  | 'dns'
  /** The client has answered nothing to the greeting. */
  | 'greeting'
  /** The client has asked for TLS, and the TLS handshake is not finished. */
  | 'tls'
  /** The server waits for the login packet, or the rest of it. */
  | 'login'
  /** The server has the login packet; the authentication plugin, or the client's answer to it, is next. */
  | 'auth'
  /** One of these two; the bytes are not shown. */
  | 'dns or tls'
  /** Not DNS; more is not shown. */
  | 'unknown';

/** Complete `3 connections are …`. */
export const STEP_WORDS: Readonly<Record<HandshakeStep, string>> = {
  dns: 'waiting for DNS',
  greeting: 'silent after the greeting',
  tls: 'in the TLS handshake',
  login: 'without a complete login packet',
  auth: 'in the authentication plugin',
  'dns or tls': 'waiting for DNS or in the TLS handshake',
  unknown: 'past the name lookup',
};

export interface HandshakeFacts {
  /** `login` while the server itself works, in DNS, TLS or a plugin; otherwise it waits for a packet. */
  readonly state: string;
  /** Whether the server shows the user, as MariaDB does once it has read the login packet. */
  readonly isUserShown: boolean;
  /** Bytes of packets; those of the TLS handshake do not count. null = not shown. */
  readonly bytes: { readonly sent: number; readonly received: number } | null;
  /** Whether the server has no question for DNS: the name is known, or is not needed. */
  readonly isDnsExcluded: boolean;
  /** VERSION(), which the greeting contains. */
  readonly version: string;
}

/** The packet that asks for TLS: 4 bytes of header, then the first 32 bytes of a login packet. */
const SSL_REQUEST_BYTES = 36;

/** MySQL's greeting without the version; its plugin's name has 21 letters, as both defaults do. */
const GREETING_BYTES = 72;

/** A server that has sent nothing and does not ask DNS waits for a lock, say: `unknown`. */
export function stepOf(facts: HandshakeFacts): HandshakeStep {
  const { bytes, version } = facts;
  const isWorking = facts.state === 'login';
  const mayAskDns = isWorking && !facts.isDnsExcluded;
  if (facts.isUserShown) return 'auth';
  if (bytes === null) return mayAskDns ? 'dns or tls' : 'unknown';
  const { sent, received } = bytes;
  if (sent === 0) return mayAskDns ? 'dns' : 'unknown';
  if (received === 0) return 'greeting';
  if (isWorking && received === SSL_REQUEST_BYTES) return 'tls';
  if (received <= SSL_REQUEST_BYTES || /mariadb/i.test(version)) return 'login';
  return isWorking || sent > GREETING_BYTES + version.length ? 'auth' : 'login';
}
