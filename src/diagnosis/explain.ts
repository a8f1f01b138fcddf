import { FILES } from '../chat/completion.ts';
import { count, listed } from '../chat/lists.ts';
import {
  type Block,
  bold,
  headed,
  type Message,
  note,
  paragraph,
  sentence,
} from '../chat/message.ts';
import { answer, joinReplies, type Reply, refuse } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { joinWords } from '../chat/words.ts';
import type { Mention } from '../pasted/mentions.ts';
import { isSaved, readPasted } from '../pasted/read.ts';
import { explainSaved } from './explain-rows.ts';
import { EXITS, textJson } from './json.ts';
import { findingOf } from './known-errors.ts';
import { findingBlocks, manualNote } from './messages.ts';
import { OTHER_ERRORS } from './other-errors.ts';
import type { Finding } from './rule.ts';

/** `explain`: the meaning of a pasted error or of saved rows, from the text alone. It does no I/O and predicts nothing. */

const GAP = 'This comes from the text alone: no server and no DNS was asked.';

/** What can be pasted, with an example each. */
const FORMS = [
  'an error message ("Host \'192.0.2.7\' is not allowed to connect to this MySQL server")',
  "a line of the server's log (\"IP address '192.0.2.7' could not be resolved: Name or service not known\")",
  'what a driver or a proxy prints ("Communications link failure")',
  'rows of performance_schema.host_cache, as the mysql client prints them (a table, \\G, -X), CSV or JSON',
  'a process list with rows of "unauthenticated user"',
];

const EXPECTED = `an error message or saved rows: ${FORMS.join('; ')}`;

const HOSTS_NAMED = 5;
const HOSTS_ASKED = 8;

export const explainCommand: Subcommand<{ readonly now: () => Date }> = {
  name: 'explain',
  usage: 'explain [<error message>|file|-]',
  summary: 'Says what a pasted error message means, without asking a server.',
  example: `explain "Host '192.0.2.7' is not allowed to connect to this MySQL server"`,
  surfaces: ['slack', 'terminal'],
  needs: [],
  isForAll: true,
  exits: EXITS,
  completes: [FILES],
  run: async ({ line }, { now }) => explain(line, now()),
};

export function explain(raw: string, readAt: Date): Reply {
  const { saved, mentions } = readPasted(raw);
  if (!isSaved(saved)) return explainMentions(mentions, raw);
  const rows = explainSaved(saved, readAt);
  return mentions.length === 0 ? rows : joinReplies([rows, explainMentions(mentions, raw)]);
}

/** What a text says of one client under one account name. */
interface Told {
  readonly client: string | null;
  readonly user: string | null;
  readonly mentions: readonly Mention[];
  readonly findings: readonly Finding[];
}

export function explainMentions(mentions: readonly Mention[], raw: string): Reply {
  const told = byClient(mentions, raw);
  const meanings = otherMeanings(mentions);
  const known = told.filter(({ findings }) => findings.length > 0);
  if (known.length === 0 && meanings.length === 0) return notUnderstood(mentions);
  const causes = causesOf(known);
  const [only, ...others] = causes;
  const notes = [...blanksOf(mentions), GAP].map((line) => note(line));
  const buttons = whyButtons(mentions);
  if (only === undefined) {
    const rows = told.map((each) => rowOf(each, meanings));
    return answer(headed(meanings.join(' '), [...notes, ...buttons]), rows, 0);
  }
  const blocks =
    others.length === 0
      ? [paragraph(`${only.finding.cause}\n${only.finding.remedy}`), manualNote(only.finding)]
      : causes.flatMap(causeBlocks);
  const message = headed(headlineOf(causes, known), [
    ...blocks,
    ...meanings.map((meaning) => note(meaning)),
    ...notes,
    ...buttons,
  ]);
  return answer(
    message,
    known.map((each) => rowOf(each, meanings)),
    1,
  );
}

/** What the mentions that name no client to ask about mean; null = not known. */
export function meaningOf(mentions: readonly Mention[], raw: string): Message | null {
  const [first] = mentions
    .map((mention) => findingOf(mention, raw))
    .filter((each) => each !== null);
  if (first !== undefined) return { headline: `${first.title}.`, blocks: findingBlocks(first) };
  const [meaning] = otherMeanings(mentions);
  return meaning === undefined ? null : sentence(meaning);
}

/** One for each pair of client and account name, in the order of the mentions. */
function byClient(mentions: readonly Mention[], raw: string): readonly Told[] {
  const pairs = new Map<string, Mention[]>();
  for (const mention of mentions) {
    const pair = JSON.stringify([mention.client, mention.client === null ? null : mention.user]);
    pairs.set(pair, [...(pairs.get(pair) ?? []), mention]);
  }
  return Array.from(pairs.values(), (group) => {
    const findings = group.flatMap((mention) => findingOf(mention, raw) ?? []);
    const [{ client = null } = {}] = group;
    const user = group.find((mention) => mention.user !== null)?.user ?? null;
    return { client, user, mentions: group, findings: distinct(findings) };
  });
}

