import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SETTING_NAMES } from '../../src/config/config.ts';
import { loginOf, placeOf } from '../logins.ts';
import { ENOUGH, faultsOf, read } from './reading.ts';

describe('what is enough', () => {
  it('to start', () => {
    expect(read(ENOUGH)).toEqual({
      slack: {
        botToken: 'xoxb-1-secret',
        transport: { mode: 'socket', appToken: 'xapp-1-secret' },
        apiUrl: null,
        proxies: null,
      },
      servers: [
        {
          name: 'main',
          login: { host: 'db.example.com', port: 3306, user: 'bot', password: 'secret' },
          flushLogin: null,
          channel: 'C0OPS',
          sweepCron: '*/5 * * * *',
          approvers: [],
          mention: [],
          runbookUrl: null,
          dnsServers: null,
        },
      ],
      operators: [],
      flushRequestTtlMs: 600_000,
      nullHostAlerts: 'matter',
      statePlace: { kind: 'sqlite', file: resolve('hostcache.db') },
      metrics: null,
      healthFile: null,
      logLevel: null,
    });
  });

  it('to start in HTTP mode', () => {
    const { SLACK_APP_TOKEN: _, ...rest } = ENOUGH;
    const config = read({
      ...rest,
      SLACK_MODE: 'http',
      SLACK_SIGNING_SECRET: 'abc',
      PORT: '8080',
      HOST: '::1',
    });
    expect(config).toMatchObject({
      slack: { transport: { mode: 'http', signingSecret: 'abc', port: 8080, host: '::1' } },
    });
  });

  it('for why: only MySQL, whatever the Slack settings are', () => {
    const values = { MYSQL_URL: ENOUGH.MYSQL_URL, SLACK_BOT_TOKEN: 'xoxb', SWEEP_CRON: '?' };
    expect(read(values, ['mysql'])).toMatchObject({ slack: null, servers: [{ channel: null }] });
  });

  it('for explain and help: nothing', () => {
    expect(read({ MYSQL_URL: 'prod', LOG_LEVEL: 'loud' }, [])).toMatchObject({ servers: [] });
  });
});

describe('what is read', () => {
  it.each([
    { name: 'FLUSH_REQUEST_TTL', value: '90s', field: { flushRequestTtlMs: 90_000 } },
    { name: 'FLUSH_REQUEST_TTL', value: '1d', field: { flushRequestTtlMs: 86_400_000 } },
    { name: 'NULL_HOST_ALERTS', value: 'all', field: { nullHostAlerts: 'all' } },
    { name: 'OPERATORS', value: 'U0ALICE, S0DBA,', field: { operators: ['U0ALICE', 'S0DBA'] } },
    {
      name: 'STATE_URL',
      value: 'mysql://a:b@c/d',
      field: { statePlace: placeOf('mysql://a:b@c/d') },
    },
    { name: 'HEALTH_FILE', value: '/dev/shm/alive', field: { healthFile: '/dev/shm/alive' } },
    { name: 'METRICS_PORT', value: '9090', field: { metrics: { port: 9090, host: '127.0.0.1' } } },
    { name: 'LOG_LEVEL', value: 'debug', field: { logLevel: 'debug' } },
    { name: 'SWEEP_CRON', value: 'off', field: { servers: [{ sweepCron: null }] } },
    {
      name: 'SWEEP_CRON',
      value: '0 */2 * * * *',
      field: { servers: [{ sweepCron: '0 */2 * * * *' }] },
    },
    { name: 'APPROVERS', value: 'W0BOB', field: { servers: [{ approvers: ['W0BOB'] }] } },
    {
      name: 'MENTION',
      value: 'U0BOB, S0DBA',
      field: { servers: [{ mention: ['U0BOB', 'S0DBA'] }] },
    },
    {
      name: 'RUNBOOK_URL',
      value: 'https://wiki.example/{server}?rule={rule}#a',
      field: { servers: [{ runbookUrl: 'https://wiki.example/{server}?rule={rule}#a' }] },
    },
    {
      name: 'HTTPS_PROXY',
      value: 'http://bot:p%40ss@proxy.example.com:3128',
      field: {
        slack: {
          proxies: {
            https: 'http://bot:p%40ss@proxy.example.com:3128',
            http: null,
            except: null,
          },
        },
      },
    },
    {
      name: 'HTTP_PROXY',
      value: 'https://[2001:db8::1]:3128/',
      field: { slack: { proxies: { https: null, http: 'https://[2001:db8::1]:3128/' } } },
    },
    { name: 'NO_PROXY', value: '*', field: { slack: { proxies: null } } },
    { name: 'SERVER_NAME', value: 'db-1', field: { servers: [{ name: 'db-1' }] } },
    {
      name: 'DNS_SERVERS',
      value: '192.0.2.53, 192.0.2.54:5353,2001:db8::53,[2001:db8::54]:5353',
      field: {
        servers: [
          { dnsServers: ['192.0.2.53', '192.0.2.54:5353', '2001:db8::53', '[2001:db8::54]:5353'] },
        ],
      },
    },
    {
      name: 'MYSQL_FLUSH_URL',
      value: 'mysql://f@h',
      field: { servers: [{ flushLogin: loginOf('mysql://f@h') }] },
    },
  ])('$name=$value', ({ name, value, field }) => {
    expect(read({ ...ENOUGH, [name]: value })).toMatchObject(field);
  });
});

describe('.env.example', () => {
  const text = readFileSync(join(import.meta.dirname, '../../.env.example'), 'utf8');

  it('lists every setting, and no other', () => {
    expect(Object.keys(parseEnv(text)).sort()).toEqual([...SETTING_NAMES].sort());
  });

  it('says what each one means on the line above it', () => {
    const lines = text.split('\n');
    for (const [index, line] of lines.entries()) {
      if (/^[A-Z]/.test(line)) expect(lines[index - 1]).toMatch(/^# /);
    }
  });

  it('is a valid start: only the tokens and the channel must be filled in', () => {
    const given = Object.entries(parseEnv(text)).filter(([, value]) => value !== '');
    const values = Object.fromEntries(given.map(([name, value]) => [name, value ?? '']));
    expect(faultsOf(values).map((fault) => fault.split(':')[0])).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'ALERT_CHANNEL',
    ]);
  });
});
