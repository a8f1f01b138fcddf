import { createUnreadable } from '../../chat/unreadable.ts';
import type { ServerIdentity } from '../../flush/identity.ts';
import type { Fields } from './answer.ts';

/** Reads what identifies a server, because several may share one host name. Does I/O. */

type Ask = (sql: string) => Promise<readonly Fields[]>;

/** SHOW leaves out a variable that the release does not have. */
const VARIABLES = `SHOW GLOBAL VARIABLES WHERE Variable_name IN
  ('server_uuid', 'server_uid', 'hostname', 'port', 'datadir', 'server_id')`;

const UPTIME = "SHOW GLOBAL STATUS LIKE 'Uptime'";

const NOW = 'SELECT UNIX_TIMESTAMP() AS nowS';

/** MySQL shows at most 1024 characters of a variable. */
const LENGTH_LIMIT = 1024;

/** MariaDB without a MAC address has the id `unknown`. Zeros identify nothing either. */
const NO_ID = /^(?:unknown|null|[0-]*)$/i;

/** `name`: the server's name in the settings. Rejects as `ask` does, and if a fact is missing. */
export async function readIdentity(ask: Ask, name: string): Promise<ServerIdentity> {
  const rows = await ask(VARIABLES);
  const values = new Map(
    rows.map((row) => [String(row['Variable_name']).toLowerCase(), row['Value']]),
  );
  const fact = (variable: string): string => {
    const value = String(values.get(variable) ?? '');
    const isGiven = value.trim() !== '';
    if (isGiven && value.length <= LENGTH_LIMIT) return value;
    const got = isGiven ? `${value.length} characters` : 'none';
    throw createUnreadable(
      `${name}: expected ${variable} to tell the server from others, got ${got}.`,
    );
  };
  const id = (variable: string): string | null =>
    NO_ID.test(String(values.get(variable) ?? '').trim()) ? null : fact(variable);
  return {
    ...{ uuid: id('server_uuid'), uid: id('server_uid') },
    ...{ hostname: fact('hostname'), port: fact('port') },
    ...{ datadir: fact('datadir'), serverId: fact('server_id') },
    ...(await readStart(ask, name)),
  };
}

/** A slow answer makes a start seem earlier, so the clock is read on both sides of the uptime. */
async function readStart(
  ask: Ask,
  name: string,
): Promise<Pick<ServerIdentity, 'startedAt' | 'readAt'>> {
  let beforeS = await readSeconds(ask, NOW, 'nowS');
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const uptimeS = await readSeconds(ask, UPTIME, 'Value');
    const afterS = await readSeconds(ask, NOW, 'nowS');
    // Also not over a step of the server's clock.
    if (Math.abs(afterS - beforeS) <= 1 && !Number.isNaN(uptimeS)) {
      const startedAt = new Date((afterS - uptimeS) * 1000);
      return { startedAt, readAt: new Date(afterS * 1000) };
    }
    beforeS = afterS;
  }
  throw createUnreadable(`${name}: expected the start time of the server, got no clear answer.`);
}

/** NaN: not a number of seconds. */
async function readSeconds(ask: Ask, sql: string, column: string): Promise<number> {
  const [row] = await ask(sql);
  const text = String(row?.[column] ?? '');
  return /^\d{1,12}(?:\.\d+)?$/.test(text) ? Math.floor(Number(text)) : Number.NaN;
}
