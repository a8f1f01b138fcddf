// A workspace, real servers and two replicas on one state, for attacks on approvals. Does I/O.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type BrokenLine, openBrokenLine } from '../../sandbox/broken-line.ts';
import { type SlackPeer, startSlackPeer } from '../../sandbox/slack/peer.ts';
import type { User } from '../../sandbox/slack/people.ts';
import type { World } from '../../sandbox/world.ts';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { createTargets } from '../../src/compose/targets.ts';
import type { FlushTarget } from '../../src/flush/parts.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { createAccounts, serverOf, truncatesBy } from './accounts.ts';
import { type Replica, type ReplicaOptions, startReplica } from './replica.ts';
import { SILENT } from './silent-log.ts';

/** One server with its channel; its flush account is its own, so that its flushes can be counted. */
export interface Lane {
  readonly server: string;
  readonly channel: string;
  /** Between the bots and the server of the flush account. */
  readonly line: BrokenLine;
}

export interface Stage {
  readonly peer: SlackPeer;
  readonly people: Cast;
  readonly lanes: readonly Lane[];
  /** Flushing is off there: both accounts are one. */
  readonly sameAccount: string;
  readonly state: State;
  readonly replicas: Record<Side, Replica>;
  readonly httpAddress: () => string;
  /** Milliseconds that each clock is ahead of the real one. */
  readonly clocks: Record<'all' | Side, number>;
  readonly home: World;
  /** The server to which a turned address leads. */
  readonly elsewhere: World;
  restart(side: Side): Promise<void>;
  /** Resolves when no replica works on anything. */
  settled(): Promise<void>;
  /** By the server of each lane: how often it was flushed there and elsewhere, by the counters of both. */
  truncates(): Promise<Record<string, number>>;
  request(id: string): Promise<FlushRequest>;
  stop(): Promise<void>;
}

/** `socket` is the replica in Socket Mode, `http` the one in HTTP mode. */
export type Side = 'socket' | 'http';

export type Cast = Readonly<Record<(typeof NAMES)[number], string>>;

/** Alice requests; bob and carol are members who may approve, and nobody else is. */
const NAMES = ['alice', 'bob', 'carol', 'dave', 'gus', 'sam', 'bert', 'del'] as const;

const LANES = 12;

/** Approvers who are no full members, or not there, may not approve all the same. */
const APPROVERS = ['U0ALICE', 'U0BOB', 'U0GUS', 'U0SAM', 'U0BERT', 'U0DEL', 'U0NOBODY', 'S0DBAS'];

let stages = 0;

