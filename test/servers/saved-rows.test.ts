import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/diagnosis/explain.ts';
import type { RuleId } from '../../src/diagnosis/rule.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** `explain` on rows of real servers, saved in the formats of their clients. */

type Row = Readonly<Record<string, unknown>>;

/** The expected rules by counter. */
const RULES: Readonly<Record<string, RuleId>> = {
  SUM_CONNECT_ERRORS: 'handshake-errors',
  COUNT_HOST_BLOCKED_ERRORS: 'blocked-host',
  COUNT_NAMEINFO_TRANSIENT_ERRORS: 'dns-failing',
  COUNT_NAMEINFO_PERMANENT_ERRORS: 'null-host',
  COUNT_FORMAT_ERRORS: 'numeric-host-name',
  COUNT_ADDRINFO_TRANSIENT_ERRORS: 'dns-failing',
  COUNT_ADDRINFO_PERMANENT_ERRORS: 'null-host',
  COUNT_FCRDNS_ERRORS: 'null-host',
  COUNT_HOST_ACL_ERRORS: 'no-matching-account',
  COUNT_NO_AUTH_PLUGIN_ERRORS: 'plugin-missing',
  COUNT_AUTH_PLUGIN_ERRORS: 'wrong-password',
  COUNT_HANDSHAKE_ERRORS: 'handshake-errors',
  COUNT_PROXY_USER_ERRORS: 'proxy-user',
  COUNT_PROXY_USER_ACL_ERRORS: 'proxy-user',
  COUNT_AUTHENTICATION_ERRORS: 'wrong-password',
  COUNT_SSL_ERRORS: 'tls-required',
  COUNT_MAX_USER_CONNECTIONS_ERRORS: 'user-limits',
  COUNT_MAX_USER_CONNECTIONS_PER_HOUR_ERRORS: 'user-limits',
  COUNT_DEFAULT_DATABASE_ERRORS: 'default-database',
  COUNT_INIT_CONNECT_ERRORS: 'init-connect',
  COUNT_LOCAL_ERRORS: 'local-errors',
  COUNT_ACCOUNT_LOCKED_ERRORS: 'account-locked',
  COUNT_TEMPORARY_ACCOUNT_LOCKED_ERRORS: 'account-locked',
  COUNT_UNKNOWN_ERRORS: 'unknown-errors',
};

const LIMIT = 2;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let rows: readonly Row[];

  beforeAll(async () => {
    stage = await openStage({ flavour, args: [`--max-connect-errors=${LIMIT}`] });
    const { world } = stage;
    await world.query(
      `CREATE USER jdoe@'10.%' IDENTIFIED BY 'pw'; CREATE USER tls@'10.%' REQUIRE SSL`,
    );
    const names = ['10.0.0.1', '10.0.0.2', '10.0.0.3', '192.0.2.1'];
    for (const [i, address] of names.entries()) world.dns.host(address, `h${i}.example.com`);
    world.dns.host('10.0.0.4', '4.example.com');
    world.dns.ptr('10.0.0.5', 'SERVFAIL');
    world.dns.ptr('10.0.0.6', ['gone.example.com']);
    await world.connectFrom('10.0.0.1', { password: 'pw' });
    await world.connectFrom('10.0.0.2', { password: 'no' });
    await world.connectFrom('10.0.0.2', { user: 'tls' });
    await world.breakHandshakeFrom('10.0.0.3', LIMIT);
    for (const last of [3, 4, 5, 6, 7]) await world.connectFrom(`10.0.0.${last}`);
    await world.connectFrom('192.0.2.1');
    await world.connectFrom('2001:db8::5');
    rows = await world.query('SELECT * FROM performance_schema.host_cache');
  });
  afterAll(() => stage?.close());

  it.each([
    { form: '\\G', write: vertical },
    { form: 'JSON', write: (all: readonly Row[]) => JSON.stringify(all) },
    {
      form: 'JSON lines',
      write: (all: readonly Row[]) => all.map((row) => JSON.stringify(row)).join('\n'),
    },
  ])('as $form: each counter above 0 has its rule', ({ write }) => {
    expect(rows).toHaveLength(9);
    const told = rulesOf(write(rows));
    for (const row of rows) {
      const due = Object.keys(row).filter((column) => Number(row[column]) > 0 && column in RULES);
      const expected = new Set(due.map((column) => RULES[column]));
      expect(told.get(String(row['IP'])), String(row['IP'])).toEqual(expected);
    }
  });

  it('each column alone, in any order, with some columns missing', () => {
    const [clean = {}] = rows.filter((row) => row['IP'] === '10.0.0.1');
    const columns = Object.keys(clean);
    expect(columns).toHaveLength(flavour === 'mysql' ? 31 : 29);
    const counters = columns.filter((column) => /^(SUM|COUNT)_/.test(column));
    expect(counters.filter((column) => !(column in RULES))).toEqual([]);
    for (const [i, counter] of counters.entries()) {
      const isKept = (column: string, at: number) => !/SEEN$/.test(column) || (at + i) % 2 === 0;
      const kept = [...columns].filter(isKept).sort((a, b) => rank(a, i) - rank(b, i));
      const row = Object.fromEntries(kept.map((name) => [name, clean[name]]));
      const told = rulesOf(vertical([{ ...row, [counter]: 7 }]));
      expect(told.get('10.0.0.1'), counter).toEqual(new Set([RULES[counter]]));
    }
  });
});

/** The output format of the mysql and mariadb clients. */
function vertical(rows: readonly Row[]): string {
  const printed = rows.map((row, i) => {
    const names = Object.keys(row);
    const width = Math.max(...names.map((name) => name.length));
    const lines = names.map((name) => `${name.padStart(width)}: ${row[name] ?? 'NULL'}\n`);
    const stars = '*'.repeat(27);
    return `${stars} ${i + 1}. row ${stars}\n${lines.join('')}`;
  });
  return `${printed.join('')}${rows.length} rows in set (0.00 sec)\n`;
}

/** The rules of each address. */
function rulesOf(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  // The rows are the documented JSON objects.
  const rows = explain(text, new Date(0)).rows as readonly {
    client: string;
    findings: readonly { rule: string }[];
  }[];
  return new Map(
    rows.map(({ client, findings }) => [client, new Set(findings.map(({ rule }) => rule))]),
  );
}

/** A pseudo-random order; each seed gives another one. */
function rank(name: string, seed: number): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0) + seed) % 9973, seed);
}
