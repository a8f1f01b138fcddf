// npm run bench: what a sweep costs more because it records logins, with 1,000 accounts in use.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startWorld } from '../sandbox/world.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { openStore } from '../src/adapters/store/store.ts';
import { composeInside } from '../src/compose/inside.ts';
import { lookAt } from '../src/sweep/look.ts';
import type { EndedLook } from '../src/sweep/parts.ts';
import { quantile, sayTimes, timed } from './figures.ts';

const ACCOUNTS = 1_000;
const FAILING = 50;
const ROUNDS = 20;
const AT_ONCE = 32;
const say = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({
  flavour: 'mysql',
  args: ['--skip-name-resolve', '--max-connections=500', '--max-connect-errors=1000000'],
});
const login = {
  ...{ host: 'localhost', port: 3306, socketPath: world.socketPath },
  ...{ user: 'root', password: '' },
};
const server = createServer({ name: 'main', login });
const folder = mkdtempSync(join(tmpdir(), 'hostcache-bench-'));
const file = join(folder, 'state.db');
const state = await openStore({ place: { kind: 'sqlite', file } });
const target = { server, resolver: createResolver([world.dnsServer]), channel: 'C0DBA' };
let aheadMs = 0;
const now = () => new Date(Date.now() + aheadMs);
const { remember } = composeInside({
  targets: [],
  state,
  log: { debug: () => {}, info: () => {}, warn: () => {}, error: (words) => say(words) },
  now,
});

try {
  const numbers = Array.from({ length: ACCOUNTS }, (_, at) => at);
  await world.query(`CREATE USER ${numbers.map((at) => `app${at}@'127.%'`).join(', ')}`);
  await sweep();
  await connectAll(numbers);
  const looks: number[] = [];
  const readings: number[] = [];
  const shares: number[] = [];
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    await connectAll(numbers.slice(0, FAILING));
    const readMs = await timed(async () => {
      await server.logins(null);
      await server.failures(null);
    });
    const { lookMs, rememberMs } = await sweep();
    // The first rounds warm up.
    if (round < 3) continue;
    looks.push(lookMs);
    readings.push(readMs);
    shares.push(readMs + rememberMs);
  }
  const [day] = await state.access.days('main', '');
  say(`MySQL ${world.version}: ${ACCOUNTS} accounts in use, ${FAILING} of them fail`);
  say(`a look: ${sayTimes(looks)}; its questions about logins: ${sayTimes(readings)}`);
  say(`all that the record of logins costs a sweep: ${sayTimes(shares)}`);
  say(`  median ${quantile(shares, 0.5).toFixed(0)} ms; below 100 ms is the aim`);
  say(`  the day holds ${day?.uses.length} uses, ${day?.events.length} events`);
  say(`  the state's file: ${Math.round(statSync(file).size / 1024)} kB`);
} finally {
  await server.close();
  await state.close();
  rmSync(folder, { recursive: true });
  await world.stop();
}
process.exit(0);

/** A minute after the one before, by the bot's clock. */
async function sweep() {
  aheadMs += 60_000;
  const start = performance.now();
  const look = await lookAt(target, now(), () => []);
  const lookMs = performance.now() - start;
  const lease = { name: 'sweep main', holder: 'bench' };
  await state.leases.acquire(lease.name, lease.holder, now(), new Date(now().getTime() + 60_000));
  const ended: EndedLook = { target, look, last: null, isEmptied: false, isShown: false, lease };
  return { lookMs, rememberMs: await timed(async () => remember?.(ended)) };
}

/** Each account from an address of its own; the first ones fail too. */
async function connectAll(numbers: readonly number[]): Promise<void> {
  const waiting = [...numbers];
  const connectNext = async () => {
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const address = `127.1.${at >> 8}.${at & 255}`;
      await world.connectFrom(address, { user: `app${at}` });
      if (at < FAILING) await world.connectFrom(address, { user: `app${at}`, password: 'wrong' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, connectNext));
}
