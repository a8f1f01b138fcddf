import { startWorld, type World, type WorldOptions } from '../../sandbox/world.ts';
import { createResolver } from '../../src/adapters/dns/resolver.ts';
import { createServer } from '../../src/adapters/mysql/server.ts';
import { type Diagnosis, diagnose } from '../../src/diagnosis/diagnose.ts';
import { gather, type Target } from '../../src/diagnosis/gather.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import type { Flavour } from '../../src/hostcache/settings.ts';
import { loginOf } from '../logins.ts';

/** A real server, with the bot's reading account on it. */
export interface Stage {
  readonly world: World;
  readonly target: Target;
  /** The bot's diagnosis of a client now. */
  why(client: string, user?: string): Promise<Diagnosis>;
  /** The server, read by another account of localhost. The caller closes it. */
  as(account: string): Target;
  flush(): Promise<void>;
  close(): Promise<void>;
}

export const FLAVOURS: readonly Flavour[] = ['mysql', 'mariadb'];

/** Server options that make the host cache visible. */
const SEEING: Readonly<Record<Flavour, readonly string[]>> = {
  mysql: [],
  mariadb: ['--performance-schema=ON'],
};

export async function openStage(options: WorldOptions): Promise<Stage> {
  const args = [...SEEING[options.flavour], ...(options.args ?? [])];
  const world = await startWorld({ ...options, args });
  const target = targetOf(world, mysqlUrl(world));
  return {
    world,
    target,
    why: (client, user) => why(target, client, user),
    as: (account) => targetOf(world, mysqlUrl(world, account)),
    flush: async () => void (await world.query('TRUNCATE TABLE performance_schema.host_cache')),
    async close() {
      await target.server.close();
      await world.stop();
    },
  };
}

/** A login through the socket, which the host check and blocks do not affect. */
export function mysqlUrl({ socketPath }: World, account = 'root'): string {
  return `mysql://${account}@localhost?socketPath=${encodeURIComponent(socketPath)}`;
}

export function targetOf({ dnsServer }: World, url: string): Target {
  const server = createServer({ name: 'main', login: loginOf(url) });
  return { server, resolver: createResolver([dnsServer]) };
}

export async function why(target: Target, client: string, user?: string): Promise<Diagnosis> {
  const address = parseAddress(client);
  if (address === null) throw new Error(`no address: ${client}`);
  return diagnose(
    await gather(target, { client: address, user: user ?? null, readAt: new Date() }),
  );
}

/** The rules that fire, in the order of the verdict. */
export function rulesOf({ findings }: Diagnosis): readonly string[] {
  return findings.map(({ rule }) => rule);
}

/** `blocking account-locked`. */
export function severitiesOf({ findings }: Diagnosis): readonly string[] {
  return findings.map(({ severity, rule }) => `${severity} ${rule}`);
}
