import type { AccountPlace } from '../hostcache/account-text.ts';
import { parseAddress } from '../hostcache/address.ts';
import { matches, parseHostPattern } from '../hostcache/host-pattern.ts';
import { patternTrait } from '../hostcache/pattern-traits.ts';
import { type Answers, answersIn } from './answers.ts';
import { type Change, makeChange } from './change.ts';
import { coverOf } from './cover.ts';
import { effectOf, isHarm, type PlanRow } from './effects.ts';
import { type Copy, run, type Statement } from './statement.ts';
import { type PlannedAccount, rulesOf, type World } from './world.ts';

/** The fewest statements that keep everybody in, each proved by the same prediction. Pure. */

export interface Precautions {
  readonly statements: readonly Statement[];
  /** What the server answers after the statements and the change; null = as after the change alone. */
  readonly answers: Answers | null;
}

/** Each round repairs what the statements of the last one displaced. */
const ROUNDS = 4;

/** With more statements than this, none is tried without. */
const TRIED_LIMIT = 500;

export function precautionsFor(
  before: World,
  change: Change,
  rows: readonly PlanRow[],
): Precautions {
  if (!rows.some(({ effect }) => isHarm(effect))) return { statements: [], answers: null };
  const answersAfter = (statements: readonly Statement[]) => {
    const world = makeChange(run(before, statements), change);
    return typeof world === 'string' ? null : answersIn(world);
  };
  const harmedBy = (statements: readonly Statement[], among = rows) => {
    const answers = answersAfter(statements);
    return answers === null ? rows : among.filter((row) => isHarmed(row, answers));
  };
  const plan: Planning = { before, change, rows, harmedBy };
  const kept = withRenames(plan, withoutNeedless(plan, grow(plan)));
  return { statements: kept, answers: kept.length === 0 ? null : answersAfter(kept) };
}

interface Planning {
  readonly before: World;
  readonly change: Change;
  readonly rows: readonly PlanRow[];
  /** The rows that lose access or change their account after these statements and the change. */
  readonly harmedBy: (
    statements: readonly Statement[],
    among?: readonly PlanRow[],
  ) => readonly PlanRow[];
}

function isHarmed({ login, before }: PlanRow, answers: Answers): boolean {
  return isHarm(effectOf(before, answers(login)));
}

function grow(plan: Planning): readonly Statement[] {
  const { rows, harmedBy } = plan;
  const newAmong = createFilter(plan);
  let harmed: readonly PlanRow[] = rows.filter(({ effect }) => isHarm(effect));
  let statements = repairsFor(harmed);
  if (statements.length > 0) harmed = harmedBy(statements);
  for (let round = 0; round < ROUNDS && harmed.length > 0; round += 1) {
    const more = round === 0 ? copiesFor(plan, harmed) : exactCopiesFor(plan, harmed, round);
    const next = [...statements, ...newAmong(more, statements)];
    if (next.length === statements.length) continue;
    const left = harmedBy(next);
    // What helps nobody is not said.
    if (left.length > harmed.length) continue;
    statements = next;
    harmed = left;
  }
  return statements;
}

/** What no other account cures: a host that will be blocked, a plugin that will be missing. */
function repairsFor(harmed: readonly PlanRow[]): readonly Statement[] {
  const isBlocking = harmed.some(({ after }) => after.error === 1129);
  const accounts = harmed.flatMap(({ after: { error, account } }) =>
    error === 1524 && account !== null ? [account] : [],
  );
  return [
    ...(isBlocking ? [{ kind: 'flush' } as const] : []),
    ...[...new Set(accounts)].map((account) => ({ kind: 'password', account }) as const),
  ];
}

/** Copies of the accounts that people had, for as many of their clients at once as is safe. */
function copiesFor(plan: Planning, harmed: readonly PlanRow[]): readonly Statement[] {
  const answers = answersIn(plan.before);
  return [...groupByAccount(harmed)].flatMap(([like, rows]) => {
    const { user } = like.account;
    const texts = addressesOf(rows);
    // A pattern may match a client that would get the same account today.
    const mayMatch = (text: string) => {
      const read = plan.before.clients.get(text);
      if (read === undefined) return false;
      const login = { user, client: { kind: 'address', address: read.address } } as const;
      const { outcome, account } = answers(login);
      return outcome === 'admitted' && account?.origin === like.origin;
    };
    const ipv4 = texts.filter((text) => parseAddress(text)?.family === 4);
    const others = texts.filter((text) => !ipv4.includes(text));
    const range = sameRange(plan, like, ipv4);
    const hosts = range ?? coverOf({ addresses: ipv4, mayMatch });
    return [...hosts, ...others].map(
      (host): Statement => ({ kind: 'create', place: { user, host }, like }),
    );
  });
}

