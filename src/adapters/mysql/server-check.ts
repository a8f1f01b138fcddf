// Checks the settings of one server that affect its host cache. Does I/O.
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import { releaseOf, whyHidden } from '../../hostcache/release.ts';
import type { Server } from '../../hostcache/server.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { createLink } from './link.ts';

/** The clocks may differ by this much; times from the cache are compared with our clock. */
const CLOCK_LIMIT_MS = 2_000;

export function createServerCheck(options: {
  readonly server: Pick<Server, 'name' | 'settings' | 'entryCount'>;
  readonly login: MysqlLogin;
  readonly now: () => Date;
}): Check {
  const { server, login, now } = options;
  return {
    name: `${server.name}: server`,
    run: async () => {
      const settings = await server.settings();
      const { name } = server;
      const isOpen = releaseOf(settings).showsCache === 'if-rows';
      const rows = isOpen ? await server.entryCount() : 0;
      return [...judgeSettings(settings, rows), ...(await checkClock({ name, login, now }))];
    },
  };
}

/** Also checks the clock of a MySQL server that holds the state. Errors begin with `name`. */
export async function checkClock(place: {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly now: () => Date;
}): Promise<readonly CheckResult[]> {
  const link = createLink(place.name, place.login);
  try {
    // The first query also connects; only the second is timed.
    await link.ask('SELECT 1');
    const before = place.now().getTime();
    const [row] = await link.ask('SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) AS CHAR) AS nowS');
    const after = place.now().getTime();
    return [judgeClock(Number(row?.['nowS']) * 1000, before, after)];
  } finally {
    await link.close();
  }
}

/** The server read its clock at some moment between `beforeMs` and `afterMs`. */
export function judgeClock(theirsMs: number, beforeMs: number, afterMs: number): CheckResult {
  const offMs = theirsMs < beforeMs ? theirsMs - beforeMs : Math.max(0, theirsMs - afterMs);
  if (Math.abs(offMs) <= CLOCK_LIMIT_MS) return green('its clock agrees with ours.');
  const how = offMs > 0 ? 'ahead of' : 'behind';
  return yellow(
    `its clock is ${Math.round(Math.abs(offMs) / 1000)} s ${how} ours; ages and times in answers are off by that.`,
    'Synchronise both machines (chrony, systemd-timesyncd).',
  );
}

export function judgeSettings(settings: ServerSettings, rows: number): readonly CheckResult[] {
  return [sayRelease(settings), judgeSight(settings, rows), judgeCache(settings)];
}

function sayRelease(settings: ServerSettings): CheckResult {
  const { name, basis } = releaseOf(settings);
  return green(`${name} answers; ${basis}.`);
}

function judgeSight(settings: ServerSettings, rows: number): CheckResult {
  const hidden = whyHidden(settings, rows);
  if (hidden === null) {
    const { performanceSchema } = settings;
    return green(
      `performance_schema is ${performanceSchema ? 'on' : 'off'}; the host cache is shown.`,
    );
  }
  const next = 'Set this under [mysqld] in its configuration, and restart it:';
  const judge = releaseOf(settings).showsCache === 'no' ? red : yellow;
  return judge(hidden, next, ['performance_schema = ON']);
}

function judgeCache(settings: ServerSettings): CheckResult {
  const { skipNameResolve, hostCacheSize } = settings;
  if (skipNameResolve) {
    return yellow(
      'skip_name_resolve is on: the server does not ask DNS and has no host cache; accounts for host names never match.',
      'Ignore this if intended; otherwise remove it from the server configuration and restart.',
    );
  }
  if (hostCacheSize === 0) {
    return yellow(
      'host_cache_size is 0: the server asks DNS for each connection, and never blocks a host.',
      'Ignore this if intended; otherwise turn the cache on (nothing is lost, because it is off):',
      ['SET GLOBAL host_cache_size = 279;'],
    );
  }
  const { evicts } = releaseOf(settings);
  return green(
    `host_cache_size is ${hostCacheSize}; a full cache drops the ${evicts} entry for a new one.`,
  );
}
