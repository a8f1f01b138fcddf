import { describe, expect, it } from 'vitest';
import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import { readConfig } from '../../src/config/config.ts';
import { ENOUGH, faultsOf, START } from './reading.ts';

/** Settings that are refused: what was expected, what came, and no secret. */

describe('what is refused', () => {
  it.each([
    {
      name: 'SLACK_BOT_TOKEN',
      value: 'xapp-1-s3cret',
      says: 'expected a bot token, xoxb-…, got an xapp-… token',
    },
    { name: 'SLACK_BOT_TOKEN', value: 's3cret', says: 'got 6 other characters' },
    { name: 'SLACK_APP_TOKEN', value: 'xoxb-1-s3cret', says: 'got an xoxb-… token' },
    { name: 'SLACK_MODE', value: 'sockets', says: 'expected socket or http, got "sockets"' },
    { name: 'SLACK_API_URL', value: 'slack', says: 'expected an http or https address' },
    {
      name: 'HTTPS_PROXY',
      value: 'proxy:3128',
      says: 'expected http://host:port or http://user:password@host:port, got "proxy:…"',
    },
    { name: 'HTTPS_PROXY', value: 'bot:s3cret@proxy:3128', says: 'got "bot:…@proxy:3128"' },
    { name: 'HTTPS_PROXY', value: 'http://bot:s3cret@:x', says: 'got "http://bot:…@:x"' },
    {
      name: 'HTTPS_PROXY',
      value: 'socks5://bot:s3cret@proxy:1080',
      says: 'got "socks5:…@proxy:1080"',
    },
    { name: 'HTTP_PROXY', value: 'http://s3cret@proxy:3128', says: 'got "http:…@proxy:3128"' },
    { name: 'HTTP_PROXY', value: 'http://bot:s3cret%zz@proxy:3128', says: '% written as %25' },
    {
      name: 'HTTP_PROXY',
      value: 'http://bot:1#s3cret@proxy:3128',
      says: 'got "http://bot:…@proxy',
    },
    {
      name: 'HTTP_PROXY',
      value: 'http://bot:1?s3cret@proxy:3128',
      says: 'got "http://bot:…@proxy',
    },
    { name: 'HTTP_PROXY', value: 'nonsense', says: 'got "nonsense"' },
    {
      name: 'MYSQL_URL',
      value: 'prod',
      says: 'expected mysql://user:password@host:3306, got "prod"',
    },
    { name: 'MYSQL_URL', value: 'postgres://a:s3cret@b', says: 'got "postgres://a:…@b"' },
    { name: 'MYSQL_URL', value: 'mysql://a:s3cret@b:99999', says: '…@b:99999"' },
    { name: 'MYSQL_URL', value: 'mysql://a:s3#cret@b', says: '# is %23' },
    { name: 'MYSQL_URL', value: 'mysql://a:s3cret%@b', says: '% itself is %25' },
    { name: 'MYSQL_URL', value: 'mysql://a:s3@cret@b:0', says: 'a port from 1 to 65535' },
    { name: 'MYSQL_URL', value: 'mysql://root:s3cret', says: 'got "mysql://root:…"' },
    { name: 'MYSQL_URL', value: 'root:s3cret@b', says: 'got "root:…@b"' },
    { name: 'MYSQL_URL', value: 'mysql://b:3306', says: 'a user in' },
    { name: 'MYSQL_URL', value: 'mysql://a@b/mysql', says: 'no path after' },
    { name: 'MYSQL_URL', value: 'xoxb-1-s3cret', says: 'got "xoxb-…"' },
    { name: 'MYSQL_FLUSH_URL', value: 'mysql://f:s3cret@', says: 'MYSQL_FLUSH_URL: expected' },
    { name: 'SERVER_NAME', value: 'all', says: 'not "all", got "all"' },
    { name: 'SERVER_NAME', value: 'Main', says: 'lowercase letters' },
    { name: 'ALERT_CHANNEL', value: '#ops', says: 'expected the id of a channel, C…, got "#ops"' },
    { name: 'APPROVERS', value: 'U0ALICE,@bob', says: 'user groups (S…)' },
    { name: 'MENTION', value: '@here', says: 'user groups (S…), got "@here"' },
    { name: 'MENTION', value: 'S0DBA> <!channel', says: 'got "S0DBA> <!channel"' },
    { name: 'RUNBOOK_URL', value: 'wiki/{server}', says: 'an http or https address, in which' },
    { name: 'RUNBOOK_URL', value: 'javascript:alert(1)', says: 'got "javascript:alert(1)"' },
    { name: 'RUNBOOK_URL', value: 'https://wiki.example/a b', says: 'an http or https address' },
    {
      name: 'RUNBOOK_URL',
      value: 'https://wiki.example/{host}',
      says: 'and no other { or }, got "https://wiki.example/{host}"',
    },
    {
      name: 'RUNBOOK_URL',
      value: 'https://bob:s3cret@wiki.example/',
      says: 'without user and password, got "https://bob:…@wiki.example/"',
    },
    {
      name: 'RUNBOOK_URL',
      value: `https://wiki.example/{server}/${'x'.repeat(2960)}`,
      says: 'of at most 3000 characters with long names, got "https://',
    },
    { name: 'OPERATORS', value: 'alice', says: 'got "alice"' },
    { name: 'FLUSH_REQUEST_TTL', value: '2d', says: 'from 1s to 1d' },
    { name: 'FLUSH_REQUEST_TTL', value: '0s', says: 'from 1s to 1d' },
    { name: 'FLUSH_REQUEST_TTL', value: '10 m', says: 'such as 10m, got "10 m"' },
    { name: 'NULL_HOST_ALERTS', value: 'none', says: 'all or matter' },
    { name: 'SWEEP_CRON', value: 'hourly', says: 'five or six cron fields, or off' },
    {
      name: 'SWEEP_CRON',
      value: '61 * * * *',
      says: '"61 * * * *": minutes are 0 to 59, not "61"',
    },
    { name: 'SWEEP_CRON', value: '0 0 31 2 *', says: 'must exist in the given months, not "31"' },
    { name: 'SWEEP_CRON', value: '* * * * * * *', says: 'five or six cron fields, or off' },
    { name: 'DNS_SERVERS', value: 'dns.example.com', says: 'addresses with or without a port' },
    { name: 'DNS_SERVERS', value: '192.0.2.53:0', says: 'addresses with or without a port' },
    { name: 'DNS_SERVERS', value: '192.0.2.530', says: 'addresses with or without a port' },
    {
      name: 'STATE_URL',
      value: 'mysql://a:s3cret@b',
      says: 'one database in mysql://user:password@host:3306/database, got "mysql://a:…@b"',
    },
    {
      name: 'STATE_URL',
      value: 'postgres://a:s3cret@b/c',
      says: 'sqlite:FILE or mysql://user:password@host:3306/database, got "postgres://a:…@b/c"',
    },
    {
      name: 'STATE_URL',
      value: 'hostcache.db',
      says: 'sqlite:FILE or mysql://user:password@host:3306/database, got "hostcache.db"',
    },
    { name: 'STATE_URL', value: 'mysql://a:s3cret@b/c/d', says: 'got "mysql://a:…@b/c/d"' },
    { name: 'STATE_URL', value: 'mysql://a:s3%cret@b/c', says: '(% itself is %25)' },
    {
      name: 'STATE_URL',
      value: 'mysql://a:12/s3cret@b/c',
      says: '/ is %2F, ? is %3F), got "mysql',
    },
    { name: 'STATE_URL', value: 'mysql://a:x@b/c?ssl={"key":"s3', says: 'got "mysql://a:…@b/c?…"' },
    { name: 'HOST', value: 'https://x', says: 'an address or a host name, got "https://x"' },
    { name: 'METRICS_PORT', value: '70000', says: 'a port from 1 to 65535, got "70000"' },
    { name: 'METRICS_HOST', value: 'http://x/', says: 'an address or a host name' },
    { name: 'LOG_LEVEL', value: 'loud', says: 'got "loud"' },
  ])('$name=$value: one fault, no secret', ({ name, value, says }) => {
    const faults = faultsOf({
      ...ENOUGH,
      [name]: value,
      ...(name === 'HOST' && { SLACK_MODE: 'http', SLACK_SIGNING_SECRET: 'x' }),
      ...(name === 'METRICS_HOST' && { METRICS_PORT: '1' }),
    });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(says);
    expect(faults[0]).toMatch(new RegExp(`^${name}: expected .*See .env.example.$`));
    expect(faults.join()).not.toMatch(/s3|cret/);
  });

  it('everything at once', () => {
    const names = faultsOf({ PORT: '0', SLACK_MODE: 'http', LOG_LEVEL: 'loud' }).map(
      (fault) => fault.split(':')[0],
    );
    expect(names).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_SIGNING_SECRET',
      'PORT',
      'MYSQL_URL',
      'ALERT_CHANNEL',
      'LOG_LEVEL',
    ]);
  });

  it('MYSQL_URL together with SERVERS_FILE', () => {
    expect(faultsOf({ ...ENOUGH, SERVERS_FILE: 'servers.yml' })).toEqual([
      'SERVERS_FILE: expected MYSQL_URL or SERVERS_FILE, got both.',
    ]);
  });

  it('a file that could not be read is reported once, and not as missing too', () => {
    const { MYSQL_URL: _, ...values } = ENOUGH;
    const faults = { MYSQL_URL: 'MYSQL_URL_FILE: no.' };
    const config = readConfig({ values, faults, serversFile: null }, START, faultOfCron);
    expect(config).toEqual({ faults: ['MYSQL_URL_FILE: no.'] });
  });
});
