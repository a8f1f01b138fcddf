import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BreakWith, World } from '../../sandbox/world.ts';
import type { Probed } from '../../src/diagnosis/prober.ts';
import { probersOf } from '../../src/diagnosis/probers.ts';
import { parseAddress } from '../../src/hostcache/address.ts';
import { openStage, type Stage } from './stage.ts';

/** What checks and scanners leave in a real server's counters, and what is read from it. */

const TIMES = 6;

const POST_41 = ["HAProxy's option mysql-check with a user (post-41 or pre-41)"];
const POST_80 = ["HAProxy's option mysql-check with post-80"];
const OLD_DRIVER = ['a driver of MySQL 5.1 or older', ...POST_41];
const UNFINISHED = [
  'a client without TLS for an account with caching_sha2_password (client error 2061)',
  "a driver that lacks the account's plugin (client error 2059)",
];
const HAPROXY_BARE = [
  "HAProxy's check (option mysql-check without a user, or a check that only connects)",
];
const KUBERNETES_OR_AWS = [
  "Kubernetes' tcpSocket probe",
  "AWS Network Load Balancer's health check",
];
const AWS = [
  "AWS Network Load Balancer's health check",
  "AWS Classic Load Balancer's health check",
];
const EVERY_60_S = [
  "keepalived's TCP_CHECK",
  "Zabbix's net.tcp.service",
  'check_tcp of Nagios or Icinga',
];
const HTTP_EVERY_10_S = ["Kubernetes' httpGet probe", "a load balancer's HTTP health check"];

/** `every`: the times of the server's rows are spread by so many seconds; 0 = as they are. */
interface Check {
  readonly name: string;
  readonly breakWith: BreakWith;
  readonly every: number;
  readonly what: readonly string[];
}

const CHECKS: readonly Check[] = [
  { name: 'HAProxy, post-41', breakWith: 'haproxy-post-41', every: 0, what: POST_41 },
  { name: 'HAProxy, pre-41', breakWith: 'haproxy-pre-41', every: 0, what: POST_41 },
  { name: 'HAProxy, post-80', breakWith: 'haproxy-post-80', every: 0, what: POST_80 },
  { name: 'HAProxy, no user', breakWith: 'fin', every: 2, what: HAPROXY_BARE },
  { name: 'Kubernetes', breakWith: 'fin-at-once', every: 10, what: KUBERNETES_OR_AWS },
  { name: 'AWS', breakWith: 'rst', every: 30, what: AWS },
  { name: 'Zabbix', breakWith: 'rst', every: 60, what: EVERY_60_S },
  { name: 'Nagios, check_tcp', breakWith: 'rst', every: 300, what: EVERY_60_S.slice(-1) },
  { name: 'an HTTP probe', breakWith: 'http', every: 10, what: HTTP_EVERY_10_S },
  { name: 'an old driver', breakWith: 'old-protocol', every: 0, what: OLD_DRIVER },
  { name: 'HAProxy, its user', breakWith: 'old-protocol', every: 2, what: POST_41 },
  { name: 'no TLS', breakWith: 'full-auth', every: 0, what: UNFINISHED },
  { name: 'another plugin', breakWith: 'auth-switch', every: 0, what: UNFINISHED },
];

/** What a TLS error or a silent client leaves is no check's. */
const NOBODY: readonly BreakWith[] = ['bad-certificate', 'old-tls', 'quit', 'bad-login'];

let stage: Stage;
let world: World;

beforeAll(async () => {
  stage = await openStage({ flavour: 'mysql', args: ['--max-connect-errors=1000'] });
  world = stage.world;
  await world.query(`CREATE USER jdoe@'10.%' IDENTIFIED BY 'pw'; CREATE USER haproxy@'10.%';
    CREATE USER nagios@'10.9.%' IDENTIFIED BY 'pw'`);
});
afterAll(() => stage.close());

async function probed(client: string): Promise<Probed> {
  const address = parseAddress(client);
  if (address === null) throw new Error(`no address: ${client}`);
  const { server } = stage.target;
  const hosts = [client, nameOf(client)];
  const [failures, logins, entry] = await Promise.all([
    server.failures(hosts),
    server.logins(hosts),
    server.entry(address),
  ]);
  return { client: address, failures, logins: logins.counts, entry };
}

function nameOf(client: string): string {
  return `c${client.replaceAll('.', '-')}.example.com`;
}

