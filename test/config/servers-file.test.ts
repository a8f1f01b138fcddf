import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { faultOfCron } from '../../src/adapters/schedule/cron.ts';
import { type Config, type Need, readConfig } from '../../src/config.ts';

/** SERVERS_FILE, as `start` and a terminal read it. */

const START: readonly Need[] = ['slack', 'mysql'];

const ENOUGH = {
  SLACK_BOT_TOKEN: 'xoxb-1-secret',
  SLACK_APP_TOKEN: 'xapp-1-secret',
  SERVERS_FILE: 'conf/servers.yml',
};

const VARIABLES = { PASS: 'hunter2', DB: 'mysql://a:hunter2@db.example.com', BAD: 'hunter2!' };

function read(
  text: string,
  more: Readonly<Record<string, string>> = { ALERT_CHANNEL: 'C0OPS' },
  needs = START,
) {
  const variables = { values: VARIABLES, faults: { UNREAD: 'UNREAD_FILE: expected a file.' } };
  const serversFile = { path: 'conf/servers.yml', text, variables };
  return readConfig(
    { values: { ...ENOUGH, ...more }, faults: {}, serversFile },
    needs,
    faultOfCron,
  );
}

function serversOf(...given: Parameters<typeof read>): Config['servers'] {
  const config = read(...given);
  if ('faults' in config) throw new Error(config.faults.join('\n'));
  return config.servers;
}

function faultsOf(...given: Parameters<typeof read>): readonly string[] {
  const config = read(...given);
  return 'faults' in config ? config.faults : [];
}

const PLAIN = { url: 'mysql://a:b@c', flushUrl: null, channel: 'C0OPS', dnsServers: null };

