import type { Config } from '../config/config.ts';
import { type Check, type CheckResult, green, yellow } from '../doctor/check.ts';
import { labelOf, type MysqlLogin } from '../hostcache/mysql-login.ts';
import { channelOf, lackOf } from '../login/channel.ts';

/** Whether each connection to MySQL is safe for its password, by the settings. */

export function createConnectionsCheck({
  servers,
  statePlace,
}: Pick<Config, 'servers' | 'statePlace'>): Check {
  return {
    name: 'connections',
    run: async () => [
      ...(statePlace.kind === 'mysql' ? [judgeConnection('the state', statePlace.login)] : []),
      ...servers.flatMap(({ name, login, flushLogin }) => [
        judgeConnection(`the reading account of ${name}`, login),
        ...(flushLogin === null
          ? []
          : [judgeConnection(`the flush account of ${name}`, flushLogin)]),
      ]),
    ],
  };
}

/** `who` is the account that logs in. */
export function judgeConnection(who: string, login: MysqlLogin): CheckResult {
  const label = labelOf(login);
  const lack = lackOf(login);
  if (lack === null) {
    return channelOf(login) === 'local'
      ? green(`${who}: ${label} is local.`)
      : green(`${who}: ${label} uses TLS, with a verified certificate and host name.`);
  }
  const { says, next, loss } = lack;
  if (login.password === '') return green(`${who}: ${label} uses ${says}, and has no password.`);
  return yellow(`${who}: ${label} uses ${says}: ${loss}.`, `${next}.`);
}