function spread(facts: Probed, every: number): Probed {
  if (every === 0) return facts;
  const failures = (facts.failures ?? []).map((row) => {
    const firstAt = new Date('2026-11-29T12:00:00Z');
    return {
      ...row,
      firstAt,
      lastAt: new Date(firstAt.getTime() + (row.count - 1) * every * 1000),
    };
  });
  return { ...facts, failures };
}

/** Once the server has counted all of them. */
async function whatOf(client: string, every = 0): Promise<readonly string[]> {
  const counted = async () => {
    const { failures } = await probed(client);
    return Math.max(0, ...(failures ?? []).map(({ count }) => count));
  };
  await expect.poll(counted).toBe(TIMES);
  return probersOf(spread(await probed(client), every)).flatMap(({ what }) => what);
}

describe('a real server', () => {
  it.each(CHECKS.map((check, i) => ({ ...check, client: `10.1.0.${i + 1}` })))(
    '$name: the product is named',
    async ({ client, breakWith, every, what }) => {
      world.dns.host(client, nameOf(client));
      await world.breakHandshakeFrom(client, TIMES, breakWith);
      expect(await whatOf(client, every)).toEqual(what);
    },
  );

  it.each(NOBODY.map((breakWith, i) => ({ breakWith, client: `10.2.0.${i + 1}` })))(
    '$breakWith: nobody is named',
    async ({ breakWith, client }) => {
      world.dns.host(client, nameOf(client));
      await world.breakHandshakeFrom(client, TIMES, breakWith);
      expect(await whatOf(client, 2)).toEqual([]);
    },
  );

  it('scanners are named among those that send garbage', async () => {
    const client = '10.3.0.1';
    world.dns.host(client, nameOf(client));
    await world.breakHandshakeFrom(client, TIMES / 2, 'lines');
    await world.breakHandshakeFrom(client, TIMES / 2, 'bytes');
    expect(await whatOf(client)).toContain('a port scanner');
  });

  it('check_mysql without a login is named, and a person who mistypes is not', async () => {
    for (const user of ['nagios', 'ghost']) {
      const client = user === 'nagios' ? '10.4.0.1' : '10.4.0.2';
      world.dns.host(client, nameOf(client));
      for (let i = 0; i < TIMES; i++) await world.connectFrom(client, { user });
      const expected =
        user === 'nagios'
          ? ['check_mysql of Nagios or Icinga, without a login or with a wrong one']
          : [];
      expect(await whatOf(client, 60)).toEqual(expected);
    }
  });

  it('a client that logs in well and sometimes breaks off is not named', async () => {
    const client = '10.5.0.1';
    world.dns.host(client, nameOf(client));
    await world.connectFrom(client, { user: 'jdoe', password: 'pw', tls: true });
    await world.breakHandshakeFrom(client, TIMES, 'fin');
    for (const every of [0, 2, 10]) expect(await whatOf(client, every)).toEqual([]);
  });

  it('why names the product and its cure, before and after the block', async () => {
    const client = '10.7.0.1';
    world.dns.host(client, nameOf(client));
    await world.breakHandshakeFrom(client, TIMES, 'haproxy-post-80');
    const finding = async (rule: string) =>
      (await stage.why(client)).findings.find((each) => each.rule === rule);
    const failing = await finding('failing-login');
    expect(failing?.cause).toMatch(/That is HAProxy's option mysql-check with post-80\.$/);
    expect((await finding('handshake-errors'))?.cause).not.toMatch(/HAProxy/);
    expect(failing?.remedy).toMatch(/^HAProxy: .+ a program that logs in\.$/);
    await world.query('SET GLOBAL max_connect_errors = 6');
    const blocked = await finding('blocked-host');
    await world.query('SET GLOBAL max_connect_errors = 1000');
    expect(blocked?.remedy).toMatch(/Stop what breaks the handshakes off\. HAProxy: /);
  });

  it('a check that goes on while its host is blocked keeps its interval', async () => {
    const client = '10.6.0.1';
    world.dns.host(client, nameOf(client));
    await world.query('SET GLOBAL max_connect_errors = 6');
    await world.breakHandshakeFrom(client, TIMES * 2, 'fin');
    await world.query('SET GLOBAL max_connect_errors = 1000');
    const facts = await probed(client);
    const firstAt = new Date('2026-11-29T12:00:00Z');
    const lastAt = new Date(firstAt.getTime() + (TIMES * 2 - 1) * 30_000);
    if (facts.entry === null) throw new Error('no entry');
    const entry = { ...facts.entry, firstErrorAt: firstAt, lastErrorAt: lastAt };
    const [prober] = probersOf({ ...facts, entry });
    expect(prober?.what).toEqual(AWS);
  });
});
