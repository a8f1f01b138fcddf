import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findClientProgram } from '../../sandbox/server/client-program.ts';
import { run } from '../../sandbox/server/run.ts';
import type { World } from '../../sandbox/world.ts';
import { createServer } from '../../src/adapters/mysql/server.ts';
import type { Reply } from '../../src/chat/reply.ts';
import { explain } from '../../src/diagnosis/explain.ts';
import { explainSaved } from '../../src/diagnosis/explain-rows.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import type { SavedEntry } from '../../src/pasted/saved.ts';
import { listCommand } from '../../src/sweep/list.ts';
import { loginOf } from '../logins.ts';
import { FLAVOURS, mysqlUrl, openStage, type Stage } from './stage.ts';

/** A real cache, printed by the real clients and by hostcache itself, is read back to the same diagnosis. */

const ENTRIES = 300;
const LIMIT = 3;
const CACHE = 'SELECT * FROM performance_schema.host_cache';
const NOW = new Date('2026-11-20T09:02:11Z');

/** What each client of the world does, in turn, and what its entry then shows. */
const STATES: readonly ((world: World, address: string, name: string) => Promise<unknown>)[] = [
  (world, address, name) => {
    world.dns.host(address, name);
    return world.connectFrom(address, { user: 'jdoe', password: 'pw' });
  },
  (world, address, name) => {
    world.dns.host(address, name);
    return world.connectFrom(address, { user: 'jdoe', password: 'no' });
  },
  // No PTR record: NULL for good.
  (world, address) => world.connectFrom(address, { user: 'jdoe', password: 'pw' }),
  (world, address) => {
    world.dns.ptr(address, 'SERVFAIL');
    return world.connectFrom(address);
  },
  (world, address) => {
    world.dns.ptr(address, ['gone.example.com']);
    return world.connectFrom(address);
  },
  (world, address) => {
    world.dns.ptr(address, ['other.example.com']);
    return world.connectFrom(address);
  },
  (world, address) => {
    world.dns.host(address, '4.example.com');
    return world.connectFrom(address);
  },
  (world, address, name) => {
    world.dns.host(address, name);
    return world.breakHandshakeFrom(address, LIMIT - 1);
  },
  async (world, address, name) => {
    world.dns.host(address, name);
    await world.breakHandshakeFrom(address, LIMIT);
    return world.connectFrom(address);
  },
  (world, address, name) => {
    world.dns.host(address, name);
    return world.connectFrom(address, { user: 'tls' });
  },
];

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;
  let server: ReturnType<typeof createServer>;
  let client: readonly string[];
  let originals: readonly RowJson[];

  beforeAll(async () => {
    client = await findClientProgram(flavour, () => undefined);
    const args = [`--max-connect-errors=${LIMIT}`, '--host-cache-size=1000'];
    stage = await openStage({ flavour, args });
    const { world } = stage;
    server = createServer({ name: 'main', login: loginOf(mysqlUrl(world)) });
    await world.query(
      `CREATE USER jdoe@'10.%' IDENTIFIED BY 'pw'; CREATE USER tls@'10.%' REQUIRE SSL`,
    );
    world.dns.host('10.0.0.1', 'other.example.com');
    const addresses = Array.from({ length: ENTRIES }, (_, i) => addressOf(i));
    for (const [i, address] of addresses.entries()) {
      await STATES[i % STATES.length]?.(world, address, `h${i}.example.com`);
    }
    // One at a time: each has three seconds, which 300 at once can exceed on a busy machine.
    const entries: SavedEntry[] = [];
    for (const address of addresses) entries.push(await entryOf(address));
    originals = rowsOf(explainSaved({ ...NOTHING, caches: entries }, NOW));
  });
  afterAll(async () => {
    await server?.close();
    await stage?.close();
  });

  async function entryOf(text: string): Promise<SavedEntry> {
    const address = parseAddress(text);
    const entry = address === null ? null : await server.entry(address);
    if (entry === null) throw new Error(`no entry of ${text}`);
    return { ...entry, missing: [], line: 0 };
  }

  /** What the client prints of the statement. */
  function print(statement: string, ...options: readonly string[]): Promise<string> {
    const [program = '', ...before] = client;
    const login = ['--no-defaults', `--socket=${stage.world.socketPath}`, '--user=root'];
    return run({ program, args: [...before, ...login, ...options, '-e', statement] });
  }

  const PRINTED: readonly { readonly form: string; readonly text: () => Promise<string> }[] = [
    { form: 'a table', text: () => print(CACHE, '--table') },
    { form: '\\G', text: () => print(CACHE, '--vertical') },
    { form: '-B', text: () => print(CACHE, '-B') },
    { form: '-X', text: () => print(CACHE, '-X') },
    {
      form: 'list --json',
      text: async () => {
        const request = { words: ['all'], line: 'all', options: {}, caller } as const;
        const target = { ...stage.target, server };
        const listed = await listCommand.run(request, { targets: [target], now: () => NOW });
        return listed.rows.map((row) => JSON.stringify(row)).join('\n');
      },
    },
  ];
  const caller = { kind: 'terminal' } as const;

  it('holds entries of each kind', () => {
    expect(originals).toHaveLength(ENTRIES);
    const rules = new Set(originals.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
    for (const rule of KINDS) expect(rules).toContain(rule);
  });

  it.each(PRINTED)('$form', async ({ text }) => {
    // Clients print no time zone, and a list no times.
    expect(byAddress(explain(await text(), NOW)).map(withoutTimes)).toEqual(
      [...originals].sort(inOrder).map(withoutTimes),
    );
  });

  it('the CSV of a flush', async () => {
    const cache = await server.flushView.cache();
    expect(byAddress(explain(cache?.csv ?? '', NOW))).toEqual([...originals].sort(inOrder));
  });

  it('a process list', async () => {
    const { world } = stage;
    const hosts = ['10.5.0.1', '10.5.0.1', '2001:db8:5::1'];
    world.dns.host('10.5.0.1', 'waits.example.com');
    await world.query(`CREATE USER w@'2001:%'`);
    const held = await Promise.all(hosts.map((host) => world.hangFrom(host)));
    const expected = { '2001:db8:5::1': 1, 'waits.example.com': 2 };
    for (const options of [['--table'], ['--vertical'], ['-B'], ['-X']]) {
      const rows = rowsOf(explain(await print('SHOW PROCESSLIST', ...options), NOW));
      const counts = rows.map(({ client: name, findings: [found] }) => [
        name,
        Number.parseInt(found?.title ?? '', 10),
      ]);
      expect(Object.fromEntries(counts), options.join()).toEqual(expected);
    }
    await Promise.all(held.map(({ close }) => close()));
  });
});

