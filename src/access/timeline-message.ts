import { readAtBlocks, tableBlocks } from '../chat/listing.ts';
import { count, firstOf, times, utc } from '../chat/lists.ts';
import { type Block, headed, type Message, note, paragraph } from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { binsOf } from './bins.ts';
import { failuresOf, type Timeline, type TimelineEntry } from './timeline.ts';
import { chartBlocks, sayWhen } from './timeline-chart.ts';
import { episodesOf, errorLines, rowOf } from './timeline-rows.ts';

/** A timeline as a message: the answer, the errors by kind, a chart, and each entry. */

export interface TimelineAnswer {
  readonly timeline: Timeline;
  /** As it was typed. */
  readonly client: string;
  readonly readAt: Date;
  /** What is not known, in sentences. */
  readonly gaps: readonly string[];
}

/** Kinds of errors, and login names, that are named in words. */
const NAMED = 6;

/** More would not be read; `--json` has all. */
const ENTRIES_SHOWN = 40;

export function timelineMessage({ timeline, client, readAt, gaps }: TimelineAnswer): Message {
  const { server, since, entries } = timeline;
  const again = joinWords(['timeline', client, 'on', server]);
  const end = readAtBlocks(readAt, again, `Show the timeline of ${client} on ${server} again`);
  if (since === null) {
    return headed(`Nothing is recorded of ${server} yet.`, [
      paragraph(
        'The bot records logins at each sweep. Run it with SWEEP_CRON, and ask again later.',
      ),
      ...end,
    ]);
  }
  const failures = entries.filter((entry) => entry.kind === 'failures');
  const bins = binsOf(failures, timeline.readUntil ?? readAt);
  const newest = [...episodesOf(entries, bins.stepMs)].reverse();
  return headed(headlineOf(timeline, client), [
    ...errorBlocks(timeline),
    ...loginBlocks(timeline),
    ...chartBlocks(entries, bins),
    ...noteBlocks(timeline, gaps),
    ...tableBlocks({
      columns: ['Time (UTC)', 'What', { label: 'Times', align: 'right' }],
      rows: newest.map(rowOf),
      limit: ENTRIES_SHOWN,
      note: '',
    }),
    ...end,
    { kind: 'buttons', buttons: [whyButton(client, server)] },
  ]);
}

function whyButton(client: string, server: string) {
  const line = joinWords(['why', client, 'on', server]);
  return { label: 'Why?', line, says: `Ask whether ${client} can connect to ${server} now` };
}

function headlineOf(timeline: Timeline, client: string): string {
  const { server, since } = timeline;
  const failures = failuresOf(timeline, true);
  const total = failures.reduce((sum, failure) => sum + failure.count, 0);
  const begins = since === null ? '' : utc(since);
  const isUnknown = timeline.logins.length === 0 && !timeline.entries.some(isOfClient);
  if (isUnknown) return `Nothing is recorded of ${client} on ${server} since ${begins}.`;
  if (total === 0) return `No failed login of ${client} on ${server} is recorded since ${begins}.`;
  return `${client} failed to log in to ${server} ${times(total)}${sayWhen(failures)}.`;
}

/** Not of the server as a whole. */
function isOfClient({ kind }: TimelineEntry): boolean {
  return ['failures', 'blocked', 'unblocked', 'name'].includes(kind);
}

function errorBlocks(timeline: Timeline): readonly Block[] {
  const sure = errorLines(failuresOf(timeline, true));
  const unsure = errorLines(failuresOf(timeline, false)).map(
    (line) => `${line}; a session can have this error too`,
  );
  const lines = firstOf([...sure, ...unsure], NAMED);
  return lines.length === 0 ? [] : [paragraph(lines.join('\n'))];
}

function loginBlocks({ logins }: Timeline): readonly Block[] {
  if (logins.length === 0) return [];
  const named = logins.map(({ user, logins: number, lastAt }) => {
    const last = lastAt === null ? '' : `, last seen ${utc(lastAt)}`;
    return `${user || "''"} ${number === 0 ? 'in a session' : times(number)}${last}`;
  });
  return [paragraph(`Logged in: ${firstOf(named, NAMED).join('; ')}.`)];
}

function noteBlocks(
  { entries, hostless, leftOut, readUntil, server }: Timeline,
  gaps: readonly string[],
): readonly Block[] {
  const holes = entries.filter((entry) => entry.kind === 'gap');
  const lines = [
    ...(readUntil === null ? [] : [`Recorded until the sweep of ${utc(readUntil)}.`]),
    ...(holes.length === 0
      ? []
      : [`Not known: ${count(holes.length, 'time')} in which nothing was read (see the table).`]),
    ...errorLines(hostless).map(
      (line) => `${server} also counted ${line}; it does not say for which client.`,
    ),
    ...(leftOut === 0
      ? []
      : [`${count(leftOut, 'entry was', 'entries were')} left out on days that are full.`]),
    ...gaps,
  ];
  return lines.map((line) => note(line));
}
