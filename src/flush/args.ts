import { serverNames } from '../chat/on-servers.ts';
import { type Reply, refuse } from '../chat/reply.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import type { FlushTarget } from './parts.ts';

/** The arguments of `flush`, `approve` and `reject`. */

export interface FlushArgs {
  /** The server named by `on`, or the only one. */
  readonly target: FlushTarget;
  /** Empty: not given. */
  readonly reason: string;
}

/** `[on <server>] <reason>`. A button always names its server, which may no longer be in the settings. */
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
  const isServerName = isOn && (isClick || isLikeServer(name, namesOf(targets)));
  if (only === undefined || others.length > 0 || isServerName) return notServer(words, targets);
  return { target: only, reason: words.join(' ').trim() };
}

/** `FR-1042` of `approve FR-1042`, or a refusal. */
export function readRequestId(name: string, words: readonly string[]): string | Reply {
  const [word = ''] = words;
  if (/^FR-\d+$/i.test(word)) return word.toUpperCase();
  return refuse(`${name}: expected the id of a flush request, such as FR-1042, got "${word}".`);
}

/**
 * Whether this is probably a mistyped server name. Otherwise it would become part of the reason, and
 * the request would be for another server. `on call` and `on 20th` are the start of a reason.
 */
function isLikeServer(word: string, names: readonly string[]): boolean {
  return nearest(word, names) !== null || /^[a-z][a-z._-]*\d[a-z0-9._-]*$/.test(word);
}

function notServer(words: readonly string[], targets: readonly FlushTarget[]): Reply {
  const [on = '', name = ''] = words;
  const isOn = on.toLowerCase() === 'on';
  const quote = isOn && targets.length === 1 ? ' To start a reason with "on", quote it.' : '';
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
