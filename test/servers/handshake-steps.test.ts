import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StuckAt, World } from '../../sandbox/world.ts';
import type { Target } from '../../src/diagnosis/gather.ts';
import { pendingCommand } from '../../src/diagnosis/pending.ts';
import type { PendingConnection } from '../../src/hostcache/activity.ts';
import type { HandshakeStep } from '../../src/hostcache/handshake.ts';
import { lookAt } from '../../src/sweep/look.ts';
import { observe } from '../../src/sweep/observe.ts';
import { handshakePileup } from '../../src/sweep/rules/server.ts';
import { isLong } from '../journeys/long.ts';
import { certificateOf } from './certificate.ts';
import { FLAVOURS, openStage, type Stage } from './stage.ts';

/** Handshakes that are stuck at each step: a TLS stall is not a DNS outage. */

interface Kind {
  readonly name: string;
  readonly at: StuckAt;
  readonly step: HandshakeStep;
}

const KINDS: readonly Kind[] = [
  { name: 'the greeting is not read', at: 'connect', step: 'greeting' },
  { name: 'silent after the greeting', at: 'greeting', step: 'greeting' },
  { name: 'half a login packet', at: 'half-login', step: 'login' },
  { name: 'asked for another plugin', at: 'auth-switch', step: 'auth' },
  { name: 'TLS: no ClientHello', at: 'tls-asked', step: 'tls' },
  { name: 'TLS: half a ClientHello', at: 'half-hello', step: 'tls' },
  { name: 'TLS: no answer to the ServerHello', at: 'tls-hello', step: 'tls' },
  { name: 'TLS: no login packet', at: 'tls-done', step: 'login' },
  { name: 'TLS: asked for another plugin', at: 'tls-auth-switch', step: 'auth' },
  // The last: it holds only until the resolver gives up.
  { name: 'DNS does not answer', at: 'connect', step: 'dns' },
];

/** `LONG_TESTS=1 npx vitest run test/servers/handshake-steps.test.ts` tries a thousand of each kind. */
const ROUNDS = isLong ? 20 : 1;
const OF_EACH = 50;

/** How the server comes to know the client. By SERVFAIL its entry is not validated. */
const NAMINGS = ['name', 'NXDOMAIN', 'SERVFAIL'] as const;

let stages: Readonly<Record<(typeof FLAVOURS)[number], Stage>>;
let folder: string;

beforeAll(async () => {
  const args = ['--connect-timeout=300', '--max-connections=1000', '--host-cache-size=2000'];
  // As long as glibc allows; one lookup must outlast the opening of a round.
  const resolver = { timeout: 30, attempts: 1 };
  const mysql = await openStage({ flavour: 'mysql', args, resolver });
  folder = await mkdtemp(join(tmpdir(), 'hostcache-steps-'));
  const tls = await certificateOf(mysql.world, folder);
  const mariadb = await openStage({ flavour: 'mariadb', args: [...args, ...tls], resolver });
  stages = { mysql, mariadb };
  for (const { world } of Object.values(stages)) {
    await world.query(`CREATE USER jdoe@'10.%' IDENTIFIED BY 'pw';
      CREATE USER seeing@localhost; CREATE USER blind@localhost`);
    for (const account of ['seeing', 'blind']) {
      await world.query(`GRANT PROCESS ON *.* TO ${account}@localhost;
        GRANT SELECT ON performance_schema.host_cache TO ${account}@localhost`);
    }
    await world.query(`GRANT SELECT ON performance_schema.threads TO seeing@localhost;
      GRANT SELECT ON performance_schema.status_by_thread TO seeing@localhost`);
  }
});

afterAll(async () => {
  await Promise.all(Object.values(stages).map((stage) => stage.close()));
  await rm(folder, { recursive: true });
});

