import { formatDistanceStrict } from 'date-fns/formatDistanceStrict';
import { subMinutes } from 'date-fns/subMinutes';
import { moreNote, readAtBlocks, tableBlocks } from '../chat/listing.ts';
import { count } from '../chat/lists.ts';
import { type Block, bold, headed, type Message, paragraph } from '../chat/message.ts';
import { type OnServer, SERVERS_AT_ONCE, targetNamed } from '../chat/on-servers.ts';
import { answer, type Reply } from '../chat/reply.ts';
import type { Subcommand } from '../chat/subcommand.ts';
import { mapAtOnce } from '../chat/waiting.ts';
import { type Alert, alertAt, alertTitle } from './alert.ts';
import { lookAt } from './look.ts';
import { silencedSpans } from './messages.ts';
import type { SweepParts } from './parts.ts';
import { recordOf } from './record.ts';
import { silenceRow } from './silence.ts';
import type { AlertStore, SweepRecord, SweepStore } from './stores.ts';

/** `status`: each server at a glance, as its last sweep left it. */

const SERVERS_SHOWN = 80;
const ALERTS_SHOWN = 20;

/** The fields of a sweep's record that every row has; null = there is no record. */
const RECORDED = [
  'version',
  'failure',
  'entries',
  'capacity',
  'blocked',
  'nullHosts',
  'stale',
  'nearBlock',
  'silenced',
] as const;

const COLUMNS = [
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
];

export const statusCommand: Subcommand<SweepParts> = {
  name: 'status',
  usage: 'status',
  summary: 'Shows each server at a glance: fill, blocked and NULL hosts, alerts, sweeps.',
  example: 'status',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql', 'state', 'plans'],
  isForAll: true,
  run: (_, parts) => status(parts),
};

/** The parts of a sweep that status needs. */
export interface StatusParts
  extends Pick<SweepParts, 'now' | 'nextSweepAt' | 'flushing' | 'linkTo'> {
  readonly targets: readonly OnServer[];
  readonly alerts: Pick<AlertStore, 'open'>;
  readonly sweeps: Pick<SweepStore, 'records'>;
}

/** What is known of a server without asking it. */
export interface ServerStatus {
  readonly server: string;
  /** From the last sweep, or from a look just now; null = neither. */
  readonly record: SweepRecord | null;
  /** null = not swept yet. */
  readonly sweptAt: Date | null;
  readonly alerts: readonly Alert[];
  /** null = no sweep is scheduled, or no bot runs. */
  readonly nextAt: Date | null;
  readonly flushing: string;
}

async function status(parts: SweepParts): Promise<Reply> {
  const servers = await lookAtUnseen(await readStatus(parts), parts);
  const isAway = servers.some(({ record, sweptAt }) => sweptAt === null && record?.failure);
  const exit = isAway ? 3 : 0;
  return answer(statusMessage(servers, parts.now()), servers.map(toRow), exit);
}

/** Looks now at each server that no sweep has seen, so that its row is not empty. */
async function lookAtUnseen(
  all: readonly ServerStatus[],
  { targets, now }: SweepParts,
): Promise<readonly ServerStatus[]> {
  return await mapAtOnce(SERVERS_AT_ONCE, all, async (status) => {
    const target = targetNamed(status.server, { targets });
    if (status.record !== null || target === undefined) return status;
    const startedAt = now();
    const look = await lookAt(target, startedAt, () => []);
    return { ...status, record: recordOf(look, 0, { startedAt, endedAt: now(), nextAt: null }) };
  });
}

/** Each configured server as its last sweep left it. Rejects as `Unreadable` if the state cannot be read. */
export async function readStatus(parts: StatusParts): Promise<readonly ServerStatus[]> {
  const [records, open] = await Promise.all([parts.sweeps.records(), parts.alerts.open()]);
  const now = parts.now();
  return parts.targets.map(({ server: { name } }): ServerStatus => {
    const record = records.find(({ server }) => server === name) ?? null;
    return {
      server: name,
      record,
      sweptAt: record?.endedAt ?? null,
      alerts: open
        .filter(({ server, state }) => server === name && state !== 'pending')
        .map((alert) => alertAt(alert, now)),
      nextAt: nextSweepAt(parts.nextSweepAt(name), record, now),
      flushing: parts.flushing(name),
    };
  });
}

/** A sweep that starts this late is still expected; after that, no bot runs. */
const LATE_MINUTES = 1;

/** Without a schedule of its own, a process knows only what the bot meant to do after its last sweep. */
function nextSweepAt(
  scheduledAt: Date | null | undefined,
  record: SweepRecord | null,
  now: Date,
): Date | null {
  if (scheduledAt !== undefined) return scheduledAt;
  const nextAt = record?.nextAt ?? null;
  return nextAt === null || nextAt < subMinutes(now, LATE_MINUTES) ? null : nextAt;
}

export function statusMessage(servers: readonly ServerStatus[], now: Date): Message {
  const alerts = servers.flatMap((server) => server.alerts);
  const unseen = servers.filter(({ record }) => record === null || record.failure !== null).length;
  const silenced = alerts.filter(({ card }) => card.silence !== null).length;
  const open = `${count(alerts.length, 'open alert')}${silenced > 0 ? ` (${silenced} silenced)` : ''}`;
  const headline = `${count(servers.length, 'server')}, ${open}${unseen > 0 ? `, ${unseen} not read` : ''}.`;
  const rows = servers.map((server) => cells(server, now));
  return headed(headline, [
    ...alerts.slice(0, ALERTS_SHOWN).map(alertLine),
    ...moreNote(alerts, ALERTS_SHOWN),
    ...tableBlocks({ columns: COLUMNS, rows, limit: SERVERS_SHOWN }),
    ...readAtBlocks(now, 'status', 'Show each server at a glance again'),
  ]);
}

function alertLine(alert: Alert): Block {
  const says = ` ${alertTitle(alert)} on ${alert.server}, ${alert.state}`;
  return paragraph(bold(alert.id), says, ...silencedSpans(alert));
}

function cells(status: ServerStatus, now: Date): readonly string[] {
  const { server, record, sweptAt, nextAt, flushing } = status;
  const next = nextAt === null ? 'none' : sayWhen(nextAt, now);
  if (record === null) return [server, '', '', '', '', '', '', 'never', next, flushing];
  const ago = sweptAt === null ? 'never' : `${formatDistanceStrict(sweptAt, now)} ago`;
  if (record.failure !== null) {
    return [server, record.version ?? '', 'not read', '', '', '', '', ago, next, flushing];
  }
  const { version, entries, capacity, blocked, nullHosts, stale, silenced } = record;
  const numbers = [blocked, nullHosts, stale, silenced].map(String);
  return [server, version ?? '', `${entries} of ${capacity}`, ...numbers, ago, next, flushing];
}

function sayWhen(nextAt: Date, now: Date): string {
  return nextAt > now ? `in ${formatDistanceStrict(nextAt, now)}` : 'now';
}

function toRow({ server, record, sweptAt, alerts, nextAt, flushing }: ServerStatus): object {
  return {
    server,
    ...Object.fromEntries(RECORDED.map((column) => [column, record?.[column] ?? null])),
    endedAt: sweptAt,
    tookMs: sweptAt === null ? null : (record?.tookMs ?? null),
    alerts: alerts.map(({ id, rule, state, hosts, card }) => ({
      ...{ id, rule, state, hosts: hosts.length },
      silence: card.silence === null ? null : silenceRow(card.silence),
    })),
    nextSweepAt: nextAt,
    flushing,
  };
}
