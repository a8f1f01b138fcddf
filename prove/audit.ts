// Lets a fleet log in to a real server, and compares the audit with what CURRENT_USER() said. Does I/O.

import { createRandom, type Random } from '../sandbox/random.ts';
import { startWorld, type World } from '../sandbox/world.ts';
import { type Audit, type AuditRow, auditOf } from '../src/access/audit.ts';
import { gatherAudit } from '../src/access/audit-facts.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import type { Target } from '../src/diagnosis/gather.ts';
import { literal } from '../src/hostcache/account.ts';
import type { Flavour } from '../src/hostcache/settings.ts';

export interface AuditProofOptions {
  readonly flavour: Flavour;
  readonly logins: number;
  readonly seed: number;
  /** Shows progress every `everyMs` milliseconds. */
  readonly progress: { readonly everyMs: number; readonly show: (line: string) => void };
}

export interface AuditReport {
  readonly admitted: number;
  readonly refused: number;
  /** Accounts with logins, without, and those for which others are always chosen. */
  readonly used: number;
  readonly unused: number;
  readonly shadowed: number;
  /** What the audit says otherwise than the server, one line each. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}

/** No two of one user's patterns rank equal for a client: the order among those is the server's own. */
const ACCOUNTS: readonly (readonly [user: string, host: string])[] = [
  ...(['%', '127.%', '127.0.3.%', '127.0.3.7'] as const).map((host) => ['app', host] as const),
  ...(['127.0.0.0/255.0.0.0', '%.example.com'] as const).map((host) => ['shop', host] as const),
  ...(['%.example.com', 'c7.example.com'] as const).map((host) => ['stock', host] as const),
  ...([
    ['', '127.0.4.%'],
    ['billing', '%'],
    ['billing', '127.0.4.1'],
    ['idle', '127.%'],
    ['far', '%.example.org'],
  ] as const),
];

const USERS = ['app', 'app', 'shop', 'stock', 'billing', 'ghost'] as const;

/** Clients at a time. */
const AT_ONCE = 8;

interface Fleet {
  readonly world: World;
  readonly target: Target;
  readonly random: Random;
  /** How often each account was CURRENT_USER(). */
  readonly truth: Map<string, number>;
  readonly refused: { count: number };
}

export async function proveAudit(options: AuditProofOptions): Promise<AuditReport> {
  const { flavour, logins, seed } = options;
  const startedMs = performance.now();
  const world = await startWorld({
    flavour,
    args: ['--performance-schema=ON', '--max-connect-errors=1000000'],
  });
  const { socketPath, dnsServer } = world;
  const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
  const server = createServer({ name: 'proof', login });
  const target = { server, resolver: createResolver([dnsServer]) };
  const random = createRandom(seed);
  const fleet: Fleet = { world, target, random, truth: new Map(), refused: { count: 0 } };
  try {
    await settle(world);
    await live(fleet, logins / 2, options.progress);
    const early = await auditNow(target);
    // After this, the counters name clients whose addresses the cache has forgotten.
    await world.query('TRUNCATE TABLE performance_schema.host_cache');
    const flushed = await auditNow(target);
    await live(fleet, logins / 2, options.progress);
    const last = await auditNow(target);
    const wrong = [
      ...(early.unplaced.ambiguous > 0 ? ['logins are ambiguous although names are cached'] : []),
      ...claims(fleet, flushed),
      ...differences(fleet, last, flavour),
    ];
    return { ...reportOf(fleet, last), wrong, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    await server.close();
    await world.stop();
  }
}

/** Half of the clients have names. */
async function settle(world: World): Promise<void> {
  for (const [user, host] of ACCOUNTS) {
    await world.query(`CREATE USER ${literal(user)}@${literal(host)}`);
  }
  for (const address of ADDRESSES) {
    const number = Number(address.split('.')[3]);
    if (number % 2 === 0) continue;
    const name = `c${number}.net${address.split('.')[2]}.example.com`;
    const known = address === '127.0.2.7' ? 'c7.example.com' : name;
    world.dns.ptr(address, [known]);
    world.dns.answer(known, 'A', [address]);
  }
}

const ADDRESSES = [2, 3, 4].flatMap((net) =>
  Array.from({ length: 10 }, (_, index) => `127.0.${net}.${index + 1}`),
);

async function live(
  fleet: Fleet,
  logins: number,
  { everyMs, show }: AuditProofOptions['progress'],
): Promise<void> {
  let made = 0;
  let shownMs = performance.now();
  const client = async () => {
    while (made < logins) {
      made += 1;
      if (performance.now() - shownMs > everyMs) {
        shownMs = performance.now();
        show(`${made} of ${logins} logins`);
      }
      await logIn(fleet);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, client));
}

async function logIn({ world, random, truth, refused }: Fleet): Promise<void> {
  const [first = '127.0.2.1', ...others] = ADDRESSES;
  const address = random.pick([first, ...others]);
  const user = random.pick(USERS);
  const password = random.chance(0.1) ? 'wrong' : '';
  const attempt = await world.connectFrom(address, { user, password });
  if (attempt.outcome === 'closed') throw new Error(`${address} got no answer: ${attempt.reason}`);
  if (attempt.outcome === 'error') refused.count += 1;
  else truth.set(attempt.currentUser, (truth.get(attempt.currentUser) ?? 0) + 1);
}

async function auditNow(target: Target): Promise<Audit> {
  const access = { reading: async () => null, days: async () => [] };
  const { facts } = await gatherAudit(target, { now: () => new Date(), access });
  return auditOf(facts);
}

/** As CURRENT_USER() says it. */
function nameOf({ account: { user, host } }: AuditRow): string {
  return `${user}@${host}`;
}

/** The rows of our accounts. */
function rowsOf({ rows }: Audit): readonly AuditRow[] {
  return rows.filter(({ account: { user, host } }) =>
    ACCOUNTS.some(([ours, pattern]) => ours === user && pattern === host),
  );
}

/** What no audit may say, however little it knows: that a used account is unused or shadowed. */
function claims({ truth }: Fleet, audit: Audit): readonly string[] {
  return rowsOf(audit).flatMap((row) => {
    const logins = truth.get(nameOf(row)) ?? 0;
    const isClaimed = row.marks.includes('unused') || row.shadowedBy.length > 0;
    return logins > 0 && isClaimed ? [`${nameOf(row)} is used, ${logins} times`] : [];
  });
}

function differences(fleet: Fleet, audit: Audit, flavour: Flavour): readonly string[] {
  const { truth, refused } = fleet;
  const rows = rowsOf(audit);
  const counts = rows.flatMap((row) => {
    const logins = truth.get(nameOf(row)) ?? 0;
    const isUnused = row.marks.includes('unused');
    return [
      ...(row.logins === logins ? [] : [`${nameOf(row)}: ${row.logins}, not ${logins}`]),
      ...(isUnused === (logins === 0) ? [] : [`${nameOf(row)} is unused: ${isUnused}`]),
    ];
  });
  const failures = rows.reduce((sum, row) => sum + (row.failures ?? 0), audit.unplaced.strangers);
  // MariaDB keeps no record of failed logins.
  const expected = flavour === 'mysql' ? refused.count : 0;
  const isEqual = failures === expected;
  return [
    ...counts,
    ...claims(fleet, audit),
    ...(isEqual ? [] : [`${failures} failed logins, not ${expected}`]),
  ];
}

function reportOf({ truth, refused }: Fleet, audit: Audit) {
  const rows = rowsOf(audit);
  const number = (holds: (row: AuditRow) => boolean) => rows.filter(holds).length;
  return {
    admitted: [...truth.values()].reduce((sum, count) => sum + count, 0),
    refused: refused.count,
    used: truth.size,
    unused: number(({ marks }) => marks.includes('unused')),
    shadowed: number(({ shadowedBy }) => shadowedBy.length > 0),
  };
}