const KINDS = [
  'blocked-host',
  'null-host',
  'dns-failing',
  'numeric-host-name',
  'wrong-password',
  'handshake-errors',
  'tls-required',
];

const NOTHING = {
  caches: [],
  waiting: [],
  sessions: 0,
  problems: [],
  used: new Set<number>(),
  isEmptySet: false,
};

interface RowJson {
  readonly client: string;
  readonly findings: readonly {
    readonly rule: string;
    readonly title: string;
    readonly cause: string;
  }[];
}

/** Every third client has an IPv6 address. */
function addressOf(i: number): string {
  return i % 3 === 0 ? `2001:db8::${(i + 16).toString(16)}` : `10.1.${i >> 8}.${i & 255}`;
}

function rowsOf({ rows }: Reply): readonly RowJson[] {
  // The rows are the documented JSON objects.
  return rows as readonly RowJson[];
}

function byAddress(reply: Reply): readonly RowJson[] {
  return [...rowsOf(reply)].sort(inOrder);
}

function inOrder(a: RowJson, b: RowJson): number {
  return a.client < b.client ? -1 : 1;
}

function withoutTimes(row: RowJson): RowJson {
  const findings = row.findings.map((finding) => ({
    ...finding,
    cause: finding.cause.replace(/, since [\d :-]{19} UTC/, ''),
  }));
  return { ...row, findings };
}
