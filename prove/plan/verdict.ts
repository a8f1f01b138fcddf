import type { Attempt } from '../../sandbox/world.ts';
import { accountName } from '../../src/hostcache/account.ts';
import { isLocalName } from '../../src/hostcache/host-name.ts';
import type { PlannedAnswer } from '../../src/plan/answers.ts';
import type { Change } from '../../src/plan/change.ts';
import type { PromisedRow } from '../../src/plan/effects.ts';
import type { Statement } from '../../src/plan/statement.ts';
import { clientText, type Login } from '../../src/plan/world.ts';
import { sayAttempt } from '../comparison.ts';
import type { PlanWorld } from './imagine.ts';

/** Compares what a plan says with what servers did. Pure. */

export type Verdict = 'agrees' | 'agrees by tie' | 'hedged' | 'unknown' | 'disagrees';

export function verdictOf(answer: PlannedAnswer, attempt: Attempt, login: Login): Verdict {
  const { outcome, error, account, ties } = answer;
  if (outcome === 'unknown') return 'unknown';
  if (login.user === null) return agrees(answer, attempt) ? 'agrees' : 'disagrees';
  const all = account === null ? ties : [account, ...ties];
  if (attempt.outcome === 'closed') return 'disagrees';
  if (attempt.outcome === 'error') {
    // A role's password has expired too, so a login to it ends with 1045 or a lock.
    const isRole = account?.account.user.startsWith('role') === true;
    if (attempt.code === error || (isRole && attempt.code === 1045)) return 'agrees';
    const isLocked = [3118, 4151].includes(attempt.code);
    return isLocked && all.some((each) => each.account.locked === true)
      ? 'agrees by tie'
      : 'disagrees';
  }
  const isIt = (each: typeof account) => each !== null && isSame(each.account, attempt.currentUser);
  if (outcome === 'admitted' && isIt(account)) return 'agrees';
  return ties.some(isIt) ? 'agrees by tie' : 'disagrees';
}

/** Without a login name, only the host check is promised. */
function agrees({ outcome, error }: PlannedAnswer, attempt: Attempt): boolean {
  const code = attempt.outcome === 'error' ? attempt.code : null;
  const isStopped = code === 1129 || code === 1130;
  return outcome === 'admitted' ? !isStopped : code === error;
}

/** MariaDB shows an empty host as '%'. */
function isSame({ user, host }: { user: string; host: string }, currentUser: string): boolean {
  return `${user}@${host}` === currentUser || (host === '' && `${user}@%` === currentUser);
}

/** Whether nobody but the database host can know the client's name, or which address a name has had. */
export function isHedged({ clients }: PlanWorld, { client }: Login): boolean {
  if (client.kind === 'name') return true;
  const text = clientText(client);
  return clients.some(({ address, dnsBefore, dnsNow }) => {
    const names = [dnsBefore, dnsNow].flatMap((dns) => ('forward' in dns ? dns.ptr : []));
    return names.some(isLocalName) && (address === text || names.includes(text));
  });
}

/** Which account of before the change each account has its privileges from, as CURRENT_USER() names them. */
export type Origins = (currentUser: string) => string;

export function originsAfter(statements: readonly Statement[], change: Change): Origins {
  const origins = new Map<string, string>();
  const name = ({ user, host }: { user: string; host: string }) => `${user}@${host}`;
  const originOf = (currentUser: string) => origins.get(currentUser) ?? currentUser;
  for (const each of statements) {
    if (each.kind === 'create') {
      const [like] = [name(each.like.account)];
      origins.set(name(each.place), originOf(like));
    } else if (each.kind === 'rename') {
      origins.set(name(each.to), originOf(name(each.from.account)));
    }
  }
  if (change.kind === 'rename') origins.set(name(change.to), originOf(name(change.from)));
  return originOf;
}

export type Harm = 'none' | 'by tie' | 'lost' | 'other account' | 'let in';

/** What happened to people between two real logins. */
export function harmOf(row: PromisedRow, before: Attempt, after: Attempt, origins: Origins): Harm {
  const hasTies = [row.before, row.after, row.promised].some(({ ties }) => ties.length > 0);
  const [wasIn, staysIn] = [before, after].map((attempt) => isIn(row, attempt));
  if (wasIn !== true) {
    if (staysIn !== true || row.effect === 'gains') return 'none';
    return hasTies ? 'by tie' : 'let in';
  }
  if (staysIn !== true) return hasTies ? 'by tie' : 'lost';
  if (before.outcome !== 'admitted' || after.outcome !== 'admitted') return 'none';
  const [one, other] = [before.currentUser, origins(after.currentUser)];
  // MariaDB shows an empty host as '%'.
  if (one === other || `${one}%` === other) return 'none';
  return hasTies ? 'by tie' : 'other account';
}

/** Without a login name, a client that passes the host check is in. */
export function isIn({ login }: Pick<PromisedRow, 'login'>, attempt: Attempt): boolean {
  if (attempt.outcome !== 'error') return attempt.outcome === 'admitted';
  return login.user === null && attempt.code !== 1129 && attempt.code !== 1130;
}

export function sayAnswer({ outcome, error, account, ties }: PlannedAnswer): string {
  const name = account === null ? '' : ` as ${accountName(account.account)}`;
  const others = ties.map((each) => accountName(each.account)).join(', ');
  return `${outcome}${error === null ? '' : ` ${error}`}${name}${others === '' ? '' : ` (tie: ${others})`}`;
}

export function sayLogin({ user, client }: Login): string {
  return `${user === null ? 'somebody' : `'${user}'`} from ${clientText(client)}`;
}

export { sayAttempt };
