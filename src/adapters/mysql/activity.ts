// Reads who is connected to one server, and its counters of failed connections. Does I/O.
import { groupBy } from '../../chat/lists.ts';
import type { Activity, Sessions } from '../../hostcache/activity.ts';
import type { Fields } from './answer.ts';
import type { Link } from './link.ts';
import { hostOf, isPending, readPending } from './pending.ts';

/** performance_schema.processlist shows no host of an unauthenticated connection; this does. */
const SESSIONS = `SELECT ID, USER, HOST, COMMAND, TIME, STATE FROM information_schema.processlist
  WHERE COMMAND <> 'Daemon' AND USER NOT IN ('event_scheduler', 'system user')`;

const COUNTERS = `SHOW GLOBAL STATUS WHERE Variable_name LIKE 'Connection\\\\_errors\\\\_%'
  OR Variable_name IN ('Aborted_connects', 'Aborted_clients', 'Threads_connected', 'Max_used_connections')`;

export async function readActivity(link: Link): Promise<Activity> {
  const [sessions, status] = await Promise.all([link.ask(SESSIONS), link.ask(COUNTERS)]);
  const counters = Object.fromEntries(
    status.map((row) => [String(row['Variable_name']), Number(row['Value'])]),
  );
  const connected = counters['Threads_connected'] ?? 0;
  return {
    pending: await readPending(link, sessions.filter(isPending)),
    sessions: countSessions(sessions.filter((row) => !isPending(row))),
    connected,
    // Without PROCESS an account only sees its own sessions, and the server gives no warning.
    seesOthers: connected <= 1 || sessions.length > 1,
    counters,
  };
}

function countSessions(rows: readonly Fields[]): readonly Sessions[] {
  const alike = groupBy(rows, (row) => JSON.stringify([row['USER'], hostOf(row), isTcp(row)]));
  return [...alike.values()].flatMap((group) =>
    group.slice(0, 1).map((row) => ({
      user: String(row['USER']),
      host: hostOf(row),
      isTcp: isTcp(row),
      count: group.length,
    })),
  );
}

/** Only a TCP client has a port. */
function isTcp(row: Fields): boolean {
  return String(row['HOST'] ?? '') !== hostOf(row);
}
