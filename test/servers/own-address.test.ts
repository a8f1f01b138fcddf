import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../src/chat/reply.ts';
import { accountsCommand } from '../../src/diagnosis/account-list.ts';
import type { Target } from '../../src/diagnosis/gather.ts';
import { pendingCommand } from '../../src/diagnosis/pending.ts';
import { whyCommand } from '../../src/diagnosis/why.ts';
import { FLAVOURS, openStage, type Stage, targetOf } from './stage.ts';

/** The bot connects by TCP, so the server caches its address too: the bot causes no errors there. */

const OWN = '10.99.0.1';
const CLIENT = '240.221.242.64';
const NAME = 'merp.example.com';
const KILLS = 3;
/** The first connection, and one more for each lost one. */
const CONNECTIONS_LIMIT = 1 + KILLS;

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let bot: Target;

  beforeAll(async () => {
    stage = await openStage({
      flavour,
      network: 'loopback',
      outsidersFrom: OWN,
      args: ['--max-connect-errors=1'],
    });
    const { world } = stage;
    await world.query(`CREATE USER jdoe@'${NAME}';
      CREATE USER bot@'${OWN}' IDENTIFIED BY 'secret';
      GRANT SELECT, PROCESS ON *.* TO bot@'${OWN}'`);
    // The server can block only a host with a cached DNS answer.
    world.dns.host(OWN, 'bot.example.com');
    world.dns.host(CLIENT, NAME);
    await world.connectFrom(CLIENT);
    bot = open();
  });
  afterAll(async () => {
    await bot?.server.close();
    await stage?.close();
  });

  it('1,000 whys, failing and cancelled ones among them, leave no connect error', async () => {
    const { world } = stage;
    const before = await connections();
    const exits: number[] = [];
    const ask = async (count: number, lines = LINES) => {
      for (const { exit } of await askMany(bot, count, lines)) exits.push(exit);
    };

    // The server is stopped during the very first queries.
    await world.signal('SIGSTOP');
    await ask(100, QUICK_LINES);
    expect(exits.every((exit) => exit >= 2)).toBe(true);
    expect(openSockets(world.port)).toBe(1);
    await world.signal('SIGCONT');
    await answered();
    await ask(400);

    // An open connection to a stopped server.
    await world.signal('SIGSTOP');
    await ask(100, QUICK_LINES);
    await world.signal('SIGCONT');
    await answered();
    await ask(100);

    // Sessions that are killed during a query.
    for (let i = 0; i < KILLS; i++) await Promise.all([ask(50), killSession()]);
    // These results are ignored.
    const cancelled = askMany(bot, 100, LINES);
    await ask(50);

    expect(exits.length).toBe(900);
    expect(await ownEntry()).toEqual({ host: 'bot.example.com', errors: [] });
    expect((await connections()) - before).toBeLessThanOrEqual(CONNECTIONS_LIMIT);
    expect(openSockets(world.port)).toBe(1);
    await cancelled;
    await answered();
  });

  it('a block of our own address does not reach the warm connection', async () => {
    expect((await run(bot, `why ${CLIENT} as jdoe`)).exit).toBe(0);
    await stage.world.breakHandshakeFrom(OWN, 1);
    const [told] = (await run(bot, `why ${OWN}`)).rows;
    expect(told).toMatchObject({ now: { outcome: 'blocked', error: 1129 }, flush: 'unblocks' });
    expect((await run(bot, `why ${CLIENT} as jdoe`)).exit).toBe(0);

    const late = open();
    const replies = await Promise.all([1, 2, 3].map(() => run(late, `why ${CLIENT}`)));
    await late.server.close();
    for (const { exit, messages } of replies) {
      expect(exit).toBe(3);
      expect(messages[0]?.headline).toContain('(1129)');
    }
    await stage.flush();
  });

  it('a restart costs one connection more, and no error', async () => {
    await stage.world.stopServer();
    const replies = await askMany(bot, 50, LINES);
    expect(replies.every(({ exit }) => exit >= 2)).toBe(true);
    await stage.world.startServer();
    await answered();
    expect(await ownEntry()).toEqual({ host: 'bot.example.com', errors: [] });
    expect(openSockets(stage.world.port)).toBe(1);
  });

  function open(): Target {
    return targetOf(stage.world, `mysql://bot:secret@127.0.0.1:${stage.world.port}`);
  }

  /** Resolves when each query has its answer; a query that times out is repeated. */
  async function answered(): Promise<void> {
    for (const { line, exit } of QUESTIONS) {
      await expect.poll(async () => (await run(bot, line)).exit, { message: line }).toBe(exit);
    }
  }

  async function connections(): Promise<number> {
    const [row] = await stage.world.query(`SHOW GLOBAL STATUS LIKE 'Connections'`);
    return Number(row?.['Value']);
  }

  async function killSession(): Promise<void> {
    const [row] = await stage.world.query(
      `SELECT ID AS id FROM information_schema.processlist WHERE USER = 'bot'`,
    );
    if (row !== undefined) await stage.world.query(`KILL ${Number(row['id'])}`);
  }

  /** The counters above 0 of the bot's own address. */
  async function ownEntry() {
    const [row = {}] = await stage.world.query(
      'SELECT * FROM performance_schema.host_cache WHERE IP = ?',
      [OWN],
    );
    const counters = Object.entries(row).filter(([name]) => /^(SUM|COUNT)_/.test(name));
    return { host: row['HOST'], errors: counters.filter(([, value]) => Number(value) !== 0) };
  }
});

