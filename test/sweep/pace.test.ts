import { describe, expect, it } from 'vitest';
import type { HostReading } from '../../src/sweep/pace.ts';
import { pacesOf, sayPace } from '../../src/sweep/pace.ts';
import { NOON, reading, seconds } from '../adapters/store/samples.ts';

/** How fast connect errors grow, from the readings of two sweeps. */

function later(sinceS: number, handshakeErrors: number, change: Partial<HostReading> = {}) {
  return reading({ readAt: seconds(sinceS), handshakeErrors, ...change });
}

function perMinute(...[now, ...earlier]: readonly HostReading[]): number | undefined {
  const paces = pacesOf(earlier, now === undefined ? [] : [now]);
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
    ['no reading before', [later(60, 8)], undefined],
    ['another host', [later(60, 8), later(0, 2, { address: '192.0.2.8' })], undefined],
  ] as const)('%s', (_, readings, pace) => expect(perMinute(...readings)).toBe(pace));
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
