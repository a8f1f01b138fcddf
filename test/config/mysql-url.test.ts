import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config/config.ts';
import type { MysqlLogin } from '../../src/hostcache/mysql-login.ts';

/** `mysql://` URLs mean the same in three settings and in two keys of SERVERS_FILE. */

interface Place {
  /** Its name in an error. */
  readonly name: string;
  /** The setting, or the key. */
  readonly read: (url: string) => MysqlLogin | null | readonly string[];
  readonly path: '' | '/state';
}

const MYSQL_URL = 'mysql://bot@db';

function configOf(values: Readonly<Record<string, string>>, servers?: string) {
  const variables = { values: {}, faults: {} };
  const serversFile =
    servers === undefined ? null : { path: 'servers.yml', text: servers, variables };
  return readConfig({ values, faults: {}, serversFile }, ['all', 'mysql'], () => null);
}

function inSetting(name: string) {
  return (url: string) => {
    const config = configOf({ MYSQL_URL, STATE_URL: 'mysql://bot@db/state', [name]: url });
    if ('faults' in config) return config.faults;
    const { servers, statePlace } = config;
    if (name === 'STATE_URL') return statePlace.kind === 'mysql' ? statePlace.login : null;
    return (name === 'MYSQL_URL' ? servers[0]?.login : servers[0]?.flushLogin) ?? null;
  };
}

function inServersFile(key: string) {
  return (url: string) => {
    const keys = { name: 'db-1', url: MYSQL_URL, [key]: url };
    const lines = Object.entries(keys).map(([name, value]) => `  ${name}: '${value}'\n`);
    const text = `servers:\n-${lines.join('').slice(1)}`;
    const config = configOf({ SERVERS_FILE: 'servers.yml' }, text);
    if ('faults' in config) return config.faults;
    return (key === 'url' ? config.servers[0]?.login : config.servers[0]?.flushLogin) ?? null;
  };
}

const PLACES: readonly Place[] = [
  { name: 'MYSQL_URL', read: inSetting('MYSQL_URL'), path: '' },
  { name: 'MYSQL_FLUSH_URL', read: inSetting('MYSQL_FLUSH_URL'), path: '' },
  { name: 'STATE_URL', read: inSetting('STATE_URL'), path: '/state' },
  { name: 'SERVERS_FILE servers.yml:3: url', read: inServersFile('url'), path: '' },
  { name: 'SERVERS_FILE servers.yml:4: flush_url', read: inServersFile('flush_url'), path: '' },
];

const PLAIN = { host: 'db.example.com', port: 3306, user: 'bot', password: 's3cret' };

describe.each(PLACES)('$name', ({ name, read, path }) => {
  const database = path === '' ? {} : { database: 'state' };

  it.each([
    { parameters: '', means: {} },
    { parameters: '?ssl=false', means: {} },
    { parameters: '?ssl=true', means: { ssl: {} } },
    { parameters: '?ssl=Amazon%20RDS', means: { ssl: 'Amazon RDS' } },
    {
      parameters: '?ssl={"ca":"x","minVersion":"TLSv1.3"}',
      means: { ssl: { ca: 'x', minVersion: 'TLSv1.3' } },
    },
    { parameters: '?allowPublicKeyRetrieval=true', means: { allowPublicKeyRetrieval: true } },
    { parameters: '?allowPublicKeyRetrieval=false', means: {} },
    { parameters: '?socketPath=/tmp/s.sock', means: { socketPath: '/tmp/s.sock' } },
    {
      parameters: '?ssl=true&socketPath=%2Ftmp%2Fs%20s',
      means: { ssl: {}, socketPath: '/tmp/s s' },
    },
  ])('takes "$parameters"', ({ parameters, means }) => {
    const url = `mysql://bot:s3cret@db.example.com${path}${parameters}`;
    expect(read(url)).toStrictEqual({ ...PLAIN, ...database, ...means });
  });

  it.each([
    { authority: 'a:b%23%40@[2001:db8::1]:3307', host: '2001:db8::1', user: 'a', password: 'b#@' },
    { authority: 'flush%20me@h:3307', host: 'h', user: 'flush me', password: '' },
  ])('reads $authority', ({ authority, ...login }) => {
    expect(read(`mysql://${authority}${path}`)).toStrictEqual({
      port: 3307,
      ...login,
      ...database,
    });
  });

  it.each([
    ...['Foo', 'amazon rds', '{', '5', 'null', '"Amazon RDS"', 'yes', 'constructor', '[]'].map(
      (profile) => ({
        parameters: `ssl=${profile}`,
        expected: 'true, false, an object in JSON, or Amazon RDS for the parameter ssl',
      }),
    ),
    ...['1', 'TRUE', 'yes'].map((value) => ({
      parameters: `allowPublicKeyRetrieval=${value}`,
      expected: 'true or false for the parameter allowPublicKeyRetrieval',
    })),
    { parameters: 'ssl=', expected: 'a value for the parameter ssl' },
    { parameters: 'socketPath=', expected: 'a value for the parameter socketPath' },
    { parameters: 'ssl=true&ssl=false', expected: 'the parameter ssl once' },
    {
      parameters: 'sslmode=on',
      expected: 'only the parameters socketPath, ssl and allowPublicKeyRetrieval, not sslmode',
    },
    {
      parameters: 'password=s3cret',
      expected: 'only the parameters socketPath, ssl and allowPublicKeyRetrieval, not password',
    },
    {
      parameters: 's3@cret@h',
      expected: 'only the parameters socketPath, ssl and allowPublicKeyRetrieval',
    },
  ])('refuses "?$parameters" and names the setting or key', ({ parameters, expected }) => {
    const faults = read(`mysql://bot:s3cret@db${path}?${parameters}`);
    expect(faults).toEqual([
      expect.stringContaining(`${name}: expected ${expected}, got "mysql://bot:…@`),
    ]);
    expect(String(faults)).not.toMatch(/s3|cret/);
  });
});

it('is checked with all other settings: every error at once', () => {
  const url = 'mysql://bot:s3cret@db';
  const config = configOf({
    MYSQL_URL: `${url}?ssl=Foo`,
    MYSQL_FLUSH_URL: `${url}?tls=true`,
    STATE_URL: `${url}/state?ssl=Foo`,
    LOG_LEVEL: 'loud',
  });
  const faults = 'faults' in config ? config.faults : [];
  expect(faults.map((fault) => fault.split(':')[0])).toEqual([
    'MYSQL_URL',
    'MYSQL_FLUSH_URL',
    'STATE_URL',
    'LOG_LEVEL',
  ]);
});
