import { type ClientText, readClientText } from './client-text.ts';
import { DRIVER_WORDINGS, TITLE_REACH, TITLES } from './driver-wordings.ts';
import { errorNumber, type ForeignMessage, readForeign } from './foreign.ts';
import { joinLines, type PlainText } from './lines.ts';
import { PROXY_WORDINGS } from './proxy-wordings.ts';
import { SERVER_WORDINGS } from './server-wordings.ts';
import { type Speaker, speakerOf, type Topic, topicOf, type Wording } from './wording.ts';

/** One thing that a text says of one connection. */
export interface Mention {
  /** The client's address or host name as written; null = none is named. */
  readonly client: string | null;
  /** What stands in its place; null = nothing. */
  readonly blank: string | null;
  /** The account name of the login; null = none is named. */
  readonly user: string | null;
  readonly error: number | null;
  /** null: another matter than connecting; the number says which. */
  readonly topic: Topic | null;
  readonly by: Speaker;
}

export interface Mentions {
  /** Each once, the most telling first, then in the order of the text. */
  readonly mentions: readonly Mention[];
  /** Indexes of the lines that they were read from. */
  readonly lines: ReadonlySet<number>;
}

const WORDINGS: readonly Wording[] = [
  ...PROXY_WORDINGS,
  ...SERVER_WORDINGS,
  ...DRIVER_WORDINGS,
  ...TITLES,
];

/** What the server prints before the client has named its user. */
const NOT_YET = 'unauthenticated';

/** As far as a number stands before or after its words. */
const NUMBER_BEFORE = 80;
const NUMBER_AFTER = 60;

/** A statement ran, so the login was over. Looked for so far around the words. */
const STATEMENT =
  /\b(?:execute|do|fetch\w{0,12}|selectall\w{0,12}) failed|\bcursor\.execute|\.execute\(|\[SQL: |\b(?:SELECT \S|INSERT INTO |UPDATE \S+ SET |DELETE FROM |CALL \w)/i;
const STATEMENT_REACH = 600;

interface Match {
  readonly wording: Wording;
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** Lines for which `isApart` is true are not read. */
export function readMentions(
  lines: readonly string[],
  isApart: (line: number) => boolean = () => false,
): Mentions {
  const plain = joinLines(lines, isApart);
  const matches = withoutTitles(matchesIn(plain.text));
  const read = new Set<number>();
  for (const { start, end } of matches) {
    for (let at = plain.lineAt(start); at <= plain.lineAt(end - 1); at += 1) read.add(at);
  }
  const known = matches.map((match) => mentionOf(match, plain));
  const foreign = foreignMentions(plain, lines, read, known.length === 0);
  const added = foreign.filter((each) => !isRepeated(each, known));
  return { mentions: distinct([...known, ...added]), lines: read };
}

/** The `errno: 1129` of an error object, under its message. */
function isRepeated({ client, user, error }: Mention, known: readonly Mention[]): boolean {
  return client === null && user === null && known.some((each) => each.error === error);
}

/** Where wordings overlap, the one that comes first in the list counts. */
function matchesIn(text: string): readonly Match[] {
  const taken = new Uint8Array(text.length);
  const matches: Match[] = [];
  for (const each of WORDINGS) {
    for (const match of text.matchAll(each.pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (start === end || taken.subarray(start, end).includes(1)) continue;
      taken.fill(1, start, end);
      matches.push({ wording: each, start, end, groups: match.groups ?? {} });
    }
  }
  return matches;
}

/** A title says no more than its cause, which follows it. */
function withoutTitles(matches: readonly Match[]): readonly Match[] {
  const causes = matches
    .filter(({ wording }) => !TITLES.includes(wording))
    .map(({ start }) => start)
    .sort((a, b) => a - b);
  return matches.filter(({ wording, end }) => {
    if (!TITLES.includes(wording)) return true;
    const next = causes[firstFrom(causes, end)];
    return next === undefined || next - end > TITLE_REACH;
  });
}

function firstFrom(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function mentionOf({ wording, start, end, groups }: Match, plain: PlainText): Mention {
  const { error, topic, by } = wording;
  const { text } = plain;
  const from = Math.max(plain.startOf(plain.lineAt(start)), start - NUMBER_BEFORE);
  const before = text.slice(from, start);
  const printed = errorNumber(before) ?? errorNumber(text.slice(end, end + NUMBER_AFTER));
  // A 1045 that was cut off reads like a 1698.
  const isCut = error === 1698 && printed === 1045;
  const user = groups['user'] ?? groups['bareUser'] ?? groups['oldUser'] ?? '';
  const host = groups['host'] ?? groups['bareHost'] ?? groups['oldHost'] ?? '';
  return {
    ...namedBy(readClientText(host)),
    user: user === '' || user === NOT_YET ? null : user,
    error: isCut ? 1045 : (error ?? errorNumber(before)),
    topic: topic === 'broken-or-later' && ranStatement(plain.text, start, end) ? null : topic,
    by,
  };
}

function ranStatement(text: string, start: number, end: number): boolean {
  return STATEMENT.test(text.slice(Math.max(0, start - STATEMENT_REACH), end + STATEMENT_REACH));
}

function namedBy(read: ClientText): Pick<Mention, 'client' | 'blank'> {
  return {
    client: read.kind === 'client' ? read.client : null,
    blank: read.kind === 'blank' ? read.blank : null,
  };
}

/** Messages of other languages: line by line beside others, otherwise in the whole text. */
function foreignMentions(
  plain: PlainText,
  lines: readonly string[],
  read: Set<number>,
  isAlone: boolean,
): readonly Mention[] {
  const found: { readonly at: number; readonly message: ForeignMessage }[] = [];
  for (const at of lines.keys()) {
    const message = readLine(plain, read, at);
    if (message !== null) found.push({ at, message });
  }
  // A message alone may be wrapped, with the number on one line and the client on another.
  if (isAlone && found.length < 2) {
    const whole = readForeign(plain.text);
    if (whole === null) return [];
    for (const at of lines.keys()) read.add(at);
    return toMentions(whole, plain.text);
  }
  for (const { at } of found) read.add(at);
  return found.flatMap(({ at, message }) => toMentions(message, plain.lineText(at)));
}

function readLine(plain: PlainText, read: ReadonlySet<number>, at: number): ForeignMessage | null {
  const text = plain.lineText(at);
  if (text === '' || read.has(at) || errorNumber(text) === null) return null;
  const message = readForeign(text);
  const isKnown = message?.error != null && topicOf(message.error) !== null;
  return isKnown ? message : null;
}

function toMentions(message: ForeignMessage, text: string): readonly Mention[] {
  const { error, clients, user } = message;
  const about = {
    blank: null,
    user,
    error,
    topic: foreignTopic(error, text),
    by: speakerOf(error),
  };
  if (clients.length === 0) return [{ client: null, ...about }];
  return clients.map((client) => ({ client, ...about }));
}

/** A server has one English wording for these; other English words are those of a proxy. */
const ONE_WORDING: readonly number[] = [1040, 1045];
const ENGLISH =
  /\b(?:the|not|are|with|this|your|please|exceeded|failed|invalid|must|cannot|unauthorized)\b/i;

function foreignTopic(error: number | null, text: string): Topic | null {
  if (error === null) return null;
  const isOther = ONE_WORDING.includes(error) && ENGLISH.test(text) && !/access denied/i.test(text);
  return isOther ? 'refused-by-proxy' : topicOf(error);
}

function distinct(mentions: readonly Mention[]): readonly Mention[] {
  return [...new Map(mentions.map((each) => [JSON.stringify(each), each])).values()];
}
