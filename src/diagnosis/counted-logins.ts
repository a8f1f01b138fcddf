import type { LoginCounts } from '../hostcache/failures.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import { type Known, unknown } from './evidence.ts';

/** The server's counts of logins, or why it keeps none. Our own connection is always counted, so a server that shows none counts none. */
export function countedLogins(
  read: Known<LoginCounts>,
  settings: ServerSettings,
): Known<LoginCounts> {
  if (!read.known || read.value.counts.length > 0) return read;
  const why = settings.performanceSchema ? 'shows no connection' : 'is off';
  return unknown(`performance_schema ${why}, so logins are not counted.`);
}