export async function openStage(home: World, elsewhere: World): Promise<Stage> {
  stages += 1;
  const folder = mkdtempSync('/tmp/hostcache-attacks-');
  const clocks = { all: 0, socket: 0, http: 0 };
  const peer = await startSlackPeer({
    deadlineMs: 60_000,
    clock: () => new Date(Date.now() + clocks.all),
  });
  const people = populate(peer);
  const lanes = await openLanes([home, elsewhere], folder, peer);
  const state = await openState(home);
  const targets = targetsOf(home, lanes);
  const { start, httpAddress } = createStarter({ peer, state, targets, log: SILENT }, clocks);
  const replicas = { socket: await start('socket'), http: await start('http') };
  return {
    ...{ peer, people, lanes, state, replicas, clocks, home, elsewhere, httpAddress },
    sameAccount: SAME,
    restart: async (side) => {
      await replicas[side].stop();
      replicas[side] = await start(side);
    },
    settled: () => settled(replicas),
    truncates: () => truncatesOf(lanes, [home, elsewhere]),
    request: async (id) => {
      const found = await state.flushes.find(id);
      if (found === null) throw new Error(`expected ${id} in the state`);
      return found;
    },
    stop: async () => {
      await Promise.all(Object.values(replicas).map((replica) => replica.stop()));
      await Promise.all(targets.map(({ server }) => server.close()));
      await Promise.all(lanes.map(({ line }) => line.close()));
      await state.close();
      await peer.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Both accounts of this server are one. */
const SAME = 'same';

function targetsOf(world: World, lanes: readonly Lane[]): readonly FlushTarget[] {
  const configs = lanes.map(({ server, channel, line }) => ({
    ...serverOf(world, { name: server, user: accountOf(server), flushSocket: line.path }),
    ...{ channel, approvers: APPROVERS },
  }));
  const [first] = configs;
  const same = first === undefined ? [] : [{ ...first, name: SAME, flushLogin: first.login }];
  return createTargets([...configs, ...same]);
}

/** Starts replicas; the one in HTTP mode has another port each time. */
function createStarter(
  shared: Pick<ReplicaOptions, 'peer' | 'state' | 'targets' | 'log'>,
  clocks: Readonly<Record<'all' | Side, number>>,
) {
  let httpPort = 0;
  return {
    httpAddress: () => `http://127.0.0.1:${httpPort}/slack/events`,
    start: async (side: Side): Promise<Replica> => {
      if (side === 'http') httpPort = await freePort();
      const now = () => new Date(Date.now() + clocks.all + clocks[side]);
      const place = { port: side === 'http' ? httpPort : null, holder: `${side} ${Math.random()}` };
      return await startReplica({ ...shared, ...place, now });
    },
  };
}

async function truncatesOf(lanes: readonly Lane[], worlds: readonly [World, World]) {
  const users = lanes.map(({ server }) => accountOf(server));
  const [here, there] = [await truncatesBy(worlds[0], users), await truncatesBy(worlds[1], users)];
  const sum = (user: string) => (here[user] ?? 0) + (there[user] ?? 0);
  return Object.fromEntries(lanes.map(({ server }) => [server, sum(accountOf(server))]));
}

const accountOf = (server: string) => `${server}_${stages}`;

function populate(peer: SlackPeer): Cast {
  const { workspace } = peer;
  const kinds: Readonly<Record<string, Partial<User>>> = {
    gus: { isRestricted: true },
    sam: { isStranger: true },
    bert: { isBot: true },
    del: { deleted: true },
  };
  const ids = NAMES.map((name) => [name, workspace.addUser({ name, ...kinds[name] }).id]);
  // NAMES has each name of the cast.
  const people = Object.fromEntries(ids) as Cast;
  workspace.addUserGroup({ handle: 'dbas', members: [people.carol, ALIAS] });
  // The map is the peer's own. Slack answers a question about an older id with the newer one.
  const users = workspace.users as Map<string, User>;
  const alice = users.get(people.alice);
  if (alice !== undefined) users.set(ALIAS, alice);
  return people;
}

/** Another id of alice, as in Enterprise organisations. */
export const ALIAS = 'W0ALICE';

async function openLanes(worlds: readonly [World, World], folder: string, peer: SlackPeer) {
  const names = Array.from({ length: LANES }, (_, at) => `s${at}`);
  for (const world of worlds) await createAccounts(world, names.map(accountOf));
  const members = [...peer.workspace.users.values()].map(({ id }) => id);
  const lanes: Lane[] = [];
  for (const server of names) {
    const channel = peer.workspace.addChannel({ name: server, members }).id;
    const line = await openBrokenLine(join(folder, `${server}.sock`), worlds[0].socketPath);
    lanes.push({ server, channel, line });
  }
  return lanes;
}

/** So long that a machine that stalls only takes longer. */
const STATE_LIMIT_MS = 60_000;

async function openState({ query, socketPath }: World): Promise<State> {
  const database = `attacks_${stages}`;
  await query(`CREATE DATABASE ${database}; CREATE USER IF NOT EXISTS 'bot'@'localhost'
    IDENTIFIED BY 'state'; GRANT ALL ON ${database}.* TO 'bot'@'localhost'`);
  const login = { host: 'localhost', port: 3306, socketPath, database };
  return await openStore({
    place: { kind: 'mysql', login: { ...login, user: 'bot', password: 'state' } },
    limitMs: STATE_LIMIT_MS,
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return address.port;
}

/** A line that has arrived is read within a few turns of the loop. */
const QUIET_TURNS = 6;

async function settled(replicas: Readonly<Record<Side, Replica>>): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await new Promise((resolve) => setTimeout(resolve, 2));
    const isQuiet = Object.values(replicas).every(({ busy }) => busy() === 0);
    quiet = isQuiet ? quiet + 1 : 0;
  }
}
