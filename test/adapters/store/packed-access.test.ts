import { expect, it } from 'vitest';
import { MOST } from '../../../src/access/full-day.ts';
import type { AccessDay, AccessEvent } from '../../../src/access/record.ts';
import { packDay } from '../../../src/adapters/store/packed-access.ts';
import { createChance } from '../../chance.ts';

/** How much room the record of logins takes in the state. */

const DAY = '2026-11-29';
const DAYS_OF_A_MONTH = 30;
const CLIENTS = 1_000;

it.each([
  ['by their addresses', (at: number) => `10.3.${at >> 8}.${at & 255}`],
  ['by their names', (at: number) => `app${at}.shop.example.com`],
])('1,000 clients take less than 1 MB a month: %s', async (_, hostOf) => {
  const packed = await packDay(dayOf(CLIENTS, 700, hostOf));
  expect(packed.length * DAYS_OF_A_MONTH).toBeLessThan(1_000_000);
});

it('a day that is full takes less than 90 kB', async () => {
  const full = dayOf(MOST.uses, MOST.events, (at) => `10.3.${at >> 8}.${at & 255}`);
  expect((await packDay(full)).length).toBeLessThan(90_000);
});

/** Nothing in it repeats more than it does for real clients. */
function dayOf(uses: number, events: number, hostOf: (at: number) => string): AccessDay {
  const chance = createChance();
  const below = (limit: number) => Math.floor(chance() * limit);
  const start = new Date(`${DAY}T00:00:00Z`).getTime();
  const after = (second: number) => new Date(start + second * 1000);
  const clients = Array.from({ length: uses }, (_, at) => {
    const user = `service_${below(30)}`;
    const address = `10.3.${at >> 8}.${at & 255}`;
    return { user, host: hostOf(at), address, account: `'${user}'@'10.%'` };
  });
  const failures = (at: number): AccessEvent => {
    const { user, host, address } = clients[below(20)] ?? { user: '', host: '', address: '' };
    const second = Math.floor((at / events) * 86_400);
    const times = { at: after(second), until: after(second + below(300)) };
    return { kind: 'failures', ...times, user, host, address, error: 1045, count: 1 + below(30) };
  };
  return {
    ...{ server: 'main', day: DAY, leftOut: 0 },
    spans: [{ from: after(0), to: after(86_400) }],
    uses: clients.map((client) => ({
      ...client,
      ...{ logins: below(5_000), failures: chance() < 0.02 ? below(50) : 0 },
      lastLoginAt: after(300 * below(288)),
    })),
    events: Array.from({ length: events }, (_, at) => failures(at)),
  };
}
