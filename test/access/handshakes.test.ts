import { expect, it } from 'vitest';
import { handshakesOnce } from '../../src/access/handshakes.ts';
import { failed } from './days.ts';

/** A broken handshake raises 1043 and an error that says more: it is one failure. */

const of = (error: number, count: number, from = '20T09:00:00', until = '20T09:05:00') =>
  failed(from, until, { user: null, error, count });

const CASES = [
  { name: 'all are explained', given: [of(1043, 8), of(1158, 8)], left: ['1158 x8'] },
  {
    name: 'some are explained, by several errors',
    given: [of(1043, 8), of(1158, 4), of(1159, 1)],
    left: ['1043 x3', '1158 x4', '1159 x1'],
  },
  {
    name: 'those of another time are not explained',
    given: [of(1043, 2), of(1043, 3, '20T10:00:00', '20T10:05:00'), of(1158, 5)],
    left: ['1043 x3', '1158 x5'],
  },
  {
    name: 'one error explains those of two readings, but none twice',
    given: [of(1158, 5), of(1156, 1), of(1043, 2), of(1043, 3, '20T09:05:01', '20T09:06:00')],
    left: ['1158 x5', '1156 x1'],
  },
  {
    name: 'those of another login name are not explained',
    given: [of(1043, 2), failed('20T09:00:00', '20T09:05:00', { error: 1251, count: 2 })],
    left: ['1043 x2', '1251 x2'],
  },
  {
    name: 'other errors explain nothing',
    given: [of(1043, 2), of(1045, 2)],
    left: ['1043 x2', '1045 x2'],
  },
];

it.each(CASES)('$name', ({ given, left }) => {
  expect(handshakesOnce(given).map(({ error, count }) => `${error} x${count}`)).toEqual(left);
});
