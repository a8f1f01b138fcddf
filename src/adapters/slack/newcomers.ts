import type { IncomingMessage } from 'node:http';

/** Bounds what connections cost before Slack's signature is verified on them: how many, and their bytes. */

type Socket = IncomingMessage['socket'];

export interface NewcomerLimits {
  /** Connections that are not verified. */
  readonly most: number;
  /** A connection is not closed sooner, so that a request that came with it is read first. */
  readonly graceMs: number;
  /** With this many, the oldest is closed at once. */
  readonly mostAtOnce: number;
  /** Bytes of all bodies that are not verified. */
  readonly bytes: number;
}

/** 24 MiB for 200 connections: a body of up to 120 kB always has room. */
export const NEWCOMERS: NewcomerLimits = {
  most: 200,
  graceMs: 100,
  mostAtOnce: 1000,
  bytes: 24 * 1024 * 1024,
};

export interface Newcomers {
  /** Counts the connection until it is verified or closed; closes the oldest ones over the limit. */
  add(socket: Socket): void;
  /** A request on it was verified. */
  verified(socket: Socket): void;
  /** The connection holds so many bytes more (or fewer) of a body that is not verified. */
  hold(socket: Socket, bytes: number): void;
}

export function createNewcomers(limits: NewcomerLimits): Newcomers {
  /** When each was accepted, oldest first. */
  const waiting = new Map<Socket, number>();
  const closeOldest = createTrimmer(waiting, limits);
  const hold = createHolders(limits);
  return {
    add: (socket) => {
      waiting.set(socket, performance.now());
      socket.once('close', () => {
        waiting.delete(socket);
      });
      closeOldest();
    },
    verified: (socket) => {
      waiting.delete(socket);
    },
    hold,
  };
}

/** The oldest is closed, not the newcomer: Slack's request is verified at once, an attacker's never. */
function createTrimmer(waiting: Map<Socket, number>, limits: NewcomerLimits): () => void {
  const { most, graceMs, mostAtOnce } = limits;
  let isWaiting = false;

  function trim(): void {
    const nowMs = performance.now();
    for (const [socket, atMs] of waiting) {
      if (waiting.size <= most) return;
      const leftMs = atMs + graceMs - nowMs;
      if (leftMs > 0 && waiting.size <= mostAtOnce) {
        later(leftMs);
        return;
      }
      waiting.delete(socket);
      socket.resetAndDestroy();
    }
  }

  function later(ms: number): void {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      trim();
    }, ms).unref();
  }

  return trim;
}

/**
 * Closes the oldest connection that holds more than its share, so that one that holds less is never
 * closed for its bytes.
 */
function createHolders({ bytes: limit, most }: NewcomerLimits): Newcomers['hold'] {
  const held = new Map<Socket, number>();
  let total = 0;

  function change(socket: Socket, bytes: number): void {
    const before = held.get(socket) ?? 0;
    const after = Math.max(0, before + bytes);
    if (after > 0) held.set(socket, after);
    else held.delete(socket);
    total += after - before;
  }

  return (socket, bytes) => {
    if (bytes > 0 && socket.destroyed) return;
    change(socket, bytes);
    for (const [holder, its] of held) {
      if (total <= limit) return;
      if (its <= limit / most) continue;
      change(holder, -its);
      holder.resetAndDestroy();
    }
  };
}
