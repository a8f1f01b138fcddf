import { listed } from '../chat/lists.ts';
import { type Block, type Message, sentence, text } from '../chat/message.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { joinWords } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { errorFinding } from './error-finding.ts';
import { explainRows } from './explain-rows.ts';
import { findingJson } from './json.ts';
import { findingBlocks } from './messages.ts';
import { otherError } from './other-errors.ts';
import { type PastedError, parsePastedError } from './pasted-error.ts';
import type { Finding } from './rule.ts';
import { parseSavedRows } from './saved-rows.ts';

/** `explain`: what somebody saved or pasted, read without asking anybody: never what the server would answer now. */

const UNKNOWN = { outcome: 'unknown', error: null, account: null, ties: [] };
const GAP = 'Read from a text alone: no server and no DNS was asked.';

const EXPECTED =
  'an error message, such as "Host \'192.0.2.7\' is not allowed to connect to this MySQL server", or saved rows of performance_schema.host_cache: JSON, or what the mysql client prints by \\G';

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

/** Saved rows of a host cache, or a pasted error. */
export function explain(raw: string, readAt: Date): Reply {
  const saved = parseSavedRows(raw);
  switch (saved.kind) {
    case 'rows':
      return explainRows(saved.entries, readAt);
    case 'fault':
      return refuse(saved.says);
    case 'other':
      return explainError(raw);
  }
}

export function explainError(raw: string): Reply {
  const pasted = parsePastedError(raw);
  if (pasted === null) return refuse(`Expected ${EXPECTED}.`);
  const { error, hosts } = pasted;
  const finding = error === null ? null : errorFinding(error, raw);
  if (finding !== null) return found(finding, pasted);
  const meaning = error === null ? null : otherError(error);
  if (meaning !== null) return foundElsewhere(`Error ${error}`, meaning, pasted);
  if (hosts.length > 0) {
    return refuse(
      `The text names ${listed(hosts, HOSTS_NAMED)} but no error that is known here; ask "why ${hosts[0]}".`,
    );
  }
  return refuse(
    `Error ${error} is not known to keep a client from connecting, and the text names none. What is explained here is ${EXPECTED}.`,
  );
}

/** Errors that hosts and accounts play a part in. */
function found(finding: Finding, pasted: PastedError): Reply {
  const [client] = pasted.hosts;
  const headline = `${client === undefined ? '' : `${client}: `}${finding.title}.`;
  const blocks: readonly Block[] = [
    ...findingBlocks(finding),
    { kind: 'note', spans: text(GAP) },
    ...whyButton(pasted),
  ];
  const row = explainJson(pasted, { findings: [findingJson(finding)], gaps: [GAP] });
  return answer({ headline, blocks }, [row], finding.severity === 'blocking' ? 1 : 0);
}

/** Errors that only need to be named: nothing here could find or cure them. */
function foundElsewhere(error: string, meaning: string, pasted: PastedError): Reply {
  const says = `${error} has nothing to do with the host cache: ${meaning}.`;
  const blocks = [...sentence(says).blocks, ...whyButton(pasted)];
  return answer({ headline: says, blocks }, [
    explainJson(pasted, { findings: [], gaps: [says, GAP] }),
  ]);
}

/** What a pasted error means where it names no client to ask about; null = not known. */
export function meaningOf(error: number, says: string): Message | null {
  const finding = errorFinding(error, says);
  if (finding !== null) return { headline: `${finding.title}.`, blocks: findingBlocks(finding) };
  const meaning = otherError(error);
  return meaning === null ? null : sentence(`It says that ${meaning}.`);
}

/** Asks of every client that the text names, up to a limit; none where it names none. */
function whyButton({ hosts, user }: PastedError): readonly Block[] {
  if (hosts.length === 0) return [];
  const asked = hosts.slice(0, HOSTS_ASKED);
  const line = joinWords(['why', ...asked, ...(user === null ? [] : ['as', user])]);
  const button = {
    label: 'Ask the server why',
    line,
    says: `Ask the server why ${listed(asked, HOSTS_NAMED)} ${asked.length === 1 ? 'is' : 'are'} refused`,
  };
  return [{ kind: 'buttons', buttons: [button] }];
}

/** Of the first client, as the finding is of the first error. */
function explainJson(
  { hosts, user }: PastedError,
  told: { readonly findings: readonly object[]; readonly gaps: readonly string[] },
): object {
  const client = hosts[0] ?? null;
  return {
    server: null,
    flavour: null,
    version: null,
    client,
    address: client === null ? null : (parseAddress(client)?.text ?? null),
    user,
    cached: null,
    dns: null,
    now: UNKNOWN,
    afterFlush: UNKNOWN,
    flush: 'unknown',
    accounts: [],
    accountsTotal: 0,
    ...told,
  };
}
