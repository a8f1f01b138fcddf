import type { Login } from '../../sandbox/world.ts';
import {
  BY_NAME,
  CLIENT,
  JDOE,
  LIMIT,
  lasting,
  NAME,
  named,
  nothing,
  passing,
  probe,
  type Row,
  rename,
  settled,
  useless,
} from './flush-row.ts';

/** When a flush helps: cases for a client whose account jdoe is for its name only. */

/** No account for the client's network. */
const STRANGER = '192.0.2.1';
const ELSEWHERE = '203.0.113.9';

/** Accounts for the client's network open the host check, so a login without a match ends with 1045. */
export const ACCOUNTS = `
  CREATE USER jdoe@'${NAME}', jdoe@'former.example.com';
  CREATE USER tls@'240.%' REQUIRE SSL;
  CREATE USER few@'240.%' WITH MAX_USER_CONNECTIONS 1;
  CREATE USER rotated@'240.%' IDENTIFIED BY 'old';
  CREATE USER secret@'240.%' IDENTIFIED BY 'right'`;

const SECRET: Login = { user: 'secret', password: 'right' };

const STALE = { rule: 'stale-host', client: CLIENT, login: JDOE } as const;
const BLOCKED = { rule: 'blocked-host', client: CLIENT, login: JDOE } as const;

export const ROWS: readonly Row[] = [
  lasting('NULL: no PTR record (NAMEINFO_PERMANENT)', ({ dns }) => dns.ptr(CLIENT, 'NXDOMAIN')),
  lasting('NULL: the PTR name is unknown (ADDRINFO_PERMANENT)', ({ dns }) =>
    dns.ptr(CLIENT, [NAME]),
  ),
  lasting('NULL: the name leads elsewhere (FCRDNS)', ({ dns }) => {
    dns.ptr(CLIENT, [NAME]);
    dns.answer(NAME, 'A', [ELSEWHERE]);
  }),
  lasting('NULL: the name has IPv6 alone (FCRDNS)', ({ dns }) => {
    dns.ptr(CLIENT, [NAME]);
    dns.answer(NAME, 'AAAA', ['2001:db8::9']);
  }),
  passing('no name yet: PTR fails (NAMEINFO_TRANSIENT)', 'dns-failing', ({ dns }) =>
    dns.ptr(CLIENT, 'SERVFAIL'),
  ),
  passing('no name yet: the lookup fails (ADDRINFO_TRANSIENT)', 'dns-failing', ({ dns }) => {
    dns.ptr(CLIENT, [NAME]);
    dns.answer(NAME, 'ANY', 'SERVFAIL');
  }),
  passing('no name yet: it has no address (ADDRINFO_TRANSIENT)', 'dns-failing', ({ dns }) => {
    dns.ptr(CLIENT, [NAME]);
    dns.answer(NAME, 'ANY', 'NODATA');
  }),
  passing('no name ever: it begins like an address (FORMAT)', 'numeric-host-name', ({ dns }) =>
    dns.host(CLIENT, '64.example.com'),
  ),
  {
    ...STALE,
    name: 'an old name: renamed since',
    steps: [
      { act: rename('old.example.com', NAME), flush: 'cures', now: 1045, afterFlush: BY_NAME },
      settled(BY_NAME),
    ],
  },
  {
    ...STALE,
    name: 'an old name: wrong access',
    steps: [
      {
        act: rename('former.example.com', NAME),
        flush: 'changes-account',
        now: 'jdoe@former.example.com',
        afterFlush: BY_NAME,
      },
      settled(BY_NAME),
    ],
  },
  {
    ...STALE,
    name: 'a name that DNS has lost: a flush keeps the client out',
    steps: [
      { act: rename(NAME, null), flush: 'breaks', now: BY_NAME, afterFlush: 1045 },
      { act: nothing, flush: 'cures-after-fix', now: 1045, afterFlush: 1045 },
      { act: named, flush: 'cures', now: 1045, afterFlush: BY_NAME },
    ],
  },
  {
    ...BLOCKED,
    name: 'blocked (SUM at the limit), and the prober returns',
    steps: [
      { act: probe, flush: 'unblocks', now: 1129, afterFlush: BY_NAME },
      { act: probe, flush: 'unblocks', now: 1129, afterFlush: BY_NAME },
      settled(BY_NAME),
    ],
  },
  {
    ...BLOCKED,
    name: 'blocked, and the limit is raised: no flush needed',
    steps: [
      { act: probe, flush: 'unblocks', now: 1129, afterFlush: BY_NAME },
      {
        act: async (world) => {
          await probe(world);
          await world.query(`SET GLOBAL max_connect_errors = ${LIMIT + 1}`);
        },
        flush: 'useless',
        now: BY_NAME,
        afterFlush: BY_NAME,
      },
    ],
  },
  {
    ...BLOCKED,
    name: 'blocked without a name: NULL is blocked too',
    login: SECRET,
    steps: [
      {
        act: (world) => world.breakHandshakeFrom(CLIENT, LIMIT, 'quit'),
        flush: 'unblocks',
        now: 1129,
        afterFlush: 'secret@240.%',
      },
      settled('secret@240.%'),
    ],
  },
  {
    name: 'no account for this client (HOST_ACL)',
    rule: 'no-matching-account',
    client: STRANGER,
    login: JDOE,
    steps: [
      {
        act: async (world) => {
          world.dns.host(STRANGER, 'stranger.example.com');
          await world.connectFrom(STRANGER, JDOE);
        },
        flush: 'useless',
        now: 1130,
        afterFlush: 1130,
      },
      {
        act: (world) => world.query(`CREATE USER jdoe@'stranger.example.com'`),
        flush: 'useless',
        now: 'jdoe@stranger.example.com',
        afterFlush: 'jdoe@stranger.example.com',
      },
    ],
  },
  useless('a wrong password (AUTHENTICATION)', {
    rule: 'wrong-password',
    login: { user: 'rotated', password: 'new' },
    error: 1045,
    fix: (world) => world.query(`ALTER USER rotated@'240.%' IDENTIFIED BY 'new'`),
    account: 'rotated@240.%',
  }),
  useless('REQUIRE SSL not met (SSL)', {
    rule: 'tls-required',
    login: { user: 'tls' },
    error: 1045,
    fix: (world) => world.query(`ALTER USER tls@'240.%' REQUIRE NONE`),
    account: 'tls@240.%',
  }),
  useless('one connection too many (MAX_USER_CONNECTIONS)', {
    rule: 'user-limits',
    login: { user: 'few' },
    cause: (world) => world.openFrom('240.0.0.1', { user: 'few' }),
    error: 1226,
    fix: (world) => world.query(`ALTER USER few@'240.%' WITH MAX_USER_CONNECTIONS 2`),
    account: 'few@240.%',
  }),
  useless('a missing database (DEFAULT_DATABASE)', {
    // MariaDB does not record it.
    rule: null,
    login: { ...SECRET, database: 'shop' },
    error: 1044,
    fix: (world) => world.query(`CREATE DATABASE shop; GRANT ALL ON shop.* TO secret@'240.%'`),
    account: 'secret@240.%',
  }),
  useless('init_connect fails (INIT_CONNECT)', {
    rule: 'init-connect',
    login: SECRET,
    cause: (world) => world.query(`SET GLOBAL init_connect = 'SELECT 1 FROM no.such_table'`),
    error: 1184,
    fix: (world) => world.query(`SET GLOBAL init_connect = ''`),
    account: 'secret@240.%',
  }),
];
