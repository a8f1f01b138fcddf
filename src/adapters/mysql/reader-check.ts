// Checks the grants of the reading account: too few, and too many. Does I/O.
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import type { MysqlLogin } from '../../hostcache/mysql-login.ts';
import type { Server } from '../../hostcache/server.ts';
import type { ServerSettings } from '../../hostcache/settings.ts';
import { readAccount, readGrants } from './account-grants.ts';
import { isRefused } from './faults.ts';
import { createLink, type Link } from './link.ts';
import { judgeExcess } from './reader-excess.ts';
import { type ReaderNeed, readerNeeds } from './reader-needs.ts';

export function createReaderCheck(options: {
  readonly server: Pick<Server, 'name' | 'settings'>;
  readonly login: MysqlLogin;
}): Check {
  const { server, login } = options;
  return {
    name: `${server.name}: reading account`,
    run: async () => {
      const settings = await server.settings();
      const link = createLink(server.name, login);
      try {
        return await judge(link, settings);
      } finally {
        await link.close();
      }
    },
  };
}

async function judge(link: Link, settings: ServerSettings): Promise<readonly CheckResult[]> {
  const needs = readerNeeds(settings);
  const ask = async (sql: string) => (await link.ask(sql)).map(Object.values);
  const account = await readAccount(ask);
  const few: CheckResult[] = [];
  for (const need of needs) {
    if (await answersOne(link, need.probes)) continue;
    const { instead = null } = need;
    const isEnough = instead !== null && (await answersOne(link, instead.probes));
    few.push(sayMissing(isEnough ? { ...need, ...instead, isOptional: true } : need, account));
  }
  // This comes last because it changes the session's roles.
  const grants = await readGrants(ask, settings);
  const needed = (grantee: string) => needs.flatMap((need) => need.grant(grantee));
  const many = judgeExcess(grants, account, needed);
  const results = [...few, ...many];
  if (results.length > 0) return results;
  return [green(`${account} can read everything that is needed and cannot change anything.`)];
}

async function answersOne(link: Link, probes: readonly string[]): Promise<boolean> {
  for (const probe of probes) {
    try {
      await link.ask(probe);
      return true;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
  }
  return false;
}

function sayMissing({ what, loss, isOptional, grant }: ReaderNeed, account: string): CheckResult {
  const says = `the reading account ${account} does not have ${what}: ${loss}.`;
  const next = 'Run this as an administrator:';
  return isOptional ? yellow(says, next, grant(account)) : red(says, next, grant(account));
}
