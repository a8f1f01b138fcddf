import { describe, expect, it } from 'vitest';
import type { Bed } from './contract.ts';
import {
  alert,
  HOSTILE,
  LONG,
  NOON,
  post,
  reading,
  seconds,
  silence,
  sweepRecord,
} from './samples.ts';

/** How alerts, silences and sweeps are stored. */

export function alertContract(bed: Bed): void {
  describe('alerts', () => {
    it('are numbered', async () => {
      const { alerts, silences } = bed.state;
      expect(await alerts.nextAlertId()).toBe('AL-1');
      expect(await alerts.nextAlertId()).toBe('AL-2');
      expect(await silences.nextSilenceId()).toBe('SI-1');
    });

    it.each([
      { name: 'of hosts', given: {} },
      { name: 'of the whole server', given: { hosts: [], fact: HOSTILE + LONG } },
      {
        name: 'acknowledged and resolved',
        given: {
          state: 'resolved',
          acknowledged: { by: 'U0ADA', at: seconds(0.001) },
          resolvedAt: seconds(9.999),
        },
      },
    ] as const)('come back as they were saved: $name', async ({ given }) => {
      const { alerts } = bed.state;
      expect(await alerts.save([alert(given)], [])).toBe(true);
      expect(await alerts.find('AL-1')).toEqual(alert({ ...given, revision: 1 }));
      expect(await alerts.find('AL-2')).toBeNull();
    });

    it('are refused with an old revision, and nothing is stored', async () => {
      const { alerts, outbox } = bed.state;
      await alerts.save([alert()], []);
      expect(await alerts.save([alert({ revision: 1, fact: 'second' })], [])).toBe(true);

      const fresh = alert({ id: 'AL-2' });
      const posts = [post('p1', 'root')];
      for (const revision of [0, 1, 3]) {
        const stale = alert({ revision, fact: 'stale' });
        expect(await alerts.save([fresh, stale], posts)).toBe(false);
        expect(await alerts.save([stale, fresh], posts)).toBe(false);
      }
      expect(await alerts.open()).toEqual([alert({ revision: 2, fact: 'second' })]);
      expect(await outbox.nextDueAt()).toBeNull();
    });

    it('are not saved when a post cannot be', async () => {
      const { alerts, outbox } = bed.state;
      await alerts.save([], [post('p1', 'root', { queuedAt: seconds(5) })]);
      const again = [post('p2', 'root', { channel: 'C2' }), post('p1', 'root')];
      await expect(alerts.save([alert()], again)).rejects.toThrow();
      expect(await alerts.open()).toEqual([]);
      expect(await outbox.nextDueAt()).toEqual(seconds(5));
    });

    it('are not saved by a process that has lost the lease', async () => {
      const { alerts, leases, outbox } = bed.state;
      const lease = { name: 'sweep main', holder: 'me' };
      const save = () => alerts.save([alert()], [post('p1', 'root')], lease);
      expect(await save()).toBe(false);
      await leases.acquire('sweep main', 'me', NOON, seconds(10));
      await leases.acquire('sweep main', 'you', seconds(10), seconds(20));
      expect(await save()).toBe(false);
      expect(await alerts.open()).toEqual([]);
      expect(await outbox.nextDueAt()).toBeNull();
      await leases.acquire('sweep main', 'me', seconds(20), seconds(30));
      expect(await save()).toBe(true);
    });

    it('are found by server, open or recently resolved, oldest first', async () => {
      const { alerts } = bed.state;
      const resolved = { state: 'resolved', resolvedAt: seconds(10) } as const;
      await alerts.save(
        [
          alert({ id: 'AL-3', openedAt: seconds(3) }),
          alert({ id: 'AL-10', openedAt: seconds(1), ...resolved }),
          alert({ id: 'AL-4', openedAt: seconds(2), server: 'other' }),
        ],
        [],
      );
      const idsOf = (found: readonly { readonly id: string }[]) => found.map(({ id }) => id);
      expect(idsOf(await alerts.recent('main', seconds(9.999)))).toEqual(['AL-10', 'AL-3']);
      expect(idsOf(await alerts.recent('main', seconds(10)))).toEqual(['AL-3']);
      expect(idsOf(await alerts.open())).toEqual(['AL-4', 'AL-3']);
    });
  });
}

export function silenceContract(bed: Bed): void {
  describe('silences', () => {
    it('are active until they end', async () => {
      const { silences } = bed.state;
      const later = silence({ id: 'SI-2', endsAt: seconds(61), createdAt: seconds(1) });
      await silences.add(later);
      await silences.add(silence());
      expect(await silences.active(seconds(59.999))).toEqual([silence(), later]);
      expect(await silences.active(seconds(60))).toEqual([later]);
    });

    it('are ended once', async () => {
      const { silences } = bed.state;
      await silences.add(silence());
      expect(await silences.end('SI-9', seconds(1))).toBe(false);
      expect(await silences.end('SI-1', seconds(1))).toBe(true);
      expect(await silences.active(seconds(1))).toEqual([]);
      expect(await silences.end('SI-1', seconds(2))).toBe(false);
    });

    it('that are over cannot be ended', async () => {
      const { silences } = bed.state;
      await silences.add(silence());
      expect(await silences.end('SI-1', seconds(60))).toBe(false);
    });
  });
}

export function sweepContract(bed: Bed): void {
  describe('sweeps', () => {
    it('keep the readings of each server, and replace them', async () => {
      const { sweeps } = bed.state;
      const old = reading({ readAt: seconds(-1), entryMadeAt: null });
      const other = reading({ address: '2001:db8::7', handshakeErrors: 2 ** 53 - 1 });
      expect(await sweeps.readings('main')).toEqual([]);
      await sweeps.keepReadings('other', [old]);
      await sweeps.keepReadings('main', [reading(), old]);
      expect(await sweeps.readings('main')).toEqual([reading(), old]);
      await sweeps.keepReadings('main', [other]);
      expect(await sweeps.readings('main')).toEqual([other]);
      await sweeps.keepReadings('main', []);
      expect(await sweeps.readings('main')).toEqual([]);
      expect(await sweeps.readings('other')).toEqual([old]);
    });

    it('accept the same readings twice, and many at once', async () => {
      const { sweeps } = bed.state;
      const many = Array.from({ length: 2500 }, (_, at) =>
        reading({ address: `10.0.${at >> 8}.${at % 256}`, handshakeErrors: at }),
      );
      const later = many.map((each) => ({ ...each, readAt: seconds(300) }));
      await sweeps.keepReadings('main', [...many, ...later]);
      await sweeps.keepReadings('main', [...many, ...later]);
      const found = await sweeps.readings('main');
      expect(found).toHaveLength(5000);
      expect(new Set(found.map(({ handshakeErrors }) => handshakeErrors)).size).toBe(2500);
      expect(found.slice(0, 2)).toEqual([many[0], later[0]]);
    });

    it('keep the last record of each server', async () => {
      const { sweeps } = bed.state;
      const failed = sweepRecord({
        failure: HOSTILE,
        version: null,
        endedAt: seconds(1),
        nextAt: null,
      });
      await sweeps.record(sweepRecord({ server: 'other' }));
      await sweeps.record(sweepRecord());
      await sweeps.record(failed);
      expect(await sweeps.records()).toEqual([failed, sweepRecord({ server: 'other' })]);
      expect(await sweeps.recordOf('other')).toEqual(sweepRecord({ server: 'other' }));
      expect(await sweeps.recordOf('nobody')).toBeNull();
    });
  });
}
