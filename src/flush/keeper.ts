// Looks after open requests: ends those whose time is over, finishes what a crash left, watches what came of a flush.
import type { Message } from '../chat/message.ts';
import { sentence } from '../chat/message.ts';
import { isBlocked } from '../hostcache/entry.ts';
import { isUnreadable } from '../hostcache/unreadable.ts';
import { alone, end, executeAlone, type FlushableServer, type FlushParts } from './flush.ts';
import { replyParcel } from './parcels.ts';
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
  const open = await parts.store.open();
  // A server that hangs shall not keep the requests of the others waiting.
  const kept = await Promise.allSettled([
    ...open.map((request) => look(request, parts)),
    watchAll(parts),
  ]);
  for (const each of kept) {
    if (each.status === 'rejected')
      parts.log.error('a flush request could not be looked after', { error: each.reason });
  }
}

async function look(request: FlushRequest, parts: KeeperParts): Promise<void> {
  const server = serverOf(request, parts);
  // Of a server that is no longer in the settings, the card ends too; nobody is waited for.
  const card = server ?? { approvers: [] };
  if (request.state === 'pending' && parts.now() >= request.expiresAt) {
    await end(request, 'expired', 'Nobody approved it in time.', card, parts);
  }
  // Held: somebody is at it, or died so lately that the lease has not run out.
  if (request.state === 'approved') await alone(request, parts, () => finish(request.id, parts));
}

/** Approved, and whoever ran it may have died: never run again once it was begun. */
async function finish(id: string, parts: KeeperParts): Promise<void> {
  // Read anew: it may have ended before it came into our hands.
  const request = await parts.store.find(id);
  if (request?.state !== 'approved') return;
  const server = serverOf(request, parts);
  const card = server ?? { approvers: [] };
  if ((await parts.store.begunAt(id)) !== null) {
    const says =
      'The statement was begun and the program ended before it heard of the end. Look at the server; it is not run again.';
    return end(request, 'uncertain', says, card, parts);
  }
  const lateMs = parts.now().getTime() - request.expiresAt.getTime();
  if (server === undefined || lateMs > MINUTE_MS) {
    const why = server === undefined ? 'its server is not in the settings' : 'its time is over';
    return end(
      request,
      'failed',
      `Not flushed: the program ended before, and ${why}.`,
      card,
      parts,
    );
  }
  return executeAlone(request, server, parts);
}

function serverOf(request: FlushRequest, { servers }: KeeperParts): FlushableServer | undefined {
  return servers.find(({ target }) => target.server.name === request.server);
}

async function watchAll(parts: KeeperParts): Promise<void> {
  const now = parts.now();
  for (const request of await parts.store.history(null, WATCHED)) {
    const server = serverOf(request, parts);
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
    const named = new Set(cache.named.map(({ address }) => address));
    const said = shown.blockedHosts.slice(0, 10).map(({ address }) => {
      const entry = entries.get(address);
      if (entry === undefined && !named.has(address)) return `${address} has not come back`;
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
