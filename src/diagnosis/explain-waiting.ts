import { count, groupBy, listed } from '../chat/lists.ts';
import { type Block, bold, headed, type Message, note, paragraph } from '../chat/message.ts';
import { answer, type Reply } from '../chat/reply.ts';
import { manualUrl } from '../hostcache/manual.ts';
import type { WaitingRow } from '../pasted/saved.ts';
import { textJson } from './json.ts';
import { manualNote } from './messages.ts';
import { type Finding, MANUAL_PAGES } from './rule.ts';

/** Explains a saved process list: the connections that have not finished authentication. */

const GAP =
  'This comes from a saved process list alone: whether these connections stay is not known, and no server was asked.';

const CLIENTS_NAMED = 20;

/** `sessions`: how many connections of the list have logged in. */
export function explainWaiting(waiting: readonly WaitingRow[], sessions: number): Reply {
  if (waiting.length === 0) {
    const line = `A process list of ${count(sessions, 'connection')}: each has finished authentication.`;
    return answer(headed(line, [note(GAP)]));
  }
  const clients = [...groupBy(waiting, ({ client }) => client ?? '').values()];
  const sorted = clients.sort((a, b) => b.length - a.length);
  const rows = sorted.map((each) =>
    textJson({
      client: each[0]?.client ?? null,
      user: null,
      findings: [findingOf(each)],
      gaps: [GAP],
      reported: null,
    }),
  );
  return answer(message(waiting, sorted), rows);
}

function message(
  waiting: readonly WaitingRow[],
  clients: readonly (readonly WaitingRow[])[],
): Message {
  const finding = findingOf(waiting);
  const { title, cause, remedy } = finding;
  const names = clients.map((each) => `${each[0]?.client ?? 'not shown'} (${each.length})`);
  const from = `${clients.length === 1 ? 'Client' : 'Clients'}: ${listed(names, CLIENTS_NAMED)}.`;
  const blocks: readonly Block[] = [
    paragraph(bold('Connections stay unauthenticated'), `\n${cause}\n${from}\n${remedy}`),
    manualNote(finding),
    note(GAP),
    {
      kind: 'buttons',
      buttons: [
        {
          label: 'Show pending connections',
          line: 'pending',
          says: 'Show the connections that have not finished authentication now',
        },
      ],
    },
  ];
  return headed(`${title}.`, blocks);
}

function findingOf(waiting: readonly WaitingRow[]): Finding {
  const groups = groupBy(waiting, stepOf);
  const steps = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const longest = Math.max(...waiting.map(({ seconds }) => seconds ?? 0));
  const age = longest > 0 ? ` The oldest has waited ${count(longest, 'second')}.` : '';
  return {
    rule: 'handshake-pileup',
    severity: 'degraded',
    title: `${count(waiting.length, 'connection has', 'connections have')} not finished authentication ("unauthenticated user")`,
    cause: `By step: ${steps.map(([step, rows]) => `${rows.length} ${step}`).join(', ')}.${age} Each one occupies a connection.`,
    remedy: REMEDIES.filter(({ step }) => groups.has(step))
      .map(({ says }) => says)
      .join(' '),
    statements: [],
    source: manualUrl(MANUAL_PAGES['handshake-pileup'], {}),
  };
}

const DNS_OR_TLS = 'waiting for DNS or in the TLS handshake';
const PAST_LOOKUP = 'past the name lookup, waiting for the client';
const NOT_SHOWN = 'at a step that the list does not show';

const REMEDIES: readonly { readonly step: string; readonly says: string }[] = [
  {
    step: DNS_OR_TLS,
    says: 'Check the resolver of the database host, then TLS on the way to these clients: a process list does not tell which it is, "pending" does.',
  },
  {
    step: PAST_LOOKUP,
    says: 'Look for a scanner, a health check, a firewall that swallows packets, or an overloaded client.',
  },
  {
    step: NOT_SHOWN,
    says: 'Run SHOW PROCESSLIST or "pending" to see the step: performance_schema.processlist shows none.',
  },
];

/** MySQL has sent its greeting and waits for the client in `Receiving from client`, MariaDB in `Reading from net`. */
function stepOf({ state }: WaitingRow): string {
  if (/^login$/i.test(state ?? '')) return DNS_OR_TLS;
  return /receiving from client|reading from (?:net|client)/i.test(state ?? '')
    ? PAST_LOOKUP
    : NOT_SHOWN;
}
