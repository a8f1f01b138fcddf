import { HOST, LOGIN, Q, type Wording, wording } from './wording.ts';

/** What MySQL and MariaDB servers answer and log, the most specific first. English. */

const IP = `IP address ${Q} ?(?<host>[^'"]{1,255}?) ?${Q}`;
const ABORTED = String.raw`Aborted connection \d{1,20} to db: ${Q}[^'"]{0,255}${Q} user: ${Q}(?<user>[^'"]{0,128})${Q} host: ${Q}(?<host>[^'"]{0,255})${Q}`;

const UNAUTHENTICATED = String.raw`Aborted connection \d{1,20} to db: ${Q}[^'"]{0,255}${Q} user: ${Q}unauthenticated${Q} host: ${Q}(?<host>[^'"]{0,255})${Q}`;
/** MySQL 3.23 and 4.0: user and host in one pair of quotes. */
const OLD_LOGIN = `Access denied for user: ${Q}(?<oldUser>[^'"@]{0,128})@(?<oldHost>[^'"]{1,255})${Q}`;
const TEMPORARY =
  '(?:Temporary failure in name resolution|Temporary|Try again|EAI_AGAIN|Server failure|Timed? ?out)';

/** Words of the resolvers of Linux, macOS, musl and Windows. */
const REASON =
  '(?:: (?:Name or service not known|(?:node|host)name nor servname provided, or not known|Name does not resolve|No address associated with (?:host)?name|Unknown host|Non-recoverable failure in name resolution|No such host is known))?';

export const SERVER_WORDINGS: readonly Wording[] = [
  wording(1129, 'blocked', `${HOST} is blocked because of many connection errors`),
  // Chat and logs cut off the end of a line.
  wording(
    1130,
    'refused',
    String.raw`${HOST} is not allowed(?: to connect to this (?:MySQL|MariaDB) server|…|\.{3}| to connect)`,
  ),
  wording(3118, 'locked', String.raw`${LOGIN}\. Account is locked`),
  wording(3955, 'locked', String.raw`${LOGIN}\. Account is blocked for`),
  wording(6126, 'proxy-user', `${LOGIN}, missing proxy privilege`),
  wording(6127, 'proxy-user', `${LOGIN}, proxied user doesn't`),
  // Cloud SQL's proxy names its client here, not the account's pattern.
  wording(
    1045,
    'denied',
    `Access denied for user ${Q}(?<user>.{0,128}?)${Q}@${Q}(?<host>cloudsqlproxy~[^'"]{1,255})${Q} to database`,
  ),
  // This one names the account's pattern, not the client.
  wording(
    1044,
    'database-denied',
    `Access denied for user ${Q}[^'"]{0,128}${Q}@${Q}[^'"]{0,255}${Q} to database`,
  ),
  wording(
    1045,
    'denied',
    `${LOGIN} \\(using password(?::? ?(?:YES|NO))?\\)?|${OLD_LOGIN} \\(using password`,
  ),
  wording(1698, 'denied', `${LOGIN}(?! ?to database)`),
  wording(null, 'lookup-failed', `${IP} could not be resolved: ${TEMPORARY}`, 'mysql'),
  wording(null, 'no-name', `${IP} could not be resolved${REASON}`, 'mysql'),
  wording(
    null,
    'lookup-failed',
    `Host ?name ${Q}(?<host>[^'"]{1,255})${Q} could not be resolved: ${TEMPORARY}`,
    'mysql',
  ),
  wording(
    null,
    'no-name',
    `Host ?name ${Q}(?<host>[^'"]{1,255})${Q} could not be resolved${REASON}`,
    'mysql',
  ),
  wording(
    null,
    'no-name',
    String.raw`Host ?name ${Q}[^'"]{1,255}${Q} does not resolve to ${Q} ?(?<host>[^'"]{1,255}?) ?${Q}\.?`,
    'mysql',
  ),
  wording(
    null,
    'numeric-name',
    `${IP} has been resolved to the host ?name ${Q}[^'"]{1,255}${Q},? which resembles IPv4-address itself`,
    'mysql',
  ),
  wording(
    null,
    'names-off',
    `${Q}?(?:user|db|host|tables_priv|columns_priv|procs_priv|proxies_priv|roles_mapping)${Q}? entry ${Q}[^'"]{0,400}${Q} (?:was )?ignored in --skip-name-resolve mode`,
    'mysql',
  ),
  wording(1184, 'init-connect', `${ABORTED} \\(init_connect command failed`),
  wording(1184, 'broken', String.raw`${UNAUTHENTICATED}(?: \([^)]{0,200}\)?)?`),
  wording(1184, null, String.raw`${ABORTED}(?: \([^)]{0,200}\)?)?`),
  wording(4151, 'locked', 'Access denied, this account is locked'),
  wording(4150, 'locked', 'User is blocked because of too many credential errors'),
  wording(
    1226,
    'limit',
    `User ${Q}(?<user>[^'"]{0,128})${Q} has exceeded the ${Q}[^'"]{0,64}${Q} resource`,
  ),
  wording(
    1203,
    'limit',
    String.raw`User (?<user>\S{1,128}) already has more than ${Q}max_user_connections`,
  ),
  wording(1040, 'full', '(?<!metadata: )Too many connections(?! errors)'),
  wording(1043, 'broken', 'Bad handshake'),
  wording(1156, 'broken', 'Got packets out of order'),
  wording(1158, 'broken', 'Got an error reading communication packets'),
  wording(1159, 'broken', 'Got timeout reading communication packets'),
  wording(
    1251,
    'no-method',
    "Client does not support authentication protocol (?:'[^'\n]{0,64}' )?requested by server",
  ),
  wording(1862, null, 'Your password has expired'),
  wording(3159, 'tls-required', 'Connections using insecure transport are prohibited'),
  wording(3032, null, 'The server is currently in offline mode'),
  wording(1524, 'plugin-missing', `Plugin ${Q}[^'"]{0,64}${Q} is not loaded`),
  wording(1049, 'database-unknown', `Unknown database ${Q}[^'"]{0,128}${Q}`),
];
