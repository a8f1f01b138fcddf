import { expect, it } from 'vitest';
import { createAccessHome } from '../../src/access/home.ts';
import type { AccessDay } from '../../src/access/record.ts';
import type { AccessReading } from '../../src/access/stores.ts';
import { plain } from '../../src/chat/message.ts';
import { target } from '../diagnosis/ask.ts';

/** App Home's line about the accounts of a server. */

const NOON = new Date('2026-11-29T12:00:00Z');
const READING: AccessReading = {
  ...{ readAt: NOON, startedAt: NOON, failures: [], logins: [] },
  accounts: ['app', 'old', 'role'].map((user) => ({
    ...{ user, host: '%', isRole: user === 'role', mark: '' },
  })),
};
const DAY: AccessDay = {
  ...{ server: 'main', day: '2026-11-28', spans: [], leftOut: 0 },
  uses: ['app', null, 'old'].map((user) => ({
    ...{ user: user ?? '', host: '192.0.2.7', address: null, failures: 1 },
    account: user === null ? null : `'${user}'@'%'`,
    ...{ logins: user === 'old' ? 0 : 2, lastLoginAt: null },
  })),
  events: [{ kind: 'account', at: NOON, account: "'new'@'%'", change: 'added' }],
};

async function said(reading: AccessReading | null, days: readonly AccessDay[] = []) {
  const access = { reading: async () => reading, days: async () => days };
  const { blocks } = createAccessHome({ targets: [target({})], now: () => NOON, access });
  return (await blocks('U0ALICE')).map((block) =>
    'spans' in block ? plain(block.spans) : 'buttons' in block && block.buttons[0]?.line,
  );
}

it('says how many accounts logged in, and what changed', async () => {
  expect(await said(READING, [DAY])).toEqual([
    "main 1 of 2 accounts logged in within 7 days; added 'new'@'%'.",
    'audit on main',
  ]);
});

it('says that nothing is recorded', async () => {
  expect(await said(null)).toEqual(['Nothing is recorded yet.']);
});
