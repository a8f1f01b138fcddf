import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { mapAtOnce } from '../../src/chat/waiting.ts';
import { FLAVOURS } from '../servers/stage.ts';
import { type Card, type FlushStage, openFlushStage, plainText } from './flush-stage.ts';

/** A flush that locks a client out: the card names it beforehand, and the thread afterwards. */

const STALE = '192.0.2.7';
const NAME = 'shop.example.com';
const LOGIN = { user: 'shop' };
const CARD_WITHIN_MS = 10_000;

const addressOf = (at: number) => `240.0.${at >> 8}.${at & 255}`;

describe.each(FLAVOURS)('%s', (flavour) => {
  let world: World;
  let stage: FlushStage;

  beforeAll(async () => {
    const args = ['--performance-schema=ON', '--host-cache-size=4000'];
    world = await startWorld({ flavour, args });
    await world.query(`CREATE USER shop@'${NAME}', shop@'fixed.example.com'`);
  });
  afterAll(() => world.stop());
  afterEach(async () => {
    expect([stage.peer.refusals, stage.peer.workspace.broadcasts]).toEqual([[], []]);
    await stage.stop();
  });

  /** So many hosts without a name, DNS has been fixed for the first; and one that lost its name. */
  async function fill(nulls: number): Promise<void> {
    world.dns.clear();
    await world.query('TRUNCATE TABLE performance_schema.host_cache');
    const clients = Array.from({ length: nulls }, (_, at) => addressOf(at));
    await mapAtOnce(16, clients, (client) => world.connectFrom(client));
    world.dns.host(addressOf(0), 'fixed.example.com');
    world.dns.host(STALE, NAME);
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'admitted' });
    world.dns.ptr(STALE, 'NXDOMAIN');
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'admitted' });
  }

  async function askForCard(): Promise<Card> {
    stage = await openFlushStage(world);
    await stage.start();
    const askedAtMs = performance.now();
    await stage.ask('alice', 'flush all is well');
    const card = await stage.card(/Approval needed/);
    expect(performance.now() - askedAtMs).toBeLessThan(CARD_WITHIN_MS);
    return card;
  }

  async function approve(card: Card): Promise<string> {
    await stage.peer.click(stage.people.bob, card, { text: 'Approve and flush' });
    return plainText(await stage.card(/Flushed: flush main/));
  }

  it.each([25, 1900])('one stale name among %i NULL hosts', async (nulls) => {
    await fill(nulls);
    const card = await askForCard();
    const told = plainText(card);
    expect(told).toContain(`The flush locks out: ${STALE}.`);
    expect(told).toContain(`It cures: ${addressOf(0)}.`);
    expect(told).toMatch(
      /It leaves without a name until DNS is fixed: 240\.0\.\d+\.\d+, .* and \d+ more\./,
    );
    expect(told).not.toContain('not judged');

    const flushed = await approve(card);
    expect(flushed).toContain(`The flush was expected to lock out: ${STALE}.`);
    expect(flushed).not.toMatch(/locks out|are lost|It cures/);
    expect(await world.connectFrom(STALE, LOGIN)).toMatchObject({ outcome: 'error', code: 1130 });
    const start = stage.clock.now().getTime();
    for (const minutes of ['1 minute', '5 minutes', '15 minutes']) {
      stage.clock.moveTo(new Date(start + (Number.parseInt(minutes, 10) * 60 + 1) * 1000));
      await expect
        .poll(() => stage.thread(card).join('\n'))
        .toContain(
          `${minutes} after the flush: 1 client was admitted before and refused since: ${STALE} (1130, once).`,
        );
    }
  });

  it('more clients than are judged: the stale one is, and approval asks about the others', async () => {
    await fill(2100);
    const card = await askForCard();
    expect(plainText(card)).toContain(`The flush locks out: ${STALE}.`);
    expect(plainText(card)).toContain(
      '101 of 2101 clients were not judged. The flush may lock them out',
    );
    expect(JSON.stringify(card)).toContain('Flush without knowing the effect?');
    // Not back yet: the follow-up says what awaits the client.
    await approve(card);
    stage.clock.moveTo(new Date(stage.clock.now().getTime() + 61_000));
    await expect
      .poll(() => stage.thread(card).join('\n'))
      .toContain(`1 client is not back yet and would be refused: ${STALE}.`);
  });

  it('DNS does not answer: the card comes in time, and says what it does not know', async () => {
    await fill(200);
    world.dns.outage('SILENCE', { to: 'bot' });
    const card = await askForCard();
    expect(plainText(card)).toMatch(
      /\d+ of 201 clients were not judged\. The flush may lock them out/,
    );
    expect(plainText(card)).toContain(STALE);
  });
});
