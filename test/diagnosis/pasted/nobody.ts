import type { Pasted } from './pasted.ts';

/** Errors that name the server, a pattern or nobody: asking about these hosts would mislead. */
export const NOBODY: readonly Pasted[] = [
  {
    name: '1044 names the pattern of the account',
    text: "ERROR 1044 (42000): Access denied for user 'app'@'192.0.2.7' to database 'shop'",
    error: 1044,
    hosts: [],
  },
  {
    name: '1044 with wildcards',
    text: "Access denied for user 'app'@'192.0.2.%' to database 'shop'",
    error: 1044,
    hosts: [],
  },
  {
    name: '2003 names the server',
    text: "ERROR 2003 (HY000): Can't connect to MySQL server on '192.0.2.99:3306' (111)",
    error: 2003,
    hosts: [],
  },
  {
    name: '2003 of MariaDB',
    text: "ERROR 2003 (HY000): Can't connect to server on '192.0.2.99' (110)",
    error: 2003,
    hosts: [],
  },
  {
    name: '2003 of PyMySQL',
    text: `(2003, "Can't connect to MySQL server on '192.0.2.99' ([Errno 111] Connection refused)")`,
    error: 2003,
    hosts: [],
  },
  {
    name: '2002 of PDO',
    text: 'SQLSTATE[HY000] [2002] Connection refused (Host: 192.0.2.99, Port: 3306)',
    error: 2002,
    hosts: [],
  },
  {
    name: '2002',
    text: "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)",
    error: 2002,
    hosts: [],
  },
  {
    name: '2005',
    text: "ERROR 2005 (HY000): Unknown MySQL server host 'db.example.com' (-2)",
    error: 2005,
    hosts: [],
  },
  {
    name: '2006 with the server’s address',
    text: 'ERROR 2006 (HY000): MySQL server has gone away (192.0.2.99)',
    error: 2006,
    hosts: [],
  },
  {
    name: '2013',
    text: "ERROR 2013 (HY000): Lost connection to MySQL server at 'reading initial communication packet', system error: 104",
    error: 2013,
    hosts: [],
  },
  {
    name: '2026',
    text: 'ERROR 2026 (HY000): SSL connection error: error:0A000086:SSL routines::certificate verify failed',
    error: 2026,
    hosts: [],
  },
  {
    name: '2061',
    text: "ERROR 2061 (HY000): Authentication plugin 'caching_sha2_password' reported error: Authentication requires secure connection.",
    error: 2061,
    hosts: [],
  },
  { name: '1040', text: 'ERROR 1040 (08004): Too many connections', error: 1040, hosts: [] },
  {
    name: '1226 names the user only',
    text: "User 'app' has exceeded the 'max_user_connections' resource (current value: 3)",
    error: 1226,
    hosts: [],
    user: 'app',
  },
  {
    name: '4151',
    text: 'ERROR 4151 (HY000): Access denied, this account is locked',
    error: 4151,
    hosts: [],
  },
  {
    name: '1049',
    text: "ERROR 1049 (42000): Unknown database 'shop.main'",
    error: 1049,
    hosts: [],
  },
  {
    name: '1042',
    text: "ERROR 1042 (08S01): Can't get hostname for your address",
    error: 1042,
    hosts: [],
  },
];

/** Texts in which nothing looks like an error message of a client. */
export const NOTHING: readonly string[] = [
  '',
  ' \n ',
  'good morning',
  "it's down again, isn't it",
  "SELECT * FROM 'orders'",
  '192.0.2.0/24',
  '2026-11-21 04:00:12',
];
