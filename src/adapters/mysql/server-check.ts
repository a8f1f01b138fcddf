// Asks one server how it is set up, as far as the host cache hangs on it.
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import type { Server } from '../../hostcache/server.ts';
import { isAtLeast, type ServerSettings, showsHostCache } from '../../hostcache/settings.ts';
import { createLink } from './link.ts';

/** Between clocks; times of the cache are compared with ours. */
const CLOCK_LIMIT_MS = 2_000;

export function createServerCheck(options: {
  readonly server: Pick<Server, 'name' | 'settings'>;
  readonly login: MysqlLogin;
  readonly now: () => Date;
}): Check {
  const { server, login, now } = options;
  return {
    name: `${server.name}: server`,
    run: async () => {
      const settings = await server.settings();
      const { name } = server;
      return [...judgeSettings(settings), ...(await checkClock({ name, login, now }))];
    },
  };
}

/** Where a state stands in MySQL its clock counts too. `name` stands before faults. */
export async function checkClock(place: {
  readonly name: string;
  readonly login: MysqlLogin;
  readonly now: () => Date;
}): Promise<readonly CheckResult[]> {
  const link = createLink(place.name, place.login);
  try {
    // The first question also connects; the second is the one that is timed.
    await link.ask('SELECT 1');
    const before = place.now().getTime();
    const [row] = await link.ask('SELECT CAST(UNIX_TIMESTAMP(SYSDATE(3)) AS CHAR) AS nowS');
    const after = place.now().getTime();
    return [judgeClock(Number(row?.['nowS']) * 1000, before, after)];
  } finally {
    await link.close();
  }
}

/** The answer was made at some moment between the two. */
export function judgeClock(theirsMs: number, beforeMs: number, afterMs: number): CheckResult {
  const offMs = theirsMs < beforeMs ? theirsMs - beforeMs : Math.max(0, theirsMs - afterMs);
  if (Math.abs(offMs) <= CLOCK_LIMIT_MS) return green('its clock agrees with ours.');
  const how = offMs > 0 ? 'ahead of' : 'behind';
  return yellow(
    `its clock is ${Math.round(Math.abs(offMs) / 1000)} s ${how} ours; ages and times in answers are off by that.`,
    'Synchronise both machines (chrony, systemd-timesyncd).',
  );
}

export function judgeSettings(settings: ServerSettings): readonly CheckResult[] {
  const shown = settings.performanceSchema ? [green('performance_schema is on.')] : [];
  const seen = showsHostCache(settings) ? shown : [BLIND];
  return [judgeVersion(settings), ...seen, judgeCache(settings)];
}

const BLIND = red(
  'performance_schema is off, and this version then shows no host cache: nothing can be diagnosed from it.',
  'Put this under [mysqld] in its configuration, and restart it:',
  ['performance_schema = ON'],
);

function judgeCache(settings: ServerSettings): CheckResult {
  const { skipNameResolve, hostCacheSize } = settings;
  if (skipNameResolve) {
    return yellow(
      'skip_name_resolve is on: the server asks no DNS and keeps no host cache; accounts for host names never match.',
      'Nothing is to be done if that is meant; else remove it from its configuration and restart.',
    );
  }
  if (hostCacheSize === 0) {
    return yellow(
      'host_cache_size is 0: DNS is asked for each connection, and no host is ever blocked.',
      'If that is not meant, turn it on (this forgets nothing, the cache is off):',
      ['SET GLOBAL host_cache_size = 279;'],
    );
  }
  return green(`host_cache_size is ${hostCacheSize}; when it is full, ${sayEviction(settings)}.`);
}

/** Releases on which the predictions were tried against the server's own answers (README). */
function judgeVersion({ flavour, version }: ServerSettings): CheckResult {
  const called = `${flavour === 'mysql' ? 'MySQL' : 'MariaDB'} ${version.text}`;
  const { major, minor } = version;
  const isProved = flavour === 'mysql' ? major === 9 && minor === 7 : major === 10 && minor === 11;
  if (isProved) return green(`${called} answers; predictions were proved on this release.`);
  return yellow(
    `${called} answers; predictions were not proved on this release.`,
    'Nothing is to be done; if an answer is wrong, `npm run prove` against such a server shows where.',
  );
}

/** MySQL 8.0 and newer drop the front of their list. */
function sayEviction({ flavour, version }: ServerSettings): string {
  return flavour === 'mysql' && isAtLeast(version, 8, 0, 0)
    ? 'this version evicts the entry that was used last'
    : 'this version evicts the entry that was not used for longest';
}
