import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { COUNTERS } from '../../src/pasted/saved.ts';
import { bordered, OTHER_ROW, ROW, type Row, vertical } from '../pasted/printers.ts';

/** What saved rows of a host cache mean, also where parts of them are missing. */

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
      const reply = explainText(text);
      expect(findingsOf(reply)).toEqual(['degraded null-host']);
      expect(reply.rows).toMatchObject([{ client: null, address: null, cached: null }]);
    }
  });

  it('no column IP', () => {
    const text = 'HOST\tHOST_VALIDATED\tSUM_CONNECT_ERRORS\nNULL\tYES\t3';
    expect(findingsOf(explainText(text))).toEqual(['degraded null-host', 'note handshake-errors']);
  });
});

describe('missing columns', () => {
  it.each([
    { name: 'a blanked name', row: { IP: '192.0.2.7', HOST: '', HOST_VALIDATED: 'YES' } },
    { name: 'no column HOST', row: { IP: '192.0.2.7', HOST_VALIDATED: 'YES' } },
  ])('$name is no NULL', ({ row }) => {
    expect(findingsOf(explainText(vertical([row])))).toEqual([]);
    const counted = vertical([{ ...row, COUNT_FCRDNS_ERRORS: 1 }]);
    expect(findingsOf(explainText(counted))).toEqual(['note null-host']);
  });

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

function findingsOf({ rows }: Reply): readonly string[] {
  // The rows are the contract's objects.
  const [row] = rows as readonly { findings: { severity: string; rule: string }[] }[];
  return row?.findings.map(({ severity, rule }) => `${severity} ${rule}`) ?? [];
}
