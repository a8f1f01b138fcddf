import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import type { Need } from '../../src/chat/subcommand.ts';
import { readConfig } from '../../src/config/config.ts';

/** Reads settings as the bot does, without a servers file. */

export const START: readonly Need[] = ['slack', 'mysql'];

/** The least that starts the bot. */
export const ENOUGH = {
  SLACK_BOT_TOKEN: 'xoxb-1-secret',
  SLACK_APP_TOKEN: 'xapp-1-secret',
  MYSQL_URL: 'mysql://bot:secret@db.example.com:3306',
  ALERT_CHANNEL: 'C0OPS',
};

export function read(values: Readonly<Record<string, string>>, needs = START) {
  return readConfig({ values, faults: {}, serversFile: null }, needs, faultOfCron);
}

export function faultsOf(
  values: Readonly<Record<string, string>>,
  needs = START,
): readonly string[] {
  const config = read(values, needs);
  return 'faults' in config ? config.faults : [];
}
