// Asks a resolver for what a server has learnt from its own.

import { isUnreadable } from '../../chat/unreadable.ts';
import type { DnsAnswer, Resolver } from '../../diagnosis/dns-facts.ts';
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import { type Address, parseAddress } from '../../hostcache/address.ts';
import type { NamedEntry, Server } from '../../hostcache/server.ts';

/** Names that are compared; the newest, which are least likely to be stale. */
const NAMES = 5;

/** RFC 5737: an address of documentation, which every resolver has some answer for. */
const ANY_ADDRESS = '192.0.2.1';

export function createDnsCheck(options: {
  readonly server: Pick<Server, 'name' | 'cache'>;
  readonly resolver: Resolver;
  /** null: DNS_SERVERS is not given, this machine's are asked. */
  readonly dnsServers: readonly string[] | null;
}): Check {
  const { server, resolver, dnsServers } = options;
  return {
    name: `${server.name}: DNS`,
    run: async () => {
      const known = await newestNames(server);
      const answers = await Promise.all(
        known.map(async ({ address, host }) => ({ host, answer: await resolver.reverse(address) })),
      );
      const told = answers.map(({ answer }) => answer);
      const probe = told.length > 0 ? told : await askAny(resolver);
      const failure = probe.find((answer) => answer.kind === 'failed');
      if (failure?.kind === 'failed' && probe.every(({ kind }) => kind === 'failed')) {
        return [away(resolver.label, failure.why, dnsServers !== null)];
      }
      return [compare(resolver.label, answers)];
    },
  };
}

interface Compared {
  readonly host: string;
  readonly answer: DnsAnswer<string>;
}

async function askAny(resolver: Resolver): Promise<readonly DnsAnswer<string>[]> {
  const address = parseAddress(ANY_ADDRESS);
  return address === null ? [] : [await resolver.reverse(address)];
}

/** None where the cache cannot be read: the grants' own check says so. */
async function newestNames(
  server: Pick<Server, 'cache'>,
): Promise<readonly { readonly address: Address; readonly host: string }[]> {
  try {
    const { named } = await server.cache();
    return [...named]
      .sort((a, b) => seenMs(b) - seenMs(a))
      .slice(0, NAMES)
      .flatMap(({ address: text, host }) => {
        const address = parseAddress(text);
        return address === null ? [] : [{ address, host }];
      });
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return [];
  }
}

function seenMs({ firstSeenAt }: NamedEntry): number {
  return firstSeenAt?.getTime() ?? 0;
}

function away(label: string, why: string, isNamed: boolean): CheckResult {
  const says = `${label} does not answer (${why}), so no answer can say what a flush would change.`;
  return red(
    says,
    isNamed
      ? 'Name in DNS_SERVERS the resolvers that the MySQL server uses: see /etc/resolv.conf there.'
      : "Mend this machine's resolver, or name the MySQL server's in DNS_SERVERS.",
  );
}

function compare(label: string, compared: readonly Compared[]): CheckResult {
  const same = compared.filter(({ host, answer }) => holds(answer, host)).length;
  const of = `${same} of ${compared.length}`;
  if (compared.length === 0) {
    return green(`${label} answers; no cached name is known to compare with.`);
  }
  if (same > 0) return green(`${label} answers, ${of} cached names as the server knows them.`);
  return yellow(
    `${label} answers, but knows ${of} cached names as the server does.`,
    'Either they are stale (see `list stale`), or the server asks other resolvers: name those in DNS_SERVERS; see /etc/resolv.conf there.',
  );
}

function holds(answer: DnsAnswer<string>, host: string): boolean {
  if (answer.kind !== 'found') return false;
  return answer.values.some((name) => plain(name) === plain(host));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}
