import { describe, expect, it } from 'vitest';
import { type ClientFacts, readClientLogin } from '../../src/config/client-login.ts';

/** The login that option files, variables and this machine describe. */

const SOCKET = '/run/mysqld/mysqld.sock';
const UNVERIFIED = { rejectUnauthorized: false, verifyIdentity: false };

type Options = Readonly<Record<string, string | null>>;

function login(options: Options, facts: Partial<ClientFacts> = {}) {
  const placed = Object.entries(options).map(
    ([name, value]) => [name, { value, place: 'my.cnf:1' }] as const,
  );
  return readClientLogin({
    options: new Map(placed),
    values: {},
    person: 'jdoe',
    socket: SOCKET,
    readText: (path) => (path === '/ca.pem' ? 'PEM' : null),
    ...facts,
  });
}

const REMOTE = { host: 'db.example.com', user: 'bot', password: 'a"\'#\\ é' };

describe('where, and as whom', () => {
  it.each([
    {
      name: 'a server elsewhere',
      options: REMOTE,
      has: { ...REMOTE, port: 3306, isTlsOptional: true },
    },
    {
      name: 'nothing but a socket',
      options: {},
      has: { socketPath: SOCKET, user: 'jdoe', password: '' },
    },
    {
      name: 'localhost',
      options: { host: 'localhost', port: '3307' },
      has: { socketPath: SOCKET },
    },
    {
      name: 'localhost by TCP',
      options: { host: 'localhost', protocol: 'TCP' },
      has: { host: '127.0.0.1' },
    },
    {
      name: 'localhost without a socket',
      options: { user: 'x' },
      facts: { socket: null },
      has: { host: '127.0.0.1' },
    },
    { name: 'its socket', options: { socket: '/x.sock' }, has: { socketPath: '/x.sock' } },
    {
      name: 'a socket that a host elsewhere does not use',
      options: { ...REMOTE, socket: '/x.sock' },
      has: { host: REMOTE.host },
    },
    {
      name: 'variables',
      options: {},
      facts: { values: { MYSQL_HOST: '192.0.2.1', MYSQL_TCP_PORT: '3307', MYSQL_PWD: 'p' } },
      has: { host: '192.0.2.1', port: 3307, password: 'p' },
    },
    {
      name: 'files before variables',
      options: REMOTE,
      facts: { values: { MYSQL_HOST: 'x', MYSQL_PWD: 'y' } },
      has: REMOTE,
    },
    {
      name: 'an empty password before MYSQL_PWD',
      options: { ...REMOTE, password: '' },
      facts: { values: { MYSQL_PWD: 'y' } },
      has: { password: '' },
    },
    { name: 'port 0', options: { ...REMOTE, port: '0' }, has: { port: 3306 } },
  ])('$name', ({ options, facts, has }) => {
    const read = login(options, facts);
    expect(read).toMatchObject({ login: has, faults: [], asksPassword: false });
    const isLocal = read.login?.socketPath !== undefined;
    expect(read.login?.ssl === undefined).toBe(isLocal);
  });

  it('nothing at all', () => {
    expect(login({}, { socket: null })).toEqual({ login: null, asksPassword: false, faults: [] });
  });

  it('a password without a value is asked for', () => {
    expect(login({ ...REMOTE, password: null }).asksPassword).toBe(true);
  });
});

it.each([
  { name: 'DISABLED', options: { 'ssl-mode': 'disabled', 'ssl-ca': '/ca.pem' }, ssl: undefined },
  { name: 'REQUIRED', options: { 'ssl-mode': 'REQUIRED' }, ssl: UNVERIFIED },
  {
    name: 'VERIFY_CA',
    options: { 'ssl-mode': 'VERIFY_CA', 'ssl-ca': '/ca.pem' },
    ssl: { ca: 'PEM', verifyIdentity: false },
  },
  {
    name: 'a CA alone',
    options: { 'ssl-ca': '/ca.pem' },
    ssl: { ca: 'PEM', verifyIdentity: false },
  },
  {
    name: 'VERIFY_IDENTITY',
    options: { 'ssl-mode': 'VERIFY_IDENTITY', 'ssl-ca': '/ca.pem' },
    ssl: { ca: 'PEM' },
  },
  { name: 'VERIFY_IDENTITY by public CAs', options: { 'ssl-mode': 'VERIFY_IDENTITY' }, ssl: {} },
  { name: 'MariaDB', options: { 'ssl-verify-server-cert': null }, ssl: {} },
  { name: 'MariaDB, off', options: { 'ssl-verify-server-cert': '0' }, ssl: UNVERIFIED },
])('TLS: $name', ({ options, ssl }) => {
  expect(login({ ...REMOTE, ...options }).login?.ssl).toEqual(ssl);
});

it.each([
  {
    name: 'a port',
    options: { port: 'x' },
    says: /^my.cnf:1: port: expected a port from 1 to 65535, got "x"\.$/,
  },
  {
    name: 'a variable',
    options: {},
    facts: { values: { MYSQL_TCP_PORT: '99999' } },
    says: /^MYSQL_TCP_PORT: expected a port/,
  },
  {
    name: 'a mode',
    options: { ...REMOTE, 'ssl-mode': 'yes' },
    says: /^my.cnf:1: ssl-mode: expected DISABLED, .*, got "YES"\.$/,
  },
  {
    name: 'a CA',
    options: { ...REMOTE, 'ssl-ca': '/none' },
    says: /^my.cnf:1: ssl-ca: expected a file that can be read, got "\/none"\.$/,
  },
  {
    name: 'a protocol',
    options: { protocol: 'pipe' },
    says: /^my.cnf:1: expected protocol=tcp or socket, got "pipe"\.$/,
  },
  {
    name: 'no value',
    options: { host: null },
    says: /^my.cnf:1: expected host=…, got no value\.$/,
  },
  {
    name: 'nobody',
    options: { host: 'x' },
    facts: { person: null },
    says: /^user: expected a user/,
  },
])('$name is a fault', ({ options, facts, says }) => {
  const { login: read, faults } = login(options, facts);
  expect({ read, faults }).toEqual({ read: null, faults: [expect.stringMatching(says)] });
});
