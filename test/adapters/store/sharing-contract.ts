import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openStore, type State } from '../../../src/adapters/store/store.ts';
import { placeOf } from '../../logins.ts';
import type { Bed } from './contract.ts';
import { alert, NOON, post, reading, seconds, silence, sweepRecord } from './samples.ts';

/**
 * Several processes share one state: nothing is given to two of them, and each sees what the others
 * wrote.
 */

export function sharingContract(bed: Bed): void {
  const two = async () => [bed.state, await bed.open()] as const;
  /** Both processes run `act` this many times, concurrently. */
  const race = async <T>(times: number, act: (state: State, at: number) => Promise<T>) => {
    const states = await two();
    return await Promise.all(
      Array.from({ length: times }, (_, at) => states.map((state) => act(state, at))).flat(),
    );
  };

  describe('shared', () => {
    it('no id is given twice', async () => {
      const ids = await race(25, ({ alerts }) => alerts.nextAlertId());
      expect(new Set(ids).size).toBe(50);
    });

    it('of two that save the same alert, one is refused', async () => {
      await bed.state.alerts.save([alert()], []);
      for (let revision = 1; revision <= 10; revision += 1) {
        const saved = await race(1, ({ alerts }, at) =>
          alerts.save(
            [alert({ revision }), alert({ id: `AL-${revision + 1}` })],
            [post(`${revision}/${at}`, 'edit')],
          ),
        );
        expect(saved.toSorted()).toEqual([false, true]);
      }
    });

    it('only one ends a silence', async () => {
      await bed.state.silences.add(silence());
      const ended = await race(5, ({ silences }) => silences.end('SI-1', NOON));
      expect(ended.filter(Boolean)).toHaveLength(1);
    });

    it('a lease has one holder, until it expires or is released', async () => {
      const { leases } = bed.state;
      const acquire = (holder: string, now: Date, untilAt = seconds(10)) =>
        leases.acquire('sweep main', holder, now, untilAt);
      expect(await acquire('me', NOON)).toBe(true);
      expect(await acquire('you', seconds(9.999))).toBe(false);
      expect(await leases.acquire('sweep other', 'you', NOON, seconds(10))).toBe(true);
      expect(await acquire('me', seconds(5), seconds(20))).toBe(true);
      expect(await acquire('you', seconds(19))).toBe(false);
      expect(await acquire('you', seconds(20), seconds(30))).toBe(true);
      await leases.release('sweep main', 'me');
      expect(await acquire('me', seconds(21))).toBe(false);
      await leases.release('sweep main', 'you');
      expect(await acquire('me', seconds(21))).toBe(true);
    });

    it('of many that want a lease, one gets it', async () => {
      for (let round = 0; round < 5; round += 1) {
        let count = 0;
        const got = await race(5, ({ leases }) => {
          count += 1;
          return leases.acquire(
            'sweep main',
            `${count}`,
            seconds(round * 10),
            seconds(round * 10 + 10),
          );
        });
        expect(got.filter(Boolean)).toHaveLength(1);
      }
    });

    it('each post is taken by one, and in order in its channel', async () => {
      const posts = Array.from({ length: 30 }, (_, at) =>
        post(`p${at}`, 'root', { channel: `C${at % 3}`, subject: `AL-${at}` }),
      );
      await bed.state.alerts.save([], posts);
      const begun: string[] = [];
      const states = await two();
      const deliverAll = async ({ outbox }: State, holder: string) => {
        while ((await outbox.nextDueAt()) !== null) {
          for (const { id } of await outbox.take(holder, NOON, seconds(30))) {
            begun.push(id);
            expect(await outbox.begin(id, holder, seconds(30))).toBe(true);
            await outbox.sent(id, id, NOON);
          }
        }
      };
      await Promise.all(states.map((state, at) => deliverAll(state, `holder ${at}`)));
      expect(begun).toHaveLength(30);
      for (const rest of [0, 1, 2]) {
        const inChannel = begun.map((id) => Number(id.slice(1))).filter((at) => at % 3 === rest);
        expect(inChannel).toEqual(inChannel.toSorted((a, b) => a - b));
      }
    });

    it('everything is still there after a restart', async () => {
      const before = bed.state;
      await before.alerts.save([alert()], [post('a1', 'root'), post('a2', 'reply')]);
      await before.outbox.sent('a1', '1.5', NOON);
      await before.silences.add(silence());
      await before.sweeps.keepReadings('main', [reading()]);
      await before.sweeps.record(sweepRecord());
      await before.leases.acquire('sweep main', 'me', NOON, seconds(10));
      await before.alerts.nextAlertId();
      await before.close();

      const after = await bed.open();
      expect(await after.alerts.find('AL-1')).toEqual(alert({ revision: 1 }));
      expect(await after.outbox.take('me', NOON, seconds(9))).toMatchObject([
        { ...post('a2', 'reply'), root: { channel: 'C1', ts: '1.5' } },
      ]);
      expect(await after.silences.active(NOON)).toEqual([silence()]);
      expect(await after.sweeps.readings('main')).toEqual([reading()]);
      expect(await after.sweeps.records()).toEqual([sweepRecord()]);
      expect(await after.leases.acquire('sweep main', 'you', NOON, seconds(9))).toBe(false);
      expect(await after.alerts.nextAlertId()).toBe('AL-2');
      expect(await after.writeFault()).toBeNull();
    });

    it('old records are deleted, and nothing else', async () => {
      const { alerts, outbox, silences } = bed.state;
      const days = (count: number) => seconds(count * 86_400);
      const resolved = { state: 'resolved', resolvedAt: NOON } as const;
      await alerts.save([alert(resolved)], [post('a1', 'root')]);
      await alerts.save([alert({ id: 'AL-2' })], [post('b1', 'root', { subject: 'AL-2' })]);
      for (const id of ['a1', 'b1']) await outbox.sent(id, '1.5', NOON);
      await silences.add(silence({ endsAt: NOON }));

      await bed.state.forget(days(89));
      expect(await alerts.find('AL-1')).not.toBeNull();
      expect(await silences.active(seconds(-1))).toHaveLength(1);
      await bed.state.forget(days(91));
      expect(await alerts.find('AL-1')).toBeNull();
      expect(await outbox.rootOf('AL-1')).toBeNull();
      expect(await silences.active(seconds(-1))).toEqual([]);
      expect(await alerts.find('AL-2')).toEqual(alert({ id: 'AL-2', revision: 1 }));
      expect(await outbox.rootOf('AL-2')).toEqual({ channel: 'C1', ts: '1.5' });
    });

    it('a process that is killed leaves an alert with its post, or neither', async () => {
      const child = spawn(process.execPath, ['--import', 'tsx', SAVER, bed.url], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      // One of them may be half saved at this point.
      await expect.poll(async () => (await bed.state.alerts.open()).length).toBeGreaterThan(3);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const alerts = await bed.state.alerts.open();
      expect(alerts.length).toBeGreaterThan(0);
      const { outbox } = bed.state;
      const posts = await outbox.take('me', NOON, seconds(9));
      expect(posts.map(({ subject }) => subject).toSorted()).toEqual(
        alerts.map(({ id }) => id).toSorted(),
      );
      expect(await bed.state.alerts.save([alert({ id: 'AL-0' })], [])).toBe(true);
    });
  });
}

export async function openAtOnce(url: string, count: number): Promise<void> {
  const states = await Promise.all(
    Array.from({ length: count }, () => openStore({ place: placeOf(url) })),
  );
  const ids = await Promise.all(states.map(({ alerts }) => alerts.nextAlertId()));
  expect(ids.toSorted()).toEqual(ids.map((_, at) => `AL-${at + 1}`));
  await Promise.all(states.map((state) => state.close()));
}

const SAVER = join(import.meta.dirname, 'saver.ts');
