import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/adapters/store/store.ts';
import { storeContract } from './contract.ts';
import { refuses } from './refuses.ts';
import { openAtOnce } from './sharing-contract.ts';

/** The store in a SQLite file: what every store must do, and what a file can meet; and what STATE_URL may be. */

describe('SQLite', () => {
  let folder = '';
  let files = 0;
  const makeFile = async () => {
    files += 1;
    return join(folder, `${files}.db`);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hostcache-store-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  storeContract('in a file', async () => `sqlite:${await makeFile()}`);

  it('opens a new file for several at once', async () => {
    await openAtOnce(`sqlite:${await makeFile()}`, 4);
  });

  it('names what cannot be opened', async () => {
    const garbage = await makeFile();
    await writeFile(garbage, 'x'.repeat(5000));
    const refusals = [
      [garbage, `STATE_URL: ${garbage} is no SQLite database; name another file.`],
      [folder, `STATE_URL: ${folder} is a folder; name a file.`],
      ['/nowhere/x.db', 'STATE_URL: there is no folder /nowhere; make it, or name another file.'],
      [
        // Nobody can make a file there, root neither.
        '/proc/x.db',
        'STATE_URL: /proc/x.db cannot be opened; check owner and mode of file and folder.',
      ],
    ] as const;
    for (const [file, message] of refusals) await refuses(`sqlite:${file}`, message);
  });

  it('refuses a file that a newer version has changed', async () => {
    const file = await makeFile();
    await (await openStore({ url: `sqlite:${file}` })).close();
    new Libsql(file).exec("INSERT INTO hostcache_migrations VALUES ('999-later', '2030-01-01')");
    const says = 'was used by a newer hostcache; start that one.';
    await refuses(`sqlite:${file}`, `STATE_URL: ${file} ${says}`);
  });

  it('waits for another process, within its limit', async () => {
    const file = await makeFile();
    const state = await openStore({ url: `sqlite:${file}`, limitMs: 400 });
    const other = new Libsql(file);
    other.exec('begin immediate');
    const outcomes = await Promise.allSettled([
      state.alerts.nextAlertId(),
      state.leases.release('x', 'me'),
    ]);
    const locked = `another program keeps ${file} locked; see which one has it open`;
    expect(outcomes).toMatchObject([
      { reason: { kind: 'unreadable', message: `STATE_URL: ${locked}.` } },
      { reason: { kind: 'unreadable' } },
    ]);
    expect(await state.isReachable()).toBe(true);
    const patient = state.alerts.nextAlertId();
    setTimeout(() => other.exec('commit'), 100);
    expect(await patient).toBe('AL-1');
    await state.close();
  });

  it('refuses all while its file is away', async () => {
    const file = await makeFile();
    const state = await openStore({ url: `sqlite:${file}` });
    await rename(file, `${file}.away`);
    await expect(state.alerts.nextAlertId()).rejects.toMatchObject({ kind: 'unreadable' });
    expect(await state.isReachable()).toBe(false);
    await writeFile(file, '');
    await expect(state.alerts.open()).rejects.toThrow(/is another file since hostcache opened it/);
    await rename(`${file}.away`, file);
    expect(await state.alerts.nextAlertId()).toBe('AL-1');
    await state.close();
  });
});

const EXPECTED = 'expected sqlite:FILE or mysql://user:password@host:3306/database';

it.each([
  ['postgres://bot:secret@db.invalid/state', 'postgres://bot:…@db.invalid/state'],
  ['mysql://bot:secret@db.invalid/state/x', 'mysql://bot:…@db.invalid/state/x'],
  ['mysql://bot:secret@db.invalid', 'mysql://bot:…@db.invalid'],
  ['mysql://bot:sec%ret@db.invalid/state', 'mysql://bot:…@db.invalid/state'],
  ['mysql://bot:12/secret@db.invalid/state', 'mysql://bot:…@db.invalid/state'],
  ['mysql://bot:x@db.invalid/state?ssl={"key":', 'mysql://bot:…@db.invalid/state?…'],
  ['hostcache.db', 'hostcache.db'],
])('tells what %s should be, without a password', async (url, shown) => {
  await refuses(url, `STATE_URL: ${EXPECTED}, got "${shown}"; see .env.example.`);
});

it('takes no parameters that it does not know', async () => {
  const says = 'expected no parameters but socketPath and ssl, got sslmode';
  await refuses('mysql://bot:secret@db.invalid/state?sslmode=on', `STATE_URL: ${says}.`);
  const profile = 'mysql://bot:secret@db.invalid/state?ssl=nobody';
  await expect(openStore({ url: profile })).rejects.toMatchObject({ kind: 'unreadable' });
});
