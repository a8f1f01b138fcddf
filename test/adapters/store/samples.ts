import { text, time } from '../../../src/chat/message.ts';
import type { Post, PostContent } from '../../../src/outbox/store.ts';
import type { Alert } from '../../../src/sweep/alert.ts';
import type { HostReading } from '../../../src/sweep/pace.ts';
import type { Silence } from '../../../src/sweep/silence.ts';
import type { SweepRecord } from '../../../src/sweep/stores.ts';

/** Sample records for the stores. */

export const NOON = new Date('2026-07-01T12:00:00.123Z');

export function seconds(count: number): Date {
  return new Date(NOON.getTime() + count * 1000);
}

/** Quotes of every kind, an escape, markup, emoji, a right-to-left mark, half a surrogate pair. */
export const HOSTILE = `'; DROP TABLE x; -- "\`\\' \\" %_ \u202e <!channel> 👩‍👩‍👧 ñ ﷽ \n\r\t \u0001 ${'é'.repeat(64)}`;
export const LONE_SURROGATE = 'half \ud83d pair';
/** 64 KB in UTF-8, four bytes a character. */
export const LONG = '🐬'.repeat(16_384);

export function alert(given: Partial<Alert> = {}): Alert {
  return {
    id: 'AL-1',
    server: 'main',
    rule: 'null-host',
    state: 'firing',
    hosts: [
      { address: '192.0.2.7', name: null, says: 'no PTR record', sinceAt: seconds(-60) },
      { address: '2001:db8::7', name: HOSTILE, says: LONE_SURROGATE, sinceAt: null },
    ],
    fact: null,
    openedAt: NOON,
    changedAt: seconds(1),
    resolvedAt: null,
    proofs: [HOSTILE],
    acknowledged: null,
    card: {
      note: HOSTILE,
      flush: 'TRUNCATE TABLE x',
      silenced: 3,
      silence: silence(),
      newHosts: ['192.0.2.7'],
      newsAt: NOON,
    },
    revision: 0,
    ...given,
  };
}

export function silence(given: Partial<Silence> = {}): Silence {
  return {
    id: 'SI-1',
    matcher: { kind: 'network', address: '2001:db8::', bits: 32 },
    reason: HOSTILE,
    by: 'U0ADA',
    createdAt: NOON,
    endsAt: seconds(60),
    ...given,
  };
}

export function reading(given: Partial<HostReading> = {}): HostReading {
  return {
    address: '192.0.2.7',
    readAt: NOON,
    handshakeErrors: 4_294_967_296,
    entryMadeAt: seconds(-3600),
    ...given,
  };
}

export function sweepRecord(given: Partial<SweepRecord> = {}): SweepRecord {
  return {
    server: 'main',
    endedAt: NOON,
    tookMs: 41,
    failure: null,
    version: '9.7.4',
    entries: 65_536,
    capacity: 65_536,
    blocked: 1,
    nullHosts: 300,
    stale: 2,
    nearBlock: 3,
    silenced: 4,
    nextAt: seconds(300),
    ...given,
  };
}

export const MESSAGE = {
  headline: HOSTILE,
  blocks: [
    { kind: 'text', spans: text('since ', time(NOON), { kind: 'user', id: 'U0ADA' }) },
    { kind: 'statement', text: LONG },
    {
      kind: 'buttons',
      buttons: [{ label: 'Flush', line: 'flush on main', says: 'Flush', replaces: true }],
    },
  ],
} as const;

/** A post of `kind`; by default with the subject AL-1 in the channel C1. */
export function post(id: string, kind: PostContent['kind'], given: Partial<Post> = {}): Post {
  return { id, channel: 'C1', subject: 'AL-1', content: content(kind), queuedAt: NOON, ...given };
}

function content(kind: PostContent['kind']): PostContent {
  switch (kind) {
    case 'root':
    case 'edit':
      return { kind, message: MESSAGE };
    case 'reply':
      return { kind, message: MESSAGE, isBroadcast: true };
    case 'file':
      return { kind, name: 'hosts.csv', text: LONG };
  }
}
