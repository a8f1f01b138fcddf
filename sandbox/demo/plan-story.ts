// Plays the second story: a fleet whose server is to stop resolving names, and who would be refused.

import { setTimeout as sleep } from 'node:timers/promises';
import { untilAnswered } from '../world/try-again.ts';
import type { Stage } from './stage.ts';
import { ask, type Teller } from './story.ts';

interface Group {
  readonly account: string;
  readonly host: string;
  /** The clients' network, 240.x.y.z without the last octet, and their names. */
  readonly clients: readonly (readonly [address: string, name: string])[];
}

/** 45 clients match accounts by address; five only by name. */
const FLEET: readonly Group[] = [
  { account: 'web', host: '240.10.1.%', clients: many('240.10.1', 'web', 25) },
  { account: 'batch', host: '240.10.2.%', clients: many('240.10.2', 'batch', 20) },
  {
    account: 'report',
    host: '%.bi.example.com',
    clients: [
      ['240.10.3.7', 'cube.bi.example.com'],
      ['240.10.3.20', 'board.bi.example.com'],
      ['240.10.9.4', 'export.bi.example.com'],
    ],
  },
  { account: 'erp', host: 'erp.example.com', clients: [['240.10.4.1', 'erp.example.com']] },
  { account: 'etl', host: 'etl.example.com', clients: [['240.10.5.1', 'etl.example.com']] },
];

const PASSWORD = 'sandbox';

/** Clients that log in at a time. */
const AT_ONCE = 5;

export async function playPlanStory(stage: Stage, teller: Teller): Promise<void> {
  const { world, panel } = stage;
  for (const { account, host, clients } of FLEET) {
    await world.query(`CREATE USER '${account}'@'${host}' IDENTIFIED BY '${PASSWORD}'`);
    for (const [address, name] of clients) world.dns.host(address, name);
  }
  panel.happened(`A fleet logs in: ${await logInAll(stage)}.`);
  const plan = await ask(stage, teller, 'alice', 'plan skip-name-resolve on on main');
  const id = /PL-\d+/.exec(plan)?.[0];
  if (id === undefined) throw new Error(`the plan has no id: ${plan}`);
  for (const statement of plan.match(/^(?:CREATE|RENAME|ALTER) USER .*$/gm) ?? []) {
    const filled = statement.replace('…', `IDENTIFIED BY '${PASSWORD}'`);
    panel.happened(`An administrator runs: ${filled}`);
    await world.query(filled);
  }
  await world.restart(['--skip-name-resolve']);
  panel.happened('The server was restarted with skip_name_resolve=ON.');
  panel.happened(`The fleet logs in again: ${await logInAll(stage)}.`);
  const check = await ask(stage, teller, 'alice', `plan check ${id}`);
  if (check.includes('promises hold')) return;
  // If a sweep met the restart, the bot repeats its error for a second before it connects again.
  await sleep(1500);
  await ask(stage, teller, 'alice', `plan check ${id}`);
}

/** `50 of 50 admitted`. */
async function logInAll({ world }: Stage): Promise<string> {
  const logins = FLEET.flatMap(({ account, clients }) =>
    clients.map(([address]) => ({ address, account })),
  );
  const left = [...logins];
  let admitted = 0;
  const work = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const login = { user: next.account, password: PASSWORD };
      const { address } = next;
      const { outcome } = await untilAnswered(() => world.connectFrom(address, login));
      if (outcome === 'admitted') admitted += 1;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return `${admitted} of ${logins.length} admitted`;
}

function many(network: string, name: string, count: number): Group['clients'] {
  return Array.from({ length: count }, (_, at) => [
    `${network}.${at + 1}`,
    `${name}${at + 1}.example.com`,
  ]);
}
