// Finds clients that were admitted before a flush and are refused since. Does I/O.
import { count, listed, times } from '../chat/lists.ts';
import type { Target } from '../diagnosis/gather.ts';
import { createJudge, dnsGiving, type Judged, judgeAll } from '../diagnosis/judge.ts';
import { counter, entryNamed, type HostCacheEntry, isBlocked } from '../hostcache/entry.ts';
import { labelOf } from './forecast.ts';

const CLIENTS_NAMED = 10;

/** How long DNS is asked about clients that have not come back. */
const PATIENCE_MS = 3_000;

const REFUSALS = 'COUNT_HOST_ACL_ERRORS';

/** A client that had a name before the flush, and has another now, or none, or has not come back. */
interface Changed {
  readonly before: HostCacheEntry;
  /** undefined: not back yet. */
  readonly now: HostCacheEntry | undefined;
  /** undefined: not known. */
  readonly judged: Judged | undefined;
}

/**
 * In words; null = nobody is, as far as is known. `csv`: the cache before the flush. `expected`: the
 * clients that the card expected to be locked out.
 */
export async function refusedSince(
  csv: string,
  expected: ReadonlySet<string>,
  target: Target,
  at: Date,
): Promise<string | null> {
  const changed = await changedClients(csv, expected, target, at);
  const back = changed.filter(({ now }) => now !== undefined);
  const refused = back.flatMap(labelRefused);
  const due = changed.flatMap(({ now, judged }) =>
    now === undefined && isKeptOut(judged) ? [labelOf(judged)] : [],
  );
  const unknown = back.filter((each) => each.judged === undefined && !wasRefused(each)).length;
  const said = [
    ...sayAll(refused, 'was', 'were', 'admitted before and refused since'),
    ...sayAll(due, 'is', 'are', 'not back yet and would be refused'),
    ...(unknown === 0
      ? []
      : [`it is not known whether ${count(unknown, 'client')} with another name can log in`]),
  ];
  return said.length === 0 ? null : said.join('; ');
}

async function changedClients(
  csv: string,
  expected: ReadonlySet<string>,
  target: Target,
  at: Date,
): Promise<readonly Changed[]> {
  const [settings, cache, judge] = await Promise.all([
    target.server.settings(),
    target.server.cache(),
    createJudge(target, at),
  ]);
  const entries = [...cache.named.map(entryNamed), ...cache.notable];
  const byAddress = new Map(entries.map((entry) => [entry.address, entry]));
  // A blocked client was not admitted, and one without a name could not lose it.
  const changed = namedIn(csv).filter((before) => {
    const now = byAddress.get(before.address);
    if (isBlocked(before, settings.maxConnectErrors)) return false;
    return now === undefined ? expected.has(before.address) : now.host !== before.host;
  });
  const judged = await judgeAll(judge, changed, PATIENCE_MS, {
    dnsOf: async (client) => {
      const now = byAddress.get(client.text);
      return now === undefined ? await judge.dnsOf(client) : dnsGiving(now.host);
    },
  });
  return changed.map((before) => {
    const { address } = before;
    return { before, now: byAddress.get(address), judged: judged.get(address) };
  });
}

function isKeptOut(judged: Judged | undefined): judged is Judged {
  return judged !== undefined && judged.keepsOut !== null;
}

/** What the server did counts more than what is predicted. */
function wasRefused({ before, now }: Changed): boolean {
  return now !== undefined && counter(now, REFUSALS) > 0 && counter(before, REFUSALS) === 0;
}

/** `192.0.2.7 (1130, 3 times)`: its entry was made after the flush, and so were its refusals. */
function labelRefused(client: Changed): readonly string[] {
  const { before, now, judged } = client;
  if (!isKeptOut(judged) && !wasRefused(client)) return [];
  const refusals = now === undefined ? 0 : counter(now, REFUSALS);
  const label = judged === undefined ? before.address : labelOf(judged);
  return [refusals === 0 ? label : `${label} (1130, ${times(refusals)})`];
}

function sayAll(
  clients: readonly string[],
  is: string,
  are: string,
  what: string,
): readonly string[] {
  if (clients.length === 0) return [];
  const clientsAre = count(clients.length, `client ${is}`, `clients ${are}`);
  return [`${clientsAre} ${what}: ${listed(clients, CLIENTS_NAMED)}`];
}

/** The entries with a name in a saved cache, whose names and addresses hold no comma or quote. */
function namedIn(csv: string): readonly HostCacheEntry[] {
  const [head = [], ...rows] = csv.split('\n').map((line) => line.split(','));
  const columns = head.map((name) => name.toUpperCase());
  return rows.flatMap((row) => {
    const cell = (column: string) => row[columns.indexOf(column)] ?? '';
    const [address, host] = [cell('IP'), cell('HOST')];
    if (host === '') return [];
    const connectErrors = Number(cell('SUM_CONNECT_ERRORS'));
    const counters = { [REFUSALS]: Number(cell(REFUSALS)) };
    return { ...entryNamed({ address, host, firstSeenAt: null }), connectErrors, counters };
  });
}
