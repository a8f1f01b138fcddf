import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { COUNTERS, readSaved, type Saved } from '../../src/pasted/saved.ts';
import { bordered, FORMS, type Row, vertical } from './printers.ts';

/** Saved rows of a host cache, in every form in which people keep them. */

const ROW = { IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', COUNT_FCRDNS_ERRORS: 1 };
const OTHER_ROW = {
  IP: '2001:db8::7',
  HOST: 'app.example.com',
  HOST_VALIDATED: 'YES',
  COUNT_FCRDNS_ERRORS: 0,
};

describe('two rows', () => {
  const VERTICAL = vertical([ROW, OTHER_ROW]);
  it.each([
    ...FORMS.map(({ name, print }) => ({ name, text: print([ROW, OTHER_ROW]) })),
    ...FORMS.map(({ name, print }) => ({
      name: `${name}, in small letters`,
      text: print([ROW, OTHER_ROW]).replace(/\b(?:IP|HOST|HOST_VALIDATED|COUNT_\w+)\b/g, lower),
    })),
    { name: 'a byte order mark', text: `\uFEFF${JSON.stringify([ROW, OTHER_ROW])}` },
    { name: 'HTML quotes', text: JSON.stringify([ROW, OTHER_ROW]).replaceAll('"', '&quot;') },
    { name: 'rows without asterisks around', text: VERTICAL.replace(/\*{27}/g, '') },
    { name: 'bold names', text: VERTICAL.replace(/(\w+): /g, '*$1*: ') },
    { name: 'bold values', text: VERTICAL.replace(/: (\S+)/g, ': **$1**') },
    {
      name: '\\G in another order',
      text: VERTICAL.replace(/( +IP: 192.*\n)([\s\S]*?)(\*)/, '$2$1$3'),
    },
  ])('$name', ({ text }) => {
    const { caches, problems } = read(text);
    expect(problems).toEqual([]);
    expect(caches).toMatchObject([
      {
        address: '192.0.2.7',
        host: null,
        validated: true,
        connectErrors: 0,
        counters: { COUNT_FCRDNS_ERRORS: 1 },
      },
      { address: '2001:db8::7', host: 'app.example.com', validated: true },
    ]);
  });
});

it.each([
  { name: 'an error message', text: "Host '192.0.2.7' is not allowed to connect" },
  { name: 'an ODBC error', text: "[MySQL][ODBC 8.0(w) Driver]Host '192.0.2.7' is not allowed" },
  { name: 'an error as JSON', text: `{"message":"Host '192.0.2.7' is not allowed"}` },
  {
    name: 'a log line as JSON',
    text: `{"ip":"192.0.2.7","host":"web1","msg":"Host '192.0.2.7' is not allowed"}`,
  },
  { name: 'other rows', text: '[{"User":"app","Host":"%"}]' },
  { name: 'accounts', text: 'User\tHost\napp\t%\n' },
  { name: 'other \\G text', text: '*** 1. row ***\nUser: app\nHost: %\n' },
  { name: 'an alert', text: 'Host: db1\nTime: 12:00\nState: firing\nIP: 192.0.2.7\nInfo: blocked' },
  { name: 'a statement', text: 'SELECT ip, host, sum_connect_errors FROM host_cache, t;\n1, 2, 3' },
  {
    name: 'counts of statements',
    text: 'DIGEST,COUNT_STAR,SUM_ERRORS,FIRST_SEEN\nabc,4,0,2026-11-20 09:02:11',
  },
  { name: 'nothing', text: '' },
])('$name is no saved cache', ({ text }) => {
  const { caches, waiting, sessions, problems, used, isEmptySet } = read(text);
  expect([caches, waiting, problems, [...used]]).toEqual([[], [], [], []]);
  expect([sessions, isEmptySet]).toEqual([0, false]);
});

describe('a broken row is reported', () => {
  it.each([
    {
      name: 'no address',
      text: '[{"IP":"prod"}]',
      says: { line: 1, problem: 'IP: expected an address, got "prod"' },
    },
    {
      name: 'no number',
      text: '*** 1. row ***\nIP: 192.0.2.7\nCOUNT_SSL_ERRORS: many\n',
      says: { line: 2, problem: 'COUNT_SSL_ERRORS: expected a number, got "many"' },
    },
    {
      name: 'JSON cut off',
      text: '{"IP":"192.0',
      says: { line: 1, problem: 'expected a JSON object, got "{"IP":"192.0"' },
    },
    {
      name: 'a line cut off',
      text: 'IP,HOST,SUM_CONNECT_ERRORS\n192.0.2.7,app',
      says: { line: 2, problem: 'expected 3 cells, got 2' },
    },
    {
      name: 'XML cut off',
      text: '<row><field name="IP">192.0.2.7</field><field name="HO',
      says: { line: 1, problem: 'expected </row>, got the end of the text' },
    },
  ])('$name', ({ text, says }) => {
    expect(read(text).problems).toEqual([says]);
    const reply = explainText(text);
    expect(reply).toMatchObject({ exit: 2, rows: [] });
    expect(reply.messages[0]?.headline).toBe(`Saved rows, line ${says.line}: ${says.problem}.`);
  });

  it('beside others, which are read', () => {
    const text = '{"IP":"192.0.2.7"}\n{"IP":"192.0';
    expect(read(text)).toMatchObject({
      caches: [{ address: '192.0.2.7' }],
      problems: [{ line: 2 }],
    });
    const reply = explainText(text);
    expect(reply).toMatchObject({ exit: 0, rows: [{ client: '192.0.2.7' }] });
    expect(JSON.stringify(reply.messages)).toContain('1 row was passed over, the first in line 2');
  });

  it('an object without columns is no row', () => {
    expect(read('[{"IP":"192.0.2.7"},{}]').caches).toHaveLength(1);
  });
});

it.each([
  '[]',
  '{"rows":[]}',
  'Empty set (0.00 sec)',
  'mysql> SELECT * FROM performance_schema.host_cache;\nEmpty set (0.00 sec)',
  'IP,HOST,HOST_VALIDATED',
])('an empty cache: %s', (text) => {
  expect(read(text).isEmptySet).toBe(true);
  expect(explainText(text)).toMatchObject({ exit: 0, rows: [] });
});

it('times count with their zone alone', () => {
  const seen = (text: string) => read(JSON.stringify([{ ...ROW, FIRST_SEEN: text }]));
  expect(seen('2026-11-20 09:02:11')).toMatchObject({ caches: [{ firstSeenAt: null }] });
  expect(seen('2026-11-20T09:02:11Z')).toMatchObject({
    caches: [{ firstSeenAt: new Date('2026-11-20T09:02:11Z') }],
  });
});

describe('a value', () => {
  it.each([
    { value: '100', count: 100 },
    { value: '100   <-- the limit', count: 100 },
    { value: '4 (was 2)', count: 4 },
    { value: '134, and growing', count: 134 },
    { value: '**7**', count: 7 },
    { value: '1,024', count: 1024 },
    { value: 'NULL', count: 0 },
  ])('$value is $count', ({ value, count }) => {
    const text = vertical([{ ...ROW, SUM_CONNECT_ERRORS: value }]);
    expect(read(text)).toMatchObject({ caches: [{ connectErrors: count }], problems: [] });
  });

  it.each(['NULL', 'null', '[NULL]', '(NULL)', '<null>', '\\N', 'None', ''])(
    'HOST %s is no name',
    (HOST) => {
      for (const print of [vertical, bordered]) {
        expect(read(print([{ ...ROW, HOST }])).caches).toMatchObject([{ host: null }]);
      }
    },
  );
});

describe('a masked address', () => {
  it.each([
    'xx.xx.xx.xx',
    '10.xx.x.xxx',
    '192.168.1.xxx',
    'x.x.x.x',
    '***.***.***.***',
    '10.0.0.*',
    'a.b.c.d',
    '192.O.2.7',
    '<IP>',
    '[redacted]',
    'REDACTED',
    'client_ip',
    'my-ip',
    'xxxx',
    '2001:db8::xxxx',
    'NULL',
  ])('%s', (IP) => {
    for (const print of [vertical, bordered, (rows: readonly Row[]) => JSON.stringify(rows)]) {
      const text = print([{ ...ROW, IP }]);
      expect(read(text)).toMatchObject({ caches: [{ address: null, host: null }], problems: [] });
      const reply = explainText(text);
      expect(findingsOf(reply)).toEqual(['degraded null-host']);
      expect(reply.rows).toMatchObject([{ client: null, address: null, cached: null }]);
    }
  });

  it('no column IP', () => {
    const text = 'HOST\tHOST_VALIDATED\tSUM_CONNECT_ERRORS\nNULL\tYES\t3';
    expect(read(text).caches).toMatchObject([{ address: null, connectErrors: 3 }]);
    expect(findingsOf(explainText(text))).toEqual(['degraded null-host', 'note handshake-errors']);
  });
});

describe('missing columns', () => {
  const COUNTED = {
    ...ROW,
    HOST: 'a.example.com',
    ...Object.fromEntries(COUNTERS.map((c) => [c, 0])),
  };
  it.each([
    {
      name: 'none',
      row: { ...COUNTED, SUM_CONNECT_ERRORS: 0 },
      says: /no errors counted/,
      not: /lacks/,
    },
    {
      name: 'all counters',
      row: { IP: '192.0.2.7', HOST: null },
      says: /lacks HOST_VALIDATED, SUM_CONNECT_ERRORS, all COUNT_… columns/,
      not: /no errors counted/,
    },
    {
      name: 'the name',
      row: { IP: '192.0.2.7', SUM_CONNECT_ERRORS: 0 },
      says: /lacks HOST, HOST_VALIDATED, all COUNT_… columns/,
      not: /HOST is NULL/,
    },
    {
      name: 'some counters',
      row: { IP: '192.0.2.7', SUM_CONNECT_ERRORS: 0, COUNT_SSL_ERRORS: 0 },
      says: /20 of the COUNT_… columns/,
      not: /no errors counted/,
    },
  ])('$name', ({ row, says, not }) => {
    const reply = explainText(vertical([row]));
    const text = JSON.stringify(reply.messages);
    expect(text).toMatch(says);
    expect(text).not.toMatch(not);
    // The rows are the contract's objects.
    const [{ gaps = [] } = {}] = reply.rows as readonly { gaps?: readonly string[] }[];
    expect(gaps.join('\n').includes('lacks')).toBe(says.source.includes('COUNT'));
  });
});

describe('the findings of a row', () => {
  it.each([
    { name: 'nothing', row: {}, findings: [], exit: 0 },
    {
      name: 'a newer column',
      row: { COUNT_NEW_ERRORS: 2 },
      findings: ['note unknown-errors'],
      exit: 0,
    },
    {
      name: 'blocked, nobody has been in since',
      row: { SUM_CONNECT_ERRORS: 9, COUNT_HANDSHAKE_ERRORS: 9, COUNT_HOST_BLOCKED_ERRORS: 3 },
      findings: ['blocking blocked-host', 'note handshake-errors'],
      exit: 1,
    },
    {
      name: 'blocked once, and well since',
      row: { SUM_CONNECT_ERRORS: 0, COUNT_HANDSHAKE_ERRORS: 9, COUNT_HOST_BLOCKED_ERRORS: 3 },
      findings: ['note blocked-host', 'note handshake-errors'],
      exit: 0,
    },
    {
      name: 'a lasting NULL',
      row: { HOST: null, COUNT_NAMEINFO_PERMANENT_ERRORS: 1, COUNT_HOST_ACL_ERRORS: 4 },
      findings: ['blocking no-matching-account', 'degraded null-host'],
      exit: 1,
    },
    {
      name: 'DNS that failed before it gave the name',
      row: { COUNT_NAMEINFO_TRANSIENT_ERRORS: 2 },
      findings: ['note dns-failing'],
      exit: 0,
    },
  ])('$name', ({ row, findings, exit }) => {
    const reply = explainText(JSON.stringify([{ ...OTHER_ROW, ...row }]));
    expect(findingsOf(reply)).toEqual(findings);
    expect(reply.exit).toBe(exit);
    expect(reply.rows).toMatchObject([
      {
        server: null,
        flavour: null,
        version: null,
        client: '2001:db8::7',
        dns: null,
        now: { outcome: 'unknown' },
        afterFlush: { outcome: 'unknown' },
        flush: 'unknown',
      },
    ]);
  });

  it('many hosts with one cause are one paragraph and a table', () => {
    const rows = Array.from({ length: 300 }, (_, i) => ({
      ...ROW,
      IP: `10.0.${i >> 8}.${i & 255}`,
    }));
    const reply = explainText(JSON.stringify(rows));
    expect(reply.rows).toHaveLength(300);
    expect(reply.messages).toHaveLength(1);
    expect(reply.messages[0]?.blocks.map(({ kind }) => kind)).toEqual([
      'text',
      'text',
      'note',
      'note',
      'note',
      'table',
    ]);
  });
});

function explainText(text: string): Reply {
  return explain(text, new Date('2026-11-20T09:02:11Z'));
}

function read(text: string): Saved {
  return readSaved(text.replace(/^\uFEFF/, '').split(/\r?\n/));
}

function findingsOf({ rows }: Reply): readonly string[] {
  // The rows are the contract's objects.
  const [row] = rows as readonly { findings: { severity: string; rule: string }[] }[];
  return row?.findings.map(({ severity, rule }) => `${severity} ${rule}`) ?? [];
}

function lower(text: string): string {
  return text.toLowerCase();
}
