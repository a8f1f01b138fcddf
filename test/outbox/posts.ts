import { sentence } from '../../src/chat/message.ts';
import type { Parcel, ParcelContent } from '../../src/outbox/store.ts';

/** Parcels to try an outbox with. */

export const QUEUED_AT = new Date('2026-11-20T09:02:11Z');

export function root(headline: string): ParcelContent {
  return { kind: 'root', message: sentence(headline) };
}

export function edit(headline: string): ParcelContent {
  return { kind: 'edit', message: sentence(headline) };
}

export function reply(headline: string, isBroadcast = false): ParcelContent {
  return { kind: 'reply', message: sentence(headline), isBroadcast };
}

export function file(name: string): ParcelContent {
  return { kind: 'file', name, text: 'address,errors\n192.0.2.7,100\n' };
}

/** By default of AL-1 in C1. */
export function parcel(id: string, content: ParcelContent, change: Partial<Parcel> = {}): Parcel {
  return { id, channel: 'C1', subject: 'AL-1', content, queuedAt: QUEUED_AT, ...change };
}
