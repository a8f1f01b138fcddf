import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import type { Need } from '../../src/chat/subcommand.ts';
import { type Config, readConfig } from '../../src/config/config.ts';

/** SERVERS_FILE, as `start` and a terminal read it. */

export const START: readonly Need[] = ['slack', 'mysql'];

const ENOUGH = {
  SLACK_BOT_TOKEN: 'xoxb-1-secret',
  SLACK_APP_TOKEN: 'xapp-1-secret',
  SERVERS_FILE: 'conf/servers.yml',
};

export const VARIABLES = {
  PASS: 'hunter2',
  DB: 'mysql://a:hunter2@db.example.com',
  BAD: 'hunter2!',
};

export function read(
  text: string,
  more: Readonly<Record<string, string>> = { ALERT_CHANNEL: 'C0OPS' },
  needs = START,
  cronRule = faultOfCron,
) {
  const variables = { values: VARIABLES, faults: { UNREAD: 'UNREAD_FILE: expected a file.' } };
  const serversFile = { path: 'conf/servers.yml', text, variables };
  return readConfig({ values: { ...ENOUGH, ...more }, faults: {}, serversFile }, needs, cronRule);
}

export function serversOf(...given: Parameters<typeof read>): Config['servers'] {
  const config = read(...given);
  if ('faults' in config) throw new Error(config.faults.join('\n'));
  return config.servers;
}

export function faultsOf(...given: Parameters<typeof read>): readonly string[] {
  const config = read(...given);
  return 'faults' in config ? config.faults : [];
}
