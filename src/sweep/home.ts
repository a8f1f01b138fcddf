import type { HomePart } from '../chat/home.ts';
import { moreNote } from '../chat/listing.ts';
import {
  type Block,
  type Button,
  bold,
  type LinkButton,
  link,
  note,
  paragraph,
  type Spans,
  text,
  time,
  user,
} from '../chat/message.ts';
import { type OnServer, targetNamed } from '../chat/on-servers.ts';
import { type Alert, alertAt, alertTitle, worstFirst } from './alert.ts';
import { alertButtons, unsilenceButton } from './alert-buttons.ts';
import { NO_CALLOUT, runbookLinks } from './callout.ts';
import { silencedSpans } from './messages.ts';
import type { SweepTarget } from './parts.ts';
import type { Silence } from './silence.ts';
import { silenceSpans } from './silence-commands.ts';
import { readStatus, type ServerStatus, type StatusParts } from './status.ts';
import type { SilenceStore } from './stores.ts';

/** App Home's alerts, servers and silences. It asks no server, so none can delay it. */

const SHOWN = { alerts: 12, servers: 20, silences: 10 };

export interface SweepHomeParts extends StatusParts {
  readonly silences: Pick<SilenceStore, 'active'>;
  readonly targets: readonly (OnServer & Pick<SweepTarget, 'callout'>)[];
}

export function createSweepHome(parts: SweepHomeParts): readonly HomePart[] {
  return [
    { title: 'Open alerts', blocks: () => alertBlocks(parts) },
    { title: 'Servers', blocks: async () => serverBlocks(await readStatus(parts)) },
    {
      title: 'Silences',
      blocks: async () => silenceBlocks(await parts.silences.active(parts.now())),
    },
  ];
}

async function alertBlocks({
  alerts,
  linkTo,
  now,
  targets,
}: SweepHomeParts): Promise<readonly Block[]> {
  const posted = (await alerts.open()).filter(({ state }) => state !== 'pending');
  const open = posted.map((alert) => alertAt(alert, now())).sort(worstFirst);
  const links = await Promise.all(open.slice(0, SHOWN.alerts).map(({ id }) => linkTo(id)));
  return firstBlocks(open, SHOWN.alerts, 'status', (alert, index) => ({
    spans: alertSpans(alert, links[index] ?? null),
    buttons: alertButtons(alert),
    links: runbookLinks(alert, targetNamed(alert.server, { targets })?.callout ?? NO_CALLOUT),
  }));
}

function alertSpans(alert: Alert, url: string | null): Spans {
  const { id, server, state, openedAt, acknowledged, fact } = alert;
  return text(
    url === null ? bold(id) : link(id, url),
    ` ${alertTitle(alert)} on `,
    bold(server),
    `, ${state}`,
    ...(acknowledged === null ? [] : [' by ', user(acknowledged.by)]),
    ...silencedSpans(alert),
    ', since ',
    time(openedAt),
    fact === null ? '' : `\n${fact}`,
  );
}

function serverBlocks(servers: readonly ServerStatus[]): readonly Block[] {
  const sorted = [...servers].sort((a, b) => trouble(b) - trouble(a));
  return firstBlocks(sorted, SHOWN.servers, 'status', (server) => ({
    spans: serverSpans(server),
    buttons: listButtons(server),
  }));
}

/** Higher = worse, shown first; the others stay in the order of the settings. */
function trouble({ record, alerts }: ServerStatus): number {
  if (record === null) return 0;
  if (record.failure !== null) return 3;
  return record.blocked > 0 ? 2 : Math.min(alerts.length, 1);
}

function serverSpans({ server, record, nextAt, flushing }: ServerStatus): Spans {
  const next = nextAt === null ? ['no next sweep scheduled'] : ['next sweep ', time(nextAt)];
  const swept = record === null ? ['Not swept yet, '] : ['Last sweep ', time(record.endedAt), ', '];
  const version = record?.version ?? null;
  return text(
    bold(server),
    version === null ? '' : ` ${version}`,
    `\n${record === null ? 'Nothing is known about it yet' : counts(record)}.\n`,
    ...swept,
    ...next,
    `. Flushing: ${flushing === 'off' ? 'off, MYSQL_FLUSH_URL is not set' : flushing}.`,
  );
}

function counts({
  failure,
  entries,
  capacity,
  blocked,
  nullHosts,
  stale,
  silenced,
}: NonNullable<ServerStatus['record']>): string {
  if (failure !== null) return `Not read: ${failure.replace(/\.$/, '')}`;
  const quiet = silenced > 0 ? `, ${silenced} silenced` : '';
  return `${entries} of ${capacity} entries, ${blocked} blocked, ${nullHosts} NULL, ${stale} stale${quiet}`;
}

function listButtons({ server, record }: ServerStatus): readonly Button[] {
  if (record === null || record.failure !== null) return [];
  const { blocked, nullHosts, stale } = record;
  return Object.entries({ blocked, null: nullHosts, stale })
    .filter(([, hosts]) => hosts > 0)
    .map(([kind, hosts]) => ({
      label: `List ${kind} (${hosts})`,
      line: `list ${kind} on ${server}`,
      says: `List ${kind} hosts of ${server}`,
    }));
}

function silenceBlocks(silences: readonly Silence[]): readonly Block[] {
  return firstBlocks(silences, SHOWN.silences, 'silences', (silence) => ({
    spans: silenceSpans(silence),
    buttons: [unsilenceButton(silence)],
  }));
}

/** The first items; for the others, their number and a button that shows more. */
function firstBlocks<T>(
  items: readonly T[],
  limit: number,
  line: string,
  toParts: (
    item: T,
    index: number,
  ) => {
    readonly spans: Spans;
    readonly buttons: readonly Button[];
    readonly links?: readonly LinkButton[];
  },
): readonly Block[] {
  if (items.length === 0) return [note('None.')];
  const shown = items.slice(0, limit).map(toParts);
  const showMore = { label: 'Show more', line, says: `Show the answer to ${line}` };
  return [
    ...shown.flatMap(({ spans, buttons, links = [] }): readonly Block[] => [
      paragraph(...spans),
      ...(buttons.length + links.length > 0 ? [{ kind: 'buttons', buttons, links } as const] : []),
    ]),
    ...moreNote(items, limit),
    ...(items.length > limit ? [{ kind: 'buttons', buttons: [showMore] } as const] : []),
  ];
}
