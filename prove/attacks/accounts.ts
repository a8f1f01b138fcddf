// The accounts of bots on a real server, and what the server has counted of them. Does I/O.
import type { World } from '../../sandbox/world.ts';
import type { ServerConfig } from '../../src/config/config.ts';

/** The reading account, and a flush account for each name. */
export async function createAccounts({ query }: World, flushers: readonly string[]): Promise<void> {
  await query(`CREATE USER IF NOT EXISTS 'reader'@'localhost' IDENTIFIED BY 'read';
    GRANT PROCESS ON *.* TO 'reader'@'localhost';
    GRANT SELECT ON performance_schema.host_cache TO 'reader'@'localhost';
    GRANT SELECT (Host, User, plugin, account_locked, password_expired, ssl_type) ON mysql.user
      TO 'reader'@'localhost'`);
  for (const user of flushers)
    await query(`CREATE USER IF NOT EXISTS '${user}'@'localhost' IDENTIFIED BY 'flush';
      GRANT DROP ON performance_schema.host_cache TO '${user}'@'localhost'`);
}

export function serverOf(
  world: World,
  names: { readonly name: string; readonly user: string; readonly flushSocket: string },
): ServerConfig {
  const local = { host: 'localhost', port: 3306 };
  return {
    name: names.name,
    login: { ...local, socketPath: world.socketPath, user: 'reader', password: 'read' },
    flushLogin: { ...local, socketPath: names.flushSocket, user: names.user, password: 'flush' },
    channel: null,
    sweepCron: null,
    approvers: [],
    mention: [],
    runbookUrl: null,
    dnsServers: [world.dnsServer],
  };
}

/** How many flushes of each of these accounts the server has run. */
export async function truncatesBy(
  { query }: World,
  users: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const rows = await query(`SELECT USER AS user, COUNT_STAR - SUM_ERRORS AS done
    FROM performance_schema.events_statements_summary_by_user_by_event_name
    WHERE EVENT_NAME = 'statement/sql/truncate'`);
  const counted = new Map(rows.map((row) => [row['user'], Number(row['done'])]));
  return Object.fromEntries(users.map((user) => [user, counted.get(user) ?? 0]));
}
