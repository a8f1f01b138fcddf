import { describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { readSaved, type Saved } from '../../src/pasted/saved.ts';
import { bordered, FORMS, type Row, vertical } from './printers.ts';

/** Saved process lists, in every form in which people keep them. */

const WAITING: Row = {
  Id: 269869,
  User: 'unauthenticated user',
  Host: '192.0.2.161:45186',
  db: null,
  Command: 'Connect',
  Time: 12,
  State: 'login',
  Info: null,
};
const APP: Row = { ...WAITING, Id: 7, User: 'app', Host: '192.0.2.9:40000', Command: 'Query' };

describe('a list', () => {
  // Remarks in brackets stand behind values of two words too.
  it.each(FORMS.filter(({ name }) => !/remarks|without asterisks|phpMyAdmin, XML/.test(name)))(
    '$name',
    ({ print }) => {
      expect(read(print([APP, WAITING]))).toMatchObject({
        waiting: [{ client: '192.0.2.161', seconds: 12, state: 'login' }],
        sessions: 1,
        caches: [],
        problems: [],
      });
    },
  );

  it.each(FORMS.filter(({ name }) => !/blanks/.test(name)))(
    '$name, beside a cache',
    ({ print }) => {
      const cache = [{ IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', SUM_CONNECT_ERRORS: 0 }];
      const text = `${print(cache)}\n\n${bordered([APP, WAITING])}`;
      expect(read(text)).toMatchObject({
        caches: [{ address: '192.0.2.7' }],
        waiting: [{ client: '192.0.2.161' }],
      });
    },
  );

  it.each([
    {
      name: 'rows of a table',
      text: '| 269869 | unauthenticated user | 192.0.2.161:45186  | NULL | Connect | NULL | login | NULL   |',
    },
    {
      name: 'rows of MySQL 5.6, which cuts the user off',
      text: '| 269869 | unauthenticated  | 192.0.2.161:45186 | NULL | Connect | NULL | login | NULL |',
    },
    {
      name: 'a row without its edges',
      text: '269869 | unauthenticated user | 192.0.2.161:45186 | NULL | Connect | NULL | login | NULL',
    },
    {
      name: 'tabs',
      text: '269869\tunauthenticated user\t192.0.2.161:45186\tNULL\tConnect\tNULL\tlogin\tNULL',
    },
    {
      name: 'blanks',
      text: '269869  unauthenticated user  192.0.2.161:45186  NULL  Connect  NULL  login  NULL',
    },
    {
      name: 'CSV',
      text: '269869,"unauthenticated user","192.0.2.161:45186",NULL,"Connect",NULL,"login",NULL',
    },
  ])('without its names: $name', ({ text }) => {
    const saved = read(`the server hangs:\n${text}\n${text}`);
    const row = { client: '192.0.2.161', seconds: null, state: 'login' };
    expect(saved.waiting).toEqual([row, row]);
    expect([...saved.used]).toEqual([1, 2]);
  });

  it.each([
    '5  unauthenticated user  connecting host  NULL  Connect  NULL  login  NULL',
    '| 5 | unauthenticated user | connecting host | NULL | Connect |  | login | NULL |',
    vertical([WAITING])
      .replace(/Host: .*/, 'Host: connecting host')
      .replace(/(User: .*)/, '$1   <-- 300 of these'),
  ])('of an old server: %s', (text) => {
    expect(read(text).waiting).toMatchObject([{ client: null, state: 'login' }]);
  });

  it('of MySQL 5.6, which cuts the user off', () => {
    const text = bordered([APP, { ...WAITING, User: 'unauthenticated ' }]);
    expect(read(text)).toMatchObject({ waiting: [{ client: '192.0.2.161' }], sessions: 1 });
  });

  it('of our own', () => {
    const text = JSON.stringify({
      ...{ server: 'main', id: 4, client: '2001:db8::5', seconds: 3 },
      ...{ state: 'login', step: 'dns' },
    });
    expect(read(text).waiting).toEqual([{ client: '2001:db8::5', seconds: 3, state: 'login' }]);
  });

  it('that \\G prints without its asterisks', () => {
    const text = vertical([WAITING]).replace(/^\*.*\n/gm, '');
    expect(read(text).waiting).toHaveLength(1);
    // Nobody waits, so these may be lines of an alert.
    expect(read(vertical([APP]).replace(/^\*.*\n/gm, ''))).toMatchObject({ sessions: 0 });
  });
});

it.each([
  { host: '192.0.2.161:45186', client: '192.0.2.161' },
  { host: '192.0.2.161', client: '192.0.2.161' },
  { host: 'app7.example.com:45186', client: 'app7.example.com' },
  { host: 'localhost', client: 'localhost' },
  { host: '[2001:db8::5]:40000', client: '2001:db8::5' },
  { host: '2001:db8::5:40000', client: '2001:db8::5' },
  { host: '2001:db8::5', client: '2001:db8::5' },
  { host: '2001:db8:1:2:3:4:5:6:40000', client: '2001:db8:1:2:3:4:5:6' },
  { host: '2001:db8:1:2:3:4:5:6', client: '2001:db8:1:2:3:4:5:6' },
  { host: 'xx.xx.xx.xx:45186', client: null },
  { host: '<host>', client: null },
  { host: 'connecting host', client: null },
  { host: '', client: null },
])('the client of $host is $client', ({ host, client }) => {
  expect(read(bordered([{ ...WAITING, Host: host }])).waiting).toMatchObject([{ client }]);
});

describe('the answer', () => {
  it('has one object for each client, most connections first', () => {
    const from = (host: string) => ({ ...WAITING, Host: host });
    const hosts = ['192.0.2.7:1025', '2001:db8::5:1026', '2001:db8::5:1027', 'h1.example.com:1028'];
    const reply = explainText(bordered([APP, ...hosts.map(from)]));
    expect(reply.rows).toMatchObject([
      { client: '2001:db8::5', address: '2001:db8::5', user: null },
      { client: '192.0.2.7', address: '192.0.2.7' },
      { client: 'h1.example.com', address: null, server: null, now: { outcome: 'unknown' } },
    ]);
    expect(findingsOf(reply)).toEqual(Array(3).fill('degraded handshake-pileup'));
    expect(reply.exit).toBe(0);
    const words = JSON.stringify(reply.messages);
    expect(words).toContain('4 connections have not finished authentication');
    expect(words).toContain('2001:db8::5 (2), 192.0.2.7 (1), h1.example.com (1)');
    expect(words).toContain('4 waiting for DNS or in the TLS handshake');
  });

  it.each([
    { State: 'login', says: /waiting for DNS or in the TLS handshake/ },
    { State: 'Receiving from client', says: /past the name lookup/ },
    { State: 'Reading from net', says: /past the name lookup/ },
    { State: '', says: /a step that the list does not show/ },
  ])('state "$State"', ({ State, says }) => {
    const words = JSON.stringify(explainText(bordered([{ ...WAITING, State }])).messages);
    expect(words).toMatch(says);
  });

  it('of a list in which nobody waits', () => {
    const reply = explainText(bordered([APP, APP]));
    expect(reply).toMatchObject({ rows: [], exit: 0 });
    expect(reply.messages[0]?.headline).toBe(
      'A process list of 2 connections: each has finished authentication.',
    );
  });

  it('of a cache and a list in one text', () => {
    const cache = { IP: '192.0.2.7', HOST: null, HOST_VALIDATED: 'YES', COUNT_FCRDNS_ERRORS: 1 };
    const reply = explainText(`${vertical([cache])}\n${bordered([WAITING])}`);
    expect(findingsOf(reply)).toEqual(['degraded null-host', 'degraded handshake-pileup']);
  });
});

function read(text: string): Saved {
  return readSaved(text.split(/\r?\n/));
}

function explainText(text: string): Reply {
  return explain(text, new Date('2026-11-20T09:02:11Z'));
}

function findingsOf({ rows }: Reply): readonly string[] {
  // The rows are the contract's objects.
  return (rows as readonly { findings: { severity: string; rule: string }[] }[]).flatMap(
    ({ findings }) => findings.map(({ severity, rule }) => `${severity} ${rule}`),
  );
}