describe.each(FLAVOURS)('%s', (flavour) => {
  let world: World;
  let seeing: Target;
  let blind: Target;

  beforeAll(() => {
    world = stages[flavour].world;
    seeing = stages[flavour].as('seeing');
    blind = stages[flavour].as('blind');
  });
  afterAll(() => Promise.all([seeing, blind].map(({ server }) => server.close())));
  beforeEach(async () => {
    world.dns.clear();
    await stages[flavour].flush();
  });

  it('12 that asked for TLS and fell silent, DNS healthy: DNS is not named', async () => {
    const tls = KINDS.filter(({ at }) => at === 'tls-asked');
    const stuck = await hangAll(world, tls, 12, ['name', 'NXDOMAIN']);
    for (const target of [seeing, blind]) {
      const { why, alert, pending } = await answersOf(stages[flavour], target);
      expect(why).toMatch(/^12 connections/);
      expect(alert).toMatch(/^12 connections/);
      for (const answer of [why, alert, pending]) expect(answer).not.toMatch(/DNS|resolver/i);
    }
    await stuck.end();
  });

  it('12 that wait for a dead resolver: DNS is named', async () => {
    const stuck = await hangAll(world, KINDS.slice(-1), 12);
    const { why, alert, pending } = await answersOf(stages[flavour], seeing);
    for (const answer of [why, alert]) {
      expect(answer).toMatch(/12 waiting for DNS\. .*Check the resolver of the database host/);
    }
    expect(pending.match(/waiting for DNS/g)).toHaveLength(12);
    const guessed = await answersOf(stages[flavour], blind);
    expect(guessed.alert).toMatch(/12 waiting for DNS or in the TLS handshake\./);
    await stuck.end();
  });

  it(`${OF_EACH * ROUNDS} of each kind: each at its step`, {
    timeout: ROUNDS * 120_000,
  }, async () => {
    for (let round = 1; round <= ROUNDS; round++) {
      const stuck = await hangAll(world, KINDS, OF_EACH);
      const seen = await allPending(seeing, stuck.clients.length);
      expect(wrongs(stuck.clients, seen, ({ step }) => [step])).toEqual([]);
      // Without the bytes DNS is at most one of two, and never where something excludes it.
      const guessed = await allPending(blind, stuck.clients.length);
      expect(wrongs(stuck.clients, guessed, guessesFor)).toEqual([]);
      // The lookups of the last round would take their time.
      if (round < ROUNDS) await stuck.end();
    }
  });
});

interface Client extends Kind {
  readonly address: string;
  readonly naming: (typeof NAMINGS)[number];
}

/** So many of each kind, named in turn. `end` waits until the server has none of them left. */
async function hangAll(
  world: World,
  kinds: readonly Kind[],
  ofEach: number,
  namings: readonly Client['naming'][] = NAMINGS,
) {
  const clients = kinds.flatMap((kind, i) =>
    Array.from({ length: ofEach }, (_, at): Client => {
      const naming = namings[at % namings.length] ?? 'name';
      return { ...kind, naming, address: `10.${i + 1}.0.${at + 1}` };
    }),
  );
  const open: { close(reset?: boolean): Promise<void> }[] = [];
  for (const { address, step, at, naming } of clients) {
    if (step === 'dns') world.dns.ptr(address, 'SILENCE');
    else if (naming === 'name') world.dns.host(address, nameOf(address));
    else world.dns.ptr(address, naming);
    open.push(await world.hangFrom(address, at));
  }
  return {
    clients,
    async end() {
      await Promise.all(open.map(({ close }) => close(true)));
      const left = `SELECT ID FROM information_schema.processlist WHERE COMMAND = 'Connect'`;
      await expect.poll(() => world.query(left), { timeout: 60_000, interval: 200 }).toEqual([]);
    },
  };
}

function nameOf(address: string): string {
  return `c${address.replaceAll('.', '-')}.example.com`;
}

/** Once the server has accepted all of them and has gone on as far as it can. */
async function allPending(
  { server }: Target,
  count: number,
): Promise<readonly PendingConnection[]> {
  const read = async () => (await server.activity()).pending;
  const settled = async () => (await read()).filter(({ seconds }) => (seconds ?? 0) > 0).length;
  await expect.poll(settled, { timeout: 20_000, interval: 200 }).toBe(count);
  return await read();
}

function guessesFor({ step, naming }: Client): readonly HandshakeStep[] {
  if (step === 'dns') return ['dns or tls'];
  if (step === 'auth') return ['auth', 'unknown'];
  return step === 'tls' && naming === 'SERVFAIL' ? ['dns or tls'] : ['unknown'];
}

function wrongs(
  clients: readonly Client[],
  seen: readonly PendingConnection[],
  right: (client: Client) => readonly HandshakeStep[],
) {
  return clients.flatMap((client) => {
    const { address, name } = client;
    const shown = seen.find(({ host }) => [address, nameOf(address)].includes(host));
    if (shown !== undefined && right(client).includes(shown.step)) return [];
    return [{ name, expected: right(client), shown }];
  });
}

/** What people read: the finding of `why`, the alert, and `pending`. */
async function answersOf({ why }: Stage, target: Target) {
  const now = () => new Date();
  const look = () => lookAt(target, now(), () => []);
  const fact = async () =>
    observe(await look(), { nullHostAlerts: 'all', paces: new Map() }).find(
      ({ rule }) => rule === handshakePileup.id,
    )?.fact ?? '';
  await expect.poll(fact, { timeout: 20_000, interval: 200 }).toMatch(/^12 /);
  const { findings } = await why('10.99.0.1');
  const finding = findings.find(({ rule }) => rule === handshakePileup.id);
  const request = { words: [], line: '', options: {}, caller: { kind: 'terminal' } } as const;
  const reply = await pendingCommand.run(request, { targets: [target], now });
  return {
    why: `${finding?.title}. ${finding?.cause} ${finding?.remedy}`,
    alert: `${await fact()} ${handshakePileup.meaning} ${handshakePileup.remedy}`,
    pending: JSON.stringify(reply),
  };
}
