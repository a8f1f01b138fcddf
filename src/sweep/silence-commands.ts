import { addMilliseconds } from 'date-fns/addMilliseconds';
import { moreNote, readAtBlocks } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { bold, headed, paragraph, sentence, text, time, user } from '../chat/message.ts';
import { answer, isReply, type Reply, refuse } from '../chat/reply.ts';
import type { Form, Request, Subcommand } from '../chat/subcommand.ts';
import type { SweepParts } from './parts.ts';
import { redrawSilenced } from './redraw.ts';
import { matcherText, type Silence, type SilenceMatcher, silenceRow } from './silence.ts';
import { readSilence, type SilenceLine, silenceAsks } from './silence-line.ts';

/** `silence`, `unsilence`, `silences`: what is silenced for a while, by whom and why. */

const SHOWN = 30;

export const silenceCommand: Subcommand<SweepParts> = {
  name: 'silence',
  usage: 'silence <alert|[rule] [on <server>]|address|network> for <duration> <reason>',
  summary: 'Silences alerts for a while, 30 days at most.',
  example: 'silence 10.0.0.0/8 for 4h the scanner is ours',
  surfaces: ['slack'],
  needs: ['state'],
  asks: ({ words }, { targets }) => silenceAsks(words, targets),
  form: silenceForm,
  understands: ({ words }, { targets }) => !isReply(readSilence(words, targets)),
  refusal: refuseUnknown,
  changes: 'silenced',
  run: silence,
  repeated: silencedBefore,
};

export const unsilenceCommand: Subcommand<SweepParts> = {
  name: 'unsilence',
  usage: 'unsilence <id>',
  summary: 'Ends a silence.',
  example: 'unsilence SI-3',
  surfaces: ['slack'],
  needs: ['state'],
  changes: 'ended',
  run: unsilence,
};

export const silencesCommand: Subcommand<SweepParts> = {
  name: 'silences',
  usage: 'silences',
  summary: 'Lists what is silenced, by whom and why.',
  example: 'silences',
  surfaces: ['slack'],
  needs: ['state'],
  isForAll: true,
  run: (_, parts) => listSilences(parts),
};

async function silence({ words, caller }: Request, parts: SweepParts): Promise<Reply> {
  const line = readSilence(words, parts.targets);
  if (isReply(line)) return line;
  const matcher = await matcherOf(line, parts);
  if (isReply(matcher)) return matcher;
  const { lastsMs, reason } = line;
  if (matcher === null || lastsMs === null || reason === '' || caller.kind !== 'person') {
    return refuse('silence: expected what to silence, "for", a duration and a reason.');
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
  await redrawSilenced(parts);
  return silenced(made);
}

function silenced({ id, matcher, endsAt, reason }: Silence): Reply {
  const headline = `${id}: ${matcherText(matcher)} is silenced.`;
  const blocks = [paragraph(`${headline} It ends `, time(endsAt), `. Why: ${reason}`)];
  return answer({ headline, blocks });
}

/** The same answer, if their silence is still there. */
async function silencedBefore(
  { words, caller }: Request,
  parts: SweepParts,
): Promise<Reply | null> {
  const line = readSilence(words, parts.targets);
  const matcher = isReply(line) ? line : await matcherOf(line, parts);
  if (isReply(line) || isReply(matcher) || matcher === null || caller.kind !== 'person')
    return null;
  const what = matcherText(matcher);
  const active = await parts.silences.active(parts.now());
  const same = active.findLast(
    (each) =>
      each.by === caller.user && each.reason === line.reason && matcherText(each.matcher) === what,
  );
  return same === undefined ? null : silenced(same);
}

/** What the silence hides; null = not typed yet. A refusal if there is no such alert. */
async function matcherOf(
  { what }: SilenceLine,
  { alerts }: SweepParts,
): Promise<SilenceMatcher | null | Reply> {
  if (what?.kind !== 'alert') return what;
  const alert = await alerts.find(what.id);
  // A pending alert has not been posted, so nobody can have seen it.
  if (alert === null || alert.state === 'pending') return refuse(`There is no alert ${what.id}.`);
  return { kind: 'rule', rule: alert.rule, server: alert.server };
}

async function refuseUnknown({ words }: Request, parts: SweepParts): Promise<Reply | null> {
  const line = readSilence(words, parts.targets);
  const matcher = isReply(line) ? line : await matcherOf(line, parts);
  return isReply(matcher) ? matcher : null;
}

/** Says what is silenced, if that is typed already. */
function silenceForm({ words }: Request, parts: SweepParts): Form {
  return {
    title: 'Silence an alert',
    submit: 'Silence',
    blocks: async () => {
      const line = readSilence(words, parts.targets);
      const matcher = isReply(line) ? line : await matcherOf(line, parts);
      const what = isReply(matcher) || matcher === null ? 'What you name' : matcherText(matcher);
      return [
        paragraph(
          bold(what),
          ' is silenced for this time: nobody is notified, and alerts about it stay up to date. ',
          'They show who silenced them, until when and why.',
        ),
      ];
    },
  };
}

async function unsilence({ words }: Request, parts: SweepParts): Promise<Reply> {
  const id = (words[0] ?? '').toUpperCase();
  if (!/^SI-\d+$/.test(id)) {
    return refuse(
      `unsilence: expected the id of a silence, such as SI-3, got "${words[0] ?? ''}".`,
    );
  }
  const isEnded = await parts.silences.end(id, parts.now());
  if (!isEnded) return refuse(`There is no silence ${id}, or it is over.`);
  await redrawSilenced(parts);
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
  return answer(message, active.map(silenceRow));
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
