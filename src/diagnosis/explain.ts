import { text } from '../chat/message.ts';
import type { Reply } from '../chat/subcommand.ts';
import { joinWords } from '../chat/words.ts';
import { parseAddress } from '../hostcache/address.ts';
import { errorFinding } from './error-finding.ts';
import { explainRows } from './explain-rows.ts';
import { findingJson } from './json.ts';
import { findingBlocks } from './messages.ts';
import { parsePastedError } from './pasted-error.ts';
import type { Finding } from './rule.ts';
import { parseSavedRows } from './saved-rows.ts';

/** What somebody saved or pasted, read without asking anybody: never what the server would answer now. */

const UNKNOWN = { outcome: 'unknown', error: null, account: null, ties: [] };
const GAP = 'Read from a text alone: no server and no DNS was asked.';

/** Saved rows of a host cache, or a pasted error. */
export function explain(raw: string, readAt: Date): Reply {
  const saved = parseSavedRows(raw);
  switch (saved.kind) {
    case 'rows':
      return explainRows(saved.entries, readAt);
    case 'fault':
      return refusal(saved.says);
    case 'other':
      return explainError(raw);
  }
}

export function explainError(raw: string): Reply {
  const pasted = parsePastedError(raw);
  const finding = pasted?.error == null ? null : errorFinding(pasted.error);
  if (pasted === null || (finding === null && pasted.hosts.length === 0)) {
    return refusal(
      'Expected an error message, such as "Host \'192.0.2.7\' is not allowed to connect to this MySQL server", or saved rows of performance_schema.host_cache: JSON, or what the mysql client prints by \\G.',
    );
  }
  if (finding === null) {
    return refusal(
      `The text names ${pasted.hosts.join(', ')} but no error that is known here; ask "why ${pasted.hosts[0]}".`,
    );
  }
  const client = pasted.hosts[0] ?? null;
  const headline = `${client === null ? '' : `${client}: `}${finding.title}.`;
  return {
    messages: [
      {
        headline,
        blocks: [
          ...findingBlocks(finding),
          { kind: 'note', spans: text(GAP) },
          ...(client === null ? [] : [whyButton(client, pasted.user)]),
        ],
      },
    ],
    rows: [explainJson(client, pasted.user, finding)],
    exit: finding.severity === 'blocking' ? 1 : 0,
    isPublic: false,
  };
}

function whyButton(client: string, user: string | null) {
  const line = joinWords(['why', client, ...(user === null ? [] : ['as', user])]);
  const button = {
    label: 'Ask the server why',
    line,
    says: `Ask the server why ${client} is refused`,
  };
  return { kind: 'buttons', buttons: [button] } as const;
}

function explainJson(client: string | null, user: string | null, finding: Finding): object {
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
    findings: [findingJson(finding)],
    gaps: [GAP],
  };
}

function refusal(says: string): Reply {
  return {
    messages: [{ headline: says, blocks: [{ kind: 'text', spans: text(says) }] }],
    rows: [],
    exit: 2,
    isPublic: false,
  };
}
