import { type Wording, wording } from './wording.ts';

/** What drivers and clients say when nothing answers, or when the handshake breaks. */

const REFUSED = `(?:Connection refused|ECONNREFUSED|actively refused|No route to host|EHOSTUNREACH|ENETUNREACH|Network is unreachable|connect(?:ion)? timed out|ETIMEDOUT)`;
const UNRESOLVED = String.raw`(?:getaddrinfo(?: \w{1,12})?(?: failed)?:? ?(?:ENOTFOUND|EAI_AGAIN)|ENOTFOUND|no such host|UnknownHostException|(?:Name or service|nodename nor servname|Name does) not (?:known|resolve|provided)|No such host is known|Temporary failure in name resolution|could not be resolved to an address)`;

/** Python's drivers put the cause behind the 2003; PHP's put the call that failed into the stack trace. */
const NOT_REACHED = "Can't connect to (?:MySQL |MariaDB )?server on '[^'\\n]{0,255}' ?";
const IN_CONNECT = String.raw`[\s\S]{0,300}?#0 [^\n]{0,300}?(?:real_connect|mysqli_connect|__construct)\(`;

export const DRIVER_WORDINGS: readonly Wording[] = [
  wording(
    2003,
    'tls',
    String.raw`${NOT_REACHED}\((?:\[SSL|EOF occurred in violation of protocol|_ssl|TLS)[^\n]{0,200}`,
  ),
  wording(2003, 'server-name', String.raw`${NOT_REACHED}\([^\n]{0,40}?${UNRESOLVED}`),
  wording(2002, 'no-socket', String.raw`${NOT_REACHED}\(\[Errno 2\] No such file or directory`),
  wording(2003, 'no-answer', "Can't connect to (?:MySQL |MariaDB )?server on"),
  wording(2002, 'no-socket', "Can't connect to local (?:MySQL |MariaDB )?server through socket"),
  wording(
    2002,
    'no-socket',
    String.raw`(?:\[2002\]|/2002\):|\(2002\)|mysqli_sql_exception:) ?No such file or directory`,
  ),
  // Node.js and Go, with the path of the socket.
  wording(
    2002,
    'no-socket',
    String.raw`connect (?:ENOENT|EACCES) /[^\s'"]{1,255}|dial unix [^\s'"]{1,255}: [^\n]{1,80}`,
  ),
  wording(
    2002,
    'server-name',
    String.raw`php_network_getaddresses|\[2002\][^\n]{0,80}?getaddrinfo`,
  ),
  wording(
    2002,
    'no-answer',
    String.raw`\[2002\] ?(?:Connection refused|Connection timed out|Operation timed out|No route to host|A connection attempt failed|No connection could be made|Network is unreachable|Host is down)`,
  ),
  wording(2005, 'server-name', 'Unknown (?:MySQL |MariaDB )?server host'),
  wording(2013, 'broken', 'Lost connection to (?:MySQL |MariaDB )?server at '),
  wording(2013, 'broken-or-later', 'Lost connection to (?:MySQL |MariaDB )?server'),
  wording(2006, 'broken', `(?:MySQL server has gone away)?;? ?Error while reading greeting packet`),
  wording(
    2006,
    'broken',
    String.raw`(?:connect|__construct)\(\)[^\n]{0,80}?(?:MySQL|MariaDB) server has gone away`,
  ),
  // PDO puts the number in brackets where the connection failed, and without them where a query did.
  wording(
    2006,
    'broken',
    String.raw`SQLSTATE\[\w{5}\] {0,3}\[2006\][^\n]{0,20}server has gone away`,
  ),
  wording(2006, 'broken', `(?:MySQL|MariaDB) server has gone away in (?=${IN_CONNECT})`),
  wording(2006, null, '(?:MySQL|MariaDB) server has gone away'),
  wording(2054, 'no-method', 'server requested authentication method unknown to the client'),
  wording(2059, 'no-method', "Authentication plugin '[^']{0,64}' cannot be loaded"),
  wording(2059, 'no-method', String.raw`Plugin '?\w{1,64}'? could not be loaded`),
  // Go's driver.
  wording(2059, 'no-method', 'this authentication plugin is not supported'),
  // The drivers of Node.js.
  wording(
    null,
    'no-method',
    String.raw`is requesting the \S{1,64} authentication method, which is not supported|requests authentication using unknown plugin`,
  ),
  // MariaDB's drivers.
  wording(2061, 'no-method', 'RSA public key is not available client side'),
  wording(2061, 'no-method', 'Authentication requires secure connection'),
  // Connector/J.
  wording(2061, 'no-method', 'Public Key Retrieval is not allowed'),
  wording(2026, 'tls', '(?:SSL|TLS/SSL) connection error'),
  wording(
    null,
    'tls',
    String.raw`SSLHandshakeException|No appropriate protocol|PKIX path building failed|(?:tls|x509): [^\n]{1,80}|certificate verify failed|self[- ]signed certificate|unable to verify the first certificate|wrong version number|SSL Authentication Error|unsupported protocol|server does(?: not|n't) support (?:secure connections?|TLS|SSL)|ssl not enabled in the server|Cannot connect to MySQL using SSL`,
  ),
  wording(null, 'server-name', UNRESOLVED),
  wording(
    null,
    'no-answer',
    `${REFUSED}|Socket fail to connect|i/o timeout|Connect Timeout|Connection timeout: failed to create socket|Unable to connect to (?:MySQL|MariaDB)|connection attempt failed because the connected party did not properly respond`,
  ),
  wording(
    null,
    'broken',
    String.raw`Connection lost: The server closed the connection|PROTOCOL_CONNECTION_LOST|Handshake inactivity timeout|unexpected (?:EOF|end of (?:file|stream))|driver: bad connection|invalid connection|commands out of sync|busy buffer|got 0 bytes at EOF|Reading from the stream has failed|Attempted to read past the end of the stream|Connection reset(?: by peer)?|Could not connect to [^\n]{1,200}?: Read timed out|Packet sequence number wrong|Packet size \d{1,12} exceeds \w{1,40} \(\d{1,12}\) permitted before authentication|EndOfStreamException|Expected to read \d{1,9} header bytes but only received \d{1,9}|ECONNRESET|EPIPE|Unable to read data from the transport connection|The server closed the connection|Can not read response from server|socket has unexpectedly been closed|server closed the connection unexpectedly|Packets out of order`,
  ),
];

/** Titles over a cause, which is told instead where it follows within `TITLE_REACH` characters. */
export const TITLES: readonly Wording[] = [
  // MariaDB's pool for Node.js, where no connection was ever made.
  wording(
    null,
    'no-answer',
    String.raw`(?:retrieve connection from pool timeout after|pool failed to retrieve a connection from pool)[^(]{0,100}\(pool connections: active=0 idle=0 `,
    'client',
  ),
  // Connector/J.
  wording(null, 'broken', 'Communications link failure', 'client'),
  // Connector/NET and MySqlConnector.
  wording(
    2003,
    'no-answer',
    "Unable to connect to any of the specified MySQL hosts|Couldn't connect to server",
  ),
];
export const TITLE_REACH = 1500;
