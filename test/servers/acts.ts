import { expect } from 'vitest';
import type { Attempt, BreakWith, Login, World } from '../../sandbox/world.ts';

/** What the clients of the stimuli do. */

/** Causes the fault from one client, whose name DNS confirms. Returns a function that undoes it after the diagnosis. */
export type Act = (world: World, client: string) => Promise<Undo>;

type Undo = (() => Promise<unknown>) | undefined;

export function both(code: number): Codes {
  return { mysql: code, mariadb: code };
}

type Codes = Readonly<Partial<Record<World['flavour'], number>>>;

/** One login that must end with this error; without an error it must be admitted. */
export function tries(login: Login, codes: Codes): Act {
  return async (world, client) => {
    const attempt = await world.connectFrom(client, login);
    expect(codeOf(attempt)).toBe(codes[world.flavour] ?? 'admitted');
    return undefined;
  };
}

function codeOf(attempt: Attempt): number | string {
  return attempt.outcome === 'error' ? attempt.code : attempt.outcome;
}

export function breaks(breakWith: BreakWith, times = 1): Act {
  return async (world, client) => {
    await world.breakHandshakeFrom(client, times, breakWith);
    return undefined;
  };
}

/** The server finds the connection closed during the handshake. */
export async function resetUnseen(world: World, client: string): Promise<Undo> {
  await world.signal('SIGSTOP');
  await world.breakHandshakeFrom(client, 1, 'rst-at-once');
  await world.signal('SIGCONT');
  await expect.poll(() => status(world, 'Connection_errors_peer_address')).toBe(1);
  return undefined;
}

export async function killHalfOpen(world: World, client: string): Promise<Undo> {
  const { close } = await world.hangFrom(client);
  const [row] = await world.query(
    `SELECT ID AS id FROM information_schema.processlist WHERE USER = 'unauthenticated user'`,
  );
  await world.query(`KILL ${Number(row?.['id'])}`);
  return close;
}

export async function failInit(world: World, client: string): Promise<Undo> {
  await world.query(`SET GLOBAL init_connect = 'SELECT 1 FROM nothing.of_that_name'`);
  const attempt = await world.connectFrom(client, { user: 'jdoe', password: 'pw' });
  await world.query(`SET GLOBAL init_connect = ''`);
  expect(attempt.outcome).not.toBe('admitted');
  return undefined;
}

export async function reachPasswordErrors(world: World, client: string): Promise<Undo> {
  await world.query('SET GLOBAL max_password_errors = 1');
  const login = { user: 'jdoe', password: 'no' };
  await tries(login, both(1045))(world, client);
  await tries({ user: 'jdoe', password: 'pw' }, both(4150))(world, client);
  await world.query('SET GLOBAL max_password_errors = DEFAULT; FLUSH PRIVILEGES');
  return undefined;
}

/** max_connections, and one more that is reserved for administrators. */
export async function takeAllConnections(world: World, client: string): Promise<Undo> {
  const connected = await status(world, 'Threads_connected');
  await world.query('SET GLOBAL max_connections = 10');
  const sessions = await Promise.all(
    Array.from({ length: 11 - connected }, () => world.openFrom('10.9.9.9', { user: 'admin' })),
  );
  await tries({ user: 'admin' }, both(1040))(world, client);
  return async () => {
    await Promise.all(sessions.map((session) => session.close()));
    await world.query('SET GLOBAL max_connections = DEFAULT');
  };
}

async function status(world: World, name: string): Promise<number> {
  const [row] = await world.query(`SHOW GLOBAL STATUS LIKE '${name}'`);
  return Number(row?.['Value']);
}
