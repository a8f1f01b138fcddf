// Checks DNS: compares names in a server's host cache with what our resolver returns. Does I/O.

import { isUnreadable } from '../../chat/unreadable.ts';
import type { DnsAnswer, Resolver } from '../../diagnosis/dns-facts.ts';
import { type Check, type CheckResult, green, red, yellow } from '../../doctor/check.ts';
import { type Address, parseAddress } from '../../hostcache/address.ts';
import { isCurrentName } from '../../hostcache/host-name.ts';
import type { NamedEntry, Server } from '../../hostcache/server.ts';

/** How many names are compared: the newest ones, which are least likely to be stale. */
const NAMES = 5;

/** RFC 5737: a documentation address; every working resolver has some answer for it. */
const ANY_ADDRESS: Address = { text: '192.0.2.1', family: 4 };

export function createDnsCheck(options: {
  readonly server: Pick<Server, 'name' | 'cache'>;
  readonly resolver: Resolver;
  /** null: DNS_SERVERS is not set, so this machine's resolver is used. */
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
      const ofNames = answers.map(({ answer }) => answer);
      const all = ofNames.length > 0 ? ofNames : [await resolver.reverse(ANY_ADDRESS)];
      const failure = all.find((answer) => answer.kind === 'failed');
      if (failure?.kind === 'failed' && all.every(({ kind }) => kind === 'failed')) {
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

/** Empty if the cache cannot be read; the check of the reading account reports that. */
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
  return red(
    `${label} does not answer (${why}), so no answer can say what a flush would change.`,
    isNamed
      ? 'Set DNS_SERVERS to the resolvers that the MySQL server uses: see /etc/resolv.conf there.'
      : "Fix this machine's resolver, or set DNS_SERVERS to the MySQL server's resolvers.",
  );
}

function compare(label: string, compared: readonly Compared[]): CheckResult {
  const same = compared.filter(
    ({ host, answer }) => answer.kind === 'found' && isCurrentName(host, answer.values),
  ).length;
  const of = `${same} of ${compared.length}`;
  if (compared.length === 0) {
    return green(`${label} answers; the host cache has no name to compare with.`);
  }
  if (same > 0) return green(`${label} answers; ${of} cached names are the same there.`);
  return yellow(
    `${label} answers, but ${of} cached names are the same there.`,
    'Either they are stale (see `list stale`), or the server uses other resolvers: set DNS_SERVERS to those. See /etc/resolv.conf on the server.',
  );
}
