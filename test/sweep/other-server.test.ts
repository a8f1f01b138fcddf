import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweepServer } from '../../src/sweep/sweep.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { type Bed, openBed, seconds } from '../flush/bed.ts';
import { broken } from '../scenarios/entries.ts';

/** After a failover another server answers behind the address, with an empty cache: nobody flushed it. */

let bed: Bed;

beforeEach(async () => {
  bed = await openBed();
});

afterEach(() => bed.close());

/** What the state has of flushes outside, after a look at a full cache and one at an empty cache. */
async function toldAfter(startedAt: Date) {
  const parts = bed.parts([]);
  const look = async (world: FakeServer) => {
    const target = { server: createFakeServer(world), resolver: createFakeResolver({}) };
    const { kind } = await sweepServer({ ...target, channel: 'C1' }, parts);
    expect(kind).toBe('swept');
  };
  const settings = { startedAt: seconds(-3600), uptimeSeconds: 3600 };
  await look({ settings, entries: [broken(1)] });
  bed.now = seconds(300);
  await look({ settings: { startedAt, uptimeSeconds: 3900 }, entries: [] });
  return (await bed.state.flushes.auditOf('server main')).map(({ what }) => what);
}

it('the same server was emptied', async () => {
  expect(await toldAfter(seconds(-3600))).toEqual([
    expect.stringMatching(/without a request here/),
  ]);
});

it('another server was not', async () => {
  expect(await toldAfter(seconds(-86_400))).toEqual([]);
});
