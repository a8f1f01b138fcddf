import type { Random } from './random.ts';

/** A small world to predict in: accounts, what DNS said and says, what each client did before. */

export interface SmallWorld {
  readonly accounts: readonly SmallAccount[];
  readonly maxConnectErrors: number;
  /** 0 = the cache is off. */
  readonly hostCacheSize: number;
  readonly clients: readonly SmallClient[];
}

export interface SmallAccount {
  readonly kind: 'account' | 'role' | 'locked';
  readonly user: string;
  readonly host: string;
}

export interface SmallClient {
  readonly address: string;
  /** Under which name it logs in; null = nobody asks. */
  readonly user: string;
  /** What DNS said when the client came first, and what it says when we predict. */
  readonly dnsBefore: DnsState;
  readonly dnsNow: DnsState;
  /** Handshakes that it broke off; null = it has not come yet. */
  readonly brokenHandshakes: number | null;
}

/** What DNS says of one address: no PTR record, or names and where the first leads. */
export type DnsState =
  | { readonly ptr: 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'REFUSED' }
  | { readonly ptr: readonly [string, ...string[]]; readonly forward: 'confirmed' | Forward };

/** The answers for the client's own family of addresses, and for the other. */
export interface Forward {
  readonly own: Lookup;
  readonly other: Lookup;
}

export type Lookup = 'the client' | 'elsewhere' | 'NXDOMAIN' | 'NODATA' | 'SERVFAIL' | 'REFUSED';

/** Each address once in a world. */
const ADDRESSES: readonly [string, ...string[]] = [
  '240.221.242.64',
  '240.221.242.65',
  '240.66.0.1',
  '10.1.2.3',
  '10.1.2.10',
  '10.200.0.7',
  '192.168.1.25',
  '192.0.2.5',
  '127.0.0.2',
  '127.0.0.1',
  '::1',
  '2001:db8::5',
  '2001:db8::6',
  '2001:db8:1::25',
];

const NAMES: readonly [string, ...string[]] = [
  'appsrv01.corp.example.com',
  'APPSRV02.Corp.Example.com',
  'merp.example.com',
  'my_host.example.com',
  'axb.example.com',
  'ab',
  'db.internal',
  '12host.example.com',
  'v6host.corp.example.com',
  'a-very-long-label-for-a-host-that-somebody-thought-was-funny.of.a.long.domain.corp.example.com',
];

const REJECTED_NAMES: readonly [string, ...string[]] = [
  '12.example.com',
  '10.1.2.3',
  '7.evil.example.com',
  'localhost',
  '<!channel>.example.com',
  '-a.example.com',
  'a b.example.com',
  'ä.example.com',
  'a/b.example.com',
  '7',
  '0x7f.1',
];

const PATTERNS: readonly [string, ...string[]] = [
  '%',
  '',
  'localhost',
  '127.0.0.1',
  '::1',
  '127.%',
  '127.0.0.0/8',
  'local%',
  '240.221.242.64',
  '240.221.242.%',
  '240.221.%',
  '240.%',
  '24%',
  '%.64',
  '240.221.242.6_',
  '240.221.242.6%',
  '240.221.242.__',
  '240.221.242._4',
  '240.%.242.64',
  '%.%.%.%',
  '%:%',
  '%.3',
  '10.1.2.3%',
  '10.1._.3',
  '10.1.2._',
  '240.221.242.64/32',
  '240.221.242.64/255.255.255.255',
  '240.221.242.064',
  '+240.221.242.64',
  '240.221.242.64.',
  '240.221.242.0/24',
  '240.221.0.0/16',
  '240.0.0.0/4',
  '10.0.0.0/8',
  '0.0.0.0/0',
  '128.0.0.0/1',
  '240.221.242.0/024',
  '240.221.242.0/255.255.255.0',
  '240.0.0.0/240.0.0.0',
  '240.221.242.64/24',
  '240.0.0.1/255.0.255.255',
  '10.1.0.0/255.255.0.0',
  '0.0.0.0/0.0.0.0',
  '240.221.242.0/33',
  '192.168.1.%',
  '192.168.0.0/16',
  '10.1.2.3',
  '10.1.2.10',
  'appsrv01.corp.example.com',
  'appsrv02.corp.example.com',
  'APPSRV01.corp.EXAMPLE.com',
  'appsrv%',
  'appsrv__.corp.example.com',
  '%.corp.example.com',
  '%.example.com',
  '%.com',
  '%corp%',
  'a%m',
  '%.COM',
  'appsrv01.corp.example.com%',
  'appsrv01.corp.example.com%%',
  'appsrv01.corp.example.co_%',
  'merp.example.com',
  'm%',
  '_erp.example.com',
  'merp',
  'my\\_host.example.com',
  'my_host.example.com',
  'a\\_b.example.com',
  'a_b.example.com',
  'ab',
  'a_',
  'a_%',
  '_%',
  '%_',
  '__',
  '%b',
  '%%',
  '12host.example.com',
  '12%',
  '12.example.com',
  '%.internal',
  'db.internal',
  '2001:db8::5',
  '2001:db8::%',
  '2001:DB8::5',
  '2001:db8::_',
  '2001:db8:0:0:0:0:0:5',
  '2001:db8::/32',
  'v6host.corp.example.com',
  '::ffff:10.1.2.3',
  '%ong.domain.corp.example.com',
  'a-very-%',
];

