import { serverNames } from '../chat/on-servers.ts';
import { type Reply, refuse } from '../chat/reply.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import type { FlushableServer } from './flush.ts';

/** What a line about a flush says: which server, why, which request. */

export interface FlushArgs {
  /** The one that `on` names, or the only one. */
  readonly server: FlushableServer;
  /** Empty: none was given. */
  readonly reason: string;
}

/** `[on <server>] <reason>`. A button always names its server: it may be older than the settings. */
export function readFlush(
  words: readonly string[],
  servers: readonly FlushableServer[],
  isClick = false,
): FlushArgs | Reply {
  const [on, name = '', ...rest] = words;
  const isOn = on?.toLowerCase() === 'on';
  const named = isOn ? servers.find(({ target }) => target.server.name === name) : undefined;
  if (named !== undefined) return { server: named, reason: rest.join(' ').trim() };
  const [only, ...others] = servers;
  const isServerMeant = isOn && (isClick || isLikeServer(name, namesOf(servers)));
  if (only === undefined || others.length > 0 || isServerMeant) return notServer(words, servers);
  return { server: only, reason: words.join(' ').trim() };
}

/** `FR-1042` of `approve FR-1042`, or a refusal in one line. */
export function readRequestId(name: string, words: readonly string[]): string | Reply {
  const [word = ''] = words;
  if (/^FR-\d+$/i.test(word)) return word.toUpperCase();
  return refuse(`${name}: expected the id of a flush request, such as FR-1042, got "${word}".`);
}

/**
 * Whether a server was meant, though none is called so: otherwise the slip would become part of the reason,
 * and another server's cache would be asked about. `on call` and `on 20th` begin a reason.
 */
function isLikeServer(word: string, names: readonly string[]): boolean {
  return nearest(word, names) !== null || /^[a-z][a-z._-]*\d[a-z0-9._-]*$/.test(word);
}

function notServer(words: readonly string[], servers: readonly FlushableServer[]): Reply {
  const [on = '', name = ''] = words;
  const isOn = on.toLowerCase() === 'on';
  const quote = isOn && servers.length === 1 ? ' A reason that begins so stands in quotes.' : '';
  const expected = serverNames(servers.map(({ target }) => target));
  const got = shorten([on, name].join(' ').trim());
  return refuse(`flush: expected "on" and one of ${expected}, got "${got}".${quote}`, 2, {
    word: name,
    instead: isOn ? nearestName(name, namesOf(servers)) : null,
  });
}

function namesOf(servers: readonly FlushableServer[]): readonly string[] {
  return servers.map(({ target }) => target.server.name);
}
