// Builds a small world on a real server, predicts each connection, then tries it. Does I/O.

import { untilAnswered } from '../sandbox/world/try-again.ts';
import type { Attempt, DnsAnswer, World } from '../sandbox/world.ts';
import { type Diagnosis, diagnose } from '../src/diagnosis/diagnose.ts';
import { gather, type Target } from '../src/diagnosis/gather.ts';
import type { ServerAnswer } from '../src/diagnosis/predict.ts';
import { type Account, accountName } from '../src/hostcache/account.ts';
import { parseAddress } from '../src/hostcache/address.ts';
import type { Release } from '../src/hostcache/release.ts';
import { replaceAccounts } from './accounts.ts';
import { type Comparison, sayAttempt } from './comparison.ts';
import { compareKept, isTight } from './eviction.ts';
import { compareWithPasted } from './paste.ts';
import type { DnsState, Lookup, SmallClient, SmallWorld } from './small-world.ts';

/** A server for one small world at a time. */
export interface Stage {
  readonly world: World;
  readonly target: Target;
  readonly release: Release;
  /** False = started with skip_name_resolve, so it keeps no host cache. */
  readonly keepsCache: boolean;
}

export async function tryOut(stage: Stage, small: SmallWorld): Promise<readonly Comparison[]> {
  const { world, release, keepsCache } = stage;
  await replaceAccounts(world, small.accounts);
  // The server remembers that some '%' once existed, which no query shows; this clears it.
  await world.query('FLUSH PRIVILEGES');
  await world.query(`SET GLOBAL max_connect_errors = ${small.maxConnectErrors}`);
  if (keepsCache) await world.query(`SET GLOBAL host_cache_size = ${small.hostCacheSize}`);
  await world.query(release.flush.sql);
  const kept = await live(stage, small);
  setDns(world, small.clients, ({ dnsNow }) => dnsNow);
  const now = await eachOf(small, small.clients, async (client) => {
    const diagnosis = await predictFor(stage, client);
    const { compared, pasted } = await tryClient(stage, client, diagnosis, 'now');
    return { diagnosis, comparisons: [compared, pasted] };
  });
  await world.query(release.flush.sql);
  const after = await eachOf(small, small.clients, async (client, i) => {
    const diagnosis = now[i]?.diagnosis;
    if (diagnosis === undefined) throw new Error('a client was not tried');
    const { compared, pasted } = await tryClient(stage, client, diagnosis, 'after a flush');
    return [compared, pasted];
  });
  return [...kept, ...now.flatMap(({ comparisons }) => comparisons), ...after.flat()];
}

/** For all clients at once, or one after the other where they evict each other. */
async function eachOf<T>(
  small: SmallWorld,
  clients: readonly SmallClient[],
  ask: (client: SmallClient, index: number) => Promise<T>,
): Promise<readonly T[]> {
  if (!isTight(small)) return Promise.all(clients.map(ask));
  const results: T[] = [];
  for (const [i, client] of clients.entries()) results.push(await ask(client, i));
  return results;
}

/** Compares the prediction with what happens, and then what `why` says of that. */
async function tryClient(
  { world, target, release }: Stage,
  client: SmallClient,
  diagnosis: Diagnosis,
  when: 'now' | 'after a flush',
): Promise<Readonly<Record<'compared' | 'pasted', Comparison>>> {
  const { address, user } = client;
  const connect = () => untilAnswered(() => world.connectFrom(address, { user }));
  const attempt = await connect();
  const { now, afterFlush } = diagnosis.prediction;
  const predicted = when === 'now' ? now : afterFlush;
  const told = when === 'now' ? 'pasted' : 'pasted after a flush';
  // Where only the first connection is matched by a whole name, `why` speaks of the next one.
  const last = release.matchesWholeName ? await connect() : attempt;
  return {
    compared: compare(client, when, diagnosis, predicted, attempt),
    pasted: await compareWithPasted(target, client, last, told),
  };
}

