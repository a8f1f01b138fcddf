import { createDnsCheck } from '../adapters/dns/check.ts';
import { createFlusherCheck } from '../adapters/mysql/flusher-check.ts';
import { createReaderCheck } from '../adapters/mysql/reader-check.ts';
import { createSameServerCheck } from '../adapters/mysql/same-server-check.ts';
import { checkClock, createServerCheck } from '../adapters/mysql/server-check.ts';
import { createSlackCheck } from '../adapters/slack/check.ts';
import { createHostsCheck } from '../adapters/slack/hosts.ts';
import { createStateCheck } from '../adapters/store/look.ts';
import type { Log } from '../chat/log.ts';
import { targetNamed } from '../chat/on-servers.ts';
import type { Config, ServerConfig, SlackConfig } from '../config/config.ts';
import type { Target } from '../diagnosis/gather.ts';
import { type Check, type CheckResult, green, yellow } from '../doctor/check.ts';
import type { MysqlLogin } from '../hostcache/mysql-login.ts';
import { createConnectionsCheck } from './connections.ts';

/** The checks of doctor, in order: settings, connections, Slack, the state, then each server. */

export interface CheckComposition {
  readonly config: Pick<Config, 'slack' | 'servers' | 'operators' | 'statePlace'>;
  readonly targets: readonly Target[];
  readonly log: Log;
  readonly now: () => Date;
}

export function joinChecks({ config, targets, log, now }: CheckComposition): readonly Check[] {
  const { slack, statePlace } = config;
  return [
    { name: 'settings', run: async () => judgeSettings(config) },
    createConnectionsCheck(config),
    ...(slack === null ? [] : [hostsCheck(slack), slackCheck(slack, config, log)]),
    createStateCheck(statePlace),
    ...(statePlace.kind === 'mysql' ? [stateClock(statePlace.login, now)] : []),
    ...config.servers.flatMap((server) => {
      const target = targetNamed(server.name, { targets });
      return target === undefined ? [] : serverChecks(server, target, now);
    }),
  ];
}

function serverChecks(
  { name, login, flushLogin, dnsServers }: ServerConfig,
  { server, resolver }: Target,
  now: () => Date,
): readonly Check[] {
  return [
    createServerCheck({ server, login, now }),
    createReaderCheck({ server, login }),
    ...(flushLogin === null
      ? []
      : [
          createFlusherCheck({ name, login, flushLogin }),
          createSameServerCheck({ name, login, flushLogin }),
        ]),
    createDnsCheck({ server, resolver, dnsServers }),
  ];
}

function hostsCheck({ transport, ...place }: SlackConfig): Check {
  return createHostsCheck({ ...place, mode: transport.mode });
}

function slackCheck(
  { botToken, transport, apiUrl, proxies }: SlackConfig,
  { servers, operators }: Pick<Config, 'servers' | 'operators'>,
  log: Log,
): Check {
  const people = [...operators, ...servers.flatMap(({ approvers }) => approvers)];
  return createSlackCheck({
    botToken,
    appToken: transport.mode === 'socket' ? transport.appToken : null,
    apiUrl,
    proxies,
    channels: [...new Set(servers.flatMap(({ channel }) => channel ?? []))],
    groups: [...new Set(people.filter((id) => id.startsWith('S')))],
    log,
  });
}

function stateClock(login: MysqlLogin, now: () => Date): Check {
  return { name: "state's clock", run: () => checkClock({ name: 'STATE_URL', login, now }) };
}

/** Settings that are valid but leave something out. */
export function judgeSettings({
  slack,
  servers,
}: Pick<Config, 'slack' | 'servers'>): readonly CheckResult[] {
  const results = [
    ...(slack === null ? [NO_SLACK] : []),
    ...servers.flatMap((server) => judgeServer(server, slack !== null)),
  ];
  return results.length > 0 ? results : [green('all required settings are given.')];
}

const NO_SLACK = yellow(
  'SLACK_BOT_TOKEN is not set: hostcache answers in this terminal, but the bot cannot start.',
  'To run the bot, see .env.example and "Set it up" in the README.',
);

function judgeServer(server: ServerConfig, isBot: boolean): readonly CheckResult[] {
  const { name, flushLogin, approvers, sweepCron } = server;
  const noFlushes = yellow(
    `${name}: MYSQL_FLUSH_URL is not set, so flushing is off.`,
    'Ignore this if intended; otherwise create the flush account (README, step 3).',
  );
  const noApprovers = yellow(
    `${name}: APPROVERS is empty, so no flush can be approved.`,
    'Add the people (U…) or user groups (S…) who may approve, at least two people.',
  );
  const noSweeps = yellow(
    `${name}: SWEEP_CRON is off, so there are no alerts.`,
    'Set it to a cron expression.',
  );
  return [
    ...(flushLogin === null ? [noFlushes] : []),
    ...(flushLogin !== null && approvers.length === 0 ? [noApprovers] : []),
    ...(isBot && sweepCron === null ? [noSweeps] : []),
  ];
}
