import { text } from '../chat/message.ts';
import type { Reply } from '../chat/subcommand.ts';
import { parseAddress } from '../hostcache/address.ts';
import { errorFinding } from './error-finding.ts';
import { findingJson } from './json.ts';
import { findingBlocks, quoted } from './messages.ts';
import { parsePastedError } from './pasted-error.ts';
import type { Finding } from './rule.ts';

/** A pasted error, read without asking anybody: what it means, never what the server would answer now. */

const UNKNOWN = { outcome: 'unknown', error: null, account: null, ties: [] };
const GAP = 'Read from a text alone: no server and no DNS was asked.';

export function explainError(raw: string): Reply {
  const pasted = parsePastedError(raw);
  const finding = pasted?.error == null ? null : errorFinding(pasted.error);
  if (pasted === null || (finding === null && pasted.hosts.length === 0)) {
    return refusal(
      'Expected an error message of a MySQL client, such as "Host \'192.0.2.7\' is not allowed to connect to this MySQL server".',
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
  const line = `why ${client}${user === null ? '' : ` as ${quoted(user)}`}`;
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
