import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createSchedule } from '../../../src/adapters/schedule/schedule.ts';
import type { Schedule } from '../../../src/sweep/schedule.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';

/** The days on which Warsaw puts its clocks forward and back. */
const SPRING = '2027-03-28';
const AUTUMN = '2026-10-25';

const HOUR_MS = 3_600_000;

const zone = process.env['TZ'];
let log = createFakeLog();
let schedule: Schedule;

beforeEach(() => {
  process.env['TZ'] = 'Europe/Warsaw';
  vi.useFakeTimers();
  log = createFakeLog();
  schedule = createSchedule({ log });
});

afterEach(async () => {
  await schedule.stop();
  vi.useRealTimers();
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

/** When it was due from that moment on, while the clock ran so long. */
async function dueTimes(cron: string | null, from: string, ms: number): Promise<readonly Date[]> {
  vi.setSystemTime(new Date(from));
  const dueAts: Date[] = [];
  schedule.every(cron, async (dueAt) => {
    dueAts.push(dueAt);
  });
  await vi.advanceTimersByTimeAsync(ms);
  return dueAts;
}

describe.each([
  { day: SPRING, hours: 23 },
  { day: AUTUMN, hours: 25 },
])('on $day, which has $hours hours in Warsaw', ({ day, hours }) => {
  it('the zone is in force, so that this proves something', () => {
    const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
    const midnight = new Date(year, month - 1, date).getTime();
    const next = new Date(year, month - 1, date + 1).getTime();
    expect((next - midnight) / HOUR_MS).toBe(hours);
  });

  it('every five minutes stays every five minutes', async () => {
    const dueAts = await dueTimes('*/5 * * * *', `${day}T00:00:00Z`, 24 * HOUR_MS);
    const expected = Array.from(
      { length: 288 },
      (_, n) => new Date(Date.parse(`${day}T00:05:00Z`) + n * 300_000),
    );
    expect(dueAts).toEqual(expected);
    expect(log.lines).toEqual([]);
  });

  it.each(['30 1 * * *', '30 2 * * *', '0 0 3 * * *', '30 0 * * *'])(
    '%s comes once',
    async (cron) => {
      const dueAts = await dueTimes(cron, `${day}T00:00:00Z`, 24 * HOUR_MS - 1);
      expect(dueAts).toHaveLength(1);
    },
  );
});

describe('a schedule', () => {
  it('says when it is due next', async () => {
    vi.setSystemTime(new Date('2026-11-20T09:02:11.500Z'));
    const scheduled = schedule.every('*/5 * * * *', async () => undefined);
    expect(scheduled.nextAt()).toEqual(new Date('2026-11-20T09:05:00Z'));
    await vi.advanceTimersByTimeAsync(180_000);
    expect(scheduled.nextAt()).toEqual(new Date('2026-11-20T09:10:00Z'));
    await schedule.stop();
    expect(scheduled.nextAt()).toBeNull();
  });

  it('that is off never comes', async () => {
    expect(await dueTimes(null, '2026-11-20T09:00:00Z', 24 * HOUR_MS)).toEqual([]);
    expect(schedule.every(null, async () => undefined).nextAt()).toBeNull();
  });

  it('refuses an impossible cron in a clear line', () => {
    expect(() => schedule.every('0 0 31 2 *', async () => undefined)).toThrow(
      'expected a cron expression, got "0 0 31 2 *": days are 1 to 31, and must exist in the given months, not "31"',
    );
  });

  it('runs on after a run that failed', async () => {
    vi.setSystemTime(new Date('2026-11-20T09:00:00Z'));
    let runs = 0;
    schedule.every('*/5 * * * *', async () => {
      runs += 1;
      throw new Error('no');
    });
    await vi.advanceTimersByTimeAsync(600_000);
    expect(runs).toBe(2);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });
});

describe('a run', () => {
  /** Runs that end when the test says so. */
  function startSlow(cron: string) {
    const dueAts: Date[] = [];
    const ends: (() => void)[] = [];
    schedule.every(cron, (dueAt) => {
      dueAts.push(dueAt);
      return new Promise((resolve) => ends.push(resolve));
    });
    return { dueAts, ends };
  }

  it('that takes longer than the interval does not overlap with the next', async () => {
    vi.setSystemTime(new Date('2026-11-20T09:00:00Z'));
    const { dueAts, ends } = startSlow('*/5 * * * *');
    await vi.advanceTimersByTimeAsync(720_000);
    expect(dueAts).toEqual([new Date('2026-11-20T09:05:00Z')]);
    ends[0]?.();
    await vi.advanceTimersByTimeAsync(300_000);
    expect(dueAts[1]).toEqual(new Date('2026-11-20T09:15:00Z'));
    const warnings = log.lines.filter(({ level }) => level === 'warn');
    expect(warnings).toMatchObject([{ facts: { dueAt: new Date('2026-11-20T09:10:00Z') } }]);
    ends[1]?.();
  });

  it('is waited for by stop, and none begins after it', async () => {
    vi.setSystemTime(new Date('2026-11-20T09:00:00Z'));
    const { dueAts, ends } = startSlow('*/5 * * * *');
    await vi.advanceTimersByTimeAsync(300_000);
    let isStopped = false;
    const stopping = schedule.stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect([isStopped, dueAts.length]).toEqual([false, 1]);
    ends[0]?.();
    await stopping;
  });

  it.each([
    { name: 'a blocked minute', cron: '*/5 * * * *', heldUpMs: 6 * 60_000 },
    { name: 'a suspended night', cron: '*/5 * * * *', heldUpMs: 8 * HOUR_MS },
    { name: 'a suspended night, daily', cron: '5 9 * * *', heldUpMs: 8 * HOUR_MS },
  ])('comes late after $name, once for all that was missed', async ({ cron, heldUpMs }) => {
    vi.setSystemTime(new Date('2026-11-20T09:00:00Z'));
    const dueAts: Date[] = [];
    schedule.every(cron, async (dueAt) => {
      dueAts.push(dueAt);
    });
    // The clock goes on, and no timer fires meanwhile.
    vi.setSystemTime(new Date(Date.parse('2026-11-20T09:00:00Z') + heldUpMs));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(dueAts).toEqual([new Date('2026-11-20T09:05:00Z')]);
    expect(log.lines).toMatchObject([{ level: 'warn', facts: { dueAt: dueAts[0] } }]);
  });

  it('comes again within its interval after the clock was set back', async () => {
    vi.setSystemTime(new Date('2026-11-20T09:00:00Z'));
    const { dueAts, ends } = startSlow('*/5 * * * *');
    vi.setSystemTime(new Date('2026-11-20T07:00:00Z'));
    await vi.advanceTimersByTimeAsync(301_000);
    expect(dueAts).toEqual([new Date('2026-11-20T07:05:00Z')]);
    ends[0]?.();
  });
});
