// One server, one state and one bot without Slack, for a flush whose connections break. Does I/O.
import { join } from 'node:path';
import { type BrokenLine, openBrokenLine } from '../../sandbox/broken-line.ts';
import type { World } from '../../sandbox/world.ts';
import { openStore, type State, type StoreOptions } from '../../src/adapters/store/store.ts';
import { createApp } from '../../src/app.ts';
import { createBackground } from '../../src/compose/background.ts';
import { composeInside } from '../../src/compose/inside.ts';
import { createTargets } from '../../src/compose/targets.ts';
import { maintainRequests } from '../../src/flush/maintenance.ts';
import type { FlushParts, FlushTarget } from '../../src/flush/parts.ts';
import type { FlushRequest } from '../../src/flush/request.ts';
import { createAccounts, serverOf, truncatesBy } from './accounts.ts';
import { SILENT } from './silent-log.ts';

/** Slack's part is played by direct calls: what a person clicks, and the posts that wait for the channel. */
export interface CutLane {
  readonly lines: Readonly<Record<CutLine, BrokenLine>>;
  /** The end of this flush as everybody can see it, after all repairs. */
  tryOnce(arm: () => void): Promise<Told>;
  /** By the server's own counters. */
  truncates(): Promise<number>;
  close(): Promise<void>;
}

export type CutLine = 'flush' | 'state';

export type Whole = BrokenLine['passed'];

export interface Told {
  readonly request: FlushRequest;
  /** What the person who clicked was told. */
  readonly answer: string;
  /** The headlines that wait for the channel, oldest first. */
  readonly posts: readonly string[];
  readonly truncates: number;
  /** Bytes from the click until the bot had done what it could. */
  readonly passed: Readonly<Record<CutLine, Whole>>;
}

export type StateKind = 'sqlite' | 'mysql';

/** So short that a silent state costs little time. */
const STATE_LIMIT_MS = 600;

/** For what does not break, on a machine that stalls. */
const WHOLE_LIMIT_MS = 60_000;
const TRIES = 20;

/** The leases of a process that is gone last 10 s. */
const STEP_MS = 15_000;

interface Bot {
  readonly state: State;
  readonly parts: FlushParts;
  readonly app: ReturnType<typeof createApp>;
  readonly settled: () => Promise<void>;
}

export async function openCutLane(
  world: World,
  folder: string,
  { number, state: kind }: { readonly number: number; readonly state: StateKind },
): Promise<CutLane> {
  const user = `cut${number}`;
  await createAccounts(world, [user]);
  const socket = (name: string) => join(folder, `${name}${number}.sock`);
  const lines = {
    flush: await openBrokenLine(socket('flush'), world.socketPath),
    state: await openBrokenLine(socket('state'), world.socketPath),
  };
  const names = { name: `s${number}`, user, flushSocket: lines.flush.path };
  const place = { channel: 'C0DBA', approvers: ['U0ALICE', 'U0BOB'] };
  const targets = createTargets([{ ...serverOf(world, names), ...place }]);
  const statePlace =
    kind === 'mysql'
      ? await createDatabase(world, `cut${number}`, lines.state.path)
      : ({ kind, file: join(folder, `${number}.db`) } as const);
  const clock = { aheadMs: 0 };
  const open = (limitMs = WHOLE_LIMIT_MS) =>
    openBot(targets, clock, () => openSurely({ place: statePlace, limitMs }));
  const truncates = async () => (await truncatesBy(world, [user]))[user] ?? 0;
  const lane = { lines, clock, open, truncates, bot: await open() };
  return {
    lines,
    truncates,
    tryOnce: (arm) => tryOnce(lane, arm),
    close: async () => {
      await lane.bot.state.close();
      await Promise.all(targets.map(({ server }) => server.close()));
      await Promise.all(Object.values(lines).map((line) => line.close()));
    },
  };
}

interface Lane extends Pick<CutLane, 'lines' | 'truncates'> {
  readonly clock: { aheadMs: number };
  readonly open: (limitMs?: number) => Promise<Bot>;
  /** The process that asks and repairs. */
  bot: Bot;
}

