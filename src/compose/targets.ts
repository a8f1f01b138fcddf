import { createResolver } from '../adapters/dns/resolver.ts';
import { createServer } from '../adapters/mysql/server.ts';
import { within } from '../chat/waiting.ts';
import type { ServerConfig } from '../config/config.ts';
import type { Target } from '../diagnosis/commands.ts';
import type { Resolver } from '../diagnosis/resolver.ts';
import type { FlushView } from '../flush/flusher.ts';

/** The configured servers, each beside the DNS that it asks. */

/** How long a server may take to say goodbye. */
const CLOSE_MS = 2000;

/** Connects to nothing: a server that is down is found out when it is asked. */
export function createTargets(servers: readonly ServerConfig[]): readonly FlushableTarget[] {
  // A thousand servers share a few resolvers, each of which holds memory and sockets of its own.
  const resolvers = new Map<string, Resolver>();
  return servers.map(({ name, login, dnsServers }) => {
    const server = createServer({ name, login });
    const key = String(dnsServers);
    const resolver = resolvers.get(key) ?? createResolver(dnsServers);
    resolvers.set(key, resolver);
    return { server, resolver, view: server.flushView };
  });
}

/** A target, and what a flush of it needs to see. */
export interface FlushableTarget extends Target {
  readonly view: FlushView;
}

/** The same targets; every question to a server is handed to `watch` while it waits for its answer. */
export function watchTargets<T extends Target>(
  targets: readonly T[],
  watch: <A>(who: string, work: Promise<A>) => Promise<A>,
): readonly T[] {
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
