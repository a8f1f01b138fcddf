// Reads a server only as long as it is the one that was seen. Does I/O.
import { createUnreadable } from '../chat/unreadable.ts';
import type { FlushView } from './flusher.ts';
import { otherServer, type ServerIdentity, type StoredIdentity } from './identity.ts';

/** What was read from the server that was seen, or why it may come from another one. */
export type SameServer<T> =
  | { readonly change: null; readonly identity: ServerIdentity; readonly value: T }
  | { readonly change: string };

/**
 * The connection may be lost during `read`, and its address may then lead to another server, so the
 * server is compared before and after. Rejects as `Unreadable`.
 */
export async function onSameServer<T>(
  seen: StoredIdentity,
  view: FlushView,
  read: () => Promise<T>,
): Promise<SameServer<T>> {
  const before = otherServer(seen, await view.identity());
  if (before !== null) return { change: before };
  const value = await read();
  const identity = await view.identity();
  const change = otherServer(seen, identity);
  return change === null ? { change, identity, value } : { change };
}

/** What was read, and from which server. Rejects as `Unreadable`, also if two servers answered. */
export async function onOneServer<T>(
  name: string,
  view: FlushView,
  read: () => Promise<T>,
): Promise<{ readonly identity: ServerIdentity; readonly value: T }> {
  const identity = await view.identity();
  const value = await read();
  const change = otherServer(identity, await view.identity());
  if (change === null) return { identity, value };
  throw createUnreadable(`${name}: while it was read, ${change}. Try again.`);
}
