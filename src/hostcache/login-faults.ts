/** Says what is wrong and how to fix the URL, without a full stop. `label` comes from `labelOf`. */
export type Sentence = (label: string, message: string) => string;

/**
 * Why a login failed, by the driver's code: Node's errno names, and MySQL's names in
 * sql/share/messages_to_clients.txt.
 */
export const LOGIN_FAULTS: Readonly<Record<string, Sentence>> = {
  ECONNREFUSED: (label) => `nothing listens at ${label}; check whether the server is running`,
  ENOENT: (label) => `there is no socket at ${label}; check whether the server is running`,
  ENOTFOUND: (label) => `no address found for ${label}; check the host in its URL`,
  EAI_AGAIN: (label) => `DNS did not answer for ${label}; check the host in its URL`,
  EHOSTUNREACH: (label) => `no route to ${label}`,
  ENETUNREACH: (label) => `no route to ${label}`,
  ETIMEDOUT: (label) => `${label} did not answer`,
  ECONNRESET: (label) => `${label} closed the connection`,
  EPIPE: (label) => `${label} closed the connection`,
  PROTOCOL_CONNECTION_LOST: (label) => `${label} closed the connection`,
  HANDSHAKE_SSL_ERROR: (_, message) => `TLS failed: ${message}; check ssl in its URL`,
  HANDSHAKE_NO_SSL_SUPPORT: () => 'the server offers no TLS, but its URL asks for ssl',
  ER_SECURE_TRANSPORT_REQUIRED: () => 'the server requires TLS (3159); add ssl to its URL',
  ER_ACCESS_DENIED_ERROR: (label) =>
    `${label} is refused (1045); check user and password in its URL`,
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: (label) =>
    `${label} is refused (1698); check user in its URL`,
  ER_ACCOUNT_HAS_BEEN_LOCKED: (label) => `the account of ${label} is locked (3118)`,
  ER_MUST_CHANGE_PASSWORD: (label) => `the password of ${label} has expired (1820)`,
  ER_MUST_CHANGE_PASSWORD_LOGIN: (label) => `the password of ${label} has expired (1862)`,
  ER_HOST_NOT_PRIVILEGED: (label) => `${label} may not connect from this machine (1130)`,
  ER_HOST_IS_BLOCKED: (label) =>
    `this machine itself is a blocked host to ${label} (1129); raise max_connect_errors there`,
  ER_CON_COUNT_ERROR: (label) => `${label} has no free connection (1040)`,
  ER_SERVER_SHUTDOWN: (label) => `${label} is shutting down (1053)`,
};
