/** What tests do to Socket Mode: wait for connections, send them away, cut them, recycle them. */
import { performance } from 'node:perf_hooks';
import type { DisconnectReason, Socket, Sockets } from './sockets.ts';
import { WAIT_MS } from './workspace.ts';

export interface SocketLevers {
  /** Resolves when so many sockets are open (1). Rejects after WAIT_MS. */
  connected(count?: number): Promise<void>;
  /** Tells one socket, or all, to go, as Slack does. */
  disconnect(reason: DisconnectReason, socket?: Socket): void;
  /** Cuts one connection, or all, without a word, as a lost network does. */
  cut(socket?: Socket): void;
  /** Sends the oldest socket away again and again, as long as another one stays; returns what stops it. */
  recycle(everyMs: number, reason?: DisconnectReason): () => void;
}

export function createSocketLevers(sockets: Sockets): SocketLevers & { stopRecycling(): void } {
  const timers = new Set<NodeJS.Timeout>();
  return {
    connected: (count = 1) => connected(sockets, count),
    disconnect: sockets.disconnect,
    cut: sockets.cut,
    recycle: (everyMs, reason = 'refresh_requested') => {
      const timer = setInterval(() => {
        const [oldest, another] = sockets.ready();
        if (oldest !== undefined && another !== undefined) {
          sockets.disconnect(reason, oldest);
        }
      }, everyMs);
      timers.add(timer);
      return () => clearInterval(timer);
    },
    stopRecycling: () => {
      for (const timer of timers) {
        clearInterval(timer);
      }
    },
  };
}

async function connected(sockets: Sockets, count: number): Promise<void> {
  const endsAtMs = performance.now() + WAIT_MS;
  while (sockets.ready().length < count) {
    if (performance.now() > endsAtMs) {
      const there = sockets.ready().length;
      throw new Error(`sandbox Slack: ${there} of ${count} sockets after ${WAIT_MS} ms`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
