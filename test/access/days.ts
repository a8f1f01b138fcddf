import type { AccessDay, AccessEvent, Span } from '../../src/access/record.ts';
import type { TimelineClient } from '../../src/access/timeline-client.ts';
import { addressOf } from '../scenarios/clients.ts';

/** Days of a record in November 2026, for tests of what is made of them. */

/** `20T09:00:00`. */
export const at = (time: string) => new Date(`2026-11-${time}Z`);

export const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) });

type Failures = Extract<AccessEvent, { kind: 'failures' }>;

/** By default two wrong passwords of shop from 192.0.2.7. */
export function failed(from: string, until: string, change: Partial<Failures> = {}): Failures {
  return {
    ...{ kind: 'failures', at: at(from), until: at(until) },
    ...{ user: 'shop', host: '192.0.2.7', address: '192.0.2.7', error: 1045, count: 2 },
    ...change,
  };
}

/** By default read from midnight to noon. */
export function day(events: readonly AccessEvent[], change: Partial<AccessDay> = {}): AccessDay {
  return {
    ...{ server: 'main', day: '2026-11-20', uses: [], events, leftOut: 0 },
    spans: [span('20T00:00:00', '20T12:00:00')],
    ...change,
  };
}

export const ADDRESS: TimelineClient = {
  text: '192.0.2.7',
  addresses: [addressOf('192.0.2.7')],
  isName: false,
};

export const USE = {
  ...{ user: 'shop', host: 'shop.example.com', address: '192.0.2.7', account: "'shop'@'%'" },
  ...{ logins: 7, failures: 2, lastLoginAt: at('20T11:00:00') },
};
