import { listed } from '../chat/lists.ts';
import { type Block, type Message, sentence, text } from '../chat/message.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { joinWords } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { explainRows } from './explain-rows.ts';
import { answerJson, findingJson } from './json.ts';
import { errorFinding, OTHER_ERRORS } from './known-errors.ts';
import { findingBlocks } from './messages.ts';
import { type PastedError, parsePastedError } from './pasted-error.ts';
import { UNKNOWN } from './predict.ts';
import { parseSavedRows } from './saved-rows.ts';

/** `explain`: the meaning of a pasted error or of saved rows, from the text alone. It does no I/O and predicts nothing. */

const GAP = 'This comes from the text alone: no server and no DNS was asked.';

const EXPECTED =
  'an error message, such as "Host \'192.0.2.7\' is not allowed to connect to this MySQL server", or saved rows of performance_schema.host_cache, as JSON or as the mysql client prints them with \\G';

const HOSTS_NAMED = 5;
const HOSTS_ASKED = 8;

export const explainCommand: Subcommand<{ readonly now: () => Date }> = {
  name: 'explain',
  usage: 'explain [<error message>|file|-]',
  summary: 'Says what a pasted error message means, without asking a server.',
  example: "explain Host '192.0.2.7' is not allowed to connect to this MySQL server",
  surfaces: ['slack', 'terminal'],
  needs: [],
  run: async ({ line }, { now }) => explain(line, now()),
};

export function explain(raw: string, readAt: Date): Reply {
  const saved = parseSavedRows(raw);
  switch (saved.kind) {
    case 'rows':
      return explainRows(saved.entries, readAt);
    case 'malformed':
      return refuse(saved.problem);
    case 'other':
      return explainError(raw);
  }
}

export function explainError(raw: string): Reply {
  const pasted = parsePastedError(raw);
  if (pasted === null) return refuse(`Expected ${EXPECTED}.`);
  const { error, hosts } = pasted;
  const finding = error === null ? null : errorFinding(error, raw);
  if (finding !== null) {
    const client = hosts[0] === undefined ? '' : `${hosts[0]}: `;
    const blocks = [...findingBlocks(finding), { kind: 'note', spans: text(GAP) } as const];
    const message = { headline: `${client}${finding.title}.`, blocks };
    return errorReply(pasted, message, [findingJson(finding)], [GAP]);
  }
  const meaning = error === null ? undefined : OTHER_ERRORS[error];
  if (meaning !== undefined) {
    const line = `Error ${error} has nothing to do with the host cache: ${meaning}.`;
    return errorReply(pasted, sentence(line), [], [line, GAP]);
  }
  if (hosts.length > 0) {
    return refuse(
      `The text names ${listed(hosts, HOSTS_NAMED)}, but no error that hostcache knows. Run "why ${hosts[0]}".`,
    );
  }
  return refuse(
    `Error ${error} is not known to keep a client from connecting, and the text names no client. Expected ${EXPECTED}.`,
  );
}

/** What a pasted error means where it names no client to ask about; null = not known. */
export function meaningOf(error: number, raw: string): Message | null {
  const finding = errorFinding(error, raw);
  if (finding !== null) return { headline: `${finding.title}.`, blocks: findingBlocks(finding) };
  const meaning = OTHER_ERRORS[error];
  return meaning === undefined ? null : sentence(`It means that ${meaning}.`);
}

/** The JSON names the first client, as the finding is about the first error. */
function errorReply(
  pasted: PastedError,
  { headline, blocks }: Message,
  findings: readonly object[],
  gaps: readonly string[],
): Reply {
  const client = pasted.hosts[0] ?? null;
  const row = {
    server: null,
    flavour: null,
    version: null,
    client,
    address: client === null ? null : (parseAddress(client)?.text ?? null),
    user: pasted.user,
    cached: null,
    dns: null,
    now: answerJson(UNKNOWN),
    afterFlush: answerJson(UNKNOWN),
    flush: 'unknown',
    accounts: [],
    accountsTotal: 0,
    findings,
    gaps,
  };
  const message = { headline, blocks: [...blocks, ...whyButton(pasted)] };
  return answer(message, [row], findings.length > 0 ? 1 : 0);
}

/** Asks about the clients that the text names, up to a limit. */
function whyButton({ hosts, user }: PastedError): readonly Block[] {
  if (hosts.length === 0) return [];
  const asked = hosts.slice(0, HOSTS_ASKED);
  const button = {
    label: 'Ask the server why',
    line: joinWords(['why', ...asked, ...(user === null ? [] : ['as', user])]),
    says: `Ask the server why ${listed(asked, HOSTS_NAMED)} ${asked.length === 1 ? 'is' : 'are'} refused`,
  };
  return [{ kind: 'buttons', buttons: [button] }];
}
