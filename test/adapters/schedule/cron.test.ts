import { describe, expect, it } from 'vitest';
import { faultOfCron } from '../../../src/adapters/schedule/cron.ts';

describe('a cron expression', () => {
  it.each([
    '*/5 * * * *',
    '30 */2 * * * *',
    '0 0 29 2 *',
    '0 0 L * *',
    '0 9 * * mon-fri',
    '0 0 * * 7',
    '0 0 1 jan *',
    ' 0  0 * * * ',
  ])('%s is valid', (cron) => {
    expect(faultOfCron(cron)).toBeNull();
  });

  it.each([
    { cron: '61 * * * *', says: 'minutes are 0 to 59, not "61"' },
    { cron: '0 24 * * *', says: 'hours are 0 to 23, not "24"' },
    { cron: '*/0 * * * *', says: 'minutes are 0 to 59, not "*/0"' },
    { cron: '60 0 0 * * *', says: 'seconds are 0 to 59, not "60"' },
    { cron: '0 0 0 * *', says: 'days are 1 to 31, and must exist in the given months, not "0"' },
    { cron: '0 0 31 2 *', says: 'days are 1 to 31, and must exist in the given months, not "31"' },
    { cron: '0 0 1 13 *', says: 'months are 1 to 12 or jan to dec, not "13"' },
    { cron: '0 0 * * 8', says: 'week days are 0 to 7 or sun to sat, not "8"' },
    { cron: '0 0 L-30 2 *', says: 'no such day exists' },
    { cron: '61 24 * * *', says: 'minutes are 0 to 59, not "61"; hours are 0 to 23, not "24"' },
    { cron: 'a;b * * * *', says: 'a part of it is not valid in cron' },
    { cron: '@daily', says: 'it has 1 field, not five or six' },
    { cron: '* * * * * * *', says: 'it has 7 fields, not five or six' },
    { cron: '', says: 'it has 1 field, not five or six' },
  ])('$cron is refused: $says', ({ cron, says }) => {
    expect(faultOfCron(cron)).toBe(says);
  });

  it('that would block the process is refused at once', () => {
    // node-cron would expand the range for a minute.
    const says = 'no number may be over 59, got 99999999';
    expect(faultOfCron('0-99999999 * * * *')).toBe(says);
  });
});
