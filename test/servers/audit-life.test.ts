import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChance } from '../chance.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';
import { openSwept, type Swept } from './swept.ts';

/** What `audit` says while two replicas sweep one server, with flushes, restarts and an outage of the bot. */

const ACCOUNTS = `
  CREATE USER app@'10.%', app@'10.0.0.1', app@'%.example.com', shop@'%', idle@'%', far@'192.0.2.%'`;

/** `crash` = a restart before the last logins were swept. */
const STEPS = [
  ...(['sweep', 'flush', 'at once', 'restart', 'sweep'] as const),
  ...(['outage', 'at once', 'flush', 'crash', 'sweep'] as const),
];

interface Told {
  readonly account: string;
  readonly logins: number;
  readonly marks: readonly string[];
}

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let replicas: readonly [Swept, Swept];
  const chance = createChance();
  const truth = new Map<string, number>();

  beforeAll(async () => {
    stage = await openStage({ flavour, args: ['--max-connect-errors=1000000'] });
    await stage.world.query(ACCOUNTS);
    stage.world.dns.host('10.0.0.2', 'two.example.com');
    const first = await openSwept(stage);
    replicas = [first, await openSwept(stage, first)];
  });
  afterAll(async () => {
    await replicas?.[1].close();
    await replicas?.[0].close();
    await stage?.close();
  });

  const oneOf = () => replicas[chance() < 0.5 ? 0 : 1];

  async function connect(times: number): Promise<void> {
    for (let at = 0; at < times; at += 1) {
      const user = chance() < 0.7 ? 'app' : 'shop';
      const password = chance() < 0.2 ? 'wrong' : '';
      const address = `10.0.0.${1 + Math.floor(chance() * 3)}`;
      const login = { user, password, isPlain: true } as const;
      const attempt = await stage.world.connectFrom(address, login);
      if (attempt.outcome !== 'admitted') continue;
      const [name = '', host = ''] = attempt.currentUser.split('@');
      const account = `'${name}'@'${host}'`;
      truth.set(account, (truth.get(account) ?? 0) + 1);
    }
  }

  async function sweepAtOnce(): Promise<void> {
    const ends = await Promise.allSettled(replicas.map((replica) => replica.sweep()));
    // The other one finds it under way, or sweeps too.
    expect(ends.map(({ status }) => status)).toContain('fulfilled');
  }

  /** A start within two seconds of the one before is taken for the same. */
  async function restart(): Promise<void> {
    const uptime = async () => {
      const [row] = await stage.world.query("SHOW GLOBAL STATUS LIKE 'Uptime'");
      return Number(row?.['Value']);
    };
    await expect.poll(uptime).toBeGreaterThan(3);
    await stage.world.restart();
  }

  async function take(step: (typeof STEPS)[number]): Promise<void> {
    if (step === 'flush') await stage.flush();
    for (const replica of replicas) replica.pass(step === 'outage' ? 600 : 1);
    if (step === 'at once') await sweepAtOnce();
    else if (step === 'sweep' || step === 'restart') await oneOf().sweep();
    if (step === 'restart' || step === 'crash') await restart();
  }

  async function audited(): Promise<ReadonlyMap<string, Told>> {
    const { rows = [] } = await oneOf().say('audit');
    // The objects of `--json`, one for each account.
    const told = (rows as readonly Partial<Told>[]).flatMap((row) =>
      row.account === undefined ? [] : [row as Told],
    );
    return new Map(told.map((row) => [row.account, row]));
  }

  it('calls no account unused that logged in, and counts each login once', async () => {
    // The clock of the bot runs ahead of the server's, so the record begins with the first sweep.
    const before = new Map<string, number>();
    let isLost = false;
    let unused = 0;
    for (const [at, step] of STEPS.entries()) {
      await connect(12);
      await take(step);
      isLost ||= step === 'crash';
      const told = await audited();
      for (const [account, logins] of truth) {
        const row = told.get(account);
        const recorded = logins - (before.get(account) ?? 0);
        expect(row?.marks, `${account} after ${step}`).not.toContain('unused');
        expect(row?.logins, `${account} after ${step}`).toBeLessThanOrEqual(recorded);
        if (!isLost) expect(row?.logins, `${account} after ${step}`).toBe(recorded);
      }
      if (told.get("'idle'@'%'")?.marks.includes('unused')) unused += 1;
      // Logins may be missing, so nobody is said to be without.
      if (isLost) {
        expect([...told.values()].filter((row) => row.marks.includes('unused'))).toEqual([]);
      }
      if (at === 0) for (const [account, logins] of truth) before.set(account, logins);
    }
    expect(truth.size).toBeGreaterThan(2);
    expect(unused).toBeGreaterThan(2);
  });
});
