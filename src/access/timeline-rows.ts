import { times, utc } from '../chat/lists.ts';
import type { Row } from '../chat/message.ts';
import { sayError } from './failure-words.ts';
import { type Failures, firstAtOf, isSureLogin, laterOf, type TimelineEntry } from './timeline.ts';

/** The entries of a timeline in words. Pure. */

/** Failures of one kind are one entry, if not more than this lies between them. */
const SAME_EPISODE_MS = 15 * 60_000;

/** The entries, with those failures as one that go on from sweep to sweep. In the order of their times. */
export function episodesOf(
  entries: readonly TimelineEntry[],
  stepMs: number,
): readonly TimelineEntry[] {
  const pauseMs = Math.max(stepMs, SAME_EPISODE_MS);
  const episodes: TimelineEntry[] = [];
  const latest = new Map<string, number>();
  for (const entry of entries) {
    const key = entry.kind === 'failures' ? keyOf(entry) : '';
    const at = latest.get(key) ?? -1;
    const before = episodes[at];
    if (entry.kind !== 'failures') episodes.push(entry);
    else if (before?.kind === 'failures' && pauseOf(before, entry) <= pauseMs) {
      const until = laterOf(before.until, entry.until);
      episodes[at] = { ...before, at: firstAtOf(before), until, count: before.count + entry.count };
    } else {
      latest.set(key, episodes.length);
      episodes.push(entry);
    }
  }
  return episodes;
}

function keyOf({ user, host, address, error }: Failures): string {
  return JSON.stringify([user, address ?? host, error]);
}

function pauseOf(before: Failures, next: Failures): number {
  return firstAtOf(next).getTime() - before.until.getTime();
}

/** Time, what happened, how often. */
export function rowOf(entry: TimelineEntry): Row {
  return [sayTime(entry), sayEntry(entry), entry.kind === 'failures' ? String(entry.count) : ''];
}

/** `2026-11-29 14:02:11 to 14:40:02`. */
function sayTime(entry: TimelineEntry): string {
  const at = entry.kind === 'failures' ? firstAtOf(entry) : entry.at;
  const from = utc(at).replace(/ UTC$/, '');
  const until = 'until' in entry ? utc(entry.until).replace(/ UTC$/, '') : from;
  if (until === from) return from;
  const isSameDay = until.slice(0, 10) === from.slice(0, 10);
  return `${from} to ${isSameDay ? until.slice(11) : until}`;
}

export function sayEntry(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'failures':
      return sayFailures(entry);
    case 'restart':
      return 'the server was started';
    case 'flush':
      return sayFlush(entry);
    case 'blocked':
      return `${entry.address} is a blocked host`;
    case 'unblocked':
      return `${entry.address} is no longer blocked`;
    case 'name':
      return `the cached name of ${entry.address} is ${entry.to ?? 'NULL'}, before ${entry.from ?? 'NULL'}`;
    case 'account':
      return `the account ${entry.account} was ${entry.change}`;
    case 'gap':
      return 'not known: nothing was read';
  }
}

function sayFailures(failures: Failures): string {
  const { user, error, host } = failures;
  const who = user === null ? 'handshake' : user || "''";
  const from = host === null ? '' : ` from ${host}`;
  const unsure = isSureLogin(failures) ? '' : ', at a login or in a session';
  return `${who}${from}: ${sayError(error)}${unsure}`;
}

function sayFlush({ request, reason }: Extract<TimelineEntry, { kind: 'flush' }>): string {
  if (request === null) return 'the host cache was emptied, without a request here';
  return `the host cache was emptied by ${request}${reason === null ? '' : `: ${reason}`}`;
}

/** What `--json` prints of an entry; `what` says the same in words. */
export function toRow(server: string, client: string, entry: TimelineEntry): object {
  const { kind, at, ...rest } = entry;
  const first = entry.kind === 'failures' ? firstAtOf(entry) : at;
  return { server, client, kind, at: first, until: null, ...rest, what: sayEntry(entry) };
}

/** `access denied (1045): 212 times, as billing (200), shop (12)`, the most frequent first. */
export function errorLines(failures: readonly Failures[]): readonly string[] {
  const errors = new Map<number, { count: number; readonly users: Map<string | null, number> }>();
  for (const { error, user, count } of failures) {
    const sum = errors.get(error) ?? { count: 0, users: new Map<string | null, number>() };
    sum.count += count;
    sum.users.set(user, count + (sum.users.get(user) ?? 0));
    errors.set(error, sum);
  }
  return [...errors]
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([error, { count, users }]) => `${sayError(error)}: ${times(count)}${sayUsers(users)}`);
}

const USERS_NAMED = 3;

function sayUsers(users: ReadonlyMap<string | null, number>): string {
  const known = [...users].filter(([user]) => user !== null).sort((a, b) => b[1] - a[1]);
  if (known.length === 0) return '';
  const named = known.slice(0, USERS_NAMED).map(([user, count]) => `${user || "''"} (${count})`);
  const more = known.length - named.length;
  return `, as ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
