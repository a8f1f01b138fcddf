// Predicts what a flush does to many clients of one server, of which it reads the rest once. Does I/O.

import { mapAtOnce, pause, type Wait, within } from '../chat/waiting.ts';
import { indexAccounts } from '../hostcache/account-index.ts';
import { type Address, parseAddress } from '../hostcache/address.ts';
import type { HostCacheEntry } from '../hostcache/entry.ts';
import { releaseOf } from '../hostcache/release.ts';
import type { ServerSettings } from '../hostcache/settings.ts';
import { type FlushEffect, type FlushForecast, forecastFlush } from './after-flush.ts';
import { acceptedName, askDns, type DnsFacts } from './dns-facts.ts';
import { type Evidence, type Known, known, toKnown, unknown } from './evidence.ts';
import type { Target } from './gather.ts';
import { type Prediction, predict } from './predict.ts';

/** What a flush does to one client. */
export interface Judged {
  readonly address: string;
  readonly effect: FlushEffect;
  /** Users that can log in now and not after; empty = every user; null = nobody is kept out. */
  readonly keepsOut: readonly string[] | null;
  /** DNS did not answer, so the server would ask again at each connection. */
  readonly isDnsFailing: boolean;
}

export interface Judge {
  /** Why it cannot judge anybody; null = it can. */
  readonly why: string | null;
  /** Whether some account may be for a name. If none is, no answer depends on DNS. */
  readonly needsNames: boolean;
  /** How many clients it judges at once; each costs up to three questions to DNS. */
  readonly atOnce: number;
  /** What DNS gives for a client now. */
  dnsOf(client: Address): Promise<DnsFacts>;
  /** Whether an account may match the client by its name. */
  matchesName(client: Address, name: string): boolean;
  /** The client of this entry, if DNS gives these facts after a flush. */
  judge(entry: HostCacheEntry, client: Address, dns: DnsFacts): Promise<Judged>;
}

/** Reads the accounts, and the settings unless they are given. */
export async function createJudge(
  { server, resolver }: Target,
  readAt: Date,
  given?: Known<ServerSettings>,
): Promise<Judge> {
  const [settings, all] = await Promise.all([
    given ?? toKnown(server.settings()),
    toKnown(server.allAccounts()),
  ]);
  const rules = settings.known ? releaseOf(settings.value).rules : 'mysql';
  const index = indexAccounts(all.known ? all.value.rows : [], rules);
  // If there are too many accounts to read them all, the server selects those of each client.
  const isCut = all.known && all.value.more > 0;
  const accountsOf = async (client: Address, names: readonly string[]) => {
    if (!all.known) return all;
    const rows = index.about(client, names);
    return isCut
      ? await toKnown(server.accounts({ address: client, names, anyName: true }))
      : known({ rows, moreMatching: 0, moreNamed: 0 });
  };
  return {
    why: !settings.known ? settings.why : all.known ? null : all.why,
    needsNames: isCut || index.needsNames,
    atOnce: isCut ? 4 : 64,
    dnsOf: (client) => askDns(client, resolver),
    matchesName: (client, name) => isCut || index.matchesName(client, name),
    judge: async (entry, client, dns) => {
      const names = [entry.host, acceptedName(dns)].filter((name) => name !== null);
      const evidence: Evidence = {
        ...{ server: server.name, client, user: null, readAt, settings, dns },
        ...{ entry: known(entry), entryCount: null, activity: NOT_ASKED },
        ...{ accounts: await accountsOf(client, names), rejectedName: null, reported: null },
        ...{ failures: NOT_ASKED, logins: NOT_ASKED },
        resolver: resolver.label,
      };
      const prediction = predict(evidence);
      const forecast = forecastFlush(evidence, prediction);
      const keepsOut = keptOut(prediction, forecast);
      const { effect } = forecast;
      return { address: entry.address, effect, keepsOut, isDnsFailing: dns.status === 'failed' };
    },
  };
}

const NOT_ASKED = unknown('not asked');

/** Users that land on an account of their own now, and after a flush on none. */
function keptOut(
  { nowUnblocked, afterFlush }: Prediction,
  { effect, accounts }: FlushForecast,
): readonly string[] | null {
  if (effect !== 'breaks' && effect !== 'changes-account') return null;
  if (nowUnblocked.outcome === 'admitted' && afterFlush.outcome === 'refused') return [];
  const kept = new Set(
    accounts.filter((each) => each.afterFlush).map(({ account }) => account.user),
  );
  const lost = accounts.filter(
    ({ now, account }) => now && account.locked !== true && !kept.has(account.user),
  );
  return lost.length === 0 ? null : [...new Set(lost.map(({ account }) => account.user))];
}

/** What is judged within the limit, by address; other clients have no result. */
export async function judgeAll(
  judge: Judge,
  entries: readonly HostCacheEntry[],
  limitMs: number,
  {
    dnsOf = judge.dnsOf,
    wait = pause,
  }: Partial<Pick<Judge, 'dnsOf'>> & { readonly wait?: Wait } = {},
): Promise<ReadonlyMap<string, Judged>> {
  const judged = new Map<string, Judged>();
  let isOver = judge.why !== null;
  const all = mapAtOnce(judge.atOnce, entries, async (entry) => {
    const client = isOver ? null : parseAddress(entry.address);
    if (client === null) return;
    // If no answer depends on a name, each client may as well keep its own.
    const dns = judge.needsNames ? await dnsOf(client) : dnsGiving(entry.host);
    const result = await judge.judge(entry, client, dns);
    if (!isOver && result.effect !== 'unknown') judged.set(entry.address, result);
  });
  await within(all, limitMs, () => undefined, wait);
  isOver = true;
  return judged;
}

/** As if DNS gave this name; null = none. */
export function dnsGiving(host: string | null): DnsFacts {
  const names = host === null ? [] : [host];
  const status = host === null ? 'nxdomain' : 'ok';
  const rejected = host === null ? 'no-ptr' : null;
  return { status, host, names, addresses: [], confirmed: host !== null, rejected, why: null };
}
