import { type AddressInfo, createServer as listenOn, Socket } from 'node:net';
import { type Connection, createServer } from 'mysql2';
import type { ServerSettings } from '../../src/hostcache/settings.ts';

/**
 * A server that speaks MySQL's protocol and answers like a given release, for releases that are not
 * available here. It has a host cache, hides it as that release does, and has no accounts.
 */
export interface ScriptedServer {
  /** `mysql://name@127.0.0.1:port`; `grants` defines the account's privileges. */
  url(account: string): string;
  /** Addresses in its host cache. */
  readonly cached: Set<string>;
  /** The TRUNCATE and FLUSH statements that it got. */
  readonly flushes: string[];
  stop(): Promise<void>;
}

export interface Script {
  readonly settings: ServerSettings;
  /** Whether performance_schema.host_cache is always empty. */
  readonly hidesCache: boolean;
  readonly refusesTruncate: boolean;
  /** The output of SHOW GRANTS for each account. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Answers that come before the usual ones, by a pattern of the statement. */
  readonly answers?: readonly (readonly [RegExp, () => readonly Row[]])[];
}

export async function startScriptedServer(script: Script): Promise<ScriptedServer> {
  const port = await freePort();
  const cached = new Set<string>();
  const flushes: string[] = [];
  const open = new Set<Connection>();
  let connectionId = 0;
  const nowS = Math.floor(Date.now() / 1000);
  const server = createServer((connection) => {
    connectionId += 1;
    open.add(connection);
    connection.on('error', () => undefined);
    // Otherwise each small packet waits for the acknowledgement of the one before it.
    const stream: unknown = Reflect.get(connection, 'stream');
    if (stream instanceof Socket) stream.setNoDelay(true);
    const session: Session = { script, cached, flushes, account: '', nowS };
    const ask = (sql: string) => {
      // mysql2 numbers packets like a client, so each answer must reset the number.
      connection.sequenceId = 1;
      answer(connection, sql, session);
      connection.sequenceId = 0;
    };
    // mysql2 handles SET as a prepared statement.
    connection.on('query', ask).on('stmt_prepare', ask);
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: versionOf(script.settings),
      connectionId,
      statusFlags: 2,
      characterSet: 45,
      // Protocol 4.1, secure connection, long passwords, database at login.
      capabilityFlags: 0x0000_820d,
      authCallback: ({ user }: { user: string }, accept: () => void) => {
        session.account = user;
        accept();
        connection.sequenceId = 0;
      },
    });
  });
  server.listen(port);
  return {
    url: (account) => `mysql://${account}@127.0.0.1:${port}`,
    cached,
    flushes,
    stop: async () => {
      for (const connection of open) connection.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Session {
  readonly script: Script;
  readonly cached: Set<string>;
  readonly flushes: string[];
  account: string;
  /** Its clock stands still, as its uptime does. */
  readonly nowS: number;
}

export type Row = Readonly<Record<string, string | null>>;

const IDENTITY: readonly Row[] = [
  ['server_uuid', 'scripted'],
  ['hostname', 'scripted'],
  ['port', '3306'],
  ['datadir', '/var/lib/mysql/'],
  ['server_id', '1'],
].map(([name = '', value = '']) => ({ Variable_name: name, Value: value }));

/** Answers by a pattern of the statement. */
const ANSWERS: readonly (readonly [RegExp, (session: Session) => readonly Row[]])[] = [
  [/^SELECT VERSION\(\) AS version/, ({ script }) => [variablesOf(script.settings)]],
  [/^SHOW GLOBAL STATUS LIKE 'Uptime'/, () => [{ Variable_name: 'Uptime', Value: '86400' }]],
  [/^SELECT 1$/, () => [{ one: '1' }]],
  [/^SELECT UNIX_TIMESTAMP\(\) AS nowS$/, ({ nowS }) => [{ nowS: String(nowS) }]],
  [/^SELECT .*UNIX_TIMESTAMP\(/, () => [{ nowS: String(Date.now() / 1000) }]],
  [/^SHOW GLOBAL VARIABLES WHERE Variable_name IN/, () => IDENTITY],
  [/^SELECT CURRENT_USER\(\)/, ({ account }) => [{ account: `${account}@%` }]],
  [/^SELECT CURRENT_ROLE\(\)/, () => [{ role: null }]],
  [
    /^SHOW GRANTS/,
    ({ script, account }) => (script.grants[account] ?? []).map((line) => ({ grants: line })),
  ],
  [/^SELECT COUNT\(\*\) AS total FROM .*host_cache/, (s) => [{ total: String(rowsOf(s).length) }]],
  [/ FROM performance_schema\.host_cache/, rowsOf],
];

function answer(connection: Connection, sql: string, session: Session): void {
  const own = session.script.answers?.find(([pattern]) => pattern.test(sql));
  const rows = own?.[1]() ?? ANSWERS.find(([pattern]) => pattern.test(sql))?.[1](session);
  if (rows !== undefined) sendRows(connection, rows);
  else if (/^(?:TRUNCATE|FLUSH) /.test(sql)) flush(connection, sql, session);
  else if (/^SET /.test(sql)) connection.writeOk();
  else connection.writeError({ code: 1146, message: `No answer to ${sql.slice(0, 60)}` });
}

function flush(connection: Connection, sql: string, { script, cached, flushes }: Session): void {
  flushes.push(sql);
  const isTruncate = sql.startsWith('TRUNCATE');
  if (isTruncate && script.refusesTruncate) {
    connection.writeError({ code: 1290, message: 'The server runs with --read-only' });
    return;
  }
  // TRUNCATE of a hidden cache returns OK and does nothing.
  if (!isTruncate || !script.hidesCache) cached.clear();
  connection.writeOk();
}

function rowsOf({ script, cached }: Session): readonly Row[] {
  if (script.hidesCache) return [];
  return [...cached].map((address) => ({
    IP: address,
    HOST: null,
    HOST_VALIDATED: 'YES',
    SUM_CONNECT_ERRORS: '100',
    COUNT_HANDSHAKE_ERRORS: '100',
    FIRST_SEEN: '2026-11-18 11:00:00',
    LAST_SEEN: '2026-11-18 11:00:00',
    FIRST_ERROR_SEEN: '2026-11-18 11:00:00',
    LAST_ERROR_SEEN: '2026-11-18 11:00:00',
  }));
}

function variablesOf(settings: ServerSettings): Row {
  const isOn = (value: boolean) => (value ? '1' : '0');
  return {
    version: versionOf(settings),
    comment: 'scripted',
    performanceSchema: isOn(settings.performanceSchema),
    readOnly: isOn(settings.readOnly),
    skipNameResolve: isOn(settings.skipNameResolve),
    hostCacheSize: String(settings.hostCacheSize),
    maxConnectErrors: String(settings.maxConnectErrors),
    maxConnections: String(settings.maxConnections),
    bindAddress: settings.bindAddress,
    skipNetworking: isOn(settings.skipNetworking),
    now: String((settings.startedAt?.getTime() ?? 0) / 1000 + settings.uptimeSeconds),
  };
}

function versionOf({ flavour, version }: ServerSettings): string {
  return flavour === 'mariadb' ? `${version.text}-MariaDB` : `${version.text}-log`;
}

const VAR_STRING = 253;
const TIMESTAMP = 7;
const BIGINT = 8;

function typeOf(column: string): number {
  if (/_SEEN$/.test(column)) return TIMESTAMP;
  return /^(?:COUNT|SUM)_/.test(column) ? BIGINT : VAR_STRING;
}

function sendRows(connection: Connection, rows: readonly Row[]): void {
  const names = Object.keys(rows[0] ?? { IP: '', SUM_CONNECT_ERRORS: '', FIRST_SEEN: '' });
  const columns = names.map((name) => ({
    catalog: 'def',
    schema: '',
    table: '',
    orgTable: '',
    name,
    orgName: name,
    characterSet: 45,
    columnLength: 255,
    columnType: typeOf(name),
    flags: 0,
    decimals: 0,
  }));
  connection.writeTextResult([...rows], columns);
}

async function freePort(): Promise<number> {
  const probe = listenOn().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  // A TCP server that listens has an AddressInfo.
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
