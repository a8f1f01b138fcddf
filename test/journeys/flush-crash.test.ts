import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type FlushStage, openFlushStage, plainText } from './flush-stage.ts';
import type { Run } from './process.ts';

/** kill -9 at each step of approve, snapshot, flush, verify and post: at most one flush, and the card tells the truth. */

let world: World;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
});

afterAll(() => world.stop());

interface Step {
  readonly name: string;
  /** Resolves when the bot is to be killed. */
  readonly moment: (stage: FlushStage) => Promise<unknown>;
}

const STEPS: readonly Step[] = [
  ...[0, 60, 150, 300].map((ms) => ({ name: `${ms} ms after`, moment: () => sleep(ms) })),
  { name: 'verify', moment: (stage) => until(async () => (await stage.truncates()) === 1) },
  {
    name: 'post',
    moment: async ({ peer }) => {
      const fault = { kind: 'silence', when: 'after' } as const;
      const lost = peer.fail({ method: 'chat.update', fault });
      await until(async () => lost.hits() > 0);
      lost.stop();
    },
  },
];

const ENDED = /^(Flushed|Failed|Uncertain, look at the server|Expired): flush main/;

it('a killed bot flushes at most once, and says how it ended within 60 s', async () => {
  const told = await Promise.all(STEPS.map((step, at) => killAt(step, `flusher${at}`)));
  for (const each of told) {
    // Nothing is pretended: a card that says so has flushed, one that failed has not.
    if (each.says === 'Flushed') expect(each).toMatchObject({ flushes: 1 });
    if (each.says === 'Failed') expect(each).toMatchObject({ flushes: 0 });
    expect(each.flushes).toBeLessThanOrEqual(1);
    expect(each.tookMs).toBeLessThan(60_000);
  }
});

async function killAt({ name, moment }: Step, flusher: string) {
  const stage = await openFlushStage(world, flusher);
  try {
    const bot = await stage.start();
    await stage.ask('alice', 'flush to be killed');
    const click = stage.approve('bob', await stage.card(/Approval needed/));
    await moment(stage);
    await kill(bot);
    await click.catch(() => null);
    const startedMs = performance.now();
    await stage.start();
    // Killed before the decision was written, nothing was decided: it is asked again.
    const open = await stage.card(/flush main/);
    await stage.approve('bob', open);
    const card = await stage.card(ENDED);
    return {
      name,
      says: ENDED.exec(plainText(card))?.[1],
      flushes: await stage.truncates(),
      tookMs: performance.now() - startedMs,
    };
  } finally {
    await stage.stop();
  }
}

async function kill({ child, ended }: Run): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(5);
}

it('killed while the statement waits, it is uncertain, and never run again', async () => {
  const stage = await openFlushStage(world, 'waiting');
  try {
    const bot = await stage.start();
    await stage.ask('alice', 'flush to wait for a lock');
    await world.query('LOCK INSTANCE FOR BACKUP');
    await stage.approve('bob', await stage.card(/Approval needed/));
    await until(isWaiting);
    await kill(bot);
    await world.query('UNLOCK INSTANCE');
    await stage.start();
    const card = await stage.card(ENDED);
    expect(plainText(card)).toContain('Uncertain, look at the server');
    // The cache as it was is there for whoever looks.
    await expect.poll(() => stage.thread(card).join('\n')).toContain('IP,HOST,');
    expect(await stage.truncates()).toBeLessThanOrEqual(1);
    expect(await stage.ask('carol', 'history')).toContain('it is not run again');
  } finally {
    await world.query('UNLOCK INSTANCE');
    await stage.stop();
  }
});

async function isWaiting(): Promise<boolean> {
  const rows = await world.query(
    "SELECT 1 FROM information_schema.processlist WHERE USER = 'waiting' AND INFO LIKE 'TRUNCATE%'",
  );
  return rows.length > 0;
}
