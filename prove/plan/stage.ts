// Servers for one small world at a time: their accounts, their clients' history, and logins that are tried. Does I/O.
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { untilAnswered } from '../../sandbox/world/try-again.ts';
import { type Attempt, startWorld, type World } from '../../sandbox/world.ts';
import { createResolver } from '../../src/adapters/dns/resolver.ts';
import { createServer } from '../../src/adapters/mysql/server.ts';
import type { Resolver } from '../../src/diagnosis/dns-facts.ts';
import { literal } from '../../src/hostcache/account.ts';
import { releaseOf } from '../../src/hostcache/release.ts';
import type { Server } from '../../src/hostcache/server.ts';
import type { Flavour, Version } from '../../src/hostcache/settings.ts';
import type { Login } from '../../src/plan/world.ts';
import { dictate } from '../trial.ts';
import type { PlanAccount, PlanClient, PlanWorld } from './imagine.ts';

export interface PlanStage {
  readonly world: World;
  readonly server: Server;
  readonly resolver: Resolver;
  readonly flavour: Flavour;
  readonly version: Version;
  readonly isNameless: boolean;
  /** The statement that flushes its host cache. */
  readonly flush: string;
  close(): Promise<void>;
}

export async function openPlanStage(
  flavour: Flavour,
  isNameless: boolean,
  args: readonly string[],
): Promise<PlanStage> {
  const world = await startWorld({
    flavour,
    // On a busy machine, an answer that comes late would be a name that the server does not have.
    resolver: { timeout: 10, attempts: 1 },
    args: ['--performance-schema=ON', ...(isNameless ? ['--skip-name-resolve'] : []), ...args],
  });
  const { socketPath } = world;
  const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
  const server = createServer({ name: 'proof', login });
  const settings = await server.settings();
  // Each flavour has other accounts of its own; without these, they admit the same clients.
  await world.query(`DROP USER IF EXISTS root@'127.0.0.1', root@'::1'`);
  return {
    ...{ world, server, resolver: createResolver([world.dnsServer]) },
    ...{ flavour, version: settings.version, isNameless, flush: releaseOf(settings).flush.sql },
    close: async () => {
      await server.close();
      await world.stop();
    },
  };
}

const USERS = ['u', 'v', '', 'ghost'];

/** The accounts under which every client can log in once. */
const OPEN = USERS.map((user): PlanAccount => ({ kind: 'account', user, host: '%' }));

/** Replays the clients' history, which fills the host cache and the counters. */
export async function live(stage: PlanStage, imagined: PlanWorld): Promise<void> {
  const { world } = stage;
  const { clients, accounts } = imagined;
  await setAccounts(stage, OPEN);
  await settle(stage, imagined);
  await world.query('TRUNCATE TABLE performance_schema.accounts');
  setDns(stage, clients, 'dnsBefore');
  await Promise.all(
    clients.map(async ({ address, users, brokenHandshakes }) => {
      for (const user of users) await world.connectFrom(address, { user });
      const times = Math.min(brokenHandshakes, imagined.maxConnectErrors);
      if (times > 0) await world.breakHandshakeFrom(address, times);
    }),
  );
  await setAccounts(stage, accounts);
  setDns(stage, clients, 'dnsNow');
}

/** The variables, and an empty cache. */
export async function settle(
  { world, isNameless, flush }: PlanStage,
  { maxConnectErrors, hostCacheSize }: PlanWorld,
): Promise<void> {
  const size = isNameless ? '' : `; SET GLOBAL host_cache_size = ${hostCacheSize}`;
  await world.query(`SET GLOBAL max_connect_errors = ${maxConnectErrors}${size}; ${flush}`);
}

export function setDns(
  { world }: PlanStage,
  clients: readonly PlanClient[],
  when: 'dnsBefore' | 'dnsNow',
): void {
  world.dns.clear();
  for (const client of clients) dictate(world, client.address, client[when]);
}

/** Those of small worlds. */
export async function accountsOn({ server, flavour }: PlanStage): Promise<readonly PlanAccount[]> {
  const { rows } = await server.allAccounts();
  return rows
    .filter(({ user }) => USERS.includes(user) || user.startsWith('role'))
    .map(({ user, host, tls, locked }) => ({
      kind: user.startsWith('role')
        ? 'role'
        : locked === true
          ? 'locked'
          : tls === 'ANY'
            ? 'tls'
            : 'account',
      user,
      host: host === '' && flavour === 'mariadb' ? '%' : host,
    }));
}

