import type { IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { pause } from '../../chat/waiting.ts';

/** Bounds what connections cost before Slack's signature is verified on them: how many, and their bytes. */

type Socket = IncomingMessage['socket'];

export interface NewcomerLimits {
  /** Connections that are not verified; over this the oldest are closed. */
  readonly most: number;
  /** A connection is not closed sooner, so that a request that came with it is read first. */
  readonly graceMs: number;
  /** With this many, the oldest is closed without grace and pause. */
  readonly mostAtOnce: number;
  /** Bytes of all bodies that are not verified. */
  readonly bytes: number;
  /** Bytes; a body up to this has room before longer ones. A command has less. */
  readonly short: number;
  /** How often a body is refused that was read. */
  readonly refusing: Pace;
}

export interface Pace {
  readonly atOnce: number;
  readonly perSecond: number;
}

export const NEWCOMERS: NewcomerLimits = {
  most: 200,
  graceMs: 1000,
  mostAtOnce: 3000,
  bytes: 8 * 1024 * 1024,
  short: 16 * 1024,
  refusing: { atOnce: 100, perSecond: 50 },
};

/**
 * Counts connections until they are verified or closed. The oldest is closed, not the newcomer:
 * Slack's request is verified at once, an attacker's never.
 */
export function createNewcomers({ most, graceMs, mostAtOnce }: NewcomerLimits) {
  /** When each was accepted, oldest first. */
  const waiting = new Map<Socket, number>();
  let isTrimming = false;

  function oldest(): readonly [Socket, number] | null {
    return waiting.entries().next().value ?? null;
  }

  function closeOldest(): void {
    const [socket] = oldest() ?? [];
    if (socket === undefined) return;
    waiting.delete(socket);
    socket.resetAndDestroy();
  }

  async function trim(): Promise<void> {
    isTrimming = true;
    while (waiting.size > most) {
      const [, acceptedAtMs] = oldest() ?? [null, 0];
      await pause(acceptedAtMs + graceMs - performance.now());
      await accepting();
      if (waiting.size > most) closeOldest();
    }
    isTrimming = false;
  }

  return {
    add: (socket: Socket): void => {
      waiting.set(socket, performance.now());
      socket.once('close', () => {
        waiting.delete(socket);
      });
      if (waiting.size > mostAtOnce) closeOldest();
      // Never rejects.
      if (!isTrimming) void trim();
    },
    /** A request on it was verified. */
    verified: (socket: Socket): void => {
      waiting.delete(socket);
    },
  };
}

/** Milliseconds after each closing. */
const REST_MS = 1;

/**
 * Resolves when the process has had time to accept more connections than were closed. An attacker
 * opens each again at once, and Slack's connection waits behind them: one is accepted in each turn
 * of the event loop.
 */
async function accepting(): Promise<void> {
  await pause(REST_MS);
  for (let turn = 0; turn < 4; turn += 1) await setImmediate();
}

/** Resolves when it is the caller's turn. */
export type Turn = () => Promise<void>;

/** The wait of a turn never exceeds this: a sender gives up sooner. */
const LONGEST_MS = 5000;

/** Turns at the pace: the first ones at once, unless many were taken shortly before. */
export function createTurns({ atOnce, perSecond }: Pace): Turn {
  const everyMs = 1000 / perSecond;
  let nextAtMs = 0;
  return () => {
    const nowMs = performance.now();
    nextAtMs = Math.max(nextAtMs, nowMs - atOnce * everyMs) + everyMs;
    nextAtMs = Math.min(nextAtMs, nowMs + LONGEST_MS);
    return pause(nextAtMs - nowMs);
  };
}

/** The bytes of a body that is being read. */
export interface Held {
  add(bytes: number): void;
  release(): void;
}

export interface Holds {
  /** Whether a body of this length may be read at all. */
  hasRoom(length: number): boolean;
  /** `drop` is called if the body has to go. */
  hold(drop: () => void): Held;
}

/**
 * Counts the bytes of all bodies. From half the limit on, only short bodies are read. Over the limit,
 * drops the oldest long one.
 */
export function createHolds({ bytes: limit, short }: NewcomerLimits): Holds {
  const held = new Map<() => void, number>();
  let total = 0;

  function change(drop: () => void, bytes: number): void {
    total += bytes - (held.get(drop) ?? 0);
    if (bytes > 0) held.set(drop, bytes);
    else held.delete(drop);
  }

  function dropOldest(longerThan: number): void {
    for (const [drop, bytes] of held) {
      if (total <= limit) return;
      if (bytes <= longerThan) continue;
      change(drop, 0);
      drop();
    }
  }

  return {
    hasRoom: (length) => length <= short || total < limit / 2,
    hold: (drop) => ({
      add: (bytes) => {
        change(drop, (held.get(drop) ?? 0) + bytes);
        dropOldest(short);
        dropOldest(0);
      },
      release: () => change(drop, 0),
    }),
  };
}
