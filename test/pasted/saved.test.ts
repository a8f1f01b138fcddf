import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { readSaved, type Saved } from '../../src/pasted/saved.ts';
import { bordered, FORMS, OTHER_ROW, ROW, vertical } from './printers.ts';

/** Saved rows of a host cache, in every form in which people keep them. */

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

it('the list that a terminal shows', () => {
  const text = `2 of 9 host cache entries on main with "errors".

Address      Host             Connect errors  What
192.0.2.7    NULL                        100  blocked, handshake 100, nameinfo_permanent 1
2001:db8::7  app.example.com               0

Read 2026-11-20 09:02:11 UTC`;
  const { caches, used } = read(text);
  expect(caches).toMatchObject([
    {
      address: '192.0.2.7',
      host: null,
      connectErrors: 100,
      counters: { COUNT_HANDSHAKE_ERRORS: 100, COUNT_NAMEINFO_PERMANENT_ERRORS: 1 },
      missing: ['HOST_VALIDATED'],
    },
    { address: '2001:db8::7', host: 'app.example.com' },
  ]);
  expect([...used].sort()).toEqual([2, 3, 4]);
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

  it.each(['NULL', 'null', '[NULL]', '(NULL)', '<null>', '\\N', 'None', '~'])(
    'HOST %s is no name',
    (HOST) => {
      for (const print of [vertical, bordered]) {
        const [entry] = read(print([{ ...ROW, HOST }])).caches;
        expect(entry).toMatchObject({ host: null });
        expect(entry?.missing).not.toContain('HOST');
      }
    },
  );

  it('HOST without a value was blanked, where the client would print NULL', () => {
    const [entry] = read(vertical([{ ...ROW, HOST: '' }])).caches;
    expect(entry?.missing).toContain('HOST');
  });
});

function explainText(text: string): Reply {
  return explain(text, new Date('2026-11-20T09:02:11Z'));
}

function read(text: string): Saved {
  return readSaved(text.replace(/^\uFEFF/, '').split(/\r?\n/));
}

function lower(text: string): string {
  return text.toLowerCase();
}
