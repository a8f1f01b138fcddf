import { serverNames } from '../chat/on-servers.ts';
import { type Reply, refuse } from '../chat/reply.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import type { FlushTarget } from './parts.ts';

/** What a line about a flush says: which server, why, which request. */

export interface FlushArgs {
  /** The one that `on` names, or the only one. */
  readonly target: FlushTarget;
  /** Empty: none was given. */
  readonly reason: string;
}

/** `[on <server>] <reason>`. A button always names its server: it may be older than the settings. */
export function readFlush(
  words: readonly string[],
  targets: readonly FlushTarget[],
  isClick = false,
): FlushArgs | Reply {
  const [on, name = '', ...rest] = words;
  const isOn = on?.toLowerCase() === 'on';
  const named = isOn ? targets.find(({ server }) => server.name === name) : undefined;
  if (named !== undefined) return { target: named, reason: rest.join(' ').trim() };
  const [only, ...others] = targets;
  const isServerMeant = isOn && (isClick || isLikeServer(name, namesOf(targets)));
  if (only === undefined || others.length > 0 || isServerMeant) return notServer(words, targets);
  return { target: only, reason: words.join(' ').trim() };
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

function notServer(words: readonly string[], targets: readonly FlushTarget[]): Reply {
  const [on = '', name = ''] = words;
  const isOn = on.toLowerCase() === 'on';
  const quote = isOn && targets.length === 1 ? ' A reason that begins so stands in quotes.' : '';
  const expected = serverNames(targets);
  const got = shorten([on, name].join(' ').trim());
  return refuse(`flush: expected "on" and one of ${expected}, got "${got}".${quote}`, 2, {
    word: name,
    instead: isOn ? nearestName(name, namesOf(targets)) : null,
  });
}

function namesOf(targets: readonly FlushTarget[]): readonly string[] {
  return targets.map(({ server }) => server.name);
}
