import { describe, expect, it } from 'vitest';
import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import { readConfig } from '../../src/config/config.ts';
import { loginOf, placeOf } from '../logins.ts';

/** Doctor accepts incomplete settings: it reports itself what is missing. */

const MYSQL = {
  MYSQL_URL: 'mysql://bot:secret@127.0.0.1:3306',
  MYSQL_FLUSH_URL: 'mysql://flush:secret@127.0.0.1:3306',
  APPROVERS: 'U0BOB',
  STATE_URL: 'sqlite:mine.db',
};
const SLACK = { SLACK_BOT_TOKEN: 'xoxb-1', SLACK_APP_TOKEN: 'xapp-1', ALERT_CHANNEL: 'C0OPS' };

function read(values: Readonly<Record<string, string>>) {
  return readConfig({ values, faults: {}, serversFile: null }, ['all', 'mysql'], faultOfCron);
}

describe('settings for doctor', () => {
  it('without Slack still include those of the bot', () => {
    expect(read(MYSQL)).toMatchObject({
      slack: null,
      statePlace: placeOf('sqlite:mine.db'),
      servers: [
        { flushLogin: loginOf(MYSQL.MYSQL_FLUSH_URL), approvers: ['U0BOB'], channel: null },
      ],
    });
  });

  it('with a bot token include all of Slack', () => {
    expect(read({ ...MYSQL, ...SLACK })).toMatchObject({
      slack: { botToken: 'xoxb-1' },
      servers: [{ channel: 'C0OPS' }],
    });
  });

  it.each([
    { name: 'no MySQL server', values: SLACK, fault: 'MYSQL_URL' },
    {
      name: 'only a bot token',
      values: { ...MYSQL, SLACK_BOT_TOKEN: 'xoxb-1' },
      fault: 'ALERT_CHANNEL',
    },
    { name: 'a malformed one', values: { ...MYSQL, APPROVERS: 'bob' }, fault: 'APPROVERS' },
  ])('report as an error: $name', ({ values, fault }) => {
    const config = read(values);
    expect('faults' in config ? config.faults.join('\n') : '').toContain(fault);
  });
});
