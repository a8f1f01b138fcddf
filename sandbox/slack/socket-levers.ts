/** Controls for tests of Socket Mode: wait for connections, disconnect them, cut them, recycle them. */
import { performance } from 'node:perf_hooks';
import type { DisconnectReason, Socket, Sockets } from './sockets.ts';
import { WAIT_MS } from './workspace.ts';

export interface SocketLevers {
  /** Resolves when `count` sockets are open (default 1). Rejects after WAIT_MS. */
  connected(count?: number): Promise<void>;
  /** Sends a disconnect message to one socket or to all, as Slack does. */
  disconnect(reason: DisconnectReason, socket?: Socket): void;
  /** Cuts one connection or all without a message, like a lost network. */
  cut(socket?: Socket): void;
  /** Disconnects the oldest socket repeatedly, but never the only one. Returns a function that stops it. */
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
