import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { canPointAt } from '../../sandbox/slack/elements.ts';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { runHostcache } from './process.ts';

/** An alert calls people once each time it begins to fire, says its state, and links a runbook. */

let world: World;
let peer: SlackPeer;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
  peer = await startPeer();
});

afterAll(async () => {
  await peer.stop();
  await world.stop();
});

async function block(address: string): Promise<void> {
  world.dns.host(address, `h${address.replaceAll('.', '-')}.example.com`);
  await world.breakHandshakeFrom(address, 3);
}

it('calls on a new alert and on one that is back, and on nothing in between', async () => {
  const { workspace } = peer;
  const alice = workspace.addUser({ name: 'alice' }).id;
  const oncall = workspace.addUserGroup({ handle: 'oncall', members: [alice] }).id;
  const dba = workspace.addChannel({ name: 'dba', members: [alice] }).id;
  const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
  const settings = {
    MYSQL_URL: `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`,
    DNS_SERVERS: world.dnsServer,
    SLACK_API_URL: peer.apiUrl,
    SLACK_BOT_TOKEN: peer.botToken,
    SLACK_APP_TOKEN: peer.appToken,
    ALERT_CHANNEL: dba,
    MENTION: `${alice},${oncall}`,
    RUNBOOK_URL: 'https://wiki.example/{server}?rule={rule}',
    SWEEP_CRON: '*/2 * * * * *',
    STATE_URL: `sqlite:${join(folder, 'state.db')}`,
  };
  const bot = runHostcache(['start'], settings, { folder });
  await bot.until(/hostcache is ready/);
  const root = (pattern: RegExp) =>
    workspace.until(() => workspace.roots(dba).find((one) => pattern.test(plainText(one))));
  const called = () =>
    workspace.pings
      .filter(({ kind, notifies }) => notifies && (kind === 'user' || kind === 'group'))
      .map(({ target, ts }) => ({ target, ts }));

  await block('10.0.0.9');
  const alert = await root(/^🔴 Firing: 1 blocked host on main/);
  const { ts } = alert;
  expect(plainText(alert)).toContain(`For: @${alice} @${oncall}`);
  expect(alert.text).toMatch(/^🔴 Firing: 1 blocked host on main\. 10\.0\.0\.9/);
  const first = [
    { target: alice, ts },
    { target: oncall, ts },
  ];
  expect(called()).toEqual(first);

  expect(JSON.stringify(alert.blocks)).toContain('"https://wiki.example/main?rule=blocked-host"');
  const opened = await peer.click(alice, alert, { text: 'Runbook' });
  expect([opened.failure, await opened.settled(50)]).toEqual([null, []]);

  await peer.click(alice, alert, { text: 'Acknowledge' });
  const acknowledged = await root(/^👀 Acknowledged: 1 blocked host on main/);
  expect(acknowledged.text).toMatch(/^👀 Acknowledged: 1 blocked host on main\./);
  expect(plainText(acknowledged)).toContain(`For: @${alice} @${oncall}`);

  await block('10.0.0.10');
  const grown = await root(/^🔴 Firing: 2 blocked hosts on main/);
  const inMenu = (host: string) => canPointAt(grown.blocks, { option: `Why ${host}` });
  const second = ['10.0.0.9', '10.0.0.10'].filter(inMenu);
  expect(second).toHaveLength(1);
  const why = await peer.click(alice, grown, { option: `Why ${second[0]}` });
  expect((await why.answer()).text).toContain(`${second[0]} is blocked by main (1129)`);

  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  const over = await root(/^✅ Resolved: blocked hosts on main/);
  expect(over.text).toMatch(/^✅ Resolved: blocked hosts on main\./);
  expect(called()).toEqual(first);

  await block('10.0.0.9');
  await root(/^🔴 Firing: 1 blocked host on main/);
  const back = await workspace.until(() =>
    workspace.thread(dba, ts).find((reply) => plainText(reply).includes('It is back.')),
  );
  expect(back.text).toMatch(/^Firing: 1 blocked host on main\. It is back\. New: 10\.0\.0\.9/);
  const again = first.map(({ target }) => ({ target, ts: back.ts }));
  expect(called()).toEqual([...first, ...again]);

  bot.child.kill('SIGTERM');
  expect((await bot.ended).code).toBe(0);
  expect([peer.refusals, peer.failures, workspace.broadcasts]).toEqual([[], [], []]);
});
