import { describe, expect, it } from 'vitest';
import type { AccessDay } from '../../../src/access/record.ts';
import type { AccessReading } from '../../../src/access/stores.ts';
import type { Bed } from './contract.ts';
import { HOSTILE, LONE_SURROGATE, NOON, seconds } from './samples.ts';

/** How the record of logins is stored. */

export function accessContract(bed: Bed): void {
  describe('the record of logins', () => {
    it.each([
      { name: 'with everything', given: {} },
      { name: 'of a server that tells nothing', given: NOTHING },
      { name: 'of a server that nobody uses', given: EMPTY },
    ])('keeps the last reading $name', async ({ given }) => {
      const { access } = bed.state;
      expect(await access.reading('main')).toBeNull();
      expect(await access.save('main', reading(), [])).toBe(true);
      expect(await access.save('main', reading(given), [])).toBe(true);
      expect(await access.reading('main')).toEqual(reading(given));
      expect(await access.reading('other')).toBeNull();
    });

    it('keeps each day as it was saved, and replaces it', async () => {
      const { access } = bed.state;
      const full = day();
      const empty = day({ day: '2026-07-02', spans: [], uses: [], events: [], leftOut: 0 });
      await access.save('main', reading(), [empty, full]);
      await access.save('other', reading(), [day({ server: 'other', leftOut: 3 })]);
      expect(await access.days('main', '2026-07-01')).toEqual([full, empty]);
      expect(await access.days('main', '2026-07-02')).toEqual([empty]);
      expect(await access.days('main', '2026-07-03')).toEqual([]);
      const later = day({ uses: full.uses.slice(1), leftOut: 2 ** 40 });
      await access.save('main', reading(), [later]);
      expect(await access.days('main', '')).toEqual([later, empty]);
    });

    it('saves nothing for a process that has lost the lease', async () => {
      const { access, leases } = bed.state;
      const lease = { name: 'sweep main', holder: 'me' };
      const save = () => access.save('main', reading(), [day()], lease);
      expect(await save()).toBe(false);
      await leases.acquire('sweep main', 'you', NOON, seconds(10));
      expect(await save()).toBe(false);
      expect(await access.reading('main')).toBeNull();
      expect(await access.days('main', '')).toEqual([]);
      await leases.acquire('sweep main', 'me', seconds(10), seconds(20));
      expect(await save()).toBe(true);
    });

    it('forgets days after 90 days, and servers that are read no more', async () => {
      const { access } = bed.state;
      const today = day({ day: '2026-09-29', events: [], spans: [], uses: [] });
      await access.save('main', reading(), [day(), today]);
      const daysLater = (count: number) => seconds(count * 86_400);
      await bed.state.forget(daysLater(90));
      expect(await access.days('main', '')).toEqual([day(), today]);
      await bed.state.forget(daysLater(91));
      expect(await access.days('main', '')).toEqual([today]);
      expect(await access.reading('main')).toBeNull();
    });
  });
}

function day(given: Partial<AccessDay> = {}): AccessDay {
  const use = { logins: 2 ** 40, failures: 0, lastLoginAt: null };
  const failure = { kind: 'failures', at: seconds(-50_000.001), until: NOON, error: 1045 } as const;
  const client = { user: HOSTILE, host: LONE_SURROGATE, address: '2001:db8::7' };
  return {
    server: 'main',
    day: '2026-07-01',
    spans: [
      { from: new Date('2026-07-01'), to: seconds(0.001) },
      { from: seconds(60), to: new Date('2026-07-02') },
    ],
    uses: [
      { ...use, user: '', host: '10.0.3.7', address: '10.0.3.7', account: "''@'10.%'" },
      { ...use, ...client, account: `'${HOSTILE}'@'%'`, failures: 7, lastLoginAt: NOON },
      { ...use, user: 'app', host: 'localhost', address: null, account: null },
    ],
    events: [
      { ...failure, ...client, count: 212 },
      { ...failure, at: seconds(-1), user: null, host: null, address: null, count: 1, error: 1129 },
      { kind: 'restart', at: NOON },
      { kind: 'flush', at: seconds(1), request: 'FR-7' },
      { kind: 'flush', at: seconds(2), request: null },
      { kind: 'blocked', at: seconds(3), address: '10.0.3.7' },
      { kind: 'unblocked', at: seconds(3), address: '10.0.3.7' },
      { kind: 'name', at: seconds(4), address: '10.0.3.7', from: HOSTILE, to: null },
      { kind: 'name', at: seconds(5), address: '10.0.3.7', from: null, to: 'app.example.com' },
      { kind: 'account', at: seconds(6), account: `'${HOSTILE}'@'%'`, change: 'added' },
      { kind: 'account', at: seconds(6), account: "''@'10.%'", change: 'dropped' },
      { kind: 'account', at: seconds(6), account: "'app'@'%'", change: 'changed' },
    ],
    leftOut: 12,
    ...given,
  };
}

function reading(given: Partial<AccessReading> = {}): AccessReading {
  const failure = { error: 1045, count: 212, firstAt: seconds(-9.876), lastAt: NOON };
  return {
    readAt: NOON,
    startedAt: seconds(-86_400.5),
    failures: [
      { ...failure, user: HOSTILE, host: 'app.example.com' },
      { ...failure, user: null, host: null, error: 1130, firstAt: null, lastAt: null },
    ],
    logins: [
      { user: '', host: 'app.example.com', connections: 2 ** 40, open: 0 },
      { user: null, host: '10.0.3.7', connections: 1, open: 1 },
    ],
    accounts: [{ user: 'app', host: '10.0.%', isRole: true, mark: 'a1' }],
    accountsMark: '3 1234567',
    ahead: [{ user: 'app', host: '10.0.3.7', count: 2 }],
    clients: [
      { address: '10.0.3.7', name: null, isBlocked: true },
      { address: '2001:db8::7', name: LONE_SURROGATE, isBlocked: false },
    ],
    ...given,
  };
}

const NOTHING = {
  ...{ failures: null, logins: null, accounts: null, accountsMark: null, clients: null },
};

const EMPTY = { failures: [], logins: [], accounts: [], clients: [], ahead: [] };
