import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import {
  type BotStage,
  createAccounts,
  openBotStage,
  plainText,
  socketUrl,
} from './flush-stage.ts';

/** A change as a person makes it: planned in Slack, made safe, made by a restart, and checked. */

const HOST = 'app7.example.com';

let world: World;
let stage: BotStage;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
  await world.query(`CREATE USER 'shop'@'${HOST}', 'crm'@'%.example.com', 'old'@'10.%'`);
  stage = await openBotStage(await createAccounts(world));
  await stage.start({ MYSQL_URL: socketUrl('root', world) });
});

afterAll(async () => {
  const { refusals, failures, ignored, workspace } = stage.peer;
  await stage.stop();
  await world.stop();
  expect([refusals, failures, ignored, workspace.broadcasts]).toEqual([[], [], [], []]);
});

const CLIENTS = [
  { address: '10.0.0.7', name: HOST, user: 'shop' },
  { address: '10.0.0.8', name: 'app8.example.com', user: 'crm' },
  { address: '10.0.0.9', name: 'app9.example.com', user: 'crm' },
  { address: '10.0.0.9', name: 'app9.example.com', user: 'old' },
] as const;

async function logIns(): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const { address, user } of CLIENTS) {
    outcomes.push((await world.connectFrom(address, { user })).outcome);
  }
  return outcomes;
}

const ADMITTED = CLIENTS.map(() => 'admitted');

it('names who would lose access, and keeps them all by what it says', async () => {
  const { peer, people, dba } = stage;
  for (const { address, name } of CLIENTS) world.dns.host(address, name);
  expect(await logIns()).toEqual(ADMITTED);

  const asked = await peer.command(people.alice, dba, '/hostcache plan on main');
  const form = await asked.opened();
  expect(plainText(form)).toContain('skip-name-resolve on|off');
  await peer.submit(people.alice, form.id, { change: 'skip-name-resolve on' });
  const plan = await asked.answer(/keep/);
  expect(plan.isPrivate).toBe(true);
  expect(plan.text).toMatch(
    /^skip-name-resolve on on main: \d+ of \d+ clients keep their account, 3 lose access\b/,
  );
  expect(plan.text).toMatch(/Loses access: (?:shop|crm) at 10\.0\.0\.\d, .*\./);
  expect(plan.text).toContain('Kept as PL-1 for 90 days.');
  const types = plan.shown.blocks.map(({ type }) => type);
  expect(types).toContain('data_visualization');
  expect(types).toContain('table');

  const before = await peer.click(people.alice, plan.shown, { text: 'Check after the change' });
  expect((await before.answer()).text).toMatch(
    /^skip-name-resolve on has not been made on main\. /,
  );

  const statements = plan.text.match(/^(?:CREATE|RENAME) USER .*;/gm) ?? [];
  for (const statement of statements) await world.query(statement.replace(' …', ''));
  await world.restart(['--skip-name-resolve']);
  const after = await peer.click(people.alice, plan.shown, { text: 'Check after the change' });
  expect((await after.answer()).text).toMatch(
    /^(\d+) of \1 promises hold: skip-name-resolve on was made on main\./,
  );
  expect(await logIns()).toEqual(ADMITTED);

  await world.query("DROP USER 'old'@'10.%'");
  const later = await stage.ask('bob', 'plan check PL-1');
  expect(later).toMatch(/1 does not: skip-name-resolve on was made on main\./);
  expect(later).toContain("old at 10.0.0.9: promised 'old'@'10.%', now denied (1045)");
}, 120_000);
