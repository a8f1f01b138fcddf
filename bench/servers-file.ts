// npm run bench: how long a SERVERS_FILE takes to read, per server, for few servers and for many.
import { faultOfCron } from '../src/adapters/schedule/cron.ts';
import { readConfig } from '../src/config/config.ts';
import { quantile, sayTimes, timed } from './figures.ts';

const ROUNDS = 20;
const [FEW, MANY] = [100, 1000];
/** Comparing every server with every other one would cost ten times as much per server. */
const LIMIT = 4;
const say = (line: string) => process.stdout.write(`${line}\n`);

const files = { few: fileOf(FEW), many: fileOf(MANY) };
const times: { few: number; many: number }[] = [];
// In turns, so that a slower machine slows both. The first rounds warm up.
for (let round = 0; round < ROUNDS + 3; round += 1) {
  const pair = {
    few: await timed(async () => read(files.few)),
    many: await timed(async () => read(files.many)),
  };
  if (round >= 3) times.push(pair);
}
const ratio = quantile(
  times.map(({ few, many }) => many / MANY / (few / FEW)),
  0.5,
);
say(`SERVERS_FILE with ${MANY} servers: ${sayTimes(times.map(({ many }) => many))}`);
say(`  with ${FEW} servers: ${sayTimes(times.map(({ few }) => few))}`);
say(`  median ratio of the cost per server: ${ratio.toFixed(2)}`);
if (!(ratio < LIMIT)) throw new Error(`expected a ratio below ${LIMIT}, got ${ratio}`);

function fileOf(servers: number): string {
  const items = Array.from(
    { length: servers },
    (_, n) => `  - name: db-${n}
    url: mysql://hostcache:\${PASS}@db-${n}.example.com:3306
    channel: C0OPS${n}
    sweep: "*/5 * * * *"
    approvers: [U0A, S0B]
    dns_servers: [192.0.2.53]
`,
  );
  return `servers:\n${items.join('')}`;
}

function read(text: string): void {
  const serversFile = {
    path: 'servers.yml',
    text,
    variables: { values: { PASS: 'x' }, faults: {} },
  };
  const values = {
    SLACK_BOT_TOKEN: 'xoxb-1-x',
    SLACK_APP_TOKEN: 'xapp-1-x',
    SERVERS_FILE: 'servers.yml',
  };
  const config = readConfig({ values, faults: {}, serversFile }, ['slack', 'mysql'], faultOfCron);
  if ('faults' in config) throw new Error(config.faults.join('\n'));
}
