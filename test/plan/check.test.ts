import { describe, expect, it } from 'vitest';
import { createUnreadable } from '../../src/chat/unreadable.ts';
import { planCommand } from '../../src/plan/plan-command.ts';
import type { KeptPlan, PlanStore } from '../../src/plan/stores.ts';
import { slackRequest, terminalRequest } from '../diagnosis/requests.ts';
import { agreeing, createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { createFakeServer, type FakeServer } from '../fakes/server.ts';
import { account } from '../scenarios/accounts.ts';
import { entry } from '../scenarios/entries.ts';
import { messageText } from './message-text.ts';

/** What a plan promised, compared with the server as it is later. */

const CLIENT = '192.0.2.7';
const NAME = 'app7.example.com';
const BY_NAME = account('shop', NAME);
const BY_ADDRESS = account('shop', CLIENT);
const OTHER = account('crm', '198.51.100.%');

const BEFORE: FakeServer = {
  entries: [{ ...entry(), address: CLIENT, host: NAME }],
  accounts: [BY_NAME, OTHER],
  logins: {
    counts: [
      { user: 'shop', host: NAME, connections: 4, open: 0 },
      { user: 'crm', host: '198.51.100.9', connections: 4, open: 0 },
      { user: 'crm', host: CLIENT, connections: 1, open: 0 },
    ],
    lost: 0,
  },
};
/** Restarted: it has forgotten its clients. */
const AFTER: FakeServer = { settings: { skipNameResolve: true } };

function partsOf(world: FakeServer, plans?: PlanStore, dns: FakeDns = agreeing(CLIENT, NAME)) {
  const targets = [{ server: createFakeServer(world), resolver: createFakeResolver(dns) }];
  return { targets, now: () => new Date('2026-11-29T12:00:00Z'), ...(plans && { plans }) };
}

async function printed(line = 'skip-name-resolve on'): Promise<string> {
  const { rows } = await planCommand.run(terminalRequest(line.split(' ')), partsOf(BEFORE));
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** As `plan check <file>` in a terminal. */
async function check(text: string, world: FakeServer, dns?: FakeDns) {
  const request = { ...terminalRequest(['check', 'plan.json']), line: text };
  const reply = await planCommand.run(request, partsOf(world, undefined, dns));
  const rows = reply.rows.map((row): Readonly<Record<string, unknown>> => ({ ...row }));
  return { ...reply, rows, said: reply.messages.map(messageText).join('\n') };
}

describe('plan check', () => {
  it.each([
    {
      name: 'renamed as the plan says',
      accounts: [BY_ADDRESS, OTHER],
      exit: 0,
      says: /^3 of 3 promises hold: skip-name-resolve on was made on main\./,
    },
    {
      name: 'without the statement',
      accounts: [BY_NAME, OTHER],
      exit: 1,
      says: /^2 of 3 promises hold, 1 does not: skip-name-resolve on was made on main\.\nDid not come true\nshop at 192\.0\.2\.7: promised 'shop'@'192\.0\.2\.7', now refused \(1130\)/,
    },
    {
      name: 'admitted as somebody else, and somebody who stayed out',
      accounts: [account('', '%'), OTHER],
      exit: 1,
      says: /promised 'shop'@'192\.0\.2\.7', now ''@'%'\ncrm at 192\.0\.2\.7: promised denied \(1045\), now ''@'%'/,
    },
  ])('$name', async ({ accounts, exit, says }) => {
    const found = await check(await printed(), { ...AFTER, accounts });
    expect(found.said).toMatch(says);
    expect(found.exit).toBe(exit);
    const holds = found.rows.slice(0, -1).filter((row) => row['holds'] === true).length;
    expect(found.rows.at(-1)).toMatchObject({ server: 'main', made: true, total: 3, holds });
  });

  it('says first that the change is not made', async () => {
    const { exit, said } = await check(await printed(), BEFORE);
    expect(said).toMatch(
      /^skip-name-resolve on has not been made on main\. 2 of 3 promises hold, 1 does not\./,
    );
    expect(exit).toBe(1);
  });

  it('of a dropped account for any host: other clients may still try, until a restart', async () => {
    const any = account('app', '%');
    const seen = { ...BEFORE, accounts: [any, OTHER], logins: { counts: [], lost: 0 } };
    const { rows } = await planCommand.run(terminalRequest(['drop', 'app']), partsOf(seen));
    const text = rows.map((row) => JSON.stringify(row)).join('\n');
    const after = await check(text, { ...BEFORE, accounts: [OTHER] });
    expect(after.said).toMatch(/^1 of 1 promise holds: drop 'app'@'%' was made on main\./);
    expect(after.exit).toBe(0);
  });

  it('is not sure where the cache cannot be read', async () => {
    const world = { accounts: [BY_NAME, OTHER], unreadable: { cache: 'main: no grant.' } };
    const { exit, said } = await check(await printed('flush'), world);
    expect(said).toMatch(/^1 of 3 promises holds, 2 are not known on main \(flush\)\./);
    expect(said).toContain('Not known: main: no grant.');
    expect(exit).toBe(3);
  });

  it('says that DNS did not answer', async () => {
    const dns = { ptr: { [CLIENT]: 'SERVFAIL' } } as const;
    const { exit, said } = await check(await printed('flush'), { ...BEFORE, entries: [] }, dns);
    expect(said).toContain("shop at 192.0.2.7: promised 'shop'@'app7.example.com', now refused");
    expect(said).toContain('Not known: DNS gave no answer for 1 client (the fake DNS).');
    expect(exit).toBe(1);
  });

  it('keeps to what was where a row has no promise', async () => {
    const text = (await printed()).replaceAll(/,"promised":\{[^}]*\}/g, '');
    const { rows } = await check(text, { ...AFTER, accounts: [BY_NAME, OTHER] });
    expect(rows.find(({ user }) => user === 'shop')).toMatchObject({
      promised: { outcome: 'admitted', account: `'shop'@'${NAME}'` },
      holds: false,
    });
  });

  it.each([
    ['', /^Expected the lines that "hostcache plan <change> --json" printed, got nothing\.$/],
    ['so long', /got "so long" in line 1\.$/],
    [
      '\n{"server":"main","change":"flush","client":7}',
      /got no login with its answers in line 2\.$/,
    ],
    ['{"server":"main","change":"sing"}', /^Expected a change: .* got "sing"\.$/],
    ['{"server":"gone","change":"flush"}', /^Unknown server "gone": expected main, all\.$/],
  ])('refuses %j', async (text, says) => {
    const { exit, said } = await check(text, AFTER);
    expect(said).toMatch(says);
    expect(exit).toBe(2);
  });

  it('of an id, in a terminal, says where', async () => {
    const { messages, exit } = await planCommand.run(
      terminalRequest(['check', 'PL-1']),
      partsOf(AFTER),
    );
    expect(messages[0]?.headline).toMatch(/^PL-1 can be checked in Slack\. In a terminal: /);
    expect(exit).toBe(2);
  });
});

describe('in Slack', () => {
  function memory(): PlanStore & { readonly kept: KeptPlan[] } {
    const kept: KeptPlan[] = [];
    return {
      kept,
      nextPlanId: async () => `PL-${kept.length + 1}`,
      add: async (plan) => void kept.push(plan),
      find: async (id) => kept.find((plan) => plan.id === id) ?? null,
    };
  }

  it('a plan is kept, and offers its check', async () => {
    const plans = memory();
    const made = await planCommand.run(
      slackRequest('skip-name-resolve on on main publicly'),
      partsOf(BEFORE, plans),
    );
    expect(made).toMatchObject({ isPublic: true, exit: 1 });
    const said = made.messages.map(messageText).join('\n');
    expect(said).toContain('Kept as PL-1 for 90 days.');
    expect(said).toContain('[Check after the change: plan check PL-1]');
    expect(said).toContain('[Post to channel: plan skip-name-resolve on on main publicly]');
    const world = { ...AFTER, accounts: [BY_ADDRESS, OTHER] };
    const checked = await planCommand.run(slackRequest('check pl-1'), partsOf(world, plans));
    expect(checked.messages[0]?.headline).toMatch(/^3 of 3 promises hold/);
    const gone = await planCommand.run(slackRequest('check PL-9'), partsOf(world, plans));
    expect(gone.messages[0]?.headline).toMatch(/^There is no plan PL-9\./);
  });

  it('the answer comes without the state, and says that it is not kept', async () => {
    const away = () => Promise.reject(createUnreadable('STATE_URL: the state is away.'));
    const plans = { nextPlanId: away, add: away, find: away };
    const { messages } = await planCommand.run(slackRequest('flush'), partsOf(BEFORE, plans));
    const said = messages.map(messageText).join('\n');
    expect(said).toContain('cannot be checked later: STATE_URL: the state is away.');
    expect(said).not.toContain('plan check');
  });
});
