import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore } from '../../../src/adapters/store/store.ts';
import { EMPTY_CARD } from '../../../src/sweep/card.ts';
import { placeOf } from '../../logins.ts';
import { storeContract } from './contract.ts';
import { openImpatient } from './impatient.ts';
import { refuses } from './refuses.ts';
import { alert, sweepRecord } from './samples.ts';
import { openAtOnce } from './sharing-contract.ts';

/** The store in a SQLite file: the contract, and what can go wrong with a file. */

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

  it('says what cannot be opened', async () => {
    const garbage = await makeFile();
    await writeFile(garbage, 'x'.repeat(5000));
    const refusals = [
      [garbage, `STATE_URL: ${garbage} is not a SQLite database; use another file.`],
      [folder, `STATE_URL: ${folder} is a folder; use a file.`],
      [
        '/nowhere/x.db',
        'STATE_URL: the folder /nowhere does not exist; create it, or use another file.',
      ],
      [
        // Nobody can create a file there, not even root.
        '/proc/x.db',
        'STATE_URL: /proc/x.db cannot be opened; check owner and mode of file and folder.',
      ],
    ] as const;
    for (const [file, message] of refusals) await refuses(`sqlite:${file}`, message);
  });

  it('reads what the first version has stored', async () => {
    const file = await makeFile();
    const place = placeOf(`sqlite:${file}`);
    const first = await openStore({ place });
    await first.alerts.save([alert()], []);
    await first.sweeps.record(sweepRecord());
    await first.close();
    const old = new Libsql(file);
    old.exec('ALTER TABLE hostcache_alerts DROP COLUMN card');
    old.exec('ALTER TABLE hostcache_sweeps DROP COLUMN next_at');
    old.exec("DELETE FROM hostcache_migrations WHERE name > '001-tables'");
    old.close();
    const state = await openStore({ place });
    expect(await state.alerts.open()).toEqual([alert({ card: EMPTY_CARD, revision: 1 })]);
    expect(await state.sweeps.records()).toEqual([sweepRecord({ nextAt: null })]);
    expect(await state.alerts.save([alert({ revision: 1 })], [])).toBe(true);
    await state.close();
  });

  it('waits for another process, within its limit', async () => {
    const file = await makeFile();
    const place = placeOf(`sqlite:${file}`);
    const state = await openImpatient({ place, limitMs: 100 });
    const waiting = await openStore({ place, limitMs: 60_000 });
    const other = new Libsql(file);
    other.exec('begin immediate');
    const outcomes = await Promise.allSettled([
      state.alerts.nextAlertId(),
      state.leases.release('x', 'me'),
    ]);
    const locked = `another program keeps ${file} locked; check which one has it open`;
    expect(outcomes).toMatchObject([
      { reason: { kind: 'unreadable', message: `STATE_URL: ${locked}.` } },
      { reason: { kind: 'unreadable' } },
    ]);
    // It can be read meanwhile.
    await expect.poll(() => state.alerts.open().catch(() => null)).toEqual([]);
    expect(await state.writeFault()).toMatch(/^STATE_URL: /);
    const patient = waiting.alerts.nextAlertId();
    setTimeout(() => other.exec('commit'), 100);
    expect(await patient).toBe('AL-1');
    await Promise.all([state.close(), waiting.close()]);
  });

  it('refuses every call while its file is away', async () => {
    const file = await makeFile();
    const state = await openStore({ place: placeOf(`sqlite:${file}`) });
    await rename(file, `${file}.away`);
    await expect(state.alerts.nextAlertId()).rejects.toMatchObject({ kind: 'unreadable' });
    expect(await state.writeFault()).toMatch(/^STATE_URL: /);
    await writeFile(file, '');
    await expect(state.alerts.open()).rejects.toThrow(/was replaced after hostcache opened it/);
    await rename(`${file}.away`, file);
    expect(await state.alerts.nextAlertId()).toBe('AL-1');
    await state.close();
  });
});
