// Follow-ups after a flush: whether freed hosts come back, and whether an uncertain statement ran. Does I/O.
import { addSeconds } from 'date-fns/addSeconds';
import { count } from '../chat/lists.ts';
import { sentence } from '../chat/message.ts';
import { targetNamed } from '../chat/on-servers.ts';
import { isFirst } from '../chat/once.ts';
import { isUnreadable } from '../chat/unreadable.ts';
import { counter, isBlocked } from '../hostcache/entry.ts';
import { lostIn } from './effects.ts';
import { addressIn } from './forecast.ts';
import type { FlushParts, FlushTarget } from './parts.ts';
import { replyPost } from './posts.ts';
import { refusedSince } from './refused-since.ts';
import type { FlushRequest } from './request.ts';
import { onSameServer } from './same-server.ts';
import type { Snapshot } from './stores.ts';

/** Minutes after a flush at which its server is checked. */
const WATCHED_MINUTES = [1, 5, 15];
const MINUTE_MS = 60_000;
/** The number of recent requests that are followed up. */
const WATCHED = 20;

export async function followUpAll(parts: FlushParts): Promise<void> {
  const now = parts.now();
  for (const request of await parts.flushes.history(null, WATCHED)) {
    const target = targetNamed(request.server, parts);
    if (target === undefined) continue;
    const sinceMs = now.getTime() - request.changedAt.getTime();
    const due = WATCHED_MINUTES.filter((minutes) => sinceMs >= minutes * MINUTE_MS);
    const latest = due.at(-1) ?? 0;
    // After that, the cache no longer tells anything about this flush.
    if (sinceMs > 2 * 15 * MINUTE_MS) continue;
    const found = await seen(request, latest, target, parts);
    if (found === null) continue;
    const minutes = Math.floor(sinceMs / MINUTE_MS);
    const head = latest === 0 ? 'Now' : `${count(minutes, 'minute')} after the flush`;
    const message = sentence(`${head}: ${found}.`);
    // One post per check: its id is queued only once, by whichever replica comes first.
    await parts.flushes.tell([replyPost(request, `watch-${latest}`, message, now)]);
    parts.wake();
  }
}

/** What to report now; null = nothing. */
async function seen(
  request: FlushRequest,
  minutes: number,
  target: FlushTarget,
  parts: FlushParts,
): Promise<string | null> {
  try {
    const { id, state, shown } = request;
    // A cache that cannot be seen will not tell later either.
    if (state === 'uncertain' && shown.entries === null) return null;
    if (state !== 'uncertain' && (state !== 'flushed' || minutes === 0)) return null;
    // These checks read the whole cache, so they are made once a minute at most, by one replica.
    if (minutes > 0 && !(await isFirst(`watch ${id} ${minutes}`, 1, parts))) return null;
    const read = await onSameServer(shown.identity, target.view, () =>
      compare(request, minutes, target, parts),
    );
    if (read.change === null) return read.value;
    return minutes === 0 ? null : `unknown: ${read.change}`;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    if (minutes === 0) return null;
    return `unknown: ${error.message.replace(/\.$/, '')}`;
  }
}

/** What the server's cache says of the flush; null = nothing. */
async function compare(
  request: FlushRequest,
  minutes: number,
  target: FlushTarget,
  parts: FlushParts,
): Promise<string | null> {
  const { id, state, shown } = request;
  const ran = state === 'uncertain' ? await whetherRun(request, minutes, target, parts) : null;
  if (minutes === 0) return ran;
  const snapshot = await parts.flushes.snapshot(id);
  const expected = new Set(lostIn(shown.forecast).map(addressIn));
  const refused =
    snapshot === null ? null : await refusedSince(snapshot.csv, expected, target, parts.now());
  const back = state === 'flushed' ? await freed(request, target) : null;
  return [ran, refused, back].filter((each) => each !== null).join('; ') || null;
}

/** Whether the freed hosts are back, blocked again, or logged in; null = none was blocked. */
async function freed({ shown }: FlushRequest, { server }: FlushTarget): Promise<string | null> {
  if (shown.blockedHosts.length === 0) return null;
  const [settings, cache] = await Promise.all([server.settings(), server.cache()]);
  const entries = new Map(cache.notable.map((entry) => [entry.address, entry]));
  const named = new Set(cache.named.map(({ address }) => address));
  const said = shown.blockedHosts.slice(0, 10).map(({ address }) => {
    const entry = entries.get(address);
    if (entry === undefined && !named.has(address)) return `${address} has not come back`;
    if (entry !== undefined && counter(entry, 'COUNT_HOST_ACL_ERRORS') > 0)
      return `${address} is back, and refused (1130)`;
    if (entry === undefined || entry.connectErrors === 0)
      return `${address} is back, without connect errors`;
    const isAgain = isBlocked(entry, settings.maxConnectErrors);
    const errors = count(entry.connectErrors, 'connect error');
    return `${address} is ${isAgain ? 'blocked again' : 'back'}, with ${errors}`;
  });
  return said.join('; ');
}

/** What the entries tell about a statement whose result is unknown. */
async function whetherRun(
  { id }: FlushRequest,
  minutes: number,
  { view }: FlushTarget,
  { flushes }: FlushParts,
): Promise<string | null> {
  const [before, cache] = await Promise.all([flushes.snapshot(id), view.cache()]);
  const isEmptied = before === null || cache === null ? null : wasEmptied(before, cache);
  if (isEmptied === true) return 'no earlier entry is left, so the cache was emptied';
  // In the first minute the statement may still be waiting.
  if (minutes === 0) return null;
  return isEmptied === null
    ? 'it cannot be determined whether the statement ran'
    : 'earlier entries are still there, so the statement did not run';
}

/** The server's clock is truncated to seconds, FIRST_SEEN is rounded. */
const ROUNDING_SECONDS = 1;

/**
 * Whether no entry of the saved cache is left, by the server's own clock; null = cannot be told. The
 * FIRST_SEEN of a saved entry is at most one second after the reading. The FIRST_SEEN of an entry made
 * after the statement is not before the reading.
 */
function wasEmptied(before: Snapshot, { oldestAt }: Snapshot): boolean | null {
  if (oldestAt !== null && oldestAt < before.readAt) return false;
  if (before.oldestAt === null) return null;
  // None of the entries that certainly existed before is left.
  if (before.oldestAt < before.readAt) return true;
  const isYounger = oldestAt === null || oldestAt > addSeconds(before.readAt, ROUNDING_SECONDS);
  return isYounger ? true : null;
}
