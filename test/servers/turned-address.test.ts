import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { createSameServerCheck } from '../../src/adapters/mysql/same-server-check.ts';
import { closeTargets, createTargets } from '../../src/compose/targets.ts';
import { createRequest, execute } from '../../src/flush/flush.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import { type Bed, openBed } from '../flush/bed.ts';
import { createAccounts } from '../journeys/flush-stage.ts';
import { loginOf } from '../logins.ts';
import { makeClone, openTurn, type Turn, untilUpFor } from './turn.ts';

/** An address that leads to another real server between the card and the flush: the other is never flushed. */

/** The clone started this much later, and this much before its card: more than what is rounded. */
const APART_S = 5;

/** db1 and db2 share one server_uid; the uid of `bare` is unknown. */
let maria: Readonly<Record<'db1' | 'db2' | 'bare', World>>;
/** Alike in everything but their start: cloned data, one host name, one path. */
let mysql: Readonly<Record<'first' | 'clone', World>>;
let turn: Turn;
let bed: Bed;
let targets: readonly FlushTarget[];

beforeAll(async () => {
  const args = ['--performance-schema=ON'];
  const network = 'loopback';
  const machine = { mac: '02:42:ac:11:00:02', data: '/srv' };
  const mysqlMachine = { host: 'db1', data: '/srv' };
  const first = await startWorld({ flavour: 'mysql', network, machine: mysqlMachine });
  const clone = await startWorld({ flavour: 'mysql', network, machine: mysqlMachine });
  await makeClone(clone, first, APART_S);
  mysql = { first, clone };
  const [db1, db2, bare] = await Promise.all([
    startWorld({ flavour: 'mariadb', network, args, machine: { ...machine, host: 'db1' } }),
    startWorld({ flavour: 'mariadb', network, args, machine: { ...machine, host: 'db2' } }),
    startWorld({ flavour: 'mariadb', network, args, machine: { host: 'db1', data: '/srv' } }),
  ]);
  maria = { db1, db2, bare };
  // Just before a card, a start could be a restart of the card's server.
  await untilUpFor(APART_S, clone);
  await Promise.all(all().map((world) => createAccounts(world)));
  turn = await openTurn(db1);
});

afterAll(async () => {
  await turn?.close();
  await Promise.all(all().map((world) => world.stop()));
});

beforeEach(async () => {
  bed = await openBed();
});

afterEach(async () => {
  await closeTargets(targets);
  await bed.close();
});

const all = () => [...Object.values(maria ?? {}), ...Object.values(mysql ?? {})];

/** The server behind the address. */
function target(): FlushTarget {
  const url = (account: string) => loginOf(`mysql://${account}@127.0.0.1:${turn.port}`);
  const config = {
    ...{ name: 'main', login: url('reader:read'), flushLogin: url('flusher:flush') },
    ...{ channel: 'C1', approvers: ['U0BOB'], dnsServers: [], sweepCron: null },
    ...{ mention: [], runbookUrl: null },
  };
  targets = createTargets([config]);
  const [made] = targets;
  if (made === undefined) throw new Error('one server gives one target');
  return made;
}

const COUNTS = 'performance_schema.events_statements_summary_by_user_by_event_name';

/** How often the flush account emptied each server's cache, where it did. */
async function countFlushes(): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const [name, world] of Object.entries({ ...maria, ...mysql })) {
    const [row] = await world.query(`SELECT COALESCE(SUM(COUNT_STAR), 0) AS n FROM ${COUNTS}
      WHERE USER = 'flusher' AND EVENT_NAME IN ('statement/sql/truncate', 'statement/sql/flush')`);
    if (Number(row?.['n']) > 0) found[name] = Number(row?.['n']);
  }
  return found;
}

interface Told {
  readonly state: string | undefined;
  readonly outcome: string | null | undefined;
  /** The flushes, by server. */
  readonly ran: Readonly<Record<string, number>>;
}

/** What comes of a request that is approved on `from`; `amid` happens between card and flush. */
async function flushFrom(from: World, amid: () => unknown, on = target()): Promise<Told> {
  turn.to(from, 'drop');
  await Promise.all(all().map((world) => world.query(`TRUNCATE TABLE ${COUNTS}`)));
  const parts = { ...bed.parts([on]), now: () => new Date() };
  const place = { channel: 'C1', thread: null };
  const asked = { server: 'main', reason: 'DNS', requester: 'U0ALICE', ...place };
  const request = await createRequest(asked, on, parts);
  await bed.state.flushes.add(request, []);
  await amid();
  const decision = { by: 'U0BOB', at: new Date(), reason: null, approvers: ['U0BOB'] };
  expect(await bed.state.flushes.decide(request.id, 'approved', decision, [])).toBe(true);
  await execute({ ...request, state: 'approved', decision }, on, parts);
  const { state, outcome } = (await bed.state.flushes.find(request.id)) ?? {};
  return { state, outcome, ran: await countFlushes() };
}

const OTHER = 'Not flushed: a different server answers under this name: ';

