import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { parseSavedRows } from '../../src/diagnosis/saved-rows.ts';

/** Saved rows of a host cache, in every form in which people keep them. */

const ROW = { IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', COUNT_FCRDNS_ERRORS: 1 };
const OTHER_ROW = { IP: '2001:db8::7', HOST: 'app.example.com', HOST_VALIDATED: 'YES' };

const VERTICAL = `mysql> SELECT * FROM performance_schema.host_cache\\G
*************************** 1. row ***************************
                 IP: 192.0.2.7
               HOST: NULL
     HOST_VALIDATED: YES
COUNT_FCRDNS_ERRORS: 1
         FIRST_SEEN: 2026-11-20 09:02:11
*************************** 2. row ***************************
            IP: 2001:db8::7
          HOST: app.example.com
HOST_VALIDATED: YES
2 rows in set (0.00 sec)
`;

describe('two rows', () => {
  it.each([
    { name: 'an array', text: JSON.stringify([ROW, OTHER_ROW]) },
    { name: 'an array over many lines', text: JSON.stringify([ROW, OTHER_ROW], null, 2) },
    { name: 'an object a line', text: `${JSON.stringify(ROW)}\n${JSON.stringify(OTHER_ROW)}\n` },
    { name: 'rows of a shell', text: JSON.stringify({ hasData: true, rows: [ROW, OTHER_ROW] }) },
    { name: 'a byte order mark', text: `\uFEFF${JSON.stringify([ROW, OTHER_ROW])}` },
    { name: 'small letters', text: JSON.stringify([ROW, OTHER_ROW]).replace(/"[A-Z_]+":/g, lower) },
    { name: 'numbers as text', text: JSON.stringify([ROW, OTHER_ROW]).replace(':1', ':"1"') },
    { name: '\\G', text: VERTICAL },
    { name: '\\G from Windows', text: VERTICAL.replaceAll('\n', '\r\n') },
    {
      name: '\\G in another order',
      text: VERTICAL.replace(/( +IP: 192.*\n)([\s\S]*?)(\*)/, '$2$1$3'),
    },
    { name: '\\G without asterisks', text: VERTICAL.replace(/^\*.*\n/gm, '') },
    { name: '\\G with few asterisks', text: VERTICAL.replace(/\*{27}/g, '***') },
  ])('$name', ({ text }) => {
    expect(parseSavedRows(text)).toMatchObject({
      kind: 'rows',
      entries: [
        {
          address: '192.0.2.7',
          host: null,
          validated: true,
          connectErrors: 0,
          counters: { COUNT_FCRDNS_ERRORS: 1 },
        },
        { address: '2001:db8::7', host: 'app.example.com', counters: {} },
      ],
    });
  });
});

it.each([
  { name: 'an error message', text: "Host '192.0.2.7' is not allowed to connect" },
  { name: 'an ODBC error', text: "[MySQL][ODBC 8.0(w) Driver]Host '192.0.2.7' is not allowed" },
  { name: 'an error as JSON', text: `{"message":"Host '192.0.2.7' is not allowed"}` },
  { name: 'other rows', text: '[{"User":"app","Host":"%"}]' },
  { name: 'other \\G text', text: '*** 1. row ***\nUser: app\nHost: %\n' },
  { name: 'nothing', text: '' },
])('$name is no saved cache', ({ text }) => {
  expect(parseSavedRows(text)).toEqual({ kind: 'other' });
});

it.each([
  {
    name: 'no address',
    text: '[{"IP":"prod"}]',
    says: /row 1: IP: expected an address, got "prod"/,
  },
  { name: 'a row without one', text: '[{"IP":"192.0.2.7"},{}]', says: /row 2: .* column IP/ },
  {
    name: 'no number',
    text: '*** 1. row ***\nIP: 192.0.2.7\nCOUNT_SSL_ERRORS: many\n',
    says: /row 1: COUNT_SSL_ERRORS: expected a number, got "many"/,
  },
  { name: 'a line cut off', text: '{"IP":"192.0.2.7"}\n{"IP":"192.0', says: /line 2: .*\{"IP/ },
])('a broken row is reported: $name', ({ text, says }) => {
  const parsed = parseSavedRows(text);
  expect(parsed).toMatchObject({ kind: 'malformed', problem: expect.stringMatching(says) });
  expect(explainText(text)).toMatchObject({ exit: 2, rows: [] });
});

it.each(['[]', '{"rows":[]}', 'Empty set (0.00 sec)'])('an empty cache: %s', (text) => {
  expect(explainText(text)).toMatchObject({ exit: 0, rows: [] });
});

it('times count with their zone alone', () => {
  const seen = (text: string) => parseSavedRows(JSON.stringify([{ ...ROW, FIRST_SEEN: text }]));
  expect(seen('2026-11-20 09:02:11')).toMatchObject({ entries: [{ firstSeenAt: null }] });
  expect(seen('2026-11-20T09:02:11Z')).toMatchObject({
    entries: [{ firstSeenAt: new Date('2026-11-20T09:02:11Z') }],
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
      'table',
    ]);
  });
});

function explainText(text: string): Reply {
  return explain(text, new Date('2026-11-20T09:02:11Z'));
}

function findingsOf({ rows }: Reply): readonly string[] {
  // The rows are the contract's objects.
  const [row] = rows as readonly { findings: { severity: string; rule: string }[] }[];
  return row?.findings.map(({ severity, rule }) => `${severity} ${rule}`) ?? [];
}

function lower(text: string): string {
  return text.toLowerCase();
}
