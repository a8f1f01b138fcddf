import { createTask, validateDetailed } from 'node-cron';

/** What is wrong with a cron expression, in one line. */

/** What each field may hold, in its order: seconds may be left out. */
const FIELDS: Readonly<Record<string, string>> = {
  second: 'seconds are 0 to 59',
  minute: 'minutes are 0 to 59',
  hour: 'hours are 0 to 23',
  dayOfMonth: 'days are 1 to 31, and such as the given months have',
  month: 'months are 1 to 12 or jan to dec',
  dayOfWeek: 'week days are 0 to 7 or sun to sat',
};

/** The end of a sentence; null = it comes about. Five or six fields, no `@daily`. */
export function faultOfCron(cron: string): string | null {
  const { length } = cron.trim().split(/\s+/);
  if (length !== 5 && length !== 6) return `it has ${length} fields, not five or six`;
  // node-cron writes a range out number by number: 0-99999999 would hold the process for a minute.
  const long = /\d{3,}/.exec(cron)?.[0];
  if (long !== undefined) return `no number in it may be over 59, as ${long} is`;
  const { errors } = validateDetailed(cron);
  if (errors.length === 0) return comesAbout(cron) ? null : 'no day of the calendar is like that';
  const faults = errors.map(({ field, value }) => {
    const rule = FIELDS[field];
    return rule === undefined ? 'it holds what cron does not know' : `${rule}, not "${value}"`;
  });
  return faults.join('; ');
}

/** node-cron finds a day or gives up after a hundred years: `0 0 L-30 2 *` is well formed. */
function comesAbout(cron: string): boolean {
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
