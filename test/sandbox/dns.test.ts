/** The scripted DNS, queried with Node's resolver like the bot does. */
import { Resolver } from 'node:dns/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type DnsServer, reverseName, startDns } from '../../sandbox/dns.ts';

const ADDRESS = '192.0.2.5';
const PTR_NAME = reverseName(ADDRESS);

let server: DnsServer;
let resolver: Resolver;

beforeEach(async () => {
  server = await startDns();
  resolver = resolverOf(60_000);
});
afterEach(() => server.close());

function resolverOf(timeout: number): Resolver {
  const asking = new Resolver({ timeout, tries: 1 });
  asking.setServers([server.address]);
  return asking;
}

it('answers forward and reverse questions, and only from its table', async () => {
  server.dns.host(ADDRESS, 'Merp.example.com');
  server.dns.host('2001:db8::5', 'merp.example.com');
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(['Merp.example.com']);
  expect(await resolver.resolvePtr(reverseName('2001:db8::5'))).toEqual(['merp.example.com']);
  expect(await resolver.resolve4('MERP.example.com')).toEqual([ADDRESS]);
  expect(await resolver.resolve6('merp.example.com')).toEqual(['2001:db8::5']);
  await expect(resolver.resolveCname('merp.example.com')).rejects.toThrow('ENODATA');
  await expect(resolver.resolve4('other.example.com')).rejects.toThrow('ENOTFOUND');
  server.dns.forget(ADDRESS);
  await expect(resolver.resolvePtr(PTR_NAME)).rejects.toThrow('ENOTFOUND');
});

it.each([
  { answer: 'NXDOMAIN', code: 'ENOTFOUND' },
  { answer: 'NODATA', code: 'ENODATA' },
  { answer: 'SERVFAIL', code: 'ESERVFAIL' },
  { answer: 'REFUSED', code: 'EREFUSED' },
  { answer: 'SILENCE', code: 'ETIMEOUT' },
] as const)('answers $answer, which Node calls $code', async ({ answer, code }) => {
  server.dns.ptr(ADDRESS, answer);
  if (answer === 'SILENCE') resolver = resolverOf(200);
  await expect(resolver.resolvePtr(PTR_NAME)).rejects.toMatchObject({ code });
});

it('follows CNAMEs, as in a delegated reverse zone', async () => {
  server.dns.answer(PTR_NAME, 'CNAME', ['5.0-25.2.0.192.in-addr.arpa']);
  server.dns.answer('5.0-25.2.0.192.in-addr.arpa', 'PTR', ['merp.example.com']);
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(['merp.example.com']);
});

it('transmits names with any bytes', async () => {
  server.dns.ptr(ADDRESS, ['<!channel>.a b.\\255\\.\\007.example.com']);
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(['<!channel>.a b.\\255\\.\\007.example.com']);
});

it('refuses names that DNS cannot carry', () => {
  expect(() => server.dns.ptr(ADDRESS, [`${'a'.repeat(64)}.example.com`])).toThrow('64');
  expect(() => server.dns.ptr(ADDRESS, ['a..example.com'])).toThrow('0');
});

it('answers by TCP what is too long for UDP', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `host-${i}.example.com`);
  server.dns.ptr(ADDRESS, names);
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(names);
});

it('can answer the bot and the server differently', async () => {
  server.dns.host(ADDRESS, 'old.example.com');
  server.dns.host(ADDRESS, 'new.example.com', { to: 'bot' });
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(['new.example.com']);
  server.dns.outage('SERVFAIL', { to: 'server' });
  expect(await resolver.resolvePtr(PTR_NAME)).toEqual(['new.example.com']);
  server.dns.outage('SERVFAIL');
  await expect(resolver.resolvePtr(PTR_NAME)).rejects.toThrow('ESERVFAIL');
  expect(server.dns.asked).toMatchObject([{ asker: 'bot', name: PTR_NAME, type: 'PTR' }, {}, {}]);
});

it('takes its time', async () => {
  server.dns.ptr(ADDRESS, ['slow.example.com'], { delayMs: 100 });
  const startedAtMs = performance.now();
  await resolver.resolvePtr(PTR_NAME);
  expect(performance.now() - startedAtMs).toBeGreaterThan(90);
});
