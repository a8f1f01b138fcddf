import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJson } from '../../src/diagnosis/json.ts';
import { lookAt } from '../../src/sweep/look.ts';
import { observe } from '../../src/sweep/observe.ts';
import { FLAVOURS, openStage, rulesOf, type Stage } from './stage.ts';

/** Names that only the database host knows: its hosts file gives them, DNS does not. */

const CLIENTS = [
  { client: '10.0.2.2', name: '_gateway', isLocal: true },
  { client: '10.0.2.3', name: 'shop-web-1', isLocal: true },
  { client: '10.0.2.4', name: 'printer.local', isLocal: true },
  { client: '10.0.2.5', name: 'app.localdomain', isLocal: true },
  { client: '10.0.2.6', name: 'app.example.com', isLocal: false },
];

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    const hosts = Object.fromEntries(CLIENTS.map(({ client, name }) => [client, name]));
    stage = await openStage({ flavour, hosts });
    for (const { name } of CLIENTS) await stage.world.query(`CREATE USER shop@'${name}'`);
  });
  afterAll(() => stage?.close());

  it.each(CLIENTS)('$name', async ({ client, name, isLocal }) => {
    const { world } = stage;
    const login = { user: 'shop' };
    expect(await world.connectFrom(client, login)).toMatchObject({ currentUser: `shop@${name}` });
    for (const user of ['shop', undefined]) {
      const said = await stage.why(client, user);
      const json = toJson(said, client);
      expect(json).toMatchObject({ now: { outcome: 'admitted' } });
      expect(rulesOf(said).includes('local-name')).toBe(isLocal);
      expect(rulesOf(said).includes('stale-host')).toBe(!isLocal);
      if (isLocal) {
        expect(json).toMatchObject({
          afterFlush: { outcome: 'unknown', account: null },
          flush: 'unknown',
          gaps: [
            expect.stringContaining(`DNS does not know ${name}`),
            ...(flavour === 'mysql' ? [] : [expect.stringContaining('no record of failed logins')]),
          ],
        });
      } else {
        const stale = said.findings.find(({ rule }) => rule === 'stale-host');
        expect(stale?.cause).toContain('hosts file');
      }
    }
    await stage.flush();
    expect(await world.connectFrom(client, login)).toMatchObject({ currentUser: `shop@${name}` });
  });

  it('raises no alert of a stale name for them', async () => {
    for (const { client } of CLIENTS) await stage.world.connectFrom(client, { user: 'shop' });
    const look = await lookAt(stage.target, new Date(), ({ named }) => named);
    const stale = observe(look, { nullHostAlerts: 'matter', paces: new Map() }).find(
      ({ rule }) => rule === 'stale-host',
    );
    expect(stale?.hosts.map(({ address }) => address)).toEqual(['10.0.2.6']);
  });
});