describe('the address is turned to', () => {
  it.each<{
    name: string;
    from: () => World;
    to: () => World;
    drop?: 'drop';
    says: string | RegExp;
  }>([
    {
      name: 'a MariaDB of the same server_uid, for new connections',
      from: () => maria.db1,
      to: () => maria.db2,
      says: `${OTHER}hostname db1 -> db2 (for the flush account). FR-2 replaces this request.`,
    },
    {
      name: 'a MariaDB of the same server_uid, for all connections',
      from: () => maria.db1,
      to: () => maria.db2,
      drop: 'drop',
      says: `${OTHER}hostname db1 -> db2. FR-2 replaces this request.`,
    },
    {
      name: 'a MariaDB without a MAC address',
      from: () => maria.db1,
      to: () => maria.bare,
      drop: 'drop',
      says: /server_uid \S{28} -> missing\. FR-2 replaces this request\.$/,
    },
    {
      name: 'a MariaDB with one, from one without',
      from: () => maria.bare,
      to: () => maria.db1,
      drop: 'drop',
      says: /server_uid missing -> \S{28}\. FR-2 replaces this request\.$/,
    },
    {
      name: 'a clone of a MySQL server, which started later',
      from: () => mysql.first,
      to: () => mysql.clone,
      drop: 'drop',
      says: /name: start time \S+ \S+ UTC -> \S+ \S+ UTC\. FR-2 replaces this request\.$/,
    },
    {
      name: 'the server that a MySQL server was cloned from, for new connections',
      from: () => mysql.clone,
      to: () => mysql.first,
      says: /name: start time .* \(for the flush account\)\. FR-2 replaces this request\.$/,
    },
  ])('$name: it is not flushed', async ({ from, to, drop, says }) => {
    const told = await flushFrom(from(), () => turn.to(to(), drop));
    expect(told).toMatchObject({ state: 'superseded', ran: {} });
    if (typeof says === 'string') expect(told.outcome).toBe(says);
    else expect(told.outcome).toMatch(says);
  });
});

it('a MariaDB and its neighbour have one server_uid and one port', async () => {
  const facts = (world: World) => world.query('SELECT @@server_uid AS uid, @@port AS port');
  expect(await facts(maria.db1)).toEqual(await facts(maria.db2));
  expect(await facts(maria.bare)).toEqual([{ uid: 'unknown', port: 3306 }]);
});

it('the server that a card was made for is flushed, with an id and without', async () => {
  const stays = () => undefined;
  expect(await flushFrom(maria.bare, stays)).toMatchObject({ state: 'flushed', ran: { bare: 1 } });
});

it.each([
  { name: 'MariaDB', from: () => maria.db1, ran: { db1: 1 } },
  { name: 'MySQL', from: () => mysql.clone, ran: { clone: 1 } },
])('$name is restarted between the card and the flush: it is the same', async ({ from, ran }) => {
  const told = await flushFrom(from(), () => from().restart());
  expect(told).toMatchObject({ state: 'flushed', ran });
});

it('a server without an id is restarted: it cannot be told from another', async () => {
  const told = await flushFrom(maria.bare, () => maria.bare.restart());
  expect(told).toMatchObject({ state: 'superseded', ran: {} });
  expect(told.outcome).toContain('(without server_uid a restart is not told from another server)');
});

it('the address is turned after the statement: the other cache proves nothing', async () => {
  const real = target();
  const open = async () => {
    const session = await real.flusher?.open();
    if (session === undefined) throw new Error('the target has a flusher');
    const flush: typeof session.flush = async (statement) => {
      const result = await session.flush(statement);
      turn.to(maria.db2, 'drop');
      return result;
    };
    return { ...session, flush };
  };
  const flusher = { mayFlush: async () => ({ kind: 'may' }) as const, open };
  const told = await flushFrom(maria.db1, () => undefined, { ...real, flusher });
  expect(told).toMatchObject({ state: 'uncertain', ran: { db1: 1 } });
  expect(told.outcome).toContain(
    'the result cannot be verified: a different server answers under this name: hostname db1 -> db2',
  );
});

describe('doctor', () => {
  const login = (account: string, world: World) =>
    loginOf(`mysql://${account}@localhost?socketPath=${encodeURIComponent(world.socketPath)}`);

  it.each<{ name: string; flushed: () => World; level: string; says: RegExp }>([
    {
      name: 'the same server',
      flushed: () => maria.db1,
      level: 'green',
      says: /reach the same server, db1:3306\.$/,
    },
    {
      name: 'another server',
      flushed: () => maria.db2,
      level: 'red',
      says: /reach different servers: hostname db1 -> db2/,
    },
    {
      name: 'a server without an id',
      flushed: () => maria.bare,
      level: 'red',
      says: /reach different servers: server_uid \S{28} -> missing/,
    },
  ])('the flush account reaches $name', async ({ flushed, level, says }) => {
    targets = [];
    const check = createSameServerCheck({
      name: 'main',
      login: login('reader:read', maria.db1),
      flushLogin: login('flusher:flush', flushed()),
    });
    const [compared] = await check.run();
    expect(compared).toMatchObject({ level, says: expect.stringMatching(says) });
  });
});
