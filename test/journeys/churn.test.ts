import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addSeconds } from 'date-fns/addSeconds';
import Libsql from 'libsql';
import { afterAll, expect, it } from 'vitest';
import { createServer } from '../../src/adapters/mysql/server.ts';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { composeInside } from '../../src/compose/inside.ts';
import type { TakenPost } from '../../src/outbox/store.ts';
import { sweepServer } from '../../src/sweep/sweep.ts';
import { createFakeLog } from '../chat/fake-subcommand.ts';
import { createChurningCache, type Kind } from '../fakes/churning-cache.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { startScriptedServer } from '../fakes/scripted-mysql.ts';
import { loginOf, placeOf } from '../logins.ts';

/** Five minutes of sweeps each second, over hosts that come and go: nothing is lost, doubled, or grows. */

const SWEEPS = 300;
const HOSTS = 150;
const CHANGES = 15;
const KINDS: readonly Kind[] = ['blocked-host', 'near-block', 'null-host'];

const folder = mkdtempSync(join(tmpdir(), 'hostcache-churn-'));
const file = join(folder, 'state.db');

afterAll(() => rmSync(folder, { recursive: true }));

function rowsIn(table: string): number {
  const database = new Libsql(file, { readonly: true });
  const row = database.prepare(`SELECT count(*) AS count FROM ${table}`).get([]);
  database.close();
  return Number(Object(row).count);
}

const bytes = () => statSync(file).size + statSync(`${file}-wal`).size;

/** Sends what is due, as the outbox does; resolves with it. */
async function deliver({ outbox }: State, now: Date): Promise<readonly TakenPost[]> {
  const taken = await outbox.take('me', now, addSeconds(now, 30));
  for (const { id } of taken) {
    await outbox.begin(id, 'me', addSeconds(now, 30));
    await outbox.sent(id, `${now.getTime()}.${id}`, now);
  }
  return taken;
}

it(`${SWEEPS} sweeps`, async () => {
  let now = new Date('2026-07-01T12:00:00Z');
  const ptr: Record<string, readonly string[]> = {};
  const named = (address: string, name: string) => {
    ptr[address] = [name];
  };
  const cache = createChurningCache({ hosts: HOSTS, named, now: () => now });
  const scripted = await startScriptedServer(cache.script);
  const server = createServer({ name: 'main', login: loginOf(scripted.url('bot')) });
  const state = await openStore({ place: placeOf(`sqlite:${file}`) });
  const log = createFakeLog();
  const parts = composeInside({ targets: [], state, log, now: () => now });
  const target = { server, resolver: createFakeResolver({ ptr }), channel: 'C1' };
  const sent: TakenPost[] = [];
  const sizes: number[] = [];
  for (let n = 0; n < SWEEPS; n += 1) {
    now = addSeconds(now, 1);
    cache.churn(CHANGES);
    expect(await sweepServer(target, parts)).toMatchObject({ kind: 'swept' });
    sent.push(...(await deliver(state, now)));
    sizes.push(bytes());
  }
  // One message a second goes out; those that wait were merged.
  for (let n = 0; n < 20; n += 1) {
    now = addSeconds(now, 1);
    sent.push(...(await deliver(state, now)));
  }
  expect(await deliver(state, now)).toEqual([]);

  const open = await state.alerts.open();
  for (const kind of KINDS) {
    const [alert, ...others] = open.filter(({ rule }) => rule === kind);
    expect(others, kind).toEqual([]);
    const shown = alert?.hosts.map(({ address }) => address).toSorted();
    expect(shown, kind).toEqual(cache.addressesOf(kind).toSorted());
    const roots = sent.filter(
      ({ subject, content }) => subject === alert?.id && content.kind === 'root',
    );
    expect(roots, kind).toHaveLength(1);
  }
  expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);

  expect(rowsIn('hostcache_paces')).toBe(1);
  expect(rowsIn('hostcache_sweeps')).toBe(1);
  expect(rowsIn('hostcache_leases')).toBe(0);
  expect(rowsIn('hostcache_outbox')).toBeLessThan(6 * SWEEPS);
  expect((await state.sweeps.readings('main')).length).toBeLessThanOrEqual(2 * 500);
  expect(Math.max(...sizes)).toBeLessThan(10 * 2 ** 20);
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  await Promise.all([server.close(), state.close()]);
  await scripted.stop();
});