/** Drops and creates what differs, and loads all of them anew. */
export async function setAccounts(stage: PlanStage, wanted: readonly PlanAccount[]): Promise<void> {
  const { world } = stage;
  const stored = wanted.map((each) => asStored(stage, each));
  const isIn = (all: readonly PlanAccount[], one: PlanAccount) =>
    all.some((each) => keyOf(each) === keyOf(one));
  const present = await accountsOn(stage);
  await forAll(
    stage,
    'DROP',
    present.filter((each) => !isIn(stored, each)),
  );
  await forAll(
    stage,
    'CREATE',
    stored.filter((each, at) => !isIn(present, each) && !isIn(stored.slice(0, at), each)),
  );
  await world.query('FLUSH PRIVILEGES');
}

function asStored({ flavour }: PlanStage, { kind, user, host }: PlanAccount): PlanAccount {
  const isWide = flavour === 'mariadb' && (host === '' || kind === 'role');
  return { kind, user, host: isWide ? '%' : host.trim().toLowerCase() };
}

function keyOf({ kind, user, host }: PlanAccount): string {
  return JSON.stringify([kind, user, host]);
}

async function forAll(
  { world, flavour }: PlanStage,
  verb: 'DROP' | 'CREATE',
  accounts: readonly PlanAccount[],
): Promise<void> {
  for (const kind of ['account', 'locked', 'tls', 'role'] as const) {
    const names = accounts
      .filter((each) => each.kind === kind)
      .map(({ user, host }) =>
        kind === 'role' && flavour === 'mariadb'
          ? literal(user)
          : `${literal(user)}@${literal(host)}`,
      );
    const what = `${verb} ${kind === 'role' ? 'ROLE' : 'USER'}`;
    const exists = verb === 'DROP' ? 'IF EXISTS' : 'IF NOT EXISTS';
    const clause = verb === 'DROP' ? '' : CLAUSES[kind];
    if (names.length === 0) continue;
    if (await isDone(world, `${what} ${exists} ${names.join(', ')}${clause}`)) continue;
    // The server refuses some host patterns; such an account does not exist.
    for (const name of names) await isDone(world, `${what} ${exists} ${name}${clause}`);
  }
}

const CLAUSES = { account: '', role: '', locked: ' ACCOUNT LOCK', tls: ' REQUIRE SSL' };

/** False = the server refused it. */
export async function isDone(world: World, sql: string): Promise<boolean> {
  return (await refusalOf(world, sql)) === null;
}

export async function refusalOf(world: World, sql: string): Promise<string | null> {
  try {
    await world.query(sql);
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error)) throw error;
    return error.message;
  }
}

/** Tries each login; where an account may require TLS, a refused one is tried with TLS too. */
export function attemptAll(
  { world }: PlanStage,
  logins: readonly Login[],
  usesTls: () => boolean,
): Promise<readonly Attempt[]> {
  return Promise.all(
    logins.map(async ({ user: typed, client }): Promise<Attempt> => {
      const user = typed ?? 'stranger';
      if (client.kind === 'name') return { outcome: 'closed', reason: 'no address' };
      const connect = (tls: boolean) =>
        client.kind === 'socket'
          ? attemptLocally(world, user, tls)
          : world.connectFrom(client.address.text, { user, tls });
      const first = await untilAnswered(() => connect(false));
      const isDenied = first.outcome === 'error' && first.code === 1045;
      return isDenied && usesTls() ? connect(true) : first;
    }),
  );
}

async function attemptLocally({ socketPath }: World, user: string, tls: boolean): Promise<Attempt> {
  try {
    const ssl = tls ? { ssl: { rejectUnauthorized: false } } : {};
    const connection = await createConnection({ socketPath, user, password: '', ...ssl });
    const [rows] = await connection.query<RowDataPacket[]>('SELECT CURRENT_USER() AS currentUser');
    await connection.end();
    return { outcome: 'admitted', currentUser: String(rows[0]?.['currentUser']), user };
  } catch (error) {
    if (!(error instanceof Error && 'errno' in error)) throw error;
    return { outcome: 'error', code: Number(error.errno), message: error.message };
  }
}

/** The same server and resolver, each asked only once for the same. */
export function remembering({ server, resolver }: Pick<PlanStage, 'server' | 'resolver'>): {
  readonly server: Server;
  readonly resolver: Resolver;
} {
  const answers = new Map<string, unknown>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const answer = answers.get(key) ?? ask();
    answers.set(key, answer);
    // What is kept under a key is what was asked under it.
    return answer as Promise<T>;
  };
  return {
    server: {
      ...server,
      settings: () => once('settings', server.settings),
      allAccounts: (limit) => once('accounts', () => server.allAccounts(limit)),
      logins: (hosts) => once('logins', () => server.logins(hosts)),
      cache: () => once('cache', server.cache),
      activity: () => once('activity', server.activity),
    },
    resolver: {
      ...resolver,
      reverse: (address) => once(`reverse ${address.text}`, () => resolver.reverse(address)),
      forward: (name) => once(`forward ${name}`, () => resolver.forward(name)),
    },
  };
}
