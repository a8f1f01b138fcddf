import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Interaction } from '../../sandbox/slack/interaction.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type Card, type FlushStage, openFlushStage, plainText } from './flush-stage.ts';

/** People talk in an alert's thread: where they see answers, and what a mention there may do. */

const BOT = '<@U0HOSTCACHE>';

let world: World;
let stage: FlushStage;
let alert: Card;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
  stage = await openFlushStage(world);
  world.dns.host('10.0.0.9', 'h9.example.com');
  await world.breakHandshakeFrom('10.0.0.9', 3);
  await stage.start({ SWEEP_CRON: '*/2 * * * * *' });
  alert = await stage.card(/1 blocked host on main/);
});

afterAll(async () => {
  await stage.stop();
  await world.stop();
});

function say(as: keyof FlushStage['people'], text: string) {
  return stage.peer.say(stage.people[as], stage.dba, text, { threadTs: alert.ts });
}

function inThread(pattern: RegExp): Promise<Card> {
  const { peer, dba } = stage;
  return peer.workspace.until(() =>
    peer.workspace.thread(dba, alert.ts).find((each) => pattern.test(plainText(each))),
  );
}

/** What only this person sees in the thread of the alert, or in the channel. */
function privateFor(as: keyof FlushStage['people'], place: string | null) {
  const { peer, people, dba } = stage;
  return peer.workspace.sees(people[as], dba, place).filter(({ kind }) => kind === 'ephemeral');
}

async function expectIn(place: 'channel' | 'thread', used: Interaction): Promise<void> {
  expect((await used.answer(/10\.0\.0\.9/)).isPrivate).toBe(true);
  const seen = [privateFor('carol', null), privateFor('carol', alert.ts)];
  expect(seen.map((each) => each.length)).toEqual(place === 'channel' ? [1, 0] : [1, 1]);
}

it('on the alert, which has replies, "Why …" is answered in the channel; on a reply, in the thread', async () => {
  const { peer, people, dba } = stage;
  say('alice', 'who is on it?');
  const click = await peer.click(people.carol, alert, { text: /^Why 10\.0\.0\.9/ });
  await expectIn('channel', click);
  const { ts } = say('bob', "Host '10.0.0.9' is blocked because of many connection errors");
  await expectIn('thread', await peer.shortcut(people.carol, dba, ts, 'explain_mysql_error'));
});

it('a mention is answered there for all to read', async () => {
  say('alice', `${BOT} why 10.0.0.9`);
  expect(plainText(await inThread(/^10\.0\.0\.9/))).toContain('max_connect_errors');
});

it('of two bots that share the state, one answers, however often Slack sends the mention', async () => {
  const { peer, people, dba } = stage;
  await stage.start();
  const said = peer.say(people.alice, dba, `${BOT} why 10.0.0.9`);
  for (let again = 0; again < 8; again += 1) await peer.redeliver(said);
  const last = peer.say(people.alice, dba, `${BOT} help`);
  const answersTo = ({ ts }: { readonly ts: string }) => peer.workspace.thread(dba, ts).length;
  await peer.workspace.until(() => answersTo(said) > 0 && answersTo(last) > 0);
  expect([answersTo(said), answersTo(last)]).toEqual([1, 1]);
});

it('a flush that a mention requests has its card there, and needs a second person', async () => {
  const { peer, people } = stage;
  say('alice', `${BOT} flush the probe is fixed`);
  const card = await inThread(/Approval needed: flush main/);
  expect(card).toMatchObject({ threadTs: alert.ts, isBroadcast: true });
  const says = /FR-1: your request to flush main is waiting for a second person/;
  await peer.workspace.until(() =>
    privateFor('alice', alert.ts).some((each) => says.test(plainText(each))),
  );

  // A typed approval shows the card to that person alone, and decides nothing.
  say('bob', `${BOT} approve FR-1`);
  const shown = await peer.workspace.until(() =>
    privateFor('bob', alert.ts).find((each) => /Approval needed/.test(plainText(each))),
  );
  say('alice', `${BOT} approve FR-1`);
  const own = await peer.workspace.until(() =>
    privateFor('alice', alert.ts).find((each) => /Approval needed/.test(plainText(each))),
  );
  const cards = peer.workspace.messages.filter((each) =>
    /"approve FR-1"/.test(JSON.stringify(each)),
  );
  expect(cards.map(({ ts }) => ts)).toEqual([card.ts]);
  expect(await stage.truncates()).toBe(0);

  if (shown.kind !== 'ephemeral' || own.kind !== 'ephemeral') throw new Error('expected privacy');
  const alone = await peer.click(people.alice, own, { text: 'Approve and flush' });
  expect((await alone.answer()).text).toContain('a second person must approve it');
  const approval = await peer.click(people.bob, shown, { text: 'Approve and flush' });
  expect((await approval.answer()).text).toContain('FR-1 is approved');
  await inThread(/^The cache was emptied/);
  expect(await stage.truncates()).toBe(1);
  expect([peer.refusals, peer.failures, peer.workspace.broadcasts]).toEqual([[], [], []]);
});
