// Asks DNS: the resolvers in DNS_SERVERS, or this machine's resolver, as mysqld does. Does I/O.
import dns from 'node:dns';
import { isIP } from 'node:net';
import type { DnsAnswer, Resolver } from '../../diagnosis/dns-facts.ts';
import { type Address, parseAddress, reverseName } from '../../hostcache/address.ts';

/** The first try lasts 2 s and the second 4 s, so a resolver that needs up to 6 s still counts. */
const PATIENCE = { timeout: 2_000, tries: 2 };

/** Each server is `address[:port]`. null = this machine's resolver, including its hosts file. */
export function createResolver(servers: readonly string[] | null): Resolver {
  return servers === null ? createMachineResolver() : createNamedResolver(servers);
}

function createNamedResolver(servers: readonly string[]): Resolver {
  const addresses = servers.map((server) => (isIP(server) === 6 ? `[${server}]` : server));
  const ask = createAsk(addresses);
  return {
    label: `DNS at ${servers.join(', ')}`,
    // Resolver.reverse would read this machine's hosts file first.
    reverse: (address) =>
      answer(() => ask((resolver) => resolver.resolvePtr(reverseName(address)))),
    forward: async (name) => {
      const [four, six] = await Promise.all([
        answer(() => ask((resolver) => resolver.resolve4(name))),
        answer(() => ask((resolver) => resolver.resolve6(name))),
      ]);
      return toAddresses(joinFamilies(four, six));
    },
  };
}

/** To make a resolver takes longer than to ask it. */
const SHARED_MS = 1_000;

/**
 * Asks a resolver that only questions at the same time share. Some releases of Node, such as 20.19.2,
 * cache the answers of each resolver, and the absence of a record for an hour (nodejs/node#57636).
 * Rejects as the question does.
 */
function createAsk(addresses: readonly string[]) {
  const make = () => {
    const resolver = new dns.promises.Resolver(PATIENCE);
    resolver.setServers(addresses);
    return { resolver, madeAtMs: performance.now(), questions: 0 };
  };
  let latest: ReturnType<typeof make> | null = null;
  const isShared = ({ questions, madeAtMs }: ReturnType<typeof make>) =>
    questions > 0 && performance.now() - madeAtMs < SHARED_MS;
  return async <T>(question: (resolver: dns.promises.Resolver) => Promise<T>): Promise<T> => {
    if (latest === null || !isShared(latest)) latest = make();
    const asked = latest;
    asked.questions += 1;
    try {
      return await question(asked.resolver);
    } finally {
      asked.questions -= 1;
    }
  };
}

function createMachineResolver(): Resolver {
  return {
    label: "this machine's resolver",
    reverse: (address) =>
      answer(async () => [(await dns.promises.lookupService(address.text, 0)).hostname]),
    forward: async (name) =>
      toAddresses(
        await answer(async () =>
          (await dns.promises.lookup(name, { all: true })).map(({ address }) => address),
        ),
      ),
  };
}

async function answer(ask: () => Promise<readonly string[]>): Promise<DnsAnswer<string>> {
  try {
    const [first, ...others] = await ask();
    return first === undefined ? { kind: 'nodata' } : { kind: 'found', values: [first, ...others] };
  } catch (error) {
    return toFailure(error);
  }
}

/** c-ares differs by code. getaddrinfo differs by errno: its ENOTFOUND means two answers. */
function toFailure(error: unknown): DnsAnswer<string> {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  const errno = 'errno' in error ? error.errno : undefined;
  if (errno === EAI_NODATA || error.code === 'ENODATA') return { kind: 'nodata' };
  if (error.code === 'ENOTFOUND') return { kind: 'nxdomain' };
  const why = FAILURES[String(error.code)] ?? String(error.code);
  return { kind: 'failed', why, isSilence: error.code === 'ETIMEOUT' };
}

/** libuv's number for "the name exists, without an address". */
const EAI_NODATA = -3007;

const FAILURES: Readonly<Record<string, string>> = {
  ESERVFAIL: 'SERVFAIL',
  EREFUSED: 'REFUSED',
  ETIMEOUT: 'no answer in time',
  ECONNREFUSED: 'connection refused',
  EAI_AGAIN: 'temporary failure',
  EBADRESP: 'unreadable answer',
  EFORMERR: 'FORMERR',
  ENOTIMP: 'NOTIMP',
};

/**
 * Joins the A and the AAAA answer as glibc's getaddrinfo does; every combination was tried on real
 * servers. If the A query gets no answer, the lookup fails. Otherwise addresses count, whatever the
 * other answer is, and a name that either answer calls missing is missing.
 */
function joinFamilies(four: DnsAnswer<string>, six: DnsAnswer<string>): DnsAnswer<string> {
  if (four.kind === 'failed' && four.isSilence) return four;
  if (four.kind === 'found' && six.kind === 'found') {
    return { kind: 'found', values: [...four.values, ...six.values] };
  }
  // After a timeout, a server thread asks for A only first, and then stops if that fails.
  if (four.kind === 'failed' && (six.kind === 'found' || six.kind === 'nxdomain')) {
    return { ...six, failedA: four.why };
  }
  const kinds: readonly DnsAnswer<string>['kind'][] = ['found', 'nxdomain', 'failed', 'nodata'];
  return kinds.indexOf(four.kind) <= kinds.indexOf(six.kind) ? four : six;
}

function toAddresses(names: DnsAnswer<string>): DnsAnswer<Address> {
  if (names.kind !== 'found') return names;
  const [first, ...others] = names.values.map(parseAddress).filter((address) => address !== null);
  return first === undefined ? { kind: 'nodata' } : { ...names, values: [first, ...others] };
}