/** One finding, with the clients that it is about. */
interface Cause {
  readonly finding: Finding;
  readonly clients: readonly string[];
}

function causesOf(told: readonly Told[]): readonly Cause[] {
  const findings = distinct(told.flatMap((each) => each.findings));
  return findings.map((finding) => {
    const about = told.filter((each) => each.findings.some(({ title }) => title === finding.title));
    return { finding, clients: about.flatMap(clientName) };
  });
}

function clientName({ client, user }: Told): readonly string[] {
  return client === null ? [] : [`${client}${user === null ? '' : ` as ${user}`}`];
}

function headlineOf([first, ...others]: readonly Cause[], told: readonly Told[]): string {
  if (first === undefined) return '';
  const { finding, clients } = first;
  const whose = clients.length === 0 ? '' : `${listed(clients, HOSTS_NAMED)}: `;
  if (others.length === 0) return `${whose}${finding.title}.`;
  const named = told.filter(({ client }) => client !== null).length;
  const of = named === 0 ? '' : ` about ${count(named, 'client')}`;
  return `The text says ${others.length + 1} things${of}. First: ${whose}${finding.title}.`;
}

function causeBlocks({ finding, clients }: Cause): readonly Block[] {
  const { title, cause, remedy } = finding;
  const who = clients.length === 0 ? '' : `\n${listed(clients, HOSTS_NAMED)}.`;
  return [paragraph(bold(title), `${who}\n${cause}\n${remedy}`), manualNote(finding)];
}

/** A sentence for each error in which hosts and accounts play no part. */
function otherMeanings(mentions: readonly Mention[]): readonly string[] {
  const errors = mentions.flatMap(({ error, topic }) =>
    error === null || topic !== null ? [] : [error],
  );
  return [...new Set(errors)].flatMap((error) => {
    const meaning = OTHER_ERRORS[error];
    return meaning === undefined
      ? []
      : [`Error ${error} has nothing to do with the host cache: ${meaning}.`];
  });
}

function blanksOf(mentions: readonly Mention[]): readonly string[] {
  const blanks = new Set(mentions.flatMap(({ blank }) => blank ?? []));
  return Array.from(
    blanks,
    (blank) => `The text has "${blank}" in place of the client. Run why with its address.`,
  );
}

function distinct(findings: readonly Finding[]): readonly Finding[] {
  return [...new Map(findings.map((finding) => [finding.title, finding])).values()];
}

function notUnderstood(mentions: readonly Mention[]): Reply {
  const hosts = clientsOf(mentions);
  const error = mentions.find((mention) => mention.error !== null)?.error;
  if (hosts.length > 0) {
    return refuse(
      `The text names ${listed(hosts, HOSTS_NAMED)}, but no error that hostcache knows. Run "why ${hosts[0]}".`,
    );
  }
  if (error === undefined) return refuse(`Expected ${EXPECTED}.`);
  return refuse(
    `Error ${error} is not known to keep a client from connecting, and the text names no client. Expected ${EXPECTED}.`,
  );
}

function rowOf({ client, user, mentions, findings }: Told, meanings: readonly string[]): object {
  const [first] = mentions;
  return textJson({
    client,
    user,
    findings,
    gaps: [...(findings.length > 0 ? [] : meanings), ...blanksOf(mentions), GAP],
    reported: first === undefined ? null : { error: first.error, by: first.by },
  });
}

function clientsOf(mentions: readonly Mention[]): readonly string[] {
  return [...new Set(mentions.flatMap(({ client }) => client ?? []))];
}

/** Asks about the clients that the text names, up to a limit: a button for each account name. */
function whyButtons(mentions: readonly Mention[]): readonly Block[] {
  const asked = mentions.filter(
    ({ client, topic }) => client !== null && topic !== 'refused-by-proxy',
  );
  const users = [...new Set(asked.map(({ user }) => user))];
  const buttons = users.map((user) => {
    const hosts = clientsOf(asked.filter((mention) => mention.user === user)).slice(0, HOSTS_ASKED);
    return {
      label:
        users.length === 1 || user === null
          ? 'Ask the server why'
          : `Ask the server why as ${user}`,
      line: joinWords(['why', ...hosts, ...(user === null ? [] : ['as', user])]),
      says: `Ask the server why ${listed(hosts, HOSTS_NAMED)} ${hosts.length === 1 ? 'is' : 'are'} refused`,
    };
  });
  return buttons.length === 0 ? [] : [{ kind: 'buttons', buttons: buttons.slice(0, BUTTONS) }];
}

const BUTTONS = 5;
