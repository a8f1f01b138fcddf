import { listing } from '../chat/listing.ts';
import { perServer } from '../chat/on-servers.ts';
import { answer, type Reply, refuse } from '../chat/reply.ts';
import { nearest } from '../chat/words.ts';
import type { Target } from '../diagnosis/gather.ts';
import { type HostCacheEntry, isBlocked } from '../hostcache/entry.ts';
import { whyHidden } from '../hostcache/release.ts';
import type { CacheReading, NamedEntry } from '../hostcache/server.ts';
import { keepsHostCache, type ServerSettings } from '../hostcache/settings.ts';
import { lookAt, sayToday } from './look.ts';

/** `list`: host cache entries, worst first. */

export const KINDS = ['blocked', 'null', 'stale', 'errors', 'all'] as const;
type Kind = (typeof KINDS)[number];

export const listCommand = perServer({
  name: 'list',
  summary: 'Lists host cache entries, worst first.',
  example: 'list blocked',
  word: { usage: `[${KINDS.join('|')}]`, read: readKind },
  ask: (target: Target, readAt, kind) => list(target, kind ?? 'errors', readAt),
});

function readKind(word: string): Kind | Reply {
  const kind = KINDS.find((each) => each === word.toLowerCase());
  const says = `list: expected ${KINDS.join(', ')}, got "${word}".`;
  return kind ?? refuse(says, 2, { word, instead: nearest(word, KINDS) });
}

/** One row of the list, as `--json` prints it. */
interface Listed {
  readonly address: string;
  readonly host: string | null;
  readonly validated: boolean;
  readonly connectErrors: number;
  readonly errors: number;
  readonly what: string;
}

async function list(target: Target, kind: Kind, readAt: Date): Promise<Reply> {
  const { name } = target.server;
  const settings = await target.server.settings();
  if (!keepsHostCache(settings)) {
    const why = settings.skipNameResolve ? 'skip_name_resolve is on' : 'host_cache_size is 0';
    return refuse(`${name} keeps no host cache: ${why}.`, 0);
  }
  const cache = await target.server.cache();
  const hidden = whyHidden(settings, cache.total);
  if (hidden !== null) return refuse(`${name}: ${hidden}`, 3);
  const rows = await rowsOf(kind, target, settings, cache);
  const what = kind === 'all' ? '' : ` with "${kind}"`;
  const message = listing({
    headline: `${rows.length} of ${cache.total} host cache entries on ${name}${what}.`,
    table: {
      columns: ['Address', 'Host', { label: 'Connect errors', align: 'right' }, 'What'],
      rows: rows.map((row) => [
        row.address,
        row.host ?? 'NULL',
        String(row.connectErrors),
        row.what,
      ]),
    },
    readAt,
    again: [`list ${kind} on ${name}`, `List ${kind} on ${name} again`],
  });
  return answer(
    message,
    rows.map((row) => ({ server: name, ...row })),
  );
}

async function rowsOf(
  kind: Kind,
  target: Target,
  settings: ServerSettings,
  cache: CacheReading,
): Promise<readonly Listed[]> {
  const limit = settings.maxConnectErrors;
  const notable = cache.notable.map((entry) => toListed(entry, limit));
  switch (kind) {
    case 'blocked':
      return worstFirst(notable.filter((row) => isBlocked(row, limit)));
    case 'null':
      return worstFirst(notable.filter(({ host }) => host === null));
    case 'stale':
      return staleRows(target);
    case 'errors':
      return worstFirst(notable);
    case 'all': {
      const listed = new Set(notable.map(({ address }) => address));
      const quiet = cache.named.filter(({ address }) => !listed.has(address));
      return [...worstFirst(notable), ...quiet.map((entry) => toNamed(entry, ''))];
    }
  }
}

/** More names than a sweep checks, because a person waits for the answer. */
const NAMES_ASKED = 500;

async function staleRows(target: Target): Promise<readonly Listed[]> {
  const look = await lookAt(target, new Date(0), ({ named }) => named.slice(0, NAMES_ASKED));
  const named = look.cache.known ? look.cache.value.named : [];
  return named.flatMap((entry) => {
    const check = look.names.get(entry.address);
    return check?.kind === 'stale' ? [toNamed(entry, sayToday(check))] : [];
  });
}

/** A row for an entry of which only the name is known. */
function toNamed({ address, host }: NamedEntry, what: string): Listed {
  return { address, host, validated: true, connectErrors: 0, errors: 0, what };
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
