import { expect, it } from 'vitest';
import { gatherSeen } from '../../src/plan/gather.ts';
import { planOf } from '../../src/plan/plan.ts';
import { createFakeResolver } from '../fakes/resolver.ts';
import { createFakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { entry } from '../scenarios/entries.ts';

/** What a plan asks: DNS too, where a statement can make an answer depend on it. */

it('a lower limit asks DNS for cached clients, because a flush comes first', async () => {
  const logins = {
    counts: [{ user: 'shop', host: 'app7.example.com', connections: 4, open: 0 }],
    lost: 0,
  };
  const server = createFakeServer({
    entries: [{ ...entry(), address: '192.0.2.7', host: 'app7.example.com', connectErrors: 7 }],
    accounts: [account('shop', 'app7.example.com'), account('shop', '%')],
    logins,
  });
  // DNS no longer has the name that is cached.
  const target = { server, resolver: createFakeResolver() };
  const change = { kind: 'max-connect-errors', limit: 5n } as const;
  const plan = planOf(await gatherSeen(target, change, () => new Date()), change);
  if (typeof plan === 'string') throw new Error(plan);
  const [row] = plan.rows;
  expect(row?.after).toMatchObject({ outcome: 'blocked', error: 1129 });
  // After the flush it would come in, by its address only.
  expect(row?.promised.account?.account.host).not.toBe('app7.example.com');
});