async function tryOnce(lane: Lane, arm: () => void): Promise<Told> {
  const { lines, clock, open, truncates } = lane;
  const id = await ask(lane.bot);
  const before = await truncates();
  const clicked = await open(STATE_LIMIT_MS);
  arm();
  const answer = await click(clicked, `approve ${id}`);
  await clicked.settled();
  const passed = { flush: { ...lines.flush.passed }, state: { ...lines.state.passed } };
  for (const line of Object.values(lines)) line.repair();
  await clicked.state.close();
  // The sessions of the other process may have broken too.
  const broken = lane.bot;
  lane.bot = await open();
  await broken.state.close();
  const request = await finish(lane.bot, id, clock);
  const ran = (await truncates()) - before;
  return { request, answer, posts: await takePosts(lane.bot), truncates: ran, passed };
}

async function createDatabase({ query }: World, database: string, socketPath: string) {
  await query(`CREATE DATABASE ${database}; CREATE USER IF NOT EXISTS 'bot'@'localhost'
    IDENTIFIED BY 'state'; GRANT ALL ON ${database}.* TO 'bot'@'localhost'`);
  const login = { host: 'localhost', port: 3306, socketPath, user: 'bot', password: 'state' };
  return { kind: 'mysql', login: { ...login, database } } as const;
}

/** The line is whole, so only a machine that stalls does not answer in time. */
async function openSurely(options: StoreOptions): Promise<State> {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await openStore(options);
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

/** No groups, and one id for each person. */
const PEOPLE = {
  members: async () => ({ known: true, value: new Set<string>() }) as const,
  idsOf: async (id: string) => ({ known: true, value: new Set([id]) }) as const,
};

async function openBot(
  targets: readonly FlushTarget[],
  clock: { readonly aheadMs: number },
  openState: () => Promise<State>,
): Promise<Bot> {
  const state = await openState();
  const background = createBackground(SILENT);
  const parts = composeInside({
    ...{ targets, state, log: SILENT },
    now: () => new Date(Date.now() + clock.aheadMs),
    people: PEOPLE,
    requestTtlMs: 600_000,
    holder: String(Math.random()),
    inBackground: background.add,
    wait: async () => undefined,
  });
  return { state, parts, app: createApp(parts, async () => null), settled: background.settled };
}

/** A request of alice; its id. */
async function ask(bot: Bot): Promise<string> {
  // A machine that stalls may answer too late.
  for (let tries = 0; tries < TRIES; tries += 1) {
    await say(bot, 'U0ALICE', 'flush the line may break');
    const [request] = await bot.state.flushes.open();
    if (request !== undefined) return request.id;
  }
  throw new Error('expected a flush request');
}

const click = (bot: Bot, line: string) => say(bot, 'U0BOB', line, true);

async function say({ app }: Bot, user: string, line: string, isClick = false): Promise<string> {
  const place = { kind: 'person', user, channel: 'C0DBA', thread: null } as const;
  const caller = { ...place, occasion: String(Math.random()), ...(isClick && { isClick }) };
  const { messages } = await app.read(line, caller).run();
  return messages.map(({ headline }) => headline).join('\n');
}

/** Maintains the request as the bot does, until it has ended; a decision that was lost becomes a rejection. */
async function finish(bot: Bot, id: string, clock: { aheadMs: number }): Promise<FlushRequest> {
  for (let round = 0; round < 5; round += 1) {
    clock.aheadMs += STEP_MS;
    await maintainRequests(bot.parts);
    const request = await bot.state.flushes.find(id);
    if (request === null) throw new Error(`expected ${id} in the state`);
    if (request.state === 'pending') await say(bot, 'U0BOB', `reject ${id}`);
    else if (request.state !== 'approved') return request;
  }
  throw new Error(`${id} does not end`);
}

async function takePosts({ state, parts }: Bot): Promise<readonly string[]> {
  const said: string[] = [];
  for (;;) {
    const at = parts.now();
    const until = new Date(at.getTime() + 30_000);
    const [post] = await state.outbox.take('nobody', at, until);
    if (post === undefined) return said;
    const { id, content } = post;
    said.push(content.kind === 'file' ? content.name : content.message.headline);
    await state.outbox.begin(id, 'nobody', until);
    await state.outbox.sent(id, `${said.length}.0`, at);
  }
}
