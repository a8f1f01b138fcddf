import { matchedName } from '../diagnosis/dns-facts.ts';
import type { AccountPlace } from '../hostcache/account-text.ts';
import { isLoopback } from '../hostcache/address.ts';
import { parseHostPattern } from '../hostcache/host-pattern.ts';
import { releaseOf } from '../hostcache/release.ts';
import { answersIn } from './answers.ts';
import type { Change } from './change.ts';
import { coverOf } from './cover.ts';
import type { PlanRow } from './effects.ts';
import type { Statement } from './statement.ts';
import { type PlannedAccount, rulesOf, type World } from './world.ts';

/** Copies of accounts for the clients that would lose them. Pure. */

interface Planned {
  readonly before: World;
  readonly change: Change;
}

/** Copies of the accounts that people had, for as many of their clients at once as is safe. */
export function wideCopiesFor(
  { before, change }: Planned,
  harmed: readonly PlanRow[],
): readonly Statement[] {
  const answers = answersIn(before);
  return [...groupByAccount(harmed)].flatMap(([like, rows]) => {
    const { user } = like.account;
    const texts = addressesOf(rows);
    // A pattern may match a client that would get the same account today.
    const mayMatch = (text: string) => {
      const read = before.clients.get(text);
      if (read === undefined) return false;
      const login = { user, client: { kind: 'address', address: read.address } } as const;
      const { outcome, account } = answers(login);
      return outcome === 'admitted' && account?.origin === like.origin;
    };
    const isIpv4 = (text: string) => !text.includes(':');
    const ipv4 = texts.filter(isIpv4);
    const others = texts.filter((text) => !isIpv4(text));
    const range = change.kind === 'release' ? sameRange(before, like, ipv4) : null;
    const hosts = range ?? coverOf({ addresses: ipv4, mayMatch });
    return [...hosts, ...others].map(
      (host): Statement => ({ kind: 'create', place: { user, host }, like }),
    );
  });
}

/** The range of a CIDR as a netmask, where the server will not read the CIDR. */
function sameRange(
  before: World,
  { account: { host } }: PlannedAccount,
  addresses: readonly string[],
): readonly string[] | null {
  const { kind, base, mask } = parseHostPattern(host, rulesOf(before));
  if (kind !== 'cidr' || mask === null || addresses.length < 2) return null;
  const quad = (number: number) => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
  return [`${quad(base)}/${quad(mask)}`];
}

/** How an account can name one client, in the order in which the forms are tried. */
export const EXACT_FORMS = ['address', 'netmask', 'name'] as const;

/** One for each login: under the account's own user or the login name. */
export function exactCopiesFor(
  { before, change }: Planned,
  harmed: readonly PlanRow[],
  form: (typeof EXACT_FORMS)[number],
  isUnderLogin: boolean,
): readonly Statement[] {
  return harmed.flatMap(({ login, before: { account } }): readonly Statement[] => {
    if (account === null || login.client.kind !== 'address') return [];
    const { address } = login.client;
    const host = {
      address: address.text,
      netmask: address.family === 4 ? `${address.text}/255.255.255.255` : null,
      name: isForNames(change) ? nameFor(before, address.text) : null,
    }[form];
    const user = isUnderLogin ? (login.user ?? account.account.user) : account.account.user;
    return host === null ? [] : [{ kind: 'create', place: { user, host }, like: account }];
  });
}

/** Whether the client keeps its name through the change. */
function isForNames({ kind }: Change): boolean {
  return kind !== 'skip-name-resolve' && kind !== 'dns' && kind !== 'release';
}

/** The name that the cache and DNS agree on, so that it stays. */
function nameFor({ settings, clients }: World, text: string): string | null {
  const client = clients.get(text);
  if (client === undefined || settings.skipNameResolve) return null;
  if (isLoopback(client.address)) return 'localhost';
  // Where DNS was not asked, it has no addresses.
  const isConfirmed = client.dns?.addresses.includes(text) === true;
  const name =
    client.dns !== null && isConfirmed ? matchedName(client.dns, releaseOf(settings)) : null;
  const cached = client.entry.known && client.entry.value !== null ? client.entry.value.host : name;
  if (name === null || name.toLowerCase() !== cached?.toLowerCase()) return null;
  // In a pattern, "_" stands for any character.
  return name.includes('_') ? null : name.toLowerCase();
}

function groupByAccount(harmed: readonly PlanRow[]): ReadonlyMap<PlannedAccount, PlanRow[]> {
  const groups = new Map<PlannedAccount, PlanRow[]>();
  for (const row of harmed) {
    const { account } = row.before;
    if (account === null) continue;
    const group = groups.get(account);
    if (group === undefined) groups.set(account, [row]);
    else group.push(row);
  }
  return groups;
}

function addressesOf(rows: readonly PlanRow[]): readonly string[] {
  const texts = rows.flatMap(({ login: { client } }) =>
    client.kind === 'address' ? [client.address.text] : [],
  );
  return [...new Set(texts)];
}

/** Those whose place no account has, or gets by the change. */
export function possible(
  { before, change }: Planned,
  statements: readonly Statement[],
  more: readonly Statement[],
): readonly Statement[] {
  const key = ({ user, host }: AccountPlace) => JSON.stringify([user, host]);
  const taken = new Set(before.accounts.read.map(({ account }) => key(account)));
  if (change.kind === 'add') taken.add(key(change.account));
  if (change.kind === 'rename') taken.add(key(change.to));
  for (const each of statements) if (each.kind === 'create') taken.add(key(each.place));
  return more.filter((each) => {
    if (each.kind !== 'create') return true;
    const isFree = !taken.has(key(each.place));
    taken.add(key(each.place));
    return isFree;
  });
}
