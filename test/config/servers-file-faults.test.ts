import { describe, expect, it } from 'vitest';
import { faultsOf } from './servers-file.ts';

/** Errors in a SERVERS_FILE: each in one line, all at once. */

describe('what is refused', () => {
  const SERVER = 'servers:\n  - name: main\n    url: mysql://a:b@c\n';

  it.each([
    {
      name: 'not YAML',
      text: 'servers:\n  - name: "main\n',
      says: '3: expected YAML, got a syntax error (missing char)',
    },
    {
      name: 'an empty file',
      text: '',
      says: '1: expected the key servers with a list, got nothing',
    },
    {
      name: 'a list at the top',
      text: '- name: main',
      says: '1: expected the key servers with a list, got a list',
    },
    {
      name: 'another key at the top',
      text: `${SERVER}server: x\n`,
      says: '4: expected only the key servers, got "server"',
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
      says: '4: expected name, url, flush_url, channel, sweep, approvers, mention, runbook_url, dns_servers, got "pasword"',
    },
    {
      name: 'a key of an object',
      text: `${SERVER}    constructor: x\n`,
      says: '4: expected name, url',
    },
    {
      name: 'a key twice',
      text: `${SERVER}    name: other\n`,
      says: '4: expected YAML, got a syntax error (duplicate key)',
    },
    {
      name: 'no name',
      text: 'servers:\n  - url: mysql://a:b@c\n',
      says: '2: name: expected at most 32 lowercase letters',
    },
    {
      name: 'no url',
      text: 'servers:\n\n  - name: main\n',
      says: '3: url: expected mysql://user:password@host:3306, got nothing',
    },
    {
      name: 'a wrong name',
      text: 'servers:\n  - name: Main\n    url: mysql://a:b@c\n',
      says: '2: name: expected at most 32 lowercase letters, digits, dots, dashes and underscores, not "all", got "Main"',
    },
    { name: 'the name all', text: 'servers: [{name: all, url: mysql://a:b@c}]', says: 'got "all"' },
    {
      name: 'a name twice',
      text: `${SERVER}  - name: main\n    url: mysql://a:b@d\n`,
      says: '4: name: expected a unique name, got "main", which line 2 already has',
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
      name: 'a variable whose file is missing',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${UNREAD}@db\n`,
      says: '3: url: UNREAD_FILE: expected a file',
    },
    {
      name: 'a variable with a default',
      text: `servers:\n  - name: a\n    url: mysql://bot:\${PASS:-hunter2}@db\n`,
      says: `3: url: expected letters, digits and underscores in \${…}, got other characters`,
    },
    {
      name: 'an impossible cron',
      text: `${SERVER}    sweep: "0 0 31 2 *"\n`,
      says: '4: sweep: expected five or six cron fields, or off, got "0 0 31 2 *": days are 1 to 31',
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
      name: 'nobody or everybody to call',
      text: `${SERVER}    mention:\n`,
      says: '4: mention: expected ids, or [] for nobody, got nothing',
    },
    {
      name: 'a call of everybody',
      text: `${SERVER}    mention: "@here"\n`,
      says: '4: mention: expected comma-separated ids of people (U…) and user groups (S…), got "@here"',
    },
    {
      name: 'a runbook that is no page',
      text: `${SERVER}    runbook_url: wiki\n`,
      says: '4: runbook_url: expected an http or https address',
    },
    {
      name: 'a person by name',
      text: `${SERVER}    approvers: [U0BOB, bob]\n`,
      says: '4: approvers: expected comma-separated ids of people (U…) and user groups (S…), got "U0BOB,bob"',
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
      says: '4: dns_servers: expected comma-separated addresses',
    },
    {
      name: 'null for the approvers',
      text: `${SERVER}    approvers: ~\n`,
      says: '4: approvers: expected ids, or [] for nobody, got nothing',
    },
    {
      name: 'a list that holds itself',
      text: 'servers: &self [*self]\n',
      says: '1: expected a server with name and url, got a list',
    },
    {
      name: 'a key that is a list',
      text: `${SERVER}    ? [a, b]\n    : c\n`,
      says: '2: expected name, url, flush_url',
    },
    {
      name: 'a wrong value below its key',
      text: `${SERVER}    channel:\n      hunter 2\n`,
      says: '4: channel: expected the id of a channel, C…, got "hunter 2"',
    },
    {
      name: 'an alias without an anchor',
      text: `${SERVER}    dns_servers: *nothing\n  - x\n`,
      says: '4: expected an alias of an anchor above it, got one without an anchor',
    },
    {
      name: 'two documents',
      text: `${SERVER}---\nservers: []\n`,
      says: '4: expected YAML, got a syntax error (multiple docs)',
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
      '7 url',
      '7 name',
      '8 expected',
      '9 channel',
    ]);
    expect(faults[6]).toMatch(/^ALERT_CHANNEL: expected .*; no channel of their own: b\./);
    expect(faults[7]).toMatch(/^LOG_LEVEL/);
    expect(faults).toHaveLength(8);
    expect(faults.join()).not.toContain('hunter2');
  });

  it('of a server that is an alias, at the line of the alias', () => {
    const text = 'servers:\n  - &a\n    name: a\n    url: mysql://a:b@c\n    channel: x\n  - *a\n';
    const places = faultsOf(text).map((fault) => /:(\d+: \w+)/.exec(fault)?.[1]);
    expect(places).toEqual(['5: channel', '6: channel', '6: name']);
  });

  it('a missing channel once for all servers', () => {
    const items = ['a', 'b', 'c'].map((name) => `  - {name: ${name}, url: mysql://a:b@c}\n`);
    expect(faultsOf(`servers:\n${items.join('')}`, {})).toEqual([
      'ALERT_CHANNEL: expected the id of a channel, C…, got nothing; no channel of their own: a and 2 more servers. See .env.example.',
    ]);
  });

  it('invalid general settings, even if no server needs them', () => {
    const text = 'servers: [{name: a, url: mysql://a:b@c, channel: C0A, sweep: off}]';
    const faults = faultsOf(text, { ALERT_CHANNEL: 'ops', SWEEP_CRON: 'hourly' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual(['ALERT_CHANNEL', 'SWEEP_CRON']);
  });
});
