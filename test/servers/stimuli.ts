import type { World } from '../../sandbox/world.ts';
import type { RuleId } from '../../src/diagnosis/rule.ts';
import {
  type Act,
  both,
  breaks,
  failInit,
  killHalfOpen,
  reachPasswordErrors,
  resetUnseen,
  takeAllConnections,
  tries,
} from './acts.ts';

/** Faults that a client or a server can cause, and the rules that report them. */
export interface Stimulus {
  readonly name: string;
  readonly act: Act;
  /** null = this flavour does not have the fault; empty = the entry does not show it. */
  readonly mysql: readonly RuleId[] | null;
  readonly mariadb: readonly RuleId[] | null;
}

/** The servers' max_connect_errors. */
export const LIMIT = 4;

/** Accounts for clients in 10.0.0.0/8; all passwords are `pw` or empty. */
export const ACCOUNTS: Readonly<Record<World['flavour'], string>> = {
  mysql: `
    CREATE USER guessed@'10.%' IDENTIFIED BY 'pw' FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME 1;
    UPDATE mysql.user SET plugin = 'mysql_native_password' WHERE User = 'bygone';`,
  mariadb: `
    UPDATE mysql.global_priv SET Priv = JSON_SET(Priv, '$.plugin', 'gone') WHERE User = 'bygone';`,
};

export const COMMON_ACCOUNTS = `
  CREATE USER jdoe@'10.%' IDENTIFIED BY 'pw';
  CREATE USER tls@'10.%' REQUIRE SSL;
  CREATE USER certified@'10.%' REQUIRE X509;
  CREATE USER few@'10.%' WITH MAX_USER_CONNECTIONS 1;
  CREATE USER rare@'10.%' WITH MAX_CONNECTIONS_PER_HOUR 1;
  CREATE USER locked@'10.%' ACCOUNT LOCK;
  CREATE USER expired@'10.%' IDENTIFIED BY 'pw' PASSWORD EXPIRE;
  CREATE USER bygone@'10.%';
  CREATE USER admin@'10.%';
  GRANT ALL ON *.* TO admin@'10.%'`;

const ALL_HANDSHAKE = { mysql: ['handshake-errors'], mariadb: ['handshake-errors'] } as const;
/** MySQL also says which login name it was. */
const NAMED_HANDSHAKE = {
  mysql: ['failing-login', 'handshake-errors'],
  mariadb: ['handshake-errors'],
} as const;
const ALL_REFUSED = {
  mysql: ['failing-login', 'wrong-password'],
  mariadb: ['wrong-password'],
} as const;

