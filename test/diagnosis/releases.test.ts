import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { type Evidence, known } from '../../src/diagnosis/evidence.ts';
import { parseVersion, type ServerSettings } from '../../src/hostcache/settings.ts';
import { account, rowsOf } from '../scenarios/accounts.ts';
import { confirmed } from '../scenarios/dns.ts';
import { entry } from '../scenarios/entries.ts';
import { healthy } from '../scenarios/evidence.ts';
import { MYSQL } from '../scenarios/servers.ts';

/** Where releases match accounts and names differently. */

describe('an account whose mask is full, alone on the server', () => {
  it.each([
    { version: '8.0.29', outcome: 'admitted', gap: false },
    { version: '8.0.30', outcome: 'admitted', gap: false },
    { version: '8.0.36', outcome: 'unknown', gap: true },
    { version: '8.2.0', outcome: 'unknown', gap: true },
    { version: '8.0.44', outcome: 'refused', gap: false },
    { version: '8.4.9', outcome: 'refused', gap: false },
    { version: '9.7.4', outcome: 'refused', gap: false },
  ])('$version: $outcome', ({ version, outcome, gap }) => {
    const accounts = known(rowsOf(account('a', `${healthy.client.text}/32`)));
    const { prediction, gaps } = diagnose({ ...on(version), accounts });
    expect(prediction.now.outcome).toBe(outcome);
    expect(/not known whether 'a'@'[\d.]+\/32' opens/.test(gaps.join())).toBe(gap);
  });
});

describe('a name of 70 characters', () => {
  const LONG = `${'x'.repeat(58)}.example.com`;
  const KEPT = LONG.slice(0, 60);

  /** `account`: for the whole name, or for its first 60 characters. */
  it.each([
    { version: '5.6.24', cached: KEPT, account: LONG, now: 'refused', after: 'admitted' },
    { version: '5.6.24', cached: KEPT, account: KEPT, now: 'admitted', after: 'refused' },
    { version: '8.0.16', cached: KEPT, account: LONG, now: 'refused', after: 'admitted' },
    { version: '10.5.23-MariaDB', cached: KEPT, account: LONG, now: 'refused', after: 'refused' },
    { version: '10.5.23-MariaDB', cached: KEPT, account: KEPT, now: 'admitted', after: 'admitted' },
    { version: '8.0.17', cached: LONG, account: LONG, now: 'admitted', after: 'admitted' },
    { version: '10.6.1-MariaDB', cached: LONG, account: LONG, now: 'admitted', after: 'admitted' },
    { version: '9.7.4', cached: LONG, account: KEPT, now: 'refused', after: 'refused' },
  ])('$version, an account for $account: $now, then $after', (row) => {
    const { findings, prediction, gaps } = diagnose({
      ...on(row.version),
      entry: known(entry({ host: row.cached })),
      dns: confirmed(LONG),
      accounts: known(rowsOf(account('a', row.account))),
    });
    expect(prediction.now.outcome).toBe(row.now);
    expect(prediction.afterFlush.outcome).toBe(row.after);
    expect(findings.map(({ rule }) => rule)).not.toContain('stale-host');
    expect(gaps.some((gap) => gap.includes('longer than 60 characters'))).toBe(
      row.version.startsWith('5.6') || row.version === '8.0.16',
    );
  });

  it.each([
    { version: '10.5.23-MariaDB', cached: `y${KEPT.slice(1)}` },
    { version: '9.7.4', cached: KEPT },
  ])('$version: $cached is stale', ({ version, cached }) => {
    const dns = confirmed(LONG);
    const { findings } = diagnose({ ...on(version), entry: known(entry({ host: cached })), dns });
    expect(findings.map(({ rule }) => rule)).toContain('stale-host');
  });
});

it.each(['5.6.24', '8.0.16', '10.5.23-MariaDB'])(
  '%s: a name that was cut off before its first dot is the name that DNS gives',
  (version) => {
    const name = `${'x'.repeat(62)}.example.com`;
    const { findings, prediction, gaps } = diagnose({
      ...on(version),
      entry: known(entry({ host: name.slice(0, 60) })),
      dns: confirmed(name),
    });
    expect(prediction.afterFlush.outcome).toBe('refused');
    expect(findings.map(({ rule }) => rule)).not.toContain('local-name');
    expect(gaps.join()).not.toContain('DNS does not know');
  },
);

function on(version: string): Evidence {
  const settings: ServerSettings = { ...MYSQL, ...parseVersion(version, '') };
  return { ...healthy, settings: known(settings) };
}
