import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DnsAnswer, World } from '../../sandbox/world.ts';
import { askDns, type Rejection } from '../../src/diagnosis/dns-facts.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** What the servers do with every pair of A and AAAA answers, compared with what the bot expects. */

type Kind = 'client' | 'elsewhere' | Exclude<DnsAnswer, readonly string[]>;

interface Pair {
  readonly client: string;
  readonly name: string;
  readonly a: Kind;
  readonly aaaa: Kind;
}

const KINDS: readonly Kind[] = [
  'client',
  'elsewhere',
  'NXDOMAIN',
  'NODATA',
  'SERVFAIL',
  'REFUSED',
  'SILENCE',
];

/** Each pair has its own client and name, so that all can run at the same time. */
const PAIRS: readonly Pair[] = [4, 6].flatMap((family) =>
  KINDS.flatMap((a, i) =>
    KINDS.map((aaaa, j) => ({
      client: family === 4 ? `10.0.${i}.${j}` : `2001:db8::${i}:${j}`,
      name: `n${family}${i}${j}.example.com`,
      a,
      aaaa,
    })),
  ).filter(({ a, aaaa }) => (family === 4 ? aaaa : a) !== 'client'),
);

describe.each(FLAVOURS)('%s', (flavour) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await openStage({ flavour });
    // After a timeout, glibc sends one query at a time for the rest of the thread's life, so each pair gets a new thread.
    await stage.world.query('SET GLOBAL thread_cache_size = 0');
    for (const { client, name, a, aaaa } of PAIRS) {
      stage.world.dns.ptr(client, [name]);
      stage.world.dns.answer(name, 'A', answerOf(a, client, '203.0.113.9'));
      stage.world.dns.answer(name, 'AAAA', answerOf(aaaa, client, '2001:db8:ffff::9'));
    }
  });
  afterAll(() => stage?.close());

  it(`joins A and AAAA as the server does, in ${PAIRS.length} pairs`, async () => {
    const { world, target } = stage;
    const expected = Promise.all(
      PAIRS.map(async ({ client }) => {
        const address = parseAddress(client);
        if (address === null) throw new Error(`no address: ${client}`);
        return (await askDns(address, target.resolver)).rejected;
      }),
    );
    await Promise.all(PAIRS.map(({ client }) => world.connectFrom(client)));
    const outcomes = await outcomesOf(world);
    const rejections = await expected;
    const wrong = PAIRS.map((pair, i) => ({
      ...pair,
      said: rejections[i],
      was: outcomes.get(pair.client),
    })).filter(({ said, was }) => said !== was);
    expect(wrong).toEqual([]);
  });

  it('tells as doubt what hangs on the past of a thread of the server', async () => {
    const { world } = stage;
    const [slow, client] = ['10.9.0.1', '2001:db8::9'];
    world.dns.ptr(slow, ['slow.example.com']);
    world.dns.answer('slow.example.com', 'A', [slow]);
    world.dns.answer('slow.example.com', 'AAAA', 'SILENCE');
    world.dns.host(client, 'half.example.com');
    world.dns.answer('half.example.com', 'A', 'SERVFAIL');
    const told = await stage.why(client);
    expect(told.evidence.dns).toMatchObject({ confirmed: true, failedA: 'SERVFAIL' });
    const unrecorded = [expect.stringContaining('no record of failed logins')];
    expect(told.gaps).toEqual([
      expect.stringContaining('The A lookup of half.example.com failed'),
      ...(flavour === 'mysql' ? [] : unrecorded),
    ]);

    await world.connectFrom(client);
    expect((await outcomesOf(world)).get(client)).toBeNull();
    await stage.flush();
    // One thread for both; after the first it has had a timeout.
    await world.query('SET GLOBAL thread_cache_size = 1');
    await world.connectFrom(slow);
    await world.connectFrom(client);
    expect((await outcomesOf(world)).get(client)).toBe('address-failed');
  });
});

function answerOf(kind: Kind, client: string, elsewhere: string): DnsAnswer {
  switch (kind) {
    case 'client':
      return [client];
    case 'elsewhere':
      return [elsewhere];
    case 'NXDOMAIN':
    case 'NODATA':
    case 'SERVFAIL':
    case 'REFUSED':
    case 'SILENCE':
      return kind;
  }
}

/** Why the server rejected the name, by client; null = it accepted the name. */
async function outcomesOf(world: World): Promise<ReadonlyMap<string, Rejection | null>> {
  const rows = await world.query('SELECT * FROM performance_schema.host_cache');
  return new Map(
    rows.map((row) => {
      const has = (column: string) => Number(row[column]) > 0;
      const rejected = has('COUNT_ADDRINFO_PERMANENT_ERRORS')
        ? 'no-address'
        : has('COUNT_ADDRINFO_TRANSIENT_ERRORS')
          ? 'address-failed'
          : has('COUNT_FCRDNS_ERRORS')
            ? 'mismatch'
            : 'ptr-failed';
      return [String(row['IP']), row['HOST'] === null ? rejected : null];
    }),
  );
}
