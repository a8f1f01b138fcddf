import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type FlushStage, openFlushStage, plainText } from './flush-stage.ts';

/** An alert from its button to its resolution: the reason, the approval, the flush, and the next sweep. */

let world: World;
let stage: FlushStage;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
  stage = await openFlushStage(world);
});

afterAll(async () => {
  await stage.stop();
  await world.stop();
});

it('a flush that an alert asked for ends the alert', async () => {
  const { peer, people, dba } = stage;
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  await stage.start({ SWEEP_CRON: '*/2 * * * * *' });
  const alert = await stage.card(/1 blocked host on main/);
  const click = await peer.click(people.alice, alert, { text: 'Request flush…' });
  const modal = await click.opened();
  await peer.submit(people.alice, modal.id, { reason: 'the probe is fixed' });

  const inThread = (pattern: RegExp) =>
    peer.workspace.until(() =>
      peer.workspace.thread(dba, alert.ts).find((each) => pattern.test(plainText(each))),
    );
  const card = await inThread(/Approval needed: flush main/);
  expect(card).toMatchObject({ threadTs: alert.ts, isBroadcast: true });
  expect(plainText(card)).toMatch(/the probe is fixed[\s\S]*It frees 1 blocked host:\n10\.0\.0\.9/);
  const approval = await peer.click(people.bob, card, { text: 'Approve and flush' });
  expect((await approval.answer()).text).toContain('FR-1 is approved');

  const done = await inThread(/Flushed: flush main/);
  expect(done.ts).toBe(card.ts);
  await inThread(/^The cache was emptied: 1 entry before, 0 now\.$/);
  const told = () => stage.thread(alert).join('\n');
  // The decision, the proof and the file are in the card's thread.
  await expect.poll(told).toMatch(/FR-1 is approved by @U0BOB\.[\s\S]*\nIP,HOST,/);
  const resolved = await stage.card(/Resolved: .*[Bb]locked host/);
  expect(resolved.ts).toBe(alert.ts);
  expect(plainText(resolved)).toMatch(
    /10\.0\.0\.9: the host cache was emptied|10\.0\.0\.9: its entry is gone/,
  );
  expect(await stage.truncates()).toBe(1);
  expect(await stage.ask('carol', 'history')).not.toContain('without a request here');
  // Only the alert is a message in the channel itself.
  expect(peer.workspace.roots(dba)).toHaveLength(1);
  expect([peer.refusals, peer.failures, peer.workspace.broadcasts]).toEqual([[], [], []]);
});