export const STIMULI: readonly Stimulus[] = [
  { name: 'a good login', act: tries({ user: 'admin' }, {}), mysql: [], mariadb: [] },

  { name: 'greeting, FIN: a port scan', act: breaks('fin'), ...ALL_HANDSHAKE },
  { name: 'connect, FIN: nc -z', act: breaks('fin-at-once'), ...ALL_HANDSHAKE },
  { name: 'greeting, RST: a load balancer', act: breaks('rst'), ...ALL_HANDSHAKE },
  {
    name: 'RST before the server has looked: an HAProxy check',
    act: resetUnseen,
    mysql: ['never-seen'],
    mariadb: ['never-seen'],
  },
  { name: 'HTTP', act: breaks('http'), ...ALL_HANDSHAKE },
  { name: 'a TLS ClientHello first', act: breaks('tls'), ...ALL_HANDSHAKE },
  { name: 'COM_QUIT before login', act: breaks('quit'), ...ALL_HANDSHAKE },
  { name: 'silence until connect_timeout', act: breaks('silence'), ...ALL_HANDSHAKE },
  { name: 'KILL of a half-open connection', act: killHalfOpen, ...ALL_HANDSHAKE },
  { name: 'a certificate not trusted', act: breaks('bad-certificate'), ...ALL_HANDSHAKE },
  { name: 'TLS 1.1 at most', act: breaks('old-tls'), ...ALL_HANDSHAKE },
  { name: 'left on AuthSwitch: an old driver', act: breaks('auth-switch'), ...NAMED_HANDSHAKE },
  { name: 'left on full authentication: JDBC', act: breaks('full-auth'), ...NAMED_HANDSHAKE },
  {
    name: 'no plugins known: a driver of MySQL 5.1',
    act: breaks('old-protocol'),
    mysql: ['failing-login', 'handshake-errors'],
    // The account has MariaDB's native password, so this is a login with a wrong one.
    mariadb: ['wrong-password'],
  },
  {
    name: 'half the connect errors that block',
    act: breaks('quit', LIMIT / 2),
    mysql: ['near-block', 'handshake-errors'],
    mariadb: ['near-block', 'handshake-errors'],
  },
  {
    name: 'all the connect errors that block',
    act: async (world, client) => {
      await world.breakHandshakeFrom(client, LIMIT, 'quit');
      return tries({}, both(1129))(world, client);
    },
    mysql: ['blocked-host', 'handshake-errors'],
    mariadb: ['blocked-host', 'handshake-errors'],
  },

  {
    name: 'a wrong password',
    act: tries({ user: 'jdoe', password: 'no' }, both(1045)),
    ...ALL_REFUSED,
  },
  { name: 'an unknown user', act: tries({ user: 'ghost' }, both(1045)), ...ALL_REFUSED },
  {
    name: 'a missing database',
    act: tries({ user: 'admin', database: 'none' }, both(1049)),
    mysql: ['failing-login', 'default-database'],
    mariadb: [],
  },
  {
    name: 'a database without a grant',
    act: tries({ user: 'jdoe', password: 'pw', database: 'mysql' }, both(1044)),
    mysql: ['failing-login', 'default-database'],
    mariadb: [],
  },
  {
    name: 'REQUIRE SSL, a plain client',
    act: tries({ user: 'tls' }, both(1045)),
    mysql: ['failing-login', 'tls-required'],
    mariadb: ['tls-required'],
  },
  {
    name: 'REQUIRE X509, TLS without a certificate',
    act: tries({ user: 'certified', tls: true }, both(1045)),
    mysql: ['failing-login', 'tls-required'],
    mariadb: ['tls-required'],
  },
  {
    name: 'MAX_USER_CONNECTIONS',
    act: async (world, client) => {
      const session = await world.openFrom(client, { user: 'few' });
      await tries({ user: 'few' }, both(1226))(world, client);
      return session.close;
    },
    mysql: ['failing-login', 'user-limits'],
    mariadb: ['user-limits'],
  },
  {
    name: 'MAX_CONNECTIONS_PER_HOUR',
    act: async (world, client) => {
      await tries({ user: 'rare' }, {})(world, client);
      return tries({ user: 'rare' }, both(1226))(world, client);
    },
    mysql: ['failing-login', 'user-limits'],
    mariadb: ['user-limits'],
  },
  {
    name: 'init_connect fails',
    act: failInit,
    mysql: ['failing-login', 'init-connect'],
    mariadb: ['init-connect'],
  },
  {
    name: 'the plugin of the account is not loaded',
    act: tries({ user: 'bygone' }, both(1524)),
    mysql: ['failing-login', 'plugin-missing'],
    mariadb: ['plugin-missing'],
  },
  {
    name: 'a locked account',
    act: tries({ user: 'locked' }, { mysql: 3118, mariadb: 4151 }),
    mysql: ['failing-login', 'account-locked'],
    mariadb: [],
  },
  {
    name: 'FAILED_LOGIN_ATTEMPTS reached',
    act: tries({ user: 'guessed', password: 'no' }, { mysql: 3955 }),
    mysql: ['failing-login', 'account-locked'],
    mariadb: null,
  },
  {
    name: 'max_password_errors reached',
    act: reachPasswordErrors,
    mysql: null,
    // Each refusal with 4150 counts as a broken handshake, so it blocks the host in the end.
    mariadb: ['handshake-errors', 'wrong-password'],
  },
  {
    name: 'an expired password',
    // MariaDB admits it and refuses the first query.
    act: tries({ user: 'expired', password: 'pw' }, { mysql: 1862, mariadb: 1820 }),
    mysql: ['failing-login', 'wrong-password'],
    mariadb: [],
  },
  {
    name: 'no free connection (1040)',
    act: takeAllConnections,
    mysql: ['too-many-connections', 'never-seen'],
    mariadb: ['too-many-connections', 'never-seen'],
  },
];
