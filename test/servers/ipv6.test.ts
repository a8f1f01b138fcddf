import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toJson } from '../../src/diagnosis/json.ts';
import { FLAVOURS, openStage, type Stage, severitiesOf } from './stage.ts';

/** Diagnoses for IPv6 clients are the same as for IPv4 clients. */

const NAME = 'six.example.com';
const LIMIT = 3;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour, args: [`--max-connect-errors=${LIMIT}`] });
    await stage.world.query(`CREATE USER jdoe@'${NAME}', jdoe@'2001:db8:1::%', jdoe@'10.%'`);
  });
  afterAll(() => stage?.close());
  beforeEach(async () => {
    stage.world.dns.clear();
    await stage.flush();
  });

  describe.each(['2001:db8::5', '2001:db8:0:1:0:0:0:5', '192.0.2.5'])(
    'a client at %s',
    (client) => {
      it('NULL, then fixed, then flushed', async () => {
        const { world } = stage;
        expect(await world.connectFrom(client)).toMatchObject({ code: 1130 });
        const broken = await stage.why(client, 'jdoe');
        expect(broken.prediction.now).toMatchObject({ outcome: 'refused', error: 1130 });
        expect(broken.forecast.effect).toBe('cures-after-fix');
        expect(severitiesOf(broken)[0]).toBe('blocking null-host');

        world.dns.host(client, NAME);
        const fixed = await stage.why(client, 'jdoe');
        expect(fixed.forecast.effect).toBe('cures');
        expect(fixed.prediction.afterFlush.account?.host).toBe(NAME);

        await stage.flush();
        expect(await world.connectFrom(client)).toMatchObject({ currentUser: `jdoe@${NAME}` });
        const cured = await stage.why(client, 'jdoe');
        expect(severitiesOf(cured).filter((each) => !each.startsWith('note '))).toEqual([]);
        expect(cured).toMatchObject({ prediction: { now: { outcome: 'admitted' } } });
        const unrecorded = [expect.stringContaining('keeps no record of failed logins')];
        expect(cured.gaps).toEqual(flavour === 'mysql' ? [] : unrecorded);
        expect(toJson(cured, client)).toMatchObject({
          cached: { host: NAME, validated: true },
          dns: { status: 'ok', host: NAME, confirmed: true },
          flush: 'useless',
        });
      });

      it('blocked, then flushed', async () => {
        const { world } = stage;
        world.dns.host(client, NAME);
        await world.breakHandshakeFrom(client, LIMIT);
        expect(await world.connectFrom(client)).toMatchObject({ code: 1129 });
        const blocked = await stage.why(client, 'jdoe');
        expect(blocked.prediction.now).toMatchObject({ outcome: 'blocked', error: 1129 });
        expect(blocked.forecast.effect).toBe('unblocks');
        expect(severitiesOf(blocked)[0]).toBe('blocking blocked-host');

        await stage.flush();
        expect(await world.connectFrom(client)).toMatchObject({ currentUser: `jdoe@${NAME}` });
      });

      it('a name that leads elsewhere, and one that has gone stale', async () => {
        const { world } = stage;
        const type = client.includes(':') ? 'AAAA' : 'A';
        world.dns.ptr(client, [NAME]);
        world.dns.answer(NAME, type, [type === 'A' ? '203.0.113.9' : '2001:db8:ffff::9']);
        await world.connectFrom(client);
        expect(severitiesOf(await stage.why(client, 'jdoe'))[0]).toBe('blocking null-host');

        await stage.flush();
        world.dns.clear();
        world.dns.host(client, 'old.example.com');
        await world.connectFrom(client);
        world.dns.clear();
        world.dns.host(client, NAME);
        const stale = await stage.why(client, 'jdoe');
        expect(severitiesOf(stale)[0]).toBe('blocking stale-host');
        expect(stale.forecast.effect).toBe('cures');
      });
    },
  );

  it('an account by IPv6 address needs no name', async () => {
    const client = '2001:db8:1::7';
    expect(await stage.world.connectFrom(client)).toMatchObject({
      currentUser: 'jdoe@2001:db8:1::%',
    });
    const told = await stage.why(client, 'jdoe');
    expect(told.prediction.now.account?.host).toBe('2001:db8:1::%');
    expect(severitiesOf(told).filter((finding) => !finding.startsWith('note'))).toEqual([]);
  });

  it.each(['::ffff:10.0.0.9', '::10.0.0.9', '::FFFF:0a00:0009', '[::ffff:10.0.0.9]'])(
    '%s means the client 10.0.0.9',
    async (spelled) => {
      stage.world.dns.host('10.0.0.9', 'nine.example.com');
      await stage.world.connectFrom('10.0.0.9');
      const [told, plain] = [await stage.why(spelled, 'jdoe'), await stage.why('10.0.0.9', 'jdoe')];
      expect(told.evidence.client).toEqual({ text: '10.0.0.9', family: 4 });
      expect(toJson(told, '')).toEqual(toJson(plain, ''));
      expect(told.prediction.now.account?.host).toBe('10.%');
    },
  );

  it('::1 is local, and never looked up', async () => {
    const told = await stage.why('::1');
    expect(severitiesOf(told)).toContain('note loopback');
    expect(told.evidence.dns).toBeNull();
  });
});