describe('what is read', () => {
  it('everything that a server may have', () => {
    const text = `
# db-0 is gone: mysql://bot:\${OLD_PASS}@db-0
servers:
  - name: db-1
    url: mysql://bot:\${PASS}@db-1:3306
    flush_url: "mysql://flusher:\${PASS}@db-1"
    channel: C0DB
    sweep: "*/10 * * * *"
    approvers: [U0BOB, S0DBA]
    dns_servers: 192.0.2.53, 192.0.2.54:5353
`;
    expect(serversOf(text)).toEqual([
      {
        name: 'db-1',
        url: 'mysql://bot:hunter2@db-1:3306',
        flushUrl: 'mysql://flusher:hunter2@db-1',
        channel: 'C0DB',
        sweepCron: '*/10 * * * *',
        approvers: ['U0BOB', 'S0DBA'],
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
    { name: 'no sweeps', own: 'sweep: off', field: { sweepCron: null } },
    { name: 'nobody as approver', own: 'approvers: []', field: { approvers: [] } },
    { name: 'approvers of its own', own: 'approvers: U0BOB', field: { approvers: ['U0BOB'] } },
    {
      name: 'resolvers of its own',
      own: 'dns_servers: [192.0.2.1]',
      field: { dnsServers: ['192.0.2.1'] },
    },
    { name: 'a channel of its own', own: 'channel: C0OWN', field: { channel: 'C0OWN' } },
  ])('$name', ({ own, field }) => {
    const general = { ALERT_CHANNEL: 'C0OPS', APPROVERS: 'U0ALL', SWEEP_CRON: '0 * * * *' };
    const text = `servers:\n  - name: main\n    url: mysql://a:b@c\n    ${own}\n`;
    expect(serversOf(text, { ...general, DNS_SERVERS: '192.0.2.9' })).toMatchObject([
      { ...PLAIN, dnsServers: ['192.0.2.9'], ...field },
    ]);
  });

  it('names that YAML would take for something else', () => {
    const names = ['007', 'off', '1.50', 'true', '2026-11-20'];
    const items = names.map((name) => `  - {name: ${name}, url: mysql://a:b@c}`).join('\n');
    expect(serversOf(`servers:\n${items}\n`).map(({ name }) => name)).toEqual(names);
  });

  it('an alias for what was said before', () => {
    const text = `servers:
  - {name: a, url: mysql://a:b@c, approvers: &dba [U0BOB, S0DBA], sweep: &sweep 0 * * * *}
  - {name: b, url: mysql://a:b@c, approvers: *dba, sweep: *sweep}
`;
    const [first, second] = serversOf(text);
    expect(second).toEqual({ ...first, name: 'b' });
  });

  it('a whole url from the environment, with CRLF lines and a byte order mark', () => {
    const text = `\uFEFFservers:\r\n  - name: a\r\n    url: \${DB}\r\n`;
    expect(serversOf(text)).toMatchObject([{ url: VARIABLES.DB }]);
  });

  it('for a terminal without what is the bot’s', () => {
    const text = `servers:\n  - {name: a, url: mysql://a:b@c, flush_url: "\${MISSING}", sweep: x}\n`;
    expect(serversOf(text, {}, ['mysql'])).toEqual([
      { ...PLAIN, name: 'a', channel: null, sweepCron: null, approvers: [] },
    ]);
  });

  it('without ALERT_CHANNEL where each server has a channel', () => {
    const text = 'servers: [{name: a, url: mysql://a:b@c, channel: C0A}]';
    expect(serversOf(text, {})).toMatchObject([{ channel: 'C0A' }]);
  });

  it('1,000 servers in well under a second', () => {
    const items = Array.from(
      { length: 1000 },
      (_, n) => `  - name: db-${n}
    url: mysql://hostcache:\${PASS}@db-${n}.example.com:3306
    channel: C0OPS${n}
    sweep: "*/5 * * * *"
    approvers: [U0A, S0B]
    dns_servers: [192.0.2.53]
`,
    );
    // The best of three: other tests share the machine.
    const tookMs = [1, 2, 3].map(() => {
      const startedAtMs = performance.now();
      expect(serversOf(`servers:\n${items.join('')}`)).toHaveLength(1000);
      return performance.now() - startedAtMs;
    });
    expect(Math.min(...tookMs)).toBeLessThan(700);
  });
});

describe('docs/servers.yml', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/servers.yml'), 'utf8');

  it('is fit to begin with, and shows every key', () => {
    const names = ['ORDERS_PASSWORD', 'ORDERS_FLUSH_PASSWORD', 'STOCK_PASSWORD'];
    const filled = names.reduce((left, name) => left.replaceAll(`\${${name}}`, 'x'), text);
    const [first, second] = serversOf(filled);
    expect(first).not.toMatchObject({ channel: 'C0OPS' });
    expect(Object.values(first ?? {})).not.toContain(null);
    expect(second).toMatchObject({ name: 'stock', flushUrl: null, channel: 'C0OPS' });
    expect(faultsOf(text)).toHaveLength(names.length);
  });
});

describe('what is refused', () => {
  const SERVER = 'servers:\n  - name: main\n    url: mysql://a:b@c\n';

  it.each([
    {
      name: 'no YAML',
      text: 'servers:\n  - name: "main\n',
      says: '3: expected YAML, got what YAML cannot read (missing char)',
    },
    {
      name: 'an empty file',
      text: '',
      says: '1: expected servers: and a list below it, got nothing',
    },
    {
      name: 'a list at the top',
      text: '- name: main',
      says: '1: expected servers: and a list below it, got a list',
    },
    {
      name: 'another key at the top',
      text: `${SERVER}server: x\n`,
      says: '4: expected the key servers alone, got "server"',
    },
    {
      name: 'no server',
      text: 'servers: []',
      says: '1: servers: expected a list of servers, got an empty list',
    },
    {
      name: 'nothing below servers',
      text: 'servers:',
      says: '1: servers: expected a list of servers, got nothing',
    },
    {
      name: 'one server without a list',
      text: 'servers:\n  name: main\n',
      says: '1: servers: expected a list of servers, got keys',
    },
    {
      name: 'a server that is a text',
      text: 'servers:\n  - main\n',
      says: '2: expected a server with name and url, got a text',
    },
    {
      name: 'an unknown key',
      text: `${SERVER}    pasword: hunter2\n`,
      says: '4: expected name, url, flush_url, channel, sweep, approvers, dns_servers, got "pasword"',
    },
    {
      name: 'a key of an object',
      text: `${SERVER}    constructor: x\n`,
      says: '4: expected name, url',
    },
    {
      name: 'a key twice',
      text: `${SERVER}    name: other\n`,
      says: '4: expected YAML, got what YAML cannot read (duplicate key)',
    },
    {
      name: 'no name',
      text: 'servers:\n  - url: mysql://a:b@c\n',
      says: '2: name: expected a name of small letters',
    },
    {
      name: 'no url',
      text: 'servers:\n\n  - name: main\n',
      says: '3: url: expected mysql://user:password@host:3306, got nothing',
    },
    {
      name: 'a wrong name',
      text: 'servers:\n  - name: Main\n    url: mysql://a:b@c\n',
      says: '2: name: expected a name of small letters, digits, dot, dash and underscore, at most 32, not "all", got "Main"',
    },
    { name: 'the name all', text: 'servers: [{name: all, url: mysql://a:b@c}]', says: 'got "all"' },
    {
      name: 'a name twice',
      text: `${SERVER}  - name: main\n    url: mysql://a:b@d\n`,
      says: '4: name: expected a name of its own, got "main" of line 2 again',
    },
    {
      name: 'a wrong url',
      text: 'servers:\n  - name: a\n    url: mysql://bot:hunter2@db:port\n',
      says: '3: url: expected mysql://user:password@host:3306, got "mysql://bot:…@db:port"',
    },
    {
      name: 'a wrong url of a variable',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${BAD}@db:port\n`,
      says: '3: url: expected mysql://user:password@host:3306, got "mysql://bot:…@db:port"',
    },
    {
      name: 'a wrong value of a variable',
      text: `${SERVER}    channel: \${BAD}\n`,
      says: `4: channel: expected the id of a channel, C…, got "\${BAD}"`,
    },
    {
      name: 'a variable that is not set',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${GONE}@db\n`,
      says: '3: url: expected the variable GONE, got nothing; set GONE or GONE_FILE',
    },
    {
      name: 'a variable whose file is gone',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${UNREAD}@db\n`,
      says: '3: url: UNREAD_FILE: expected a file',
    },
    {
      name: 'a variable with a default',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${PASS:-hunter2}@db\n`,
      says: `3: url: expected letters, digits and underscores in \${…}, got others`,
    },
    {
      name: 'an impossible cron',
      text: `${SERVER}    sweep: "0 0 31 2 *"\n`,
      says: '4: sweep: expected five or six fields of cron, or off, got "0 0 31 2 *": days are 1 to 31',
    },
    {
      name: 'a channel by name',
      text: `${SERVER}    channel: "#ops"\n`,
      says: '4: channel: expected the id of a channel, C…, got "#ops"',
    },
    {
      name: 'nobody or everybody',
      text: `${SERVER}    approvers:\n`,
      says: 'approvers: expected ids, or [] for nobody, got nothing',
    },
    {
      name: 'a person by name',
      text: `${SERVER}    approvers: [U0BOB, bob]\n`,
      says: '4: approvers: expected ids of people (U…) and user groups (S…), by comma, got "U0BOB,bob"',
    },
    {
      name: 'a list of lists',
      text: `${SERVER}    approvers: [[U0BOB]]\n`,
      says: '4: approvers: expected a list of texts, got a list',
    },
    {
      name: 'a list for a text',
      text: `${SERVER}    channel: [C0OPS]\n`,
      says: '4: channel: expected a text, got a list',
    },
    {
      name: 'a resolver by name',
      text: `${SERVER}    dns_servers: [dns.example.com]\n`,
      says: '4: dns_servers: expected addresses',
    },
    {
      name: 'an alias of nothing',
      text: `${SERVER}    dns_servers: *nothing\n  - x\n`,
      says: '5: expected a server with name and url, got a text',
    },
    {
      name: 'two documents',
      text: `${SERVER}---\nservers: []\n`,
      says: '4: expected YAML, got what YAML cannot read (multiple docs)',
    },
  ])('$name: one line, no secret', ({ text, says }) => {
    const faults = faultsOf(text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(says);
    expect(faults[0]).toMatch(/^SERVERS_FILE conf\/servers\.yml:\d+: .*\.$/);
    expect(faults.join()).not.toMatch(/hunter2/);
  });

  it('everything at once, in the order of the file', () => {
    const text = `servers:
  - name: a
    url: prod
    sweep: hourly
  - name: b
    url: mysql://a:b@c
  - name: b
    urls: mysql://a:hunter2@c
    channel: ops
`;
    const faults = faultsOf(text, { LOG_LEVEL: 'loud' });
    const places = faults.map((fault) => /:(\d+): (\w+)/.exec(fault)?.slice(1).join(' '));
    expect(places.slice(0, 6)).toEqual([
      '3 url',
      '4 sweep',
      '8 expected',
      '9 channel',
      '7 url',
      '7 name',
    ]);
    expect(faults[6]).toMatch(/^ALERT_CHANNEL: expected .*; no channel of their own: b\./);
    expect(faults[7]).toMatch(/^LOG_LEVEL/);
    expect(faults).toHaveLength(8);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('a missing channel once for all servers', () => {
    const items = ['a', 'b', 'c'].map((name) => `  - {name: ${name}, url: mysql://a:b@c}\n`);
    expect(faultsOf(`servers:\n${items.join('')}`, {})).toEqual([
      'ALERT_CHANNEL: expected the id of a channel, C…, got nothing; no channel of their own: a and 2 more servers. See .env.example.',
    ]);
  });

  it('general settings that are wrong, although no server needs them', () => {
    const text = 'servers: [{name: a, url: mysql://a:b@c, channel: C0A, sweep: off}]';
    const faults = faultsOf(text, { ALERT_CHANNEL: 'ops', SWEEP_CRON: 'hourly' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['ALERT_CHANNEL', 'SWEEP_CRON']);
  });
});
