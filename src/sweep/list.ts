import { bold, type Column, type Message, text } from '../chat/message.ts';
import { readAtBlocks } from '../chat/read-at.ts';
import {
  joinParts,
  type Part,
  type Reply,
  type Request,
  refusal,
  type Subcommand,
} from '../chat/subcommand.ts';
import { nearest } from '../chat/words.ts';
import { refusedWish } from '../diagnosis/fault.ts';
import { learn, type Target } from '../diagnosis/gather.ts';
import { chooseServers } from '../diagnosis/wish.ts';
import type { CacheReading } from '../hostcache/cache-reading.ts';
import { type HostCacheEntry, isBlocked } from '../hostcache/entry.ts';
import { keepsHostCache, type ServerSettings, showsHostCache } from '../hostcache/settings.ts';
import { lookAt } from './look.ts';

/** `list`: host cache entries, worst first. */

const KINDS = ['blocked', 'null', 'stale', 'errors', 'all'] as const;
type Kind = (typeof KINDS)[number];

const ROWS_SHOWN = 50;

export interface ListParts {
  readonly targets: readonly Target[];
  readonly now: () => Date;
}

export const listCommand: Subcommand<ListParts> = {
  name: 'list',
  usage: 'list [blocked|null|stale|errors|all] [on <server>]',
  summary: 'Lists host cache entries, worst first.',
  example: 'list blocked',
  surfaces: ['slack', 'terminal'],
  needs: ['mysql'],
  run: list,
};

async function list(request: Request, { targets, now }: ListParts): Promise<Reply> {
  const [first = '', ...rest] = request.words;
  const named = KINDS.find((kind) => kind === first.toLowerCase());
  if (named === undefined && first !== '' && first.toLowerCase() !== 'on') {
    const near = nearest(first, KINDS);
    const meant = near === null ? null : { word: first, instead: near };
    return joinParts([refusal(`list: expected ${KINDS.join(', ')}, got "${first}".`, 2, meant)]);
  }
  const servers = targets.map((target) => ({ target, name: target.server.name }));
  const chosen = chooseServers(request, servers, named === undefined ? request.words : rest);
  if ('fault' in chosen) return joinParts([refusedWish(chosen)]);
  const kind = named ?? 'errors';
  return joinParts(
    await Promise.all(chosen.servers.map(({ target }) => listOf(target, kind, now()))),
  );
}

/** One line of the list. */
interface Listed {
  readonly address: string;
  readonly host: string | null;
  readonly validated: boolean;
  readonly connectErrors: number;
  readonly errors: number;
  readonly what: string;
}

async function listOf(target: Target, kind: Kind, readAt: Date): Promise<Part> {
  const { name } = target.server;
  const settings = await learn(target.server.settings());
  if (!settings.known) return refusal(settings.why, 3);
  if (!keepsHostCache(settings.value)) {
    const why = settings.value.skipNameResolve ? 'skip_name_resolve is on' : 'host_cache_size is 0';
    return refusal(`${name} keeps no host cache: ${why}.`, 0);
  }
  if (!showsHostCache(settings.value)) {
    return refusal(`${name}: the host cache cannot be seen, performance_schema is off.`, 3);
  }
  const cache = await learn(target.server.cache());
  if (!cache.known) return refusal(cache.why, 3);
  const rows = await rowsOf(kind, target, settings.value, cache.value);
  return {
    message: listMessage({ server: name, kind, rows, total: cache.value.total, readAt }),
    rows: rows.map((row) => ({ server: name, ...row })),
    exit: 0,
  };
}

async function rowsOf(
  kind: Kind,
  target: Target,
  settings: ServerSettings,
  cache: CacheReading,
): Promise<readonly Listed[]> {
  const limit = settings.maxConnectErrors;
  const told = cache.telling.map((entry) => toListed(entry, limit));
  switch (kind) {
    case 'blocked':
      return worstFirst(
        cache.telling
          .filter((entry) => isBlocked(entry, limit))
          .map((entry) => toListed(entry, limit)),
      );
    case 'null':
      return worstFirst(told.filter(({ host }) => host === null));
    case 'stale':
      return staleRows(target);
    case 'errors':
      return worstFirst(told);
    case 'all': {
      const isTold = new Set(told.map(({ address }) => address));
      const quiet = cache.named.filter(({ address }) => !isTold.has(address));
      const rest = quiet.map(({ address, host }) => ({
        address,
        host,
        validated: true,
        connectErrors: 0,
        errors: 0,
        what: '',
      }));
      return [...worstFirst(told), ...rest];
    }
  }
}

/** Asks DNS for the names again; as many as a sweep asks for. */
async function staleRows(target: Target): Promise<readonly Listed[]> {
  const look = await lookAt(target, new Date(0), ({ named }) => named.slice(0, 500));
  const named = look.cache.known ? look.cache.value.named : [];
  return named.flatMap(({ address, host }) => {
    const check = look.names.get(address);
    if (check?.kind !== 'stale') return [];
    const what = `DNS gives ${check.today.length === 0 ? 'no name' : check.today.join(', ')}`;
    return [{ address, host, validated: true, connectErrors: 0, errors: 0, what }];
  });
}

function toListed(entry: HostCacheEntry, limit: bigint): Listed {
  const counters = Object.entries(entry.counters).filter(([, count]) => count > 0);
  const blocked = isBlocked(entry, limit) ? ['blocked'] : [];
  return {
    address: entry.address,
    host: entry.host,
    validated: entry.validated,
    connectErrors: entry.connectErrors,
    errors: counters.reduce((sum, [, count]) => sum + count, 0),
    what: [...blocked, ...counters.map(([column, count]) => `${shortName(column)} ${count}`)].join(
      ', ',
    ),
  };
}

/** `COUNT_HANDSHAKE_ERRORS` as `handshake`. */
function shortName(column: string): string {
  return column.replace(/^COUNT_|_ERRORS$/g, '').toLowerCase();
}

function worstFirst(rows: readonly Listed[]): readonly Listed[] {
  return [...rows].sort((a, b) => b.connectErrors - a.connectErrors || b.errors - a.errors);
}

interface ListReading {
  readonly server: string;
  readonly kind: Kind;
  readonly rows: readonly Listed[];
  /** Of all entries. */
  readonly total: number;
  readonly readAt: Date;
}

const COLUMNS: readonly Column[] = [
  { label: 'Address', align: 'left' },
  { label: 'Host', align: 'left' },
  { label: 'Connect errors', align: 'right' },
  { label: 'What', align: 'left' },
];

function listMessage({ server, kind, rows, total, readAt }: ListReading): Message {
  const what = kind === 'all' ? '' : ` with "${kind}"`;
  const headline = `${rows.length} of ${total} host cache entries on ${server}${what}.`;
  const more = rows.length - ROWS_SHOWN;
  return {
    headline,
    blocks: [
      { kind: 'text', spans: text(bold(headline)) },
      ...(rows.length === 0
        ? []
        : [
            {
              kind: 'table',
              columns: COLUMNS,
              rows: [
                ...rows
                  .slice(0, ROWS_SHOWN)
                  .map(({ address, host, connectErrors, what: says }) => [
                    address,
                    host ?? 'NULL',
                    String(connectErrors),
                    says,
                  ]),
                ...(more > 0 ? [[`+ ${more} more`, '', '', '']] : []),
              ],
            } as const,
          ]),
      ...readAtBlocks(readAt, `list ${kind} on ${server}`, `List ${kind} on ${server} again`),
    ],
  };
}