/** The range of a CIDR as a netmask, where the server will not read the CIDR. */
function sameRange(
  { before, change }: Planning,
  { account: { host } }: PlannedAccount,
  addresses: readonly string[],
): readonly string[] | null {
  const { kind, base, mask } = parseHostPattern(host, rulesOf(before));
  if (change.kind !== 'release' || kind !== 'cidr' || mask === null || addresses.length < 2) {
    return null;
  }
  const quad = (number: number) => [24, 16, 8, 0].map((bits) => (number >>> bits) & 255).join('.');
  return [`${quad(base)}/${quad(mask)}`];
}

/** One for each login; in later rounds under its own login name, or in another spelling. */
function exactCopiesFor(
  { before }: Planning,
  harmed: readonly PlanRow[],
  round: number,
): readonly Statement[] {
  return harmed.flatMap(({ login, before: { account } }): readonly Statement[] => {
    if (account === null || login.client.kind !== 'address') return [];
    const { text, family } = login.client.address;
    const isSpelled = round === 3 && family === 4 && rulesOf(before) === 'mariadb';
    const host = isSpelled ? `${text}/255.255.255.255` : text;
    const user = round === 1 ? account.account.user : (login.user ?? account.account.user);
    return [{ kind: 'create', place: { user, host }, like: account }];
  });
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

/** Leaves out copies whose place an account, or an earlier copy, has already. */
function createFilter({ before }: Planning) {
  const keyOf = ({ user, host }: AccountPlace) => JSON.stringify([user, host]);
  const there = new Set(before.accounts.read.map(({ account }) => keyOf(account)));
  return (more: readonly Statement[], statements: readonly Statement[]) => {
    const taken = new Set<string>();
    for (const each of statements) if (each.kind === 'create') taken.add(keyOf(each.place));
    return more.filter((each) => {
      if (each.kind !== 'create') return true;
      const key = keyOf(each.place);
      const isNew = !there.has(key) && !taken.has(key);
      taken.add(key);
      return isNew;
    });
  };
}

/** Leaves out each statement without which nobody is harmed. */
function withoutNeedless(plan: Planning, statements: readonly Statement[]): readonly Statement[] {
  if (statements.length > TRIED_LIMIT) return statements;
  return statements.reduce((kept, statement) => {
    const others = kept.filter((each) => each !== statement);
    return isAsGood(plan, others, kept, concernedBy(plan, statement)) ? others : kept;
  }, statements);
}

/** Accounts move where they can match nobody after the change, so that no password is needed. */
function withRenames(plan: Planning, statements: readonly Statement[]): readonly Statement[] {
  const after = makeChange(plan.before, plan.change);
  if (typeof after === 'string' || !MAY_RENAME.includes(plan.change.kind)) return statements;
  const moves = new Map<PlannedAccount, Copy>();
  for (const copy of statements) {
    if (copy.kind !== 'create' || copy.place.user !== copy.like.account.user) continue;
    const trait = patternTrait(copy.like.account.host, rulesOf(after), after.settings);
    const isDead = trait === 'needs-name' || trait === 'never-matches';
    if (isDead && !moves.has(copy.like)) moves.set(copy.like, copy);
  }
  if (moves.size === 0) return statements;
  const all = moved(statements, [...moves.values()]);
  if (isAsGood(plan, all, statements, plan.rows)) return all;
  if (moves.size > TRIED_LIMIT) return statements;
  return [...moves.values()].reduce((kept, copy) => {
    const next = moved(kept, [copy]);
    return isAsGood(plan, next, kept, concernedBy(plan, copy)) ? next : kept;
  }, statements);
}

/** The other changes name accounts, which must still be there. */
const MAY_RENAME: readonly Change['kind'][] = ['skip-name-resolve', 'release'];

/** Renamed last, because the other copies are made from the account. */
function moved(statements: readonly Statement[], copies: readonly Copy[]): readonly Statement[] {
  const left = new Set<Statement>(copies);
  const renames = copies.map(
    ({ like, place }): Statement => ({ kind: 'rename', from: like, to: place }),
  );
  return [...statements.filter((each) => !left.has(each)), ...renames];
}

function isAsGood(
  { harmedBy }: Planning,
  statements: readonly Statement[],
  kept: readonly Statement[],
  among: readonly PlanRow[],
): boolean {
  return harmedBy(statements, among).length <= harmedBy(kept, among).length;
}

/** The rows whose answer can depend on the statement. */
function concernedBy({ before, rows }: Planning, statement: Statement): readonly PlanRow[] {
  if (statement.kind !== 'create') return rows;
  const { user, host } = statement.place;
  const pattern = parseHostPattern(host, rulesOf(before));
  return rows.filter(
    ({ login }) =>
      user === '' ||
      login.user === user ||
      // Its pattern opens the host check for other login names.
      (login.client.kind === 'address' &&
        matches(pattern, login.client.address, null, rulesOf(before))),
  );
}
