// Storms on real servers: every failing login, address and error is named with its exact count. Does I/O.

import { createRandom } from '../../sandbox/random.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { createResolver } from '../../src/adapters/dns/resolver.ts';
import { createServer } from '../../src/adapters/mysql/server.ts';
import { pause } from '../../src/chat/waiting.ts';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { gather, type Target } from '../../src/diagnosis/gather.ts';
import { toJson } from '../../src/diagnosis/json.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import type { LoginFailure } from '../../src/hostcache/failures.ts';
import { ACCOUNTS, ADDRESSES, act, expectedOf, imagineStorm, keyOf } from './storm.ts';

export interface StormOptions {
  /** Every second one of them with names. */
  readonly storms: number;
  readonly seed: number;
  /** The seed of the only storm to try, without names and with them; null = all. */
  readonly only: number | null;
  say(line: string): void;
  readonly progress: { readonly everyMs: number; readonly show: (line: string) => void };
}

export interface StormReport {
  readonly storms: number;
  readonly connections: number;
  /** Failing logins, addresses and errors that were named with their exact count. */
  readonly named: number;
  /** Addresses of which an answer lacked a failure, invented one, or miscounted. */
  readonly wrong: number;
  readonly seconds: number;
}

/** When `why` is asked: of a server without a cache, with one, and when that has been flushed. */
type Place = 'skip_name_resolve' | 'names' | 'after a flush';

interface Stage {
  readonly world: World;
  readonly target: Target;
  readonly places: readonly Place[];
}

interface Ride {
  readonly connections: number;
  readonly named: number;
  /** One line for each address. */
  readonly wrong: readonly string[];
}

export async function proveStorms(options: StormOptions): Promise<StormReport> {
  const startedMs = performance.now();
  const storms = options.only === null ? options.storms : 2;
  const firstSeed = options.only ?? options.seed * 1_000_000;
  const stages = await Promise.all([
    openStage(['--skip-name-resolve'], ['skip_name_resolve']),
    openStage([], ['names', 'after a flush']),
  ]);
  const total = { storms: 0, connections: 0, named: 0, wrong: 0 };
  let shownMs = startedMs;
  const add = (seed: number, { connections, named, wrong }: Ride) => {
    total.storms += 1;
    total.connections += connections;
    total.named += named;
    total.wrong += wrong.length;
    for (const line of wrong) options.say(`${line}\nreplay: npm run prove -- --storm ${seed}`);
    if (performance.now() - shownMs < options.progress.everyMs) return;
    shownMs = performance.now();
    options.progress.show(`${total.storms} of ${storms} storms`);
  };
  try {
    await Promise.all(
      stages.map(async (stage, first) => {
        for (let index = first; index < storms; index += stages.length) {
          const seed = firstSeed + Math.floor(index / stages.length);
          add(seed, await ride(stage, seed));
        }
      }),
    );
  } finally {
    await Promise.all(stages.map(closeStage));
  }
  return { ...total, seconds: (performance.now() - startedMs) / 1000 };
}

/** One storm, and what `why` says of each address after it. */
async function ride({ world, target, places }: Stage, seed: number): Promise<Ride> {
  // Forgets the accounts of the storm before, which have no connections any more.
  await world.query('TRUNCATE TABLE performance_schema.accounts');
  const clients = imagineStorm(createRandom(seed));
  const waiting = [...clients];
  const work = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await act(world, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  let named = 0;
  const wrong: string[] = [];
  for (const place of places) {
    if (place === 'after a flush') await world.query('TRUNCATE performance_schema.host_cache');
    for (const address of addresses()) {
      const expected = expectedOf(clients, address);
      const problem = await compare(target, address, expected);
      if (problem === null) named += expected.size;
      else wrong.push(`${place}, ${address}: ${problem}`);
    }
  }
  return { connections: clients.reduce((sum, { times }) => sum + times, 0), named, wrong };
}

const AT_ONCE = 8;
/** A server counts an error when it has closed the connection, which the client may see earlier. */
const LOOKS = 40;
const LOOK_AGAIN_MS = 25;

/** What the answer has wrong; null = nothing. */
async function compare(
  target: Target,
  address: string,
  expected: ReadonlyMap<string, number>,
): Promise<string | null> {
  let problem: string | null = null;
  for (let look = 0; look < LOOKS; look += 1) {
    if (look > 0) await pause(LOOK_AGAIN_MS);
    problem = await problemOf(target, address, expected);
    if (problem === null) return null;
  }
  return problem;
}

async function problemOf(
  target: Target,
  address: string,
  expected: ReadonlyMap<string, number>,
): Promise<string | null> {
  const client = parseAddress(address);
  if (client === null) throw new Error(`no address: ${address}`);
  const diagnosis = diagnose(await gather(target, { client, user: null, readAt: new Date() }));
  // The object of the contract, as `--json` prints it.
  const { failures } = toJson(diagnosis, address) as { failures: readonly LoginFailure[] | null };
  const told = new Map((failures ?? []).map((row) => [keyOf(row.user, row.error), row.count]));
  const keys = [...new Set([...expected.keys(), ...told.keys()])];
  const differs = keys.filter((key) => expected.get(key) !== told.get(key));
  const says = differs.map((key) => `"${key}" ${told.get(key)} instead of ${expected.get(key)}`);
  const rules = diagnosis.findings.map(({ rule }) => rule);
  const fails = [...expected.keys()].some((key) => !key.startsWith(' '));
  const isNamed = rules.includes('failing-login') === fails;
  return says.length === 0 && isNamed ? null : `${says.join(', ')} (rules: ${rules.join(', ')})`;
}

async function openStage(args: readonly string[], places: readonly Place[]): Promise<Stage> {
  const options = ['--max-connect-errors=1000000', ...args];
  const world = await startWorld({ flavour: 'mysql', args: options });
  await world.query(ACCOUNTS);
  for (const address of addresses()) world.dns.host(address, nameOf(address));
  const { socketPath } = world;
  const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
  const server = createServer({ name: 'storm', login });
  return { world, target: { server, resolver: createResolver([world.dnsServer]) }, places };
}

async function closeStage({ world, target }: Stage): Promise<void> {
  await target.server.close();
  await world.stop();
}

function addresses(): readonly string[] {
  return Array.from({ length: ADDRESSES }, (_, at) => `10.20.30.${at + 1}`);
}

function nameOf(address: string): string {
  return `c${address.replaceAll('.', '-')}.example.com`;
}
