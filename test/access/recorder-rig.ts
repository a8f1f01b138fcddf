import { beforeEach } from 'vitest';
import type { AccessEvent } from '../../src/access/record.ts';
import type { Seen } from '../../src/access/recorder.ts';
import { remember } from '../../src/access/remember.ts';
import type { LoginReading } from '../../src/hostcache/failures.ts';
import { account } from '../scenarios/accounts.ts';
import { type CountingServer, createCountingServer } from './counting-server.ts';
import { createAccessMemory } from './memory.ts';

/** A bot that sweeps a counting server with a moved clock, for tests of what it remembers. */

export const MINUTE_MS = 60_000;
export const START = new Date('2026-11-01T00:00:00Z');
export const NOON = new Date('2026-11-29T12:00:00Z');

export let now = NOON;
export let memory = createAccessMemory();
export let server: CountingServer = createCountingServer(START);

/** Each test begins with a new server and an empty record. */
export function makeRig(): void {
  beforeEach(() => {
    now = NOON;
    memory = createAccessMemory();
    server = createCountingServer(START);
    server.setAccounts([account('app', '10.%'), account('shop', 'shop.example.com')]);
  });
}

export function moveTo(at: Date): void {
  now = at;
}

export function pass(minutes: number): Date {
  now = new Date(now.getTime() + minutes * MINUTE_MS);
  return now;
}

export async function sweep(
  given: Partial<Seen> = {},
  change: (reading: LoginReading) => LoginReading = (reading) => reading,
): Promise<void> {
  const seen = {
    reading: change(server.reading(now)),
    upSeconds: server.upSeconds(now),
    ...({ flavour: 'mysql', rules: 'mysql', skipNameResolve: false } as const),
    ...{ maxConnectErrors: 100n, cache: server.cache(), flush: null },
    longestGapMs: 10.5 * MINUTE_MS,
    ...given,
  };
  await remember(server.server, seen, memory);
}

/** Sweeps every 5 minutes. */
export async function sweeps(count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    pass(5);
    await sweep();
  }
}

export const days = () => memory.days('main', '');
export const events = async (): Promise<readonly AccessEvent[]> =>
  (await days()).flatMap((day) => day.events);
export const uses = async () => (await days()).flatMap((day) => day.uses);
export const spans = async () =>
  (await days()).flatMap((day) =>
    day.spans.map(({ from, to }) => [
      from.toISOString().slice(5, 16),
      to.toISOString().slice(5, 16),
    ]),
  );

export const UNREADABLE = Object.assign(new Error('no SELECT'), { kind: 'unreadable' });

export function minutes(count: number): Date {
  return new Date(NOON.getTime() + count * MINUTE_MS);
}

export function client(address: string) {
  return { host: address, address };
}

export function use(given: object) {
  return {
    ...{ user: 'app', host: '10.0.0.7', address: '10.0.0.7', account: null },
    ...{ logins: 0, failures: 0, lastLoginAt: null },
    ...given,
  };
}
