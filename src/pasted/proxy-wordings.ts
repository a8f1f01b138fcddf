import { LOGIN, Q, type Wording, wording } from './wording.ts';

/** What stands between clients and a server says in its own words. */

/** As in `Health check for server mysql/db1 failed, reason: Layer7 wrong status, code: 1045, info: "…"`. */
const HAPROXY_CHECK = String.raw`(?:Health check for (?:backup )?server|(?:Backup )?Server) [\w.:-]{1,100}/[\w.:-]{1,100} (?:failed|is (?:UP|DOWN|going DOWN)|succeeded)[^"\n]{0,300}?\bLayer[467]\w*`;

export const PROXY_WORDINGS: readonly Wording[] = [
  wording(
    1045,
    'refused-by-proxy',
    `ProxySQL Error: ${LOGIN}(?: \\(using password: (?:YES|NO)\\))?`,
    'proxysql',
  ),
  wording(1045, 'refused-by-proxy', `User '[^']{0,128}' can only connect locally`, 'proxysql'),
  wording(
    9001,
    'refused-by-proxy',
    'Max connect (?:timeout|failure) (?:reached )?while reaching hostgroup',
    'proxysql',
  ),
  wording(null, 'refused-by-proxy', 'ProxySQL Error:?', 'proxysql'),
  wording(
    1129,
    'refused-by-proxy',
    String.raw`Too many connection errors from ${Q}?(?<host>[^\s'",;]{1,255}?)${Q}?(?=[\s'",;.)]|$)`,
    'mysql-router',
  ),
  wording(
    null,
    'refused-by-proxy',
    String.raw`blocking client host (?:for )?${Q}?(?<host>[^\s'",;]{1,255})${Q}?`,
    'mysql-router',
  ),
  wording(
    2003,
    'refused-by-proxy',
    `Can't connect to remote MySQL server for client(?: connected to)?`,
    'mysql-router',
  ),
  wording(
    1045,
    'refused-by-proxy',
    String.raw`Authentication failed for user '(?<user>[^']{0,128})'@'?\[?(?<host>[^\s'\]]{1,255})\]?'?(?::\d{1,5})? to service`,
    'maxscale',
  ),
  wording(
    null,
    'refused-by-proxy',
    String.raw`(?:Host '?(?<host>[^\s']{1,255})'? is temporarily blocked due to too many authentication failures|Authentication with backend failed\. Session will be closed|Connection (?:was )?killed by MaxScale|Failed to create new router session for service)`,
    'maxscale',
  ),
  wording(
    null,
    'refused-by-proxy',
    String.raw`(?:This|The|Your) RDS proxy\b[^\n]{0,120}`,
    'rds-proxy',
  ),
  wording(
    null,
    'refused-by-proxy',
    'The IAM authentication failed for the role|Timed-out waiting to acquire database connection|Connections rate limit exceeded|Query size is over the threshold|Only .{1,40} plugin is supported for client connections|Proxy authentication with IAM authentication failed',
    'rds-proxy',
  ),
  wording(
    null,
    'refused-by-proxy',
    String.raw`Cloud SQL (?:MySQL: |Auth Proxy|Proxy|Admin API|IAM)[^\n]{0,160}|cloudsql\.instances\.connect|failed to connect to instance: [^\n]{0,100}`,
    'cloud-sql',
  ),
  wording(null, 'refused-by-proxy', HAPROXY_CHECK, 'haproxy'),
];
