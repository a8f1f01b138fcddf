import * as packets from './packets.ts';
import type { Script, Session } from './server.ts';

/** A fake server that lets everyone in, and answers as a healthy one except where a script says otherwise. */

type Answer = (session: Session, sql: string) => Promise<void>;

/** The first pattern that matches the statement decides. */
export type Answers = readonly (readonly [RegExp, Answer])[];

export function serve(own: Answers, version = '8.4.2'): Script {
  return async (session) => {
    await session.send(packets.greeting({ version }));
    await session.read();
    await session.send(packets.OK);
    for (;;) {
      const sql = queryIn(await session.read());
      if (sql === null) return session.close();
      const found = [...own, ...HEALTHY].find(([pattern]) => pattern.test(sql));
      await (found?.[1] ?? noTable)(session, sql);
    }
  };
}

const COM_QUERY = 3;

/** null = the client leaves. */
function queryIn(payload: Buffer): string | null {
  return payload[0] === COM_QUERY ? payload.subarray(1).toString() : null;
}

export function sendRows(
  columns: readonly string[],
  rows: readonly (readonly (string | null)[])[],
): Answer {
  return async (session) => {
    for (const payload of packets.resultSet(columns, rows)) await session.send(payload);
  };
}

export function sendRow(row: Readonly<Record<string, string | null>>): Answer {
  return sendRows(Object.keys(row), [Object.values(row)]);
}

const noTable: Answer = (session) =>
  session.send(packets.errorPacket(1146, '42S02', "Table 'performance_schema.x' doesn't exist"));

const SETTINGS = {
  version: '8.4.2',
  comment: 'fake',
  performanceSchema: '1',
  readOnly: '0',
  skipNameResolve: '0',
  hostCacheSize: '279',
  maxConnectErrors: '100',
  maxConnections: '151',
  bindAddress: '*',
  skipNetworking: '0',
  secure: '0',
  plugins: 'caching_sha2_password',
};

export const VERSION_QUERY = /^SELECT VERSION\(\)/;
export const CACHE_QUERY = /host_cache/;

/** The settings with changes. */
export function sendSettings(change: Partial<typeof SETTINGS> = {}): Answer {
  return sendRow({ ...SETTINGS, ...change });
}

const HEALTHY: Answers = [
  [/^\s*SET /, (session) => session.send(packets.OK)],
  [VERSION_QUERY, sendSettings()],
  [/LIKE 'Uptime'/, sendRow({ Variable_name: 'Uptime', Value: '86400' })],
  [/COUNT\(\*\) AS total/, sendRow({ total: '0' })],
  [CACHE_QUERY, sendRows(['IP', 'HOST', 'HOST_VALIDATED', 'SUM_CONNECT_ERRORS'], [])],
  [/mysql\.user/, sendRow({ User: 'app', Host: '%', plugin: 'x', ssl_type: '' })],
];
