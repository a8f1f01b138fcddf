import { createTask, validateDetailed } from 'node-cron';
import { count } from '../../chat/lists.ts';

/** Validates a cron expression. */

/** The valid values of each field, in order; seconds are optional. */
const FIELDS: Readonly<Record<string, string>> = {
  second: 'seconds are 0 to 59',
  minute: 'minutes are 0 to 59',
  hour: 'hours are 0 to 23',
  dayOfMonth: 'days are 1 to 31, and must exist in the given months',
  month: 'months are 1 to 12 or jan to dec',
  dayOfWeek: 'week days are 0 to 7 or sun to sat',
};

/** What is wrong, as the end of a sentence; null = valid. Five or six fields, no `@daily`. */
export function faultOfCron(cron: string): string | null {
  const { length } = cron.trim().split(/\s+/);
  if (length !== 5 && length !== 6) return `it has ${count(length, 'field')}, not five or six`;
  // node-cron expands each range, so 0-99999999 would block the process for a minute.
  const long = /\d{3,}/.exec(cron)?.[0];
  if (long !== undefined) return `no number may be over 59, got ${long}`;
  const { errors } = validateDetailed(cron);
  if (errors.length === 0) return hasNextRun(cron) ? null : 'no such day exists';
  const faults = errors.map(({ field, value }) => {
    const rule = FIELDS[field];
    return rule === undefined ? 'a part of it is not valid in cron' : `${rule}, not "${value}"`;
  });
  return faults.join('; ');
}

/** node-cron searches a hundred years: `0 0 L-30 2 *` is well formed, but there is no such day. */
function hasNextRun(cron: string): boolean {
  const task = createTask(cron, () => undefined, { timezone: 'UTC' });
  try {
    return task.getNextRuns(1).length === 1;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  } finally {
    void task.destroy();
  }
}