/** Valid queries, and some that cannot be answered. */
const QUESTIONS = [
  { line: `why ${CLIENT} as jdoe`, exit: 0 },
  { line: `why ${CLIENT}`, exit: 0 },
  { line: `why ${NAME}`, exit: 0 },
  { line: `why ${OWN} as bot`, exit: 0 },
  { line: 'why 192.0.2.99 as ghost', exit: 1 },
  { line: 'why nosuch.example.com', exit: 2 },
  { line: 'why 256.1.1.1', exit: 2 },
  { line: 'why 10.0.0.1 on nowhere', exit: 2 },
  { line: `Host '${CLIENT}' is not allowed to connect to this MySQL server`, exit: 1 },
  { line: 'accounts 240.221.242.64', exit: 0 },
];

const LINES = QUESTIONS.map(({ line }) => line);

/** Lines that wait for the server only once. For a host name, the bot reads the cache first. */
const QUICK_LINES = LINES.filter((line) => !line.includes('.com'));

/** Runs all at the same time. */
function askMany(
  target: Target,
  count: number,
  lines: readonly string[],
): Promise<readonly Reply[]> {
  const asked = Array.from({ length: count }, (_, i) => lines[i % lines.length] ?? '');
  return Promise.all(asked.map((line) => run(target, line)));
}

async function run(target: Target, line: string): Promise<Reply> {
  const commands = [whyCommand, accountsCommand, pendingCommand];
  const [name = '', ...rest] = line.split(' ');
  const found = commands.find((each) => each.name === name);
  const words = found === undefined ? [name, ...rest] : rest;
  const request = {
    words,
    line: words.join(' '),
    options: {},
    caller: { kind: 'terminal' },
  } as const;
  return (found ?? whyCommand).run(request, { targets: [target], now: () => new Date() });
}

/**
 * This process's open connections to the port, and those being opened, from the kernel's table
 * (hexadecimal). A test beside this one may try the same port, as one where nobody listens.
 */
function openSockets(port: number): number {
  const remote = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const own = ownSockets();
  const lines = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to = '', state = '']) => to.endsWith(remote) && ['01', '02'].includes(state))
    .filter(([, , , , , , , , , inode]) => own.has(`socket:[${inode}]`)).length;
}

function ownSockets(): ReadonlySet<string> {
  const targets = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`);
    } catch {
      // It was closed in the meantime.
      return [];
    }
  });
  return new Set(targets);
}
