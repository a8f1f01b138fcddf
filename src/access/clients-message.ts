import { subHours } from 'date-fns/subHours';
import { count, firstOf, times, utc } from '../chat/lists.ts';
import { type Block, type Button, headed, type Message, note, paragraph } from '../chat/message.ts';
import { joinWords } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { binsOf } from './bins.ts';
import { type AccessDay, dayOf } from './record.ts';
import { type Failures, failuresOf, type Timeline, timelineOf } from './timeline.ts';
import { chartBlocks, sayWhen } from './timeline-chart.ts';
import { errorLines } from './timeline-rows.ts';

/** How the clients of an alert failed lately, for its thread: one chart, and the same in words. Pure. */

/** How far the chart goes back. */
const HOURS = 24;

/** Clients that are drawn, each as a series if there are several. */
const CLIENTS = 5;

const LINES = 8;
const BUTTONS = 3;

export interface FailingClients {
  readonly server: string;
  /** Addresses, or names where no address is known; those that matter most first. */
  readonly clients: readonly string[];
  /** From `firstDay` on. */
  readonly days: readonly AccessDay[];
  readonly at: Date;
}

interface Drawn {
  readonly client: string;
  readonly timeline: Timeline;
  readonly failures: readonly Failures[];
}

/** The first day that the chart needs. */
export function firstDay(at: Date): string {
  return dayOf(subHours(at, HOURS));
}

/** null = nothing is recorded of them. */
export function clientsMessage({ server, clients, days, at }: FailingClients): Message | null {
  const since = subHours(at, HOURS);
  const drawn = clients.slice(0, CLIENTS).flatMap((client) => {
    const timeline = timelineOf({ server, client: toClient(client), days, flushes: [] });
    const failures = failuresOf(timeline, true).filter(({ until }) => until >= since);
    return failures.length === 0 ? [] : [{ client, timeline, failures }];
  });
  const [first] = drawn;
  if (first === undefined) return null;
  const all = drawn.flatMap(({ client, failures }) =>
    failures.map((each) => ({ ...each, client })),
  );
  const isOne = drawn.length === 1;
  const bins = isOne ? binsOf(all, at) : binsOf(all, at, ({ client }) => client);
  const who = isOne ? first.client : count(drawn.length, 'client');
  const total = all.reduce((sum, each) => sum + each.count, 0);
  const says = `${who} failed to log in to ${server} ${times(total)} in the last ${HOURS} hours${sayWhen(all)}.`;
  return headed(says, [
    paragraph(firstOf(linesOf(drawn), LINES).join('\n')),
    ...chartBlocks(first.timeline.entries, bins),
    ...noteBlocks(first.timeline, since, clients.length - drawn.length),
    { kind: 'buttons', buttons: buttonsOf(drawn, server) },
  ]);
}

function toClient(text: string) {
  const address = parseAddress(text);
  return { text, addresses: address === null ? [] : [address], isName: address === null };
}

function linesOf(drawn: readonly Drawn[]): readonly string[] {
  return drawn.flatMap(({ client, failures }) => {
    const lines = errorLines(failures);
    return drawn.length === 1 ? lines : lines.map((line) => `${client}: ${line}`);
  });
}

function noteBlocks({ since: begin }: Timeline, since: Date, others: number): readonly Block[] {
  return [
    ...(begin !== null && begin > since ? [note(`Recorded since ${utc(begin)}.`)] : []),
    ...(others > 0 ? [note(`Not drawn: ${count(others, 'other client')} of this alert.`)] : []),
  ];
}

function buttonsOf(drawn: readonly Drawn[], server: string): readonly Button[] {
  return drawn.slice(0, BUTTONS).map(({ client }) => ({
    label: drawn.length === 1 ? 'Timeline' : `Timeline of ${client}`,
    line: joinWords(['timeline', client, 'on', server]),
    says: `Show what is recorded of ${client} on ${server}`,
  }));
}
