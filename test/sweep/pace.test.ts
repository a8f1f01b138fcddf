import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/sweep/pace.ts';
import { comparableOf, pacesOf, readingsToKeep, sayPace } from '../../src/sweep/pace.ts';
import { NOON, reading, seconds } from '../adapters/store/samples.ts';

/** How fast connect errors grow, from the readings of two sweeps. */

function later(sinceS: number, handshakeErrors: number, change: Partial<HostReading> = {}) {
  return reading({ readAt: seconds(sinceS), handshakeErrors, ...change });
}

function perMinute(...[now, ...earlier]: readonly HostReading[]): number | undefined {
  const seen = now === undefined ? [] : [now];
  const paces = pacesOf(comparableOf(earlier, seen, NOON), seen);
  return paces.get('192.0.2.7')?.errorsPerMinute;
}

describe('the pace', () => {
  it.each([
    ['six in a minute', [later(60, 8), later(0, 2)], 6],
    ['since the oldest reading', [later(120, 8), later(0, 2), later(60, 8)], 3],
    ['over ten seconds', [later(10, 3), later(0, 2)], 6],
    ['over a shorter time', [later(9, 3), later(0, 2)], undefined],
    ['no error more', [later(60, 2), later(0, 2)], undefined],
    ['counters that started again', [later(60, 1), later(0, 2)], undefined],
    ['another entry', [later(60, 8, { entryMadeAt: NOON }), later(0, 2)], undefined],
    ['of the present entry', [later(60, 8), later(0, 2, { entryMadeAt: NOON }), later(30, 2)], 12],
    ['since the window began', [later(60, 8), later(-1, 1), later(30, 2)], 12],
    ['no reading before', [later(60, 8)], undefined],
    ['another host', [later(60, 8), later(0, 2, { address: '192.0.2.8' })], undefined],
  ] as const)('%s', (_, readings, pace) => expect(perMinute(...readings)).toBe(pace));
});

describe('what is kept for the next sweep', () => {
  const HOUR_S = 3600;
  /** Sweeps a host with an error a second that often; resolves with what was kept at last, and all paces. */
  function sweepEvery(everyS: number, sweeps: number, hosts = 1) {
    let kept: readonly HostReading[] = [];
    const paces: (number | undefined)[] = [];
    for (let n = 0; n < sweeps; n += 1) {
      const at = n * everyS;
      const now = Array.from({ length: hosts }, (_, host) =>
        later(at, at, { address: host === 0 ? '192.0.2.7' : `192.0.2.7/${host + n}` }),
      );
      const comparable = comparableOf(kept, now, seconds(at - HOUR_S));
      const pace = pacesOf(comparable, now).get('192.0.2.7');
      paces.push(pace === undefined ? undefined : pace.overMs / 1000);
      kept = readingsToKeep(comparable, now);
    }
    return { kept, paces };
  }

  it('gives the paces of all readings of an hour to sweeps every five minutes', () => {
    const { kept, paces } = sweepEvery(300, 24);
    expect(paces).toEqual([
      undefined,
      ...Array.from({ length: 23 }, (_, n) => Math.min((n + 1) * 300, HOUR_S)),
    ]);
    expect(kept).toHaveLength(13);
  });

  it('is as little with a sweep each second, over hosts that come and go', () => {
    const { kept, paces } = sweepEvery(1, 2 * HOUR_S, 3);
    expect(kept.filter(({ address }) => address === '192.0.2.7').length).toBeLessThanOrEqual(13);
    expect(kept.length).toBeLessThanOrEqual(13 + 2);
    const last = paces.at(-1) ?? 0;
    expect(last).toBeGreaterThan(HOUR_S - 300);
    expect(last).toBeLessThanOrEqual(HOUR_S);
  });
});

describe('in words', () => {
  const says = (errorsPerMinute: number, errors: number, limit = 100) =>
    sayPace({ errorsPerMinute, overMs: 60_000 }, errors, limit);

  it.each([
    [7, 51, ', 7 a minute: blocks in about 7 minutes'],
    [1, 11, ', 1 a minute: blocks in about 89 minutes'],
    [1, 10, ', 1 a minute: blocks in about 2 hours'],
    [0.5, 50, ', 30 an hour: blocks in about 2 hours'],
    [0.04, 52, ', 2 an hour: blocks in about 20 hours'],
    [0.03, 50, ', 2 an hour'],
  ] as const)('%d a minute, %d of 100 errors', (pace, errors, words) => {
    expect(says(pace, errors)).toBe(words);
  });

  it('nothing where no pace is known', () => expect(sayPace(undefined, 50, 100)).toBe(''));
});
