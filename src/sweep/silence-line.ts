import { millisecondsInDay } from 'date-fns/constants';
import { parseDuration } from '../chat/duration.ts';
import { chooseServers, type OnServer, serverNames } from '../chat/on-servers.ts';
import { isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Ask } from '../chat/subcommand.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import { mistypedAddress } from '../hostcache/mistyped-address.ts';
import { ALERT_RULE_IDS } from './rules/index.ts';
import { parseMatcher, type SilenceMatcher } from './silence.ts';

/** Reads `silence <what> [on <server>] for <duration> <reason>`, as far as it is typed. */

export interface SilenceLine {
  /** An alert stands for its rule on its server. null = not typed yet. */
  readonly what: SilenceMatcher | { readonly kind: 'alert'; readonly id: string } | null;
  /** null = not typed yet. */
  readonly lastsMs: number | null;
  /** Empty = not typed yet. */
  readonly reason: string;
}

const LONGEST_MS = 30 * millisecondsInDay;

const DURATIONS = 'a duration such as 90s, 10m, 2h or 1d, 30d at most';

const DURATION: Ask = {
  name: 'for',
  label: 'For how long (30m, 4h, 2d)',
  max: 10,
  isOptional: false,
  keyword: 'for',
  initial: '4h',
  fault: (answer) => (readDuration(answer) === null ? `Expected ${DURATIONS}.` : null),
};
const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };

/** What the line is missing; empty if it will be refused, whatever is added. */
export function silenceAsks(
  words: readonly string[],
  targets: readonly OnServer[],
): readonly Ask[] {
  const line = readSilence(words, targets);
  if (isReply(line)) return [];
  return [
    ...(line.what === null ? [whatAsk(targets)] : []),
    ...(line.lastsMs === null ? [DURATION] : []),
    ...(line.reason === '' ? [REASON] : []),
  ];
}

function whatAsk(targets: readonly OnServer[]): Ask {
  return {
    name: 'what',
    label: 'What: an alert (AL-3), a rule (null-host on main), a server, an address or a network',
    max: 150,
    isOptional: false,
    fault: (answer) => {
      const line = readSilence([answer], targets);
      const isWhat = !isReply(line) && line.lastsMs === null;
      return isWhat ? null : 'Expected an alert, a rule, a server, an address or a network.';
    },
  };
}

/** The line, or why it is refused. */
export function readSilence(
  words: readonly string[],
  targets: readonly OnServer[],
): SilenceLine | Reply {
  const [typed = '', ...others] = words;
  // An answer of the form, such as `null-host on main`, is one word of the line.
  const all = [...typed.split(/\s+/).filter((word) => word !== ''), ...others];
  if (all.length === 0) return { what: null, lastsMs: null, reason: '' };
  const read = readWhat(all, targets);
  if (isReply(read)) return read;
  const { what, rest } = read;
  const [keyword, duration = '', ...reason] = rest;
  if (keyword === undefined) return { what, lastsMs: null, reason: '' };
  const lastsMs = keyword.toLowerCase() === 'for' ? readDuration(duration) : null;
  if (lastsMs === null) {
    const got = shorten([keyword, duration].join(' ').trim());
    return refuse(`silence: expected "for" and ${DURATIONS}, got "${got}".`);
  }
  return { what, lastsMs, reason: reason.join(' ').trim() };
}

/** Milliseconds; null = it is not a duration, or too short or too long for a silence. */
function readDuration(text: string): number | null {
  const lastsMs = parseDuration(text);
  return lastsMs === null || lastsMs <= 0 || lastsMs > LONGEST_MS ? null : lastsMs;
}

interface What {
  readonly what: NonNullable<SilenceLine['what']>;
  /** The words after it. */
  readonly rest: readonly string[];
}

function readWhat(words: readonly string[], targets: readonly OnServer[]): What | Reply {
  const [first = '', ...rest] = words;
  if (/^AL-\d+$/i.test(first)) return { what: { kind: 'alert', id: first.toUpperCase() }, rest };
  if (first.toLowerCase() === 'on') {
    const server = readServer(words, targets);
    if (isReply(server)) return server;
    return server === null
      ? noMatcher('on all', targets)
      : { what: { kind: 'server', server }, rest: rest.slice(1) };
  }
  const what = parseMatcher(first, namesOf(targets));
  if (what === null) return noMatcher(first, targets);
  if (what.kind === 'server' || rest[0]?.toLowerCase() !== 'on') return { what, rest };
  const server = readServer(rest, targets);
  if (isReply(server)) return server;
  return { what: server === null ? what : { ...what, server }, rest: rest.slice(2) };
}

/** The server of `on <server>`; null = `on all`. */
function readServer(words: readonly string[], targets: readonly OnServer[]): string | null | Reply {
  const chosen = chooseServers({ words: words.slice(0, 2), options: {} }, targets);
  if (isReply(chosen)) return chosen;
  return chosen.find(({ server }) => server.name === words[1])?.server.name ?? null;
}

function noMatcher(what: string, targets: readonly OnServer[]): Reply {
  const instead =
    nearest(what, ALERT_RULE_IDS) ??
    nearestName(what, namesOf(targets)) ??
    mistypedAddress(what)?.instead ??
    null;
  const says = `silence: expected an alert (AL-3), a rule (${ALERT_RULE_IDS.join(', ')}), a server (${serverNames(targets)}), an address or a network, got "${shorten(what)}".`;
  return refuse(says, 2, { word: what, instead });
}

function namesOf(targets: readonly OnServer[]): readonly string[] {
  return targets.map(({ server }) => server.name);
}
