import { formatDistanceStrict } from 'date-fns';
import { type Block, bold, type Message, text } from '../chat/message.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import { joinParts, type Reply, type Subcommand } from '../chat/subcommand.ts';
import type { Alert } from './alert.ts';
import type { SweepCommandParts } from './command-parts.ts';
import { RULE_WORDS } from './rule-words.ts';
import type { AlertStore, SweepRecord, SweepStore } from './stores.ts';

/** `status`: each server at a glance, as its last sweep left it. */

const SERVERS_SHOWN = 80;

export function createStatusCommand(parts: SweepCommandParts): Subcommand {
  return {
    name: 'status',
    usage: 'status',
    summary: 'Shows each server at a glance: fill, blocked and NULL hosts, alerts, sweeps.',
    example: 'status',
    surfaces: ['slack', 'terminal'],
    run: () => status(parts),
  };
}

/** What status needs of what a sweep needs. */
export interface StatusParts
  extends Pick<SweepCommandParts, 'now' | 'nextSweepAt' | 'flushing' | 'linkTo'> {
  readonly servers: readonly { readonly target: { readonly server: { readonly name: string } } }[];
  readonly alerts: Pick<AlertStore, 'open'>;
  readonly sweeps: Pick<SweepStore, 'records'>;
}

/** What is known of a server without asking it. */
export interface ServerStatus {
  readonly server: string;
  /** null: not swept yet. */
  readonly record: SweepRecord | null;
  readonly alerts: readonly Alert[];
  readonly nextAt: Date | null;
  readonly flushing: string;
}

async function status(parts: SweepCommandParts): Promise<Reply> {
  const servers = await readStatus(parts);
  return joinParts([
    { message: statusMessage(servers, parts.now()), rows: servers.map(toRow), exit: 0 },
  ]);
}

/** Each configured server as its last sweep left it. Rejects as `Unreadable` without the state. */
export async function readStatus(parts: StatusParts): Promise<readonly ServerStatus[]> {
  const [records, open] = await Promise.all([parts.sweeps.records(), parts.alerts.open()]);
  return parts.servers.map(({ target }): ServerStatus => {
    const { name } = target.server;
    return {
      server: name,
      record: records.find(({ server }) => server === name) ?? null,
      alerts: open.filter(({ server, state }) => server === name && state !== 'pending'),
      nextAt: parts.nextSweepAt(name),
      flushing: parts.flushing(name),
    };
  });
}

function statusMessage(servers: readonly ServerStatus[], now: Date): Message {
  const alerts = servers.flatMap((server) => server.alerts);
  const unseen = servers.filter(({ record }) => record === null || record.failure !== null).length;
  const headline = `${count(servers.length, 'server')}, ${count(alerts.length, 'open alert')}${unseen > 0 ? `, ${unseen} not read` : ''}.`;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...alerts.slice(0, 20).map(
        ({ id, rule, server, hosts, state }): Block => ({
          kind: 'text',
          spans: text(bold(id), ` ${RULE_WORDS[rule].title(hosts.length)} on ${server}, ${state}`),
        }),
      ),
      {
        kind: 'table',
        columns: [
          'Server',
          'Version',
          'Entries',
          'Blocked',
          'NULL',
          'Stale',
          'Silenced',
          'Last sweep',
          'Next',
          'Flushing',
        ].map((label) => ({ label, align: 'left' })),
        rows: [
          ...servers.slice(0, SERVERS_SHOWN).map((server) => cells(server, now)),
          ...(servers.length > SERVERS_SHOWN
            ? [[`+ ${servers.length - SERVERS_SHOWN} more`, ...Array<string>(9).fill('')]]
            : []),
        ],
      },
      ...readAtBlocks(now, 'status', 'Show each server at a glance again'),
    ],
  };
}

function cells({ server, record, nextAt, flushing }: ServerStatus, now: Date): readonly string[] {
  const next = nextAt === null ? 'never' : `in ${formatDistanceStrict(nextAt, now)}`;
  if (record === null) return [server, '', '', '', '', '', '', 'never', next, flushing];
  const ago = `${formatDistanceStrict(record.endedAt, now)} ago`;
  if (record.failure !== null) {
    return [server, record.version ?? '', 'not read', '', '', '', '', ago, next, flushing];
  }
  const { version, entries, capacity, blocked, nullHosts, stale, silenced } = record;
  const numbers = [blocked, nullHosts, stale, silenced].map(String);
  return [server, version ?? '', `${entries} of ${capacity}`, ...numbers, ago, next, flushing];
}

function toRow({ server, record, alerts, nextAt, flushing }: ServerStatus): object {
  return {
    ...(record ?? {}),
    server,
    alerts: alerts.map(({ id, rule, state, hosts }) => ({ id, rule, state, hosts: hosts.length })),
    nextSweepAt: nextAt,
    flushing,
  };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
