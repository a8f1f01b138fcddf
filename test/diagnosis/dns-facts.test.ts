import { describe, expect, it } from 'vitest';
import { acceptedName, askDns, type Rejection } from '../../src/diagnosis/dns-facts.ts';
import { createFakeResolver, type FakeDns } from '../fakes/resolver.ts';
import { CLIENT, NAME } from '../scenarios/clients.ts';

/** What the server would make of DNS (ip_to_hostname), row by row. */

interface DnsRow {
  readonly name: string;
  readonly dns: FakeDns;
  readonly status: 'ok' | 'nxdomain' | 'nodata' | 'failed';
  readonly rejected: Rejection | null;
}

const ptr = (...names: readonly string[]) => ({ [CLIENT.text]: names });
const forward = (
  addresses: readonly string[] | 'nxdomain' | 'nodata' | 'SERVFAIL',
  name = NAME,
) => ({
  [name]: addresses,
});

const ROWS: readonly DnsRow[] = [
  { name: 'PTR NXDOMAIN', dns: {}, status: 'nxdomain', rejected: 'no-ptr' },
  {
    name: 'PTR empty',
    dns: { ptr: { [CLIENT.text]: 'nodata' } },
    status: 'nodata',
    rejected: 'no-ptr',
  },
  {
    name: 'PTR SERVFAIL',
    dns: { ptr: { [CLIENT.text]: 'SERVFAIL' } },
    status: 'failed',
    rejected: 'ptr-failed',
  },
  {
    name: 'PTR without an answer',
    dns: { ptr: { [CLIENT.text]: 'SILENCE' } },
    status: 'failed',
    rejected: 'ptr-failed',
  },
  {
    name: 'PTR 12.example.com',
    dns: { ptr: ptr('12.example.com'), forward: forward([CLIENT.text], '12.example.com') },
    status: 'ok',
    rejected: 'numeric',
  },
  {
    name: 'PTR 12host.example.com',
    dns: { ptr: ptr('12host.example.com'), forward: forward([CLIENT.text], '12host.example.com') },
    status: 'ok',
    rejected: null,
  },
  {
    name: 'PTR that is no host name',
    dns: { ptr: ptr('<!channel>'), forward: forward([CLIENT.text], '<!channel>') },
    status: 'ok',
    rejected: 'no-ptr',
  },
  { name: 'PTR localhost', dns: { ptr: ptr('LocalHost') }, status: 'ok', rejected: 'mismatch' },
  // getaddrinfo reads these as addresses.
  { name: 'PTR 7', dns: { ptr: ptr('7') }, status: 'ok', rejected: 'mismatch' },
  { name: 'PTR 0x7f.1', dns: { ptr: ptr('0x7f.1') }, status: 'ok', rejected: 'mismatch' },
  { name: 'forward NXDOMAIN', dns: { ptr: ptr(NAME) }, status: 'ok', rejected: 'no-address' },
  {
    // EAI_NODATA is not EAI_NONAME: asked again each time.
    name: 'forward NODATA',
    dns: { ptr: ptr(NAME), forward: forward('nodata') },
    status: 'ok',
    rejected: 'address-failed',
  },
  {
    name: 'forward SERVFAIL',
    dns: { ptr: ptr(NAME), forward: forward('SERVFAIL') },
    status: 'failed',
    rejected: 'address-failed',
  },
  {
    name: 'forward to others',
    dns: { ptr: ptr(NAME), forward: forward(['192.0.2.99', '2001:db8::5']) },
    status: 'ok',
    rejected: 'mismatch',
  },
  {
    name: 'forward to others and the client',
    dns: { ptr: ptr(NAME), forward: forward(['192.0.2.99', CLIENT.text]) },
    status: 'ok',
    rejected: null,
  },
  {
    name: 'the PTR spelling is kept',
    dns: { ptr: ptr('MERP.Example.com'), forward: forward([CLIENT.text]) },
    status: 'ok',
    rejected: null,
  },
  {
    name: 'several PTRs, of which the first leads elsewhere',
    dns: { ptr: ptr('other.example.com', NAME), forward: forward([CLIENT.text]) },
    status: 'ok',
    rejected: 'no-address',
  },
];

describe('askDns', () => {
  it.each(ROWS)('$name: $status, rejected $rejected', async ({ dns, status, rejected }) => {
    const facts = await askDns(CLIENT, createFakeResolver(dns));
    const names = dns.ptr?.[CLIENT.text];
    const first = typeof names === 'object' ? (names[0] ?? null) : null;
    expect(facts).toMatchObject({ status, rejected, host: first, confirmed: rejected === null });
    expect(acceptedName(facts)).toBe(rejected === null ? first : null);
    expect(facts.why === null).toBe(status !== 'failed');
    expect(facts.names).toEqual(typeof names === 'object' ? names : []);
  });

  it('asks no name that the server would not ask', async () => {
    const resolver = createFakeResolver({ ptr: ptr('12.example.com') });
    const forward = () => Promise.reject(new Error('asked in vain'));
    await expect(askDns(CLIENT, { ...resolver, forward })).resolves.toMatchObject({
      rejected: 'numeric',
    });
  });
});
