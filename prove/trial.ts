// Builds a small world on a real server, predicts each connection, then tries it. Does I/O.

import { untilAnswered } from '../sandbox/world/try-again.ts';
import type { Attempt, DnsAnswer, World } from '../sandbox/world.ts';
import { type Diagnosis, diagnose } from '../src/diagnosis/diagnose.ts';
import { gather, type Target } from '../src/diagnosis/gather.ts';
import type { ServerAnswer } from '../src/diagnosis/predict.ts';
import { type Account, accountName, literal } from '../src/hostcache/account.ts';
import { parseAddress } from '../src/hostcache/address.ts';
import { type Comparison, sayAttempt } from './comparison.ts';
import { compareWithPasted } from './paste.ts';
import type { DnsState, Lookup, SmallAccount, SmallClient, SmallWorld } from './small-world.ts';

/** A server for one small world at a time. */
export interface Stage {
  readonly world: World;
  readonly target: Target;
  /** False = started with skip_name_resolve, so it keeps no host cache. */
  readonly keepsCache: boolean;
  /** The statement that flushes its host cache. */
  readonly flush: string;
}

export async function tryOut(stage: Stage, small: SmallWorld): Promise<readonly Comparison[]> {
  const { world } = stage;
  await clearAccounts(world);
  for (const account of small.accounts) await create(world, account);
  // The server remembers that some '%' once existed, which no query shows; this clears it.
  await world.query('FLUSH PRIVILEGES');
  await world.query(`SET GLOBAL max_connect_errors = ${small.maxConnectErrors}`);
  if (stage.keepsCache) await world.query(`SET GLOBAL host_cache_size = ${small.hostCacheSize}`);
  await live(stage, small);
  setDns(world, small.clients, ({ dnsNow }) => dnsNow);
  const diagnoses = await Promise.all(small.clients.map((client) => predictFor(stage, client)));
  const now = await attemptAll(world, small.clients);
  const pasted = await pasteAll(stage, small.clients, now, 'pasted');
  await world.query(stage.flush);
  const after = await attemptAll(world, small.clients);
  const pastedAfter = await pasteAll(stage, small.clients, after, 'pasted after a flush');
  const predicted = small.clients.flatMap((client, i) => {
    const diagnosis = diagnoses[i];
    const [triedNow, triedAfter] = [now[i], after[i]];
    if (!diagnosis || !triedNow || !triedAfter) throw new Error('a client was not tried');
    return [
      compare(client, 'now', diagnosis, diagnosis.prediction.now, triedNow),
      compare(client, 'after a flush', diagnosis, diagnosis.prediction.afterFlush, triedAfter),
    ];
  });
  return [...predicted, ...pasted, ...pastedAfter];
}

function pasteAll(
  { target }: Stage,
  clients: readonly SmallClient[],
  attempts: readonly Attempt[],
  when: Comparison['when'],
): Promise<readonly Comparison[]> {
  return Promise.all(
    clients.flatMap((client, i) => {
      const attempt = attempts[i];
      return attempt === undefined ? [] : [compareWithPasted(target, client, attempt, when)];
    }),
  );
}

/** Replays the clients' history, which fills the host cache. */
async function live(
  { world, flush }: Stage,
  { clients, maxConnectErrors }: SmallWorld,
): Promise<void> {
  await world.query(flush);
  setDns(world, clients, ({ dnsBefore }) => dnsBefore);
  await Promise.all(
    clients.map(async ({ address, brokenHandshakes }) => {
      if (brokenHandshakes === null) return;
      await world.connectFrom(address, { user: 'nobody' });
      // A blocked host gets no handshake to break off.
      const times = Math.min(brokenHandshakes, maxConnectErrors);
      if (times > 0) await world.breakHandshakeFrom(address, times);
    }),
  );
}

async function predictFor({ target }: Stage, { address, user }: SmallClient): Promise<Diagnosis> {
  const client = parseAddress(address);
  if (client === null) throw new Error(`not an address: ${address}`);
  return diagnose(await gather(target, { client, user, readAt: new Date() }));
}

async function attemptAll(
  world: World,
  clients: readonly SmallClient[],
): Promise<readonly Attempt[]> {
  return Promise.all(
    clients.map(({ address, user }) => untilAnswered(() => world.connectFrom(address, { user }))),
  );
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

async function clearAccounts(world: World): Promise<void> {
  const rows = await world.query(
    `SELECT User AS user, Host AS host FROM mysql.user WHERE User IN ('u', 'v', '') OR User LIKE 'role%'`,
  );
  for (const { user, host } of rows) {
    const isRole = String(user).startsWith('role');
    const name =
      world.flavour === 'mariadb' && isRole
        ? literal(String(user))
        : `${literal(String(user))}@${literal(String(host))}`;
    await world.query(`DROP ${isRole ? 'ROLE' : 'USER'} ${name}`);
  }
}

async function create(world: World, { kind, user, host }: SmallAccount): Promise<void> {
  const name = `${literal(user)}@${literal(host)}`;
  const statement =
    kind === 'role'
      ? `CREATE ROLE IF NOT EXISTS ${world.flavour === 'mariadb' ? literal(user) : name}`
      : `CREATE USER IF NOT EXISTS ${name}${kind === 'locked' ? ' ACCOUNT LOCK' : ''}`;
  try {
    await world.query(statement);
  } catch (error) {
    // The server refuses some host patterns; such an account does not exist.
    if (!(error instanceof Error && 'errno' in error)) throw error;
  }
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
