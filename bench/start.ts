// npm run bench: how long hostcache takes to start, and the CPU of a `why`, compared with Node alone.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { startWorld } from '../sandbox/world.ts';
import { quantile, sayTimes, timed } from './figures.ts';

const ROUNDS = 20;
const cli = fileURLToPath(new URL('../dist/cli.js', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);

/** `mcp` answers this, and ends with its input: the time until an assistant can use it, and the end. */
const GREETING = `${JSON.stringify({
  ...{ jsonrpc: '2.0', id: 1, method: 'initialize' },
  params: {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'bench', version: '1' },
  },
})}\n`;

for (const words of [['--version'], ['help'], ['mcp']]) {
  const times: { own: number; bare: number }[] = [];
  // In turns, so that a slower machine slows both. The first rounds warm up the disk cache.
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    const pair = {
      bare: await timed(() => run(['-e', '0'])),
      own: await timed(() => run([cli, ...words])),
    };
    if (round >= 3) times.push(pair);
  }
  const ratio = quantile(
    times.map(({ own, bare }) => own / bare),
    0.5,
  );
  say(`hostcache ${words.join(' ')}: ${sayTimes(times.map(({ own }) => own))}`);
  say(`  node -e 0: ${sayTimes(times.map(({ bare }) => bare))}`);
  say(`  median ratio of the pairs: ${ratio.toFixed(2)}`);
}

const world = await startWorld({ flavour: 'mysql' });
try {
  await world.query("CREATE USER 'app'@'10.%', 'shop'@'shop.example.com'");
  const times: { own: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    times.push({ bare: cpuOf(['-e', '0']), own: cpuOf([cli, 'why', '10.0.0.7', '--user', 'app']) });
  }
  say(`CPU of hostcache why, a local server: ${sayTimes(times.map(({ own }) => own))}`);
  say(`  node -e 0: ${sayTimes(times.map(({ bare }) => bare))}`);
} finally {
  await world.stop();
}
process.exit(0);

/** CPU time of the whole process, in milliseconds. */
function cpuOf(args: readonly string[]): number {
  const report = `process.on('exit', () => {
    const { userCPUTime, systemCPUTime } = process.resourceUsage();
    process.stderr.write('cpu ' + (userCPUTime + systemCPUTime) / 1000);
  })`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(report)}`;
  const url = `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`;
  const env = { PATH: process.env['PATH'], MYSQL_URL: url, DNS_SERVERS: world.dnsServer };
  const { stderr } = spawnSync(process.execPath, [preload, ...args], { env, encoding: 'utf8' });
  return Number(/cpu ([\d.]+)$/.exec(stderr)?.[1]);
}

async function run(args: readonly string[]): Promise<void> {
  const { status } = spawnSync(process.execPath, args, { input: GREETING });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
}