const PIECES: readonly [string, ...string[]] = [
  '%',
  '_',
  'a',
  'b',
  '10',
  '.',
  '1',
  '2',
  '3',
  '240',
  '221',
  '242',
  '64',
  '/',
  '255',
  '0',
  '24',
  '\\_',
  '\\%',
  'appsrv01',
  'corp',
  'example',
  '.com',
  '2001:db8::',
  '+',
  '%%',
  'my',
  'host',
  'merp',
  '-',
];

export function imagine(random: Random): SmallWorld {
  const accounts = Array.from({ length: random.between(1, 7) }, () => imagineAccount(random));
  const addresses = shuffle(ADDRESSES, random).slice(0, random.between(4, 10));
  return {
    accounts,
    maxConnectErrors: random.pick([1, 3, 3, 3, 100]),
    hostCacheSize: random.chance(0.05) ? 0 : 279,
    clients: addresses.map((address) => imagineClient(address, random)),
  };
}

function imagineAccount(random: Random): SmallAccount {
  const user = random.pick(['u', 'u', 'u', 'v', '']);
  // A role or a locked account lets every host in to the password.
  const kind = random.chance(0.04) ? 'role' : random.chance(0.04) ? 'locked' : 'account';
  return {
    kind,
    user: kind === 'role' ? `role${random.between(1, 3)}` : user,
    host: imagineHost(random),
  };
}

function imagineHost(random: Random): string {
  // '%' opens the host check for all, so that it would hide most else.
  const host = random.chance(0.75)
    ? random.pick(PATTERNS)
    : Array.from({ length: random.between(1, 6) }, () => random.pick(PIECES)).join('');
  return (host === '%' || host === '') && random.chance(0.6) ? '10.%' : host;
}

function imagineClient(address: string, random: Random): SmallClient {
  const dnsBefore = imagineDns(random);
  return {
    address,
    user: random.pick(['u', 'u', 'u', 'v', 'ghost']),
    dnsBefore,
    dnsNow: random.chance(0.5) ? dnsBefore : imagineDns(random),
    brokenHandshakes: random.chance(0.3) ? null : random.pick([0, 0, 0, 1, 2, 3]),
  };
}

function imagineDns(random: Random): DnsState {
  const kind = random.next();
  if (kind < 0.12) return { ptr: 'NXDOMAIN' };
  if (kind < 0.17) return { ptr: random.pick(['NODATA', 'SERVFAIL', 'REFUSED']) };
  if (kind < 0.27) return { ptr: [random.pick(REJECTED_NAMES)], forward: 'confirmed' };
  const first = random.pick(NAMES);
  return {
    ptr: random.chance(0.05) ? [first, random.pick(NAMES)] : [first],
    forward: random.chance(0.75)
      ? 'confirmed'
      : { own: random.pick(LOOKUPS), other: random.pick(LOOKUPS) },
  };
}

const LOOKUPS: readonly [Lookup, ...Lookup[]] = [
  'the client',
  'the client',
  'elsewhere',
  'NXDOMAIN',
  'NODATA',
  'SERVFAIL',
  'REFUSED',
];

function shuffle<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, order: random.next() }))
    .sort((a, b) => a.order - b.order)
    .map(({ value }) => value);
}