/** Replays the clients' history, which fills the host cache; a tight one is compared with what it should hold. */
async function live(stage: Stage, small: SmallWorld): Promise<readonly Comparison[]> {
  const { world, release, keepsCache } = stage;
  const { clients, maxConnectErrors } = small;
  setDns(world, clients, ({ dnsBefore }) => dnsBefore);
  const came = clients.filter(({ brokenHandshakes }) => brokenHandshakes !== null);
  await eachOf(small, came, ({ address }) => world.connectFrom(address, { user: 'nobody' }));
  const again = came.filter(({ brokenHandshakes }) => brokenHandshakes !== 0);
  await eachOf(small, again, ({ address, brokenHandshakes }) =>
    // A blocked host gets no handshake to break off.
    world.breakHandshakeFrom(address, Math.min(brokenHandshakes ?? 0, maxConnectErrors)),
  );
  const isCompared = isTight(small) && keepsCache;
  return isCompared ? compareKept(world, release, small.hostCacheSize, [...came, ...again]) : [];
}

async function predictFor({ target }: Stage, { address, user }: SmallClient): Promise<Diagnosis> {
  const client = parseAddress(address);
  if (client === null) throw new Error(`not an address: ${address}`);
  return diagnose(await gather(target, { client, user, readAt: new Date() }));
}

function compare(
  client: SmallClient,
  when: Comparison['when'],
  diagnosis: Diagnosis,
  predicted: ServerAnswer,
  attempt: Attempt,
): Comparison {
  const { outcome, account } = predicted;
  const { entry, dns } = diagnosis.evidence;
  return {
    ...{ client, when, outcome },
    predicted: `${outcome}${account === null ? '' : ` as ${accountName(account)}`}`,
    happened: sayAttempt(attempt),
    verdict: isHedged(diagnosis, predicted) ? 'hedged' : verdictOf(predicted, attempt),
    facts: { entry, dns, gaps: diagnosis.gaps },
  };
}

function isHedged({ findings }: Diagnosis, { outcome }: ServerAnswer): boolean {
  return outcome === 'unknown' && findings.some(({ rule }) => rule === 'local-name');
}

function verdictOf(predicted: ServerAnswer, attempt: Attempt): Comparison['verdict'] {
  if (predicted.outcome === 'unknown') return 'unknown';
  if (attempt.outcome === 'closed') return 'disagrees';
  if (attempt.outcome === 'error') {
    // The server checks the lock after it has chosen the account.
    const isLocked = [3118, 4151].includes(attempt.code);
    if (isLocked && predicted.account?.locked === true) return 'agrees';
    if (isLocked) return predicted.ties.some(isLockedAccount) ? 'agrees by tie' : 'disagrees';
    // A role's password has expired too, so a login to it ends with 1045 or 3118.
    return attempt.code === predicted.error ? 'agrees' : 'disagrees';
  }
  if (predicted.outcome !== 'admitted' || predicted.account === null) return 'disagrees';
  const isSame = (account: { user: string; host: string }) =>
    `${account.user}@${account.host === '' ? attemptHost(attempt.currentUser) : account.host}` ===
    attempt.currentUser;
  if (isSame(predicted.account)) return 'agrees';
  return predicted.ties.some(isSame) ? 'agrees by tie' : 'disagrees';
}

function isLockedAccount({ locked }: Account): boolean {
  return locked === true;
}

/** The account's host from CURRENT_USER(), if MariaDB shows an empty host as '%'. */
function attemptHost(currentUser: string): string {
  const host = currentUser.slice(currentUser.lastIndexOf('@') + 1);
  return host === '%' ? '%' : '';
}

function setDns(
  world: World,
  clients: readonly SmallClient[],
  state: (client: SmallClient) => DnsState,
): void {
  const { dns } = world;
  dns.clear();
  for (const client of clients) dictate(world, client.address, state(client));
}

export function dictate({ dns }: World, address: string, state: DnsState): void {
  dns.ptr(address, state.ptr);
  if (!('forward' in state)) return;
  const [name] = state.ptr;
  const [own, other] = address.includes(':') ? (['AAAA', 'A'] as const) : (['A', 'AAAA'] as const);
  const { forward } = state;
  if (forward === 'confirmed') dns.answer(name, own, [address]);
  else {
    dns.answer(name, own, lookUp(forward.own, own, address));
    // The client has no address of the other family.
    dns.answer(name, other, lookUp(forward.other, other, ELSEWHERE[other]));
  }
}

const ELSEWHERE = { A: '203.0.113.9', AAAA: '2001:db8:ffff::9' };

function lookUp(lookup: Lookup, type: 'A' | 'AAAA', client: string): DnsAnswer {
  if (lookup === 'the client') return [client];
  return lookup === 'elsewhere' ? [ELSEWHERE[type]] : lookup;
}
