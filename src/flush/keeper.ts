// Looks after open requests: ends those whose time is over, finishes what a crash left, watches what came of a flush.
import { randomUUID } from 'node:crypto';
import type { Message } from '../chat/message.ts';
import { sentence } from '../chat/message.ts';
import { isBlocked } from '../hostcache/entry.ts';
import { isUnreadable } from '../hostcache/unreadable.ts';
import { end, execute, type FlushableServer, type FlushParts, replyParcel } from './flush.ts';
import type { FlushRequest } from './request.ts';

export interface KeeperParts extends FlushParts {
  readonly servers: readonly FlushableServer[];
}

/** Minutes after a flush at which the freed hosts are looked at. */
const WATCHED_MINUTES = [1, 5, 15] as const;
const MINUTE_MS = 60_000;
/** So many of the last flushes are watched. */
const WATCHED = 20;

/** One round; called every few seconds, and at the start. */
export async function keep(parts: KeeperParts): Promise<void> {
  for (const request of await parts.store.open()) {
    const server = parts.servers.find(({ target }) => target.server.name === request.server);
    if (server === undefined) continue;
    if (request.state === 'pending' && parts.now() >= request.expiresAt) {
      await end(request, 'expired', 'Nobody approved it in time.', server, parts);
    }
    if (request.state === 'approved') await finish(request, server, parts);
  }
  await watchAll(parts);
}

/** Approved, and whoever ran it may have died: never run again once it was begun. */
async function finish(
  request: FlushRequest,
  server: FlushableServer,
  parts: KeeperParts,
): Promise<void> {
  if ((await parts.store.begunAt(request.id)) === null) return execute(request, server, parts);
  const { leases, now } = parts;
  const holder = `${parts.holder}/${randomUUID()}`;
  const lease = `flush ${request.id}`;
  const at = now();
  // Held: somebody is at it, or died so lately that the lease has not run out.
  if (!(await leases.acquire(lease, holder, at, new Date(at.getTime() + MINUTE_MS)))) return;
  const says =
    'The statement was begun and the program ended before it heard of the end. Look at the server; it is not run again.';
  await end(request, 'uncertain', says, server, parts);
  await leases.release(lease, holder);
}

async function watchAll(parts: KeeperParts): Promise<void> {
  const now = parts.now();
  for (const request of await parts.store.history(null, WATCHED)) {
    const server = parts.servers.find(({ target }) => target.server.name === request.server);
    if (request.state !== 'flushed' || server === undefined) continue;
    const sinceMs = now.getTime() - request.changedAt.getTime();
    const due = WATCHED_MINUTES.filter((minutes) => sinceMs >= minutes * MINUTE_MS);
    const latest = due.at(-1);
    // Long after, what is in the cache says nothing of this flush any more.
    if (latest === undefined || sinceMs > 2 * 15 * MINUTE_MS) continue;
    if (request.shown.blockedHosts.length === 0) continue;
    const message = await sayFreed(request, server, latest);
    // One parcel for each look: its id is put once, whoever looks.
    await parts.store.tell([replyParcel(request, `watch-${latest}`, message, now)]);
    parts.wake();
  }
}

/** Whether the hosts that the flush freed are back, blocked again, or logged in. */
async function sayFreed(
  { shown }: FlushRequest,
  { target }: FlushableServer,
  minutes: number,
): Promise<Message> {
  const head = `${minutes} minute${minutes === 1 ? '' : 's'} after the flush:`;
  try {
    const [settings, cache] = await Promise.all([target.server.settings(), target.server.cache()]);
    const entries = new Map(cache.telling.map((entry) => [entry.address, entry]));
    const said = shown.blockedHosts.slice(0, 10).map(({ address }) => {
      const entry = entries.get(address);
      if (!cache.addresses.has(address)) return `${address} has not come back`;
      if (entry === undefined || entry.connectErrors === 0)
        return `${address} is back, without connect errors`;
      const isAgain = isBlocked(entry, settings.maxConnectErrors);
      return `${address} is ${isAgain ? 'blocked again' : 'back'}, with ${entry.connectErrors} connect errors`;
    });
    return sentence(`${head} ${said.join('; ')}.`);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return sentence(`${head} not known: ${error.message}`);
  }
}
