import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createStateCheck } from '../../../src/adapters/store/look.ts';
import { openStore } from '../../../src/adapters/store/store.ts';
import { VERSION } from '../../../src/adapters/store/version.ts';
import { placeOf } from '../../logins.ts';
import { refuses } from './refuses.ts';
import { alert, reading, seconds, sweepRecord } from './samples.ts';

/** States of other versions, and states that lack something: used, migrated or refused, never guessed. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-schema-'));
let files = 0;
let file = '';

beforeEach(async () => {
  files += 1;
  file = join(folder, `${files}.db`);
  const state = await openStore({ place: placeOf(`sqlite:${file}`) });
  await state.alerts.nextAlertId();
  await state.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

function change(...statements: readonly string[]): void {
  const database = new Libsql(file);
  for (const sql of statements) database.exec(sql);
  database.close();
}

const NO_RECORD =
  'has tables of hostcache, but no record of their version (hostcache_migrations); restore a backup, or use a new state.';
const START_IT = `, and this is ${VERSION}; start that version, or use a new state.`;

/** As the version before the readings were one row per server. */
const BEFORE_PACES = [
  `CREATE TABLE hostcache_readings (server varchar(150) NOT NULL, address varchar(150) NOT NULL,
    read_at bigint NOT NULL, handshake_errors bigint NOT NULL, entry_made_at bigint,
    PRIMARY KEY (server, read_at, address))`,
  'DROP TABLE hostcache_paces',
  'DROP TABLE hostcache_versions',
  "DELETE FROM hostcache_migrations WHERE name >= '005-paces'",
  "DELETE FROM hostcache_counters WHERE name = 'probe'",
];

describe('is refused, at a start and by doctor, and nothing is changed', () => {
  it.each([
    ['no record', ['DELETE FROM hostcache_migrations'], NO_RECORD],
    ['no table for the record', ['DROP TABLE hostcache_migrations'], NO_RECORD],
    [
      'neither, and one table alone',
      [
        'DROP TABLE hostcache_migrations',
        'DROP TABLE hostcache_counters',
        'DROP TABLE hostcache_roots',
      ],
      NO_RECORD,
    ],
    [
      'a hole in the record',
      ["DELETE FROM hostcache_migrations WHERE name = '003-alert-cards'"],
      'has no record of its migration 003-alert-cards, but of later ones; restore a backup, or use a new state.',
    ],
    [
      'a newer version that says which',
      [
        "INSERT INTO hostcache_migrations VALUES ('999-later', '2030-01-01')",
        "INSERT INTO hostcache_versions VALUES ('999-later', '7.1.0')",
      ],
      `was made by hostcache 7.1.0 (999-later)${START_IT}`,
    ],
    [
      'a newer version',
      ["INSERT INTO hostcache_migrations VALUES ('999-later', '2030-01-01')"],
      `was made by a newer version of hostcache (999-later)${START_IT}`,
    ],
    [
      'a table less',
      ['DROP TABLE hostcache_roots'],
      'lacks the table hostcache_roots; restore a backup, or use a new state.',
    ],
    [
      'empty counters',
      ['DELETE FROM hostcache_counters'],
      'lacks rows of hostcache_counters; restore a backup, or use a new state.',
    ],
  ] as const)('%s', async (_, statements, says) => {
    change(...statements);
    const before = dump();
    await refuses(`sqlite:${file}`, `STATE_URL: ${file} ${says}`);
    await expect(createStateCheck(placeOf(`sqlite:${file}`)).run()).rejects.toMatchObject({
      kind: 'unreadable',
      message: `STATE_URL: ${file} ${says}`,
    });
    expect(dump()).toEqual(before);
  });
});

function dump(): unknown {
  const database = new Libsql(file, { readonly: true });
  const tables = database.prepare('SELECT name, sql FROM sqlite_master ORDER BY name').all([]);
  database.close();
  return tables;
}

it('of an older version, paces go on', async () => {
  const first = reading({ handshakeErrors: 3 });
  const other = reading({ address: '2001:db8::7', entryMadeAt: null, readAt: seconds(3) });
  const later = reading({ handshakeErrors: 9, readAt: seconds(300) });
  const rows = [
    ...[first, other, later, reading({ handshakeErrors: 4, readAt: seconds(1) })],
    reading({ readAt: seconds(2), entryMadeAt: seconds(1) }),
  ].map(
    ({ address, readAt, handshakeErrors, entryMadeAt }) =>
      `('main', '${address}', ${readAt.getTime()}, ${handshakeErrors}, ${entryMadeAt?.getTime() ?? 'NULL'})`,
  );
  change(...BEFORE_PACES, `INSERT INTO hostcache_readings VALUES ${rows.join(', ')}`);
  const state = await openStore({ place: placeOf(`sqlite:${file}`) });
  const kept = await state.sweeps.readings('main');
  expect(kept).toHaveLength(4);
  expect(kept).toEqual(expect.arrayContaining([first, other, later]));
  expect(await state.alerts.nextAlertId()).toBe('AL-2');
  expect(await state.writeFault()).toBeNull();
  await state.close();
  const tables = JSON.stringify(dump());
  expect(tables).not.toContain('hostcache_readings');
});

describe('while it runs', () => {
  it.each([
    ['the file is removed', () => rmSync(file), /\d\.db was removed after/],
    ['the file is replaced', () => replace(file), /\d\.db was replaced after/],
    ['its log is removed', () => rmSync(`${file}-wal`), /\d\.db-wal was removed after/],
    ['its log is replaced', () => replace(`${file}-wal`), /\d\.db-wal was replaced after/],
    ['a table is dropped', () => change('DROP TABLE hostcache_roots'), /lacks the table/],
    [
      'a counter is deleted',
      () => change("DELETE FROM hostcache_counters WHERE name = 'probe'"),
      /lacks rows of hostcache_counters/,
    ],
  ] as const)('%s: it says so', async (_, act, says) => {
    const state = await openStore({ place: placeOf(`sqlite:${file}`) });
    await state.alerts.save([alert()], []);
    expect(await state.writeFault()).toBeNull();
    act();
    expect(await state.writeFault()).toMatch(says);
    await state.close();
  });

  it('a log that is put back holds everything', async () => {
    const place = placeOf(`sqlite:${file}`);
    const state = await openStore({ place });
    await state.sweeps.record(sweepRecord());
    renameSync(`${file}-wal`, `${file}-away`);
    await expect(state.sweeps.record(sweepRecord({ entries: 1 }))).rejects.toMatchObject({
      kind: 'unreadable',
    });
    renameSync(`${file}-away`, `${file}-wal`);
    expect(await state.sweeps.records()).toEqual([sweepRecord()]);
    expect(await state.writeFault()).toBeNull();
    await state.close();
  });
});

function replace(path: string): void {
  writeFileSync(`${path}.new`, '');
  renameSync(`${path}.new`, path);
}
