/** Errors of a connection in which no host, no account's host and no cache plays a part. */

/** What the number says, in one sentence without a full stop; null = not known here. */
export function otherError(error: number): string | null {
  return MEANINGS[error] ?? null;
}

const MEANINGS: Readonly<Record<number, string>> = {
  1042: 'the server could not read the address of the connection from its socket; no name was looked up, whatever it says',
  1053: 'the server is shutting down',
  1115: 'the client asks for a character set that the server does not know; driver and server differ in age',
  1152: 'a session that was open has ended without goodbye',
  1184: 'a session that was open has ended without goodbye: a timeout, a packet that was too large, a client that died',
  1193: 'the client sets a variable that this server does not have; driver and server differ in age',
  1205: 'a statement waited too long for a lock, long after login',
  1213: 'a statement met a deadlock, long after login',
  1227: 'the account lacks a privilege for what was tried',
  1231: 'the client sets a variable to a value that this server does not take; driver and server differ in age',
  1273: 'the client asks for a collation that the server does not know; driver and server differ in age',
  1317: 'a statement was interrupted, by KILL or a time limit',
  1820: 'the login was right, and the password has expired: ALTER USER sets another',
  1862: 'the password of the account has expired, and the client cannot change it: set another by ALTER USER',
  1927: 'the session was ended by KILL or a time limit',
  2000: 'the client met a fault that it cannot name',
  2002: 'the client found no server behind the Unix socket or the address that it was given: is the server running, and is the path right? The server never saw it',
  2003: 'the client did not reach the server',
  2004: 'the client could not open a TCP socket of its own',
  2005: 'the client could not find an address for the name of the server: that is DNS on the side of the client, and the server never saw it',
  2006: 'the connection was gone when the client used it: a timeout, a restart of the server, a packet that was too large',
  2007: 'client and server speak different versions of the protocol',
  2012: 'the client did not understand what the server sent first',
  2013: 'the connection broke while a statement ran, long after login: a timeout, a restart of the server, a proxy between',
  2014: 'the client mixed up its own commands',
  2020: 'a packet was larger than max_allowed_packet of the client',
  2027: 'the client did not understand a packet; often what answers is no MySQL server, or a proxy stands between',
  3024: 'a statement took longer than max_execution_time',
  3032: 'the server is in offline mode: it lets in those with CONNECTION_ADMIN or SUPER only',
  3968: 'the PTR name of the address of the client is longer than 255 characters: shorten it in DNS',
  4031: 'the server ended a session that had been idle for too long (wait_timeout)',
  9001: 'ProxySQL reached no server of the hostgroup in time: ask why with the address of ProxySQL',
};
