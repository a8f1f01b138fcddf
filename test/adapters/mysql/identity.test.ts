import { expect, it } from 'vitest';
import { readIdentity } from '../../../src/adapters/mysql/identity.ts';

/** What a server tells of itself; what it does not tell is missing, and never a guess. */

const MYSQL = {
  server_uuid: '83de194b-ebd5-11f1-95ef-d66162c8c379',
  hostname: 'db1',
  port: '3306',
  datadir: '/var/lib/mysql/',
  server_id: '1',
};

const MARIADB = { ...MYSQL, server_uuid: undefined };

interface Told {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly uptime?: unknown;
  /** What its clock says each time it is read. */
  readonly clock?: readonly unknown[];
}

function read({ variables = MYSQL, uptime = '600', clock = [1_000_000, 1_000_000] }: Told) {
  const times = [...clock];
  return readIdentity(async (sql) => {
    if (sql.includes('UNIX_TIMESTAMP')) return [{ nowS: times.shift() }];
    if (sql.includes('Uptime')) return [{ Variable_name: 'Uptime', Value: uptime }];
    return Object.entries(variables).flatMap(([name, value]) =>
      value === undefined ? [] : [{ Variable_name: name, Value: value }],
    );
  }, 'main');
}

it('MySQL has a server_uuid', async () => {
  expect(await read({})).toEqual({
    ...{ uuid: MYSQL.server_uuid, uid: null, hostname: 'db1', port: '3306' },
    ...{ datadir: '/var/lib/mysql/', serverId: '1' },
    startedAt: new Date(999_400_000),
    readAt: new Date(1_000_000_000),
  });
});

it.each([
  { server_uid: 'mJNPnxUIXvEuMbIunEEs/hNYvuI=', uid: 'mJNPnxUIXvEuMbIunEEs/hNYvuI=' },
  { server_uid: undefined, uid: null },
  { server_uid: 'unknown', uid: null },
  { server_uid: 'Unknown', uid: null },
  { server_uid: ' UNKNOWN ', uid: null },
  { server_uid: '', uid: null },
  { server_uid: null, uid: null },
  { server_uid: 'NULL', uid: null },
])('MariaDB with the server_uid $server_uid', async ({ server_uid, uid }) => {
  expect(await read({ variables: { ...MARIADB, server_uid } })).toMatchObject({ uuid: null, uid });
});

it.each(['', '00000000-0000-0000-0000-000000000000'])(
  'the server_uuid "%s" identifies nothing',
  async (server_uuid) => {
    expect(await read({ variables: { ...MYSQL, server_uuid } })).toMatchObject({ uuid: null });
  },
);

it.each([
  ...['hostname', 'port', 'datadir', 'server_id'].flatMap((name) =>
    [undefined, null, '', ' '].map((value) => ({ name, value, got: 'none' })),
  ),
  { name: 'hostname', value: 'x'.repeat(1_000_000), got: '1000000 characters' },
])('without a $name the server is not identified', async ({ name, value, got }) => {
  const says = `main: expected ${name} to tell the server from others, got ${got}.`;
  await expect(read({ variables: { ...MYSQL, [name]: value } })).rejects.toThrow(says);
});

it('an answer that took long is asked for again', async () => {
  const clock = [1_000_000, 1_000_005, 1_000_006];
  expect(await read({ clock })).toMatchObject({ startedAt: new Date(999_406_000) });
});

it.each<Told & { name: string }>([
  { name: 'always slow', clock: [0, 5, 10, 15] },
  { name: 'without a clock', clock: [null, null, null, null] },
  { name: 'with an uptime that is no number', uptime: '__proto__' },
  { name: 'with an empty uptime', uptime: '', clock: [1, 1, 1, 1] },
])('$name, when it started is not known', async (told) => {
  await expect(read(told)).rejects.toMatchObject({ kind: 'unreadable' });
});
