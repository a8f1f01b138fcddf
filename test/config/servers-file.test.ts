import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import { loginOf } from '../logins.ts';
import { faultsOf, START, serversOf, VARIABLES } from './servers-file.ts';

/** What a SERVERS_FILE may hold. */

const PLAIN = {
  login: loginOf('mysql://a:b@c'),
  flushLogin: null,
  channel: 'C0OPS',
  dnsServers: null,
};

describe('what is read', () => {
  it('every key of a server', () => {
    const text = `
# db-0 is gone: mysql://bot:\${OLD_PASS}@db-0
servers:
  - name: db-1
    url: mysql://bot:\${PASS}@db-1:3306
    flush_url: "mysql://flusher:\${PASS}@db-1"
    channel: C0DB
    sweep: "*/10 * * * *"
    approvers: [U0BOB, S0DBA]
    mention: S0ONCALL
    runbook_url: https://wiki.example/{rule}
    dns_servers: 192.0.2.53, 192.0.2.54:5353
`;
    expect(serversOf(text)).toEqual([
      {
        name: 'db-1',
        login: loginOf('mysql://bot:hunter2@db-1:3306'),
        flushLogin: loginOf('mysql://flusher:hunter2@db-1'),
        channel: 'C0DB',
        sweepCron: '*/10 * * * *',
        approvers: ['U0BOB', 'S0DBA'],
        mention: ['S0ONCALL'],
        runbookUrl: 'https://wiki.example/{rule}',
        dnsServers: ['192.0.2.53', '192.0.2.54:5353'],
      },
    ]);
  });

  it.each([
    {
      name: 'nothing of its own',
      own: '',
      field: { sweepCron: '0 * * * *', approvers: ['U0ALL'] },
    },
    { name: 'an empty value', own: 'sweep:', field: { sweepCron: '0 * * * *' } },
    { name: 'null', own: 'sweep: ~', field: { sweepCron: '0 * * * *' } },
    { name: 'no sweeps', own: 'sweep: off', field: { sweepCron: null } },
    { name: 'nobody as approver', own: 'approvers: []', field: { approvers: [] } },
    { name: 'approvers of its own', own: 'approvers: U0BOB', field: { approvers: ['U0BOB'] } },
    {
      name: 'the general call',
      own: '',
      field: { mention: ['U0ONE'], runbookUrl: 'https://a.example' },
    },
    { name: 'nobody to call', own: 'mention: []', field: { mention: [] } },
    { name: 'people of its own to call', own: 'mention: [U0BOB]', field: { mention: ['U0BOB'] } },
    {
      name: 'a runbook of its own',
      own: 'runbook_url: "https://wiki.example/{server}"',
      field: { runbookUrl: 'https://wiki.example/{server}' },
    },
    {
      name: 'resolvers of its own',
      own: 'dns_servers: [192.0.2.1]',
      field: { dnsServers: ['192.0.2.1'] },
    },
    { name: 'a channel of its own', own: 'channel: C0OWN', field: { channel: 'C0OWN' } },
  ])('$name', ({ own, field }) => {
    const general = {
      ...{ ALERT_CHANNEL: 'C0OPS', APPROVERS: 'U0ALL', SWEEP_CRON: '0 * * * *' },
      ...{ MENTION: 'U0ONE', RUNBOOK_URL: 'https://a.example' },
    };
    const text = `servers:\n  - name: main\n    url: mysql://a:b@c\n    ${own}\n`;
    expect(serversOf(text, { ...general, DNS_SERVERS: '192.0.2.9' })).toMatchObject([
      { ...PLAIN, dnsServers: ['192.0.2.9'], ...field },
    ]);
  });

  it('names that YAML would read as other types', () => {
    const names = ['007', 'off', '1.50', 'true', '2026-11-20'];
    const items = names.map((name) => `  - {name: ${name}, url: mysql://a:b@c}`).join('\n');
    expect(serversOf(`servers:\n${items}\n`).map(({ name }) => name)).toEqual(names);
  });

  it('an alias for an earlier value', () => {
    const text = `servers:
  - {name: a, url: mysql://a:b@c, approvers: &dba [U0BOB, S0DBA], sweep: &sweep 0 * * * *}
  - {name: b, url: mysql://a:b@c, approvers: *dba, sweep: *sweep}
`;
    const [first, second] = serversOf(text);
    expect(second).toEqual({ ...first, name: 'b' });
  });

  it('a complete url from the environment, with CRLF lines and a byte order mark', () => {
    const text = `\uFEFFservers:\r\n  - name: a\r\n    url: \${DB}\r\n`;
    expect(serversOf(text)).toMatchObject([{ login: loginOf(VARIABLES.DB) }]);
  });

  it('for a terminal, without the keys of the bot', () => {
    const text = `servers:\n  - {name: a, url: mysql://a:b@c, flush_url: "\${MISSING}", sweep: x}\n`;
    expect(serversOf(text, {}, ['mysql'])).toEqual([
      {
        ...PLAIN,
        ...{ name: 'a', channel: null, sweepCron: null },
        ...{ approvers: [], mention: [], runbookUrl: null },
      },
    ]);
  });

  it('without ALERT_CHANNEL where each server has a channel', () => {
    const text = 'servers: [{name: a, url: mysql://a:b@c, channel: C0A}]';
    expect(serversOf(text, {})).toMatchObject([{ channel: 'C0A' }]);
  });

  it('1,000 servers, and a sweep expression that they share is checked once', () => {
    const text = `servers:\n${Array.from({ length: 1000 }, (_, n) => itemOf(n)).join('')}`;
    const checked: string[] = [];
    const counted = (cron: string) => {
      checked.push(cron);
      return faultOfCron(cron);
    };
    // The cost per server is in the benchmark (npm run bench), because a time depends on the machine.
    expect(serversOf(text, { ALERT_CHANNEL: 'C0OPS' }, START, counted)).toHaveLength(1000);
    expect(checked).toEqual(['*/5 * * * *']);
  });
});

function itemOf(n: number): string {
  return `  - name: db-${n}
    url: mysql://hostcache:\${PASS}@db-${n}.example.com:3306
    channel: C0OPS${n}
    sweep: "*/5 * * * *"
    approvers: [U0A, S0B]
    dns_servers: [192.0.2.53]
`;
}

describe('docs/servers.yml', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/servers.yml'), 'utf8');

  it('is a valid start, and shows every key', () => {
    const names = ['ORDERS_PASSWORD', 'ORDERS_FLUSH_PASSWORD', 'STOCK_PASSWORD'];
    const filled = names.reduce((left, name) => left.replaceAll(`\${${name}}`, 'x'), text);
    const [first, second] = serversOf(filled);
    expect(first).not.toMatchObject({ channel: 'C0OPS' });
    expect(Object.values(first ?? {})).not.toContain(null);
    expect(second).toMatchObject({ name: 'stock', flushLogin: null, channel: 'C0OPS' });
    expect(faultsOf(text)).toHaveLength(names.length);
  });
});
