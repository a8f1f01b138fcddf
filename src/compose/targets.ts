import { createResolver } from '../adapters/dns/resolver.ts';
import { createFlusher } from '../adapters/mysql/flusher.ts';
import { createServer } from '../adapters/mysql/server.ts';
import { within } from '../chat/waiting.ts';
import type { ServerConfig } from '../config/config.ts';
import type { Resolver } from '../diagnosis/dns-facts.ts';
import type { Target } from '../diagnosis/gather.ts';
import type { FlushTarget } from '../flush/parts.ts';

/** The configured servers, each with its reader, its flusher and its resolver. */

/** How long closing the connections may take. */
const CLOSE_MS = 2000;

/** Does not connect; a server that is down is noticed at the first query. */
export function createTargets(servers: readonly ServerConfig[]): readonly FlushTarget[] {
  // A thousand servers share a few resolvers: each resolver has its own memory and sockets.
  const resolvers = new Map<string, Resolver>();
  return servers.map((config) => {
    const { name, login, flushLogin, channel, approvers, dnsServers, mention, runbookUrl } = config;
    const server = createServer({ name, login });
    const key = String(dnsServers);
    const resolver = resolvers.get(key) ?? createResolver(dnsServers);
    resolvers.set(key, resolver);
    const flusher =
      flushLogin === null ? null : createFlusher({ name, login: flushLogin, readLogin: login });
    const view = server.flushView;
    const callout = { mention, runbookUrl };
    return { server, resolver, view, flusher, channel: channel ?? '', approvers, callout };
  });
}

/** The same targets; each call to a server is passed to `watch` while it waits for its answer. */
export function watchTargets(
  targets: readonly FlushTarget[],
  watch: <A>(who: string, work: Promise<A>) => Promise<A>,
): readonly FlushTarget[] {
  return targets.map((target) => {
    const server = new Proxy(target.server, {
      get: (asked, key) => {
        const method: unknown = Reflect.get(asked, key);
        if (typeof method !== 'function' || key === 'close') return method;
        return (...question: unknown[]) => watch(asked.name, method.apply(asked, question));
      },
    });
    return { ...target, server };
  });
}

export async function closeTargets(targets: readonly Target[], limitMs = CLOSE_MS): Promise<void> {
  const closing = Promise.allSettled(targets.map(({ server }) => server.close()));
  await within(closing, limitMs, () => null);
}
