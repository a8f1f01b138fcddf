// npm run bench: how long a plan for a large server takes, and how much memory it needs.
import { isReply } from '../src/chat/reply.ts';
import type { Change } from '../src/plan/change.ts';
import { gatherSeen } from '../src/plan/gather.ts';
import { countEffects, planOf } from '../src/plan/plan.ts';
import { readChange } from '../src/plan/read-change.ts';
import { createFakeServer } from '../test/fakes/server.ts';
import { account } from '../test/scenarios/accounts.ts';
import { addressOf } from '../test/scenarios/clients.ts';
import { entry } from '../test/scenarios/entries.ts';

const CLIENTS = 65_536;
const ACCOUNTS = 100_000;
const LIMIT_S = 5;
const LIMIT_MB = 300;
const CHANGES = [
  'skip-name-resolve on',
  'flush',
  "drop 'app'@'%.example.com'",
  'release mariadb 11.8',
];
const say = (line: string) => process.stdout.write(`${line}\n`);

const name = (n: number) => `host${n}.example.com`;
const ip = (n: number) => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;
const numbers = Array.from({ length: CLIENTS }, (_, n) => n);
/** A tenth of the clients have an account of their own; the others share one. */
const userOf = (n: number) => (n % 10 === 0 ? `app${n}` : 'app');
const server = createFakeServer({
  settings: { hostCacheSize: CLIENTS },
  entries: numbers.map((n) => ({ ...entry(), address: ip(n), host: name(n) })),
  accounts: [
    account('app', '%.example.com'),
    ...Array.from({ length: ACCOUNTS - 1 }, (_, n) => account(`app${n}`, hostOf(n))),
  ],
  logins: {
    counts: numbers.map((n) => ({ user: userOf(n), host: name(n), connections: 9, open: 0 })),
    lost: 0,
  },
});
const resolver = {
  label: 'DNS in memory',
  reverse: async ({ text }: { readonly text: string }) => {
    const [, a = 0, b = 0, c = 0] = text.split('.').map(Number);
    return { kind: 'found', values: [name(a * 65_536 + b * 256 + c)] } as const;
  },
  forward: async (host: string) => {
    const values = [addressOf(ip(Number(/\d+/.exec(host)?.[0])))] as const;
    return { kind: 'found', values } as const;
  },
};

let isGood = true;
for (const text of CHANGES) {
  const change = readChange(text);
  if (isReply(change)) throw new Error(`not a change: ${text}`);
  await measure(text, change);
}
process.exit(isGood ? 0 : 1);

async function measure(text: string, change: Change): Promise<void> {
  globalThis.gc?.();
  const baseMb = usedMb();
  let mostMb = baseMb;
  const watch = setInterval(() => {
    mostMb = Math.max(mostMb, usedMb());
  }, 20);
  const startedMs = performance.now();
  const cpu = process.cpuUsage();
  const seen = await gatherSeen({ server, resolver }, change, () => new Date());
  const gatheredMs = performance.now() - startedMs;
  const plan = planOf(seen, change);
  const { user } = process.cpuUsage(cpu);
  clearInterval(watch);
  mostMb = Math.max(mostMb, usedMb()) - baseMb;
  if (typeof plan === 'string') throw new Error(plan);
  const seconds = (performance.now() - startedMs) / 1000;
  isGood &&= user / 1e6 < LIMIT_S && mostMb < LIMIT_MB;
  const counts = JSON.stringify(countEffects(plan));
  say(
    `${text}: ${seconds.toFixed(1)} s (${(user / 1e6).toFixed(1)} s of CPU, ${(gatheredMs / 1000).toFixed(1)} s to gather), ${mostMb.toFixed(0)} MB more, ${plan.rows.length} logins ${counts}, ${plan.statements.length} statements`,
  );
}

function hostOf(n: number): string {
  return n % 10 === 0
    ? name(n)
    : n % 10 === 1
      ? `192.168.${(n >> 8) & 255}.%`
      : `node${n}.example.net`;
}

function usedMb(): number {
  return process.memoryUsage().rss / 2 ** 20;
}
