import { describe, expect, it } from 'vitest';
import { otherServer, type ServerIdentity, type StoredIdentity } from '../../src/flush/identity.ts';
import { DB1, identity } from '../scenarios/flush-requests.ts';

/** Whether a server is the one on the card, fact by fact. */

const at = (time: string) => new Date(`2026-11-20T${time}Z`);

const NAMELESS = identity({ uuid: null });

const MARIADB = identity({ uuid: null, uid: 'mJNPnxUIXvEuMbIunEEs/hNYvuI=' });

describe('the same server', () => {
  it.each<{ name: string; seen?: ServerIdentity; now: ServerIdentity }>([
    { name: 'read again', now: identity({ readAt: at('12:05:00') }) },
    { name: 'with a start that was rounded', now: identity({ startedAt: at('08:00:03') }) },
    { name: 'with a start that was rounded down', now: identity({ startedAt: at('07:59:57') }) },
    { name: 'restarted since', now: identity({ startedAt: at('12:03:00') }) },
    { name: 'restarted at once', now: identity({ startedAt: at('11:59:59') }) },
    { name: 'MariaDB, restarted', seen: MARIADB, now: { ...MARIADB, startedAt: at('12:03:00') } },
    { name: 'without an id', seen: NAMELESS, now: { ...NAMELESS, readAt: at('12:05:00') } },
  ])('$name', ({ seen = DB1, now }) => {
    expect(otherServer(seen, now)).toBeNull();
  });
});

describe('another server', () => {
  const start = (to: string) => `start time 2026-11-20 08:00:00 UTC -> 2026-11-20 ${to} UTC`;
  const { uuid } = DB1;

  it.each<{ name: string; seen?: ServerIdentity; now: ServerIdentity; says: string }>([
    { name: 'hostname', now: identity({ hostname: 'db2' }), says: 'hostname db1 -> db2' },
    { name: 'port', now: identity({ port: '3307' }), says: 'port 3306 -> 3307' },
    {
      name: 'datadir',
      now: identity({ datadir: '/srv/' }),
      says: 'datadir /var/lib/mysql/ -> /srv/',
    },
    { name: 'server_id', now: identity({ serverId: '2' }), says: 'server_id 1 -> 2' },
    { name: 'server_uuid', now: identity({ uuid: 'b' }), says: `server_uuid ${uuid} -> b` },
    {
      name: 'server_uid that is not known any more',
      seen: MARIADB,
      now: { ...MARIADB, uid: null },
      says: 'server_uid mJNPnxUIXvEuMbIunEEs/hNYvuI= -> missing',
    },
    {
      name: 'MariaDB in place of MySQL',
      now: MARIADB,
      says: `server_uuid ${uuid} -> missing, server_uid missing -> ${MARIADB.uid}`,
    },
    {
      name: 'more facts than are named',
      now: identity({ hostname: 'db2', port: '1', datadir: '/', serverId: '9' }),
      says: 'hostname db1 -> db2, port 3306 -> 1, datadir /var/lib/mysql/ -> / and 1 more',
    },
    {
      name: 'another start, which is named only where nothing else differs',
      now: identity({ hostname: 'db2', startedAt: at('07:00:00') }),
      says: 'hostname db1 -> db2',
    },
    {
      name: 'one that started before it',
      now: identity({ startedAt: at('07:59:56') }),
      says: start('07:59:56'),
    },
    {
      name: 'one that ran already when the card was made',
      now: identity({ startedAt: at('11:59:58') }),
      says: start('11:59:58'),
    },
    {
      name: 'without an id, perhaps a restart',
      seen: NAMELESS,
      now: { ...NAMELESS, startedAt: at('12:03:00') },
      says: `${start('12:03:00')} (without server_uid a restart is not told from another server)`,
    },
  ])('$name', ({ seen = DB1, now, says }) => {
    expect(otherServer(seen, now)).toBe(`a different server answers under this name: ${says}`);
  });
});

it.each<{ name: string; seen: unknown }>([
  { name: 'an older version', seen: 'db1 3306 /var/lib/mysql/' },
  { name: 'nobody', seen: null },
  { name: 'a version that knew less', seen: { hostname: 'db1' } },
  { name: 'a version that knew no start', seen: { ...DB1, startedAt: undefined } },
])('what $name stored is never the same', ({ seen }) => {
  // Stored as JSON, so it can be anything.
  expect(otherServer(seen as StoredIdentity, DB1)).toMatch(/an older version stored|different/);
});
