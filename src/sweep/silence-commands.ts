import { addMilliseconds } from 'date-fns';
import { parseDuration } from '../chat/duration.ts';
import { bold, type Message, sentence, text, time, user } from '../chat/message.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import {
  type Ask,
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { nearest, nearestName } from '../chat/words.ts';
import { SERVERS_NAMED, shorten } from '../diagnosis/fault.ts';
import { mistypedAddress } from '../hostcache/mistyped-address.ts';
import { ALERT_RULES } from './alert.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { matcherText, parseMatcher, type Silence } from './silence.ts';

/** `silence`, `unsilence`, `silences`: what is not to be told for a while, by whom and why. */

const LONGEST_MS = 30 * 24 * 60 * 60_000;

const DURATION: Ask = {
  name: 'for',
  label: 'For how long (30m, 4h, 2d)',
  max: 10,
  isOptional: false,
  keyword: 'for',
  initial: '4h',
};
const REASON: Ask = { name: 'reason', label: 'Why', max: 300, isOptional: false };

export const silenceCommand: Subcommand<SweepCommandParts> = {
  name: 'silence',
  usage: 'silence <server|address|network|rule> for <duration> <reason>',
  summary: 'Keeps alerts quiet for a while, 30 days at most.',
  example: 'silence 10.0.0.0/8 for 4h the scanner is ours',
  surfaces: ['slack'],
  needs: ['state'],
  asks: ({ words }) => [
    ...(words[1]?.toLowerCase() === 'for' ? [] : [DURATION]),
    ...(words.length > 3 ? [] : [REASON]),
  ],
  run: silence,
};

export const unsilenceCommand: Subcommand<SweepCommandParts> = {
  name: 'unsilence',
  usage: 'unsilence <id>',
  summary: 'Ends a silence.',
  example: 'unsilence SI-3',
  surfaces: ['slack'],
  needs: ['state'],
  run: unsilence,
};

export const silencesCommand: Subcommand<SweepCommandParts> = {
  name: 'silences',
  usage: 'silences',
  summary: 'Lists what is silenced, by whom and why.',
  example: 'silences',
  surfaces: ['slack'],
  needs: ['state'],
  run: (_, parts) => listSilences(parts),
};

async function silence({ words, caller }: Request, parts: SweepCommandParts): Promise<Reply> {
  const [what = '', keyword = '', duration = '', ...reasonWords] = words;
  const names = parts.servers.map(({ target }) => target.server.name);
  const matcher = parseMatcher(what, names);
  if (matcher === null) {
    return joinParts([noMatcher(what, names)]);
  }
  const lastsMs = keyword.toLowerCase() === 'for' ? parseDuration(duration) : null;
  if (lastsMs === null || lastsMs <= 0 || lastsMs > LONGEST_MS) {
    return joinParts([
      refusal(
        `silence: expected "for" and a duration such as 90s, 10m, 2h or 1d, 30d at most, got "${[keyword, duration].join(' ').trim()}".`,
        2,
      ),
    ]);
  }
  const reason = reasonWords.join(' ').trim();
  if (reason === '' || caller.kind !== 'person') {
    return joinParts([refusal('silence: expected a reason after the duration, got none.', 2)]);
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
  const message: Message = {
    headline,
    blocks: [
      {
        kind: 'text',
        spans: text(`${headline} It ends `, time(made.endsAt), '. ', ...[`Why: ${reason}`]),
      },
    ],
  };
  return joinParts([{ message, rows: [], exit: 0 }]);
}

function noMatcher(what: string, servers: readonly string[]): Part {
  const rule = nearest(what, ALERT_RULES);
  const instead = rule ?? nearestName(what, servers) ?? mistypedAddress(what)?.instead ?? null;
  const more = servers.length - SERVERS_NAMED;
  const names = `${servers.slice(0, SERVERS_NAMED).join(', ')}${more > 0 ? `, ${more} more` : ''}`;
  const says = `silence: expected a server (${names}), an address, a network or a rule (${ALERT_RULES.join(', ')}), got "${shorten(what)}".`;
  return refusal(says, 2, instead === null ? null : { word: what, instead });
}

async function unsilence({ words }: Request, { silences, now }: SweepCommandParts): Promise<Reply> {
  const id = (words[0] ?? '').toUpperCase();
  if (!/^SI-\d+$/.test(id)) {
    return joinParts([
      refusal(`unsilence: expected the id of a silence, such as SI-3, got "${words[0] ?? ''}".`, 2),
    ]);
  }
  const isEnded = await silences.end(id, now());
  if (!isEnded) return joinParts([refusal(`There is no silence ${id}, or it is over.`, 2)]);
  return joinParts([
    { message: sentence(`${id} is over; the next sweep tells what it hid.`), rows: [], exit: 0 },
  ]);
}

async function listSilences({ silences, now }: SweepCommandParts): Promise<Reply> {
  const readAt = now();
  const active = await silences.active(readAt);
  const headline = active.length === 1 ? '1 silence.' : `${active.length} silences.`;
  const message: Message = {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...active.slice(0, 30).map((each) => ({ kind: 'text', spans: silenceSpans(each) }) as const),
      ...(active.length > 30
        ? [{ kind: 'note', spans: text(`+ ${active.length - 30} more`) } as const]
        : []),
      ...readAtBlocks(readAt, 'silences', 'List the silences again'),
    ],
  };
  const rows = active.map(({ id, matcher, reason, by, createdAt, endsAt }) => ({
    id,
    what: matcherText(matcher),
    reason,
    by,
    createdAt,
    endsAt,
  }));
  return joinParts([{ message, rows, exit: 0 }]);
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
