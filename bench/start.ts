// npm run bench: how long hostcache takes to start, compared with Node alone.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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

async function run(args: readonly string[]): Promise<void> {
  const { status } = spawnSync(process.execPath, args, { input: GREETING });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
}
