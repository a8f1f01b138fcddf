// npm run bench: how long a sweep of a full host cache takes, compared with its bare query.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import mysql from 'mysql2/promise';
import { startWorld } from '../sandbox/world.ts';
import { createResolver } from '../src/adapters/dns/resolver.ts';
import { createServer } from '../src/adapters/mysql/server.ts';
import { slackMessage } from '../src/adapters/slack/blocks.ts';
import { openStore } from '../src/adapters/store/store.ts';
import { composeInside } from '../src/compose/inside.ts';
import type { PostContent } from '../src/outbox/store.ts';
import { sweepServer } from '../src/sweep/sweep.ts';
import { ENTRIES, fillHostCache } from './crowd.ts';
import { quantile, sayTimes, timed } from './figures.ts';

const ROUNDS = 20;
const NULL_HOSTS = 300;
const say = (line: string) => process.stdout.write(`${line}\n`);

const world = await startWorld({
  flavour: 'mysql',
  args: ['--host-cache-size=65536', '--max-connections=500', '--max-connect-errors=1000'],
});
const { socketPath } = world;
const login = { host: 'localhost', port: 3306, socketPath, user: 'root', password: '' };
const server = createServer({ name: 'main', login });
const folder = mkdtempSync(join(tmpdir(), 'hostcache-bench-'));
const state = await openStore({ place: { kind: 'sqlite', file: join(folder, 'state.db') } });
const names = spawn(
  process.execPath,
  [
    '--import',
    'tsx',
    fileURLToPath(import.meta.resolve('./names.ts')),
    String(ENTRIES - NULL_HOSTS),
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
);
const [dnsServer] = await once(createInterface({ input: names.stdout }), 'line');
const resolver = createResolver([String(dnsServer)]);
const posted: PostContent[] = [];

try {
  await world.query("CREATE USER 'app'@'127.%', 'shop'@'shop.example.com'");
  const entries = await fillHostCache(world, ENTRIES - NULL_HOSTS);
  say(
    `MySQL ${world.version}: ${entries} host cache entries, ${NULL_HOSTS} of them without a name`,
  );
  const bare = await mysql.createConnection({ socketPath: world.socketPath, user: 'root' });
  const times: { sweep: number; bare: number }[] = [];
  for (let round = 0; round < ROUNDS + 3; round += 1) {
    const pair = {
      bare: await timed(() => bare.query('SELECT * FROM performance_schema.host_cache')),
      sweep: await timed(sweep),
    };
    // The first rounds warm up both and open the alerts.
    if (round >= 3) times.push(pair);
  }
  await bare.end();
  const ratios = times.map((pair) => pair.sweep / pair.bare);
  say(`a sweep: ${sayTimes(times.map((pair) => pair.sweep))}`);
  say(`  its bare query: ${sayTimes(times.map((pair) => pair.bare))}`);
  say(`  median ratio of the pairs: ${quantile(ratios, 0.5).toFixed(2)}`);
  for (const content of posted) say(sayContent(content));
} finally {
  names.stdin.end();
  await server.close();
  await state.close();
  rmSync(folder, { recursive: true });
  await world.stop();
}
process.exit(0);

async function sweep(): Promise<void> {
  const parts = composeInside({
    targets: [],
    state: {
      ...state,
      alerts: {
        ...state.alerts,
        save: (alerts, posts, lease) => {
          posted.push(...posts.map(({ content }) => content));
          return state.alerts.save(alerts, posts, lease);
        },
      },
    },
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: (words) => say(words) },
    now: () => new Date(),
  });
  const outcome = await sweepServer({ server, resolver, channel: 'C0DBA' }, parts);
  if (outcome.kind !== 'swept') throw new Error(`expected a finished sweep, got ${outcome.kind}`);
}

function sayContent(content: PostContent): string {
  if (content.kind === 'file')
    return `posted: a file with ${content.text.split('\n').length - 2} hosts`;
  const drawn = slackMessage(content.message);
  const more = /\+ \d+ more/.exec(JSON.stringify(drawn))?.[0] ?? 'nothing left out';
  return `posted: ${content.kind}, ${JSON.stringify(drawn.blocks).length} characters of blocks, ${more}`;
}
