import { sentence } from '../../src/chat/message.ts';
import type { Post, PostContent } from '../../src/outbox/store.ts';

/** Posts to try an outbox with. */

export const QUEUED_AT = new Date('2026-11-20T09:02:11Z');

export function root(headline: string): PostContent {
  return { kind: 'root', message: sentence(headline) };
}

export function edit(headline: string): PostContent {
  return { kind: 'edit', message: sentence(headline) };
}

export function reply(headline: string, isBroadcast = false): PostContent {
  return { kind: 'reply', message: sentence(headline), isBroadcast };
}

export function file(name: string): PostContent {
  return { kind: 'file', name, text: 'address,errors\n192.0.2.7,100\n' };
}

/** By default of AL-1 in C1. */
export function post(id: string, content: PostContent, change: Partial<Post> = {}): Post {
  return { id, channel: 'C1', subject: 'AL-1', content, queuedAt: QUEUED_AT, ...change };
}
