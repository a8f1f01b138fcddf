import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '../../sandbox/world.ts';
import { openStore, type State } from '../../src/adapters/store/store.ts';
import { placeOf } from '../logins.ts';
import { type FlushStage, openFlushStage, plainText } from './flush-stage.ts';
import type { Run } from './process.ts';

/** kill -9 at each step of approve, save, flush, verify and post: at most one flush, and a card with the true result. */

let world: World;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql', args: ['--max-connect-errors=3'] });
  await world.query("CREATE USER 'app'@'10.%'");
});

afterAll(() => world.stop());

interface Step {
  readonly name: string;
  /** Resolves when it is time to kill the bot. */
  readonly moment: (stage: FlushStage) => Promise<unknown>;
}

/** The id of each bot's only request. */
const ID = 'FR-1';

const STEPS: readonly Step[] = [
  { name: 'click', moment: async () => undefined },
  {
    name: 'approve',
    moment: remembered(async ({ find }) => (await find(ID))?.state !== 'pending'),
  },
  { name: 'snapshot', moment: remembered(async ({ snapshot }) => (await snapshot(ID)) !== null) },
  { name: 'flush', moment: remembered(async ({ begunAt }) => (await begunAt(ID)) !== null) },
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

const ENDED = /^\S+ (Flushed|Failed|Uncertain, look at the server|Expired): flush main/;

it('a killed bot flushes at most once, and says how it ended', async () => {
  const told = await Promise.all(STEPS.map((step, at) => killAt(step, `flusher${at}`)));
  for (const each of told) {
    // The card is true: "Flushed" means that the statement ran, "Failed" that it did not.
    if (each.says === 'Flushed') expect(each).toMatchObject({ flushes: 1 });
    if (each.says === 'Failed') expect(each).toMatchObject({ flushes: 0 });
    expect(each.flushes).toBeLessThanOrEqual(1);
  }
});

async function killAt({ name, moment }: Step, flusher: string) {
  const stage = await openFlushStage(world, flusher);
  try {
    const bot = await stage.start();
    await stage.ask('alice', 'flush to be killed');
    // A killed bot does not acknowledge the click.
    stage.approve('bob', await stage.card(/Approval needed/)).catch(() => null);
    await moment(stage);
    await kill(bot);
    outliveLease(stage);
    await stage.start();
    // If the bot dies before it stores the decision, the request stays open.
    const open = await stage.card(/flush main/);
    await stage.approve('bob', open);
    const card = await stage.card(ENDED);
    return {
      name,
      says: ENDED.exec(plainText(card))?.[1],
      flushes: await stage.truncates(),
    };
  } finally {
    await stage.stop();
  }
}

async function kill({ child, ended }: Run): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}

/** Another bot may take over what the killed one was doing. */
function outliveLease({ clock }: FlushStage): void {
  clock.moveTo(new Date(clock.now().getTime() + 11_000));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  await expect.poll(holds, { interval: 5 }).toBe(true);
}

/** Resolves when the bot's state fulfils the condition. */
function remembered(holds: (flushes: State['flushes']) => Promise<boolean>): Step['moment'] {
  return async ({ settings }) => {
    const state = await openStore({ place: placeOf(settings['STATE_URL'] ?? '') });
    await until(() => holds(state.flushes));
    await state.close();
  };
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
    outliveLease(stage);
    await stage.start();
    const card = await stage.card(ENDED);
    expect(plainText(card)).toContain('Uncertain, look at the server');
    // The saved cache is in the thread.
    await expect.poll(() => stage.thread(card).join('\n')).toContain('IP,HOST,');
    expect(await stage.truncates()).toBeLessThanOrEqual(1);
    expect(await stage.ask('carol', 'history')).toContain('is not run again');
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
