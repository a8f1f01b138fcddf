import { addMilliseconds } from 'date-fns/addMilliseconds';
import { millisecondsInDay } from 'date-fns/constants';
import { parseDuration } from '../chat/duration.ts';
import { moreNote, readAtBlocks } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { bold, headed, paragraph, sentence, text, time, user } from '../chat/message.ts';
import { serverNames } from '../chat/on-servers.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import type { Ask, Request, Subcommand } from '../chat/subcommand.ts';
import { nearest, nearestName, shorten } from '../chat/words.ts';
import { mistypedAddress } from '../hostcache/mistyped-address.ts';
import type { SweepParts } from './parts.ts';
import { ALERT_RULE_IDS } from './rules/index.ts';
import { matcherText, parseMatcher, type Silence } from './silence.ts';

/** `silence`, `unsilence`, `silences`: what is silenced for a while, by whom and why. */

const LONGEST_MS = 30 * millisecondsInDay;

const SHOWN = 30;

const DURATION: Ask = {
  name: 'for',
  label: 'For how long (30m, 4h, 2d)',
  max: 10,
  isOptional: false,
  keyword: 'for',
  initial: '4h',
};
const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };

export const silenceCommand: Subcommand<SweepParts> = {
  name: 'silence',
  usage: 'silence <server|address|network|rule> for <duration> <reason>',
  summary: 'Silences alerts for a while, 30 days at most.',
  example: 'silence 10.0.0.0/8 for 4h the scanner is ours',
  surfaces: ['slack'],
  needs: ['state'],
  asks: ({ words }) => [
    ...(words[1]?.toLowerCase() === 'for' ? [] : [DURATION]),
    ...(words.length > 3 ? [] : [REASON]),
  ],
  run: silence,
};

export const unsilenceCommand: Subcommand<SweepParts> = {
  name: 'unsilence',
  usage: 'unsilence <id>',
  summary: 'Ends a silence.',
  example: 'unsilence SI-3',
  surfaces: ['slack'],
  needs: ['state'],
  run: unsilence,
};

export const silencesCommand: Subcommand<SweepParts> = {
  name: 'silences',
  usage: 'silences',
  summary: 'Lists what is silenced, by whom and why.',
  example: 'silences',
  surfaces: ['slack'],
  needs: ['state'],
  run: (_, parts) => listSilences(parts),
};

async function silence({ words, caller }: Request, parts: SweepParts): Promise<Reply> {
  const [what = '', keyword = '', duration = '', ...reasonWords] = words;
  const names = parts.targets.map(({ server }) => server.name);
  const matcher = parseMatcher(what, names);
  if (matcher === null) return noMatcher(what, names, serverNames(parts.targets));
  const lastsMs = keyword.toLowerCase() === 'for' ? parseDuration(duration) : null;
  if (lastsMs === null || lastsMs <= 0 || lastsMs > LONGEST_MS) {
    return refuse(
      `silence: expected "for" and a duration such as 90s, 10m, 2h or 1d, 30d at most, got "${[keyword, duration].join(' ').trim()}".`,
    );
  }
  const reason = reasonWords.join(' ').trim();
  if (reason === '' || caller.kind !== 'person') {
    return refuse('silence: expected a reason after the duration, got none.');
  }
  const createdAt = parts.now();
  const made: Silence = {
    id: await parts.silences.nextSilenceId(),
    matcher,
    reason,
    by: caller.user,
    createdAt,
    endsAt: addMilliseconds(createdAt, lastsMs),
  };
  await parts.silences.add(made);
  const headline = `${made.id}: ${matcherText(matcher)} is silenced.`;
  const blocks = [paragraph(`${headline} It ends `, time(made.endsAt), `. Why: ${reason}`)];
  return answer({ headline, blocks });
}

function noMatcher(what: string, names: readonly string[], expected: string): Reply {
  const instead =
    nearest(what, ALERT_RULE_IDS) ??
    nearestName(what, names) ??
    mistypedAddress(what)?.instead ??
    null;
  const says = `silence: expected a server (${expected}), an address, a network or a rule (${ALERT_RULE_IDS.join(', ')}), got "${shorten(what)}".`;
  return refuse(says, 2, { word: what, instead });
}

async function unsilence({ words }: Request, { silences, now }: SweepParts): Promise<Reply> {
  const id = (words[0] ?? '').toUpperCase();
  if (!/^SI-\d+$/.test(id)) {
    return refuse(
      `unsilence: expected the id of a silence, such as SI-3, got "${words[0] ?? ''}".`,
    );
  }
  const isEnded = await silences.end(id, now());
  if (!isEnded) return refuse(`There is no silence ${id}, or it is over.`);
  return answer(sentence(`${id} is over; the next sweep reports what it hid.`));
}

async function listSilences({ silences, now }: SweepParts): Promise<Reply> {
  const readAt = now();
  const active = await silences.active(readAt);
  const message = headed(`${count(active.length, 'silence')}.`, [
    ...active.slice(0, SHOWN).map((each) => paragraph(...silenceSpans(each))),
    ...moreNote(active, SHOWN),
    ...readAtBlocks(readAt, 'silences', 'List the silences again'),
  ]);
  const rows = active.map(({ id, matcher, reason, by, createdAt, endsAt }) => ({
    id,
    what: matcherText(matcher),
    reason,
    by,
    createdAt,
    endsAt,
  }));
  return answer(message, rows);
}

/** `SI-3 10.0.0.0/8, until …, by …: why`. */
export function silenceSpans({ id, matcher, by, endsAt, reason }: Silence) {
  return text(
    bold(id),
    ` ${matcherText(matcher)}, until `,
    time(endsAt),
    ', by ',
    user(by),
    `: ${reason}`,
  );
}
