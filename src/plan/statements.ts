import { matches, parseHostPattern } from '../hostcache/host-pattern.ts';
import { patternTrait } from '../hostcache/pattern-traits.ts';
import { type Answers, answersIn } from './answers.ts';
import { type Change, makeChange } from './change.ts';
import { EXACT_FORMS, exactCopiesFor, possible, wideCopiesFor } from './copies.ts';
import { effectOf, isHarm, type PlanRow } from './effects.ts';
import { type Copy, run, type Statement } from './statement.ts';
import { type PlannedAccount, rulesOf, type World } from './world.ts';

/** The fewest statements that keep everybody in, each proved by the same prediction. Pure. */

export interface Precautions {
  readonly statements: readonly Statement[];
  /** What the server answers after the statements and the change; null = as after the change alone. */
  readonly answers: Answers | null;
}

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
  const counted = new WeakMap<readonly Statement[], readonly PlanRow[]>();
  const harmedBy = (statements: readonly Statement[], among = rows) => {
    const known = among === rows ? counted.get(statements) : undefined;
    if (known !== undefined) return known;
    const answers = answersAfter(statements);
    const harmed = answers === null ? rows : among.filter((row) => isHarmed(row, answers));
    if (among === rows) counted.set(statements, harmed);
    return harmed;
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

/** The statements may let nobody in either, but for hosts that a flush unblocks. */
function isHarmed({ login, before, effect }: PlanRow, answers: Answers): boolean {
  const answer = answers(login);
  const isLetIn = effect === 'stays-out' && answer.outcome === 'admitted';
  return isHarm(effectOf(before, answer)) || (isLetIn && before.outcome !== 'blocked');
}

function grow(plan: Planning): readonly Statement[] {
  const harmed = plan.rows.filter(({ effect }) => isHarm(effect));
  const statements = repairsFor(harmed);
  let grown: Grown = {
    statements,
    harmed: statements.length === 0 ? harmed : plan.harmedBy(statements),
  };
  for (const propose of PROPOSALS) {
    if (grown.harmed.length === 0) break;
    const more = possible(plan, grown.statements, propose(plan, grown.harmed));
    grown = withThose(plan, grown, more);
  }
  return grown.statements;
}

interface Grown {
  readonly statements: readonly Statement[];
  /** The rows that are harmed in spite of them. */
  readonly harmed: readonly PlanRow[];
}

/** Each repairs what is left, and what the statements before have displaced. */
const PROPOSALS: readonly ((plan: Planning, harmed: readonly PlanRow[]) => readonly Statement[])[] =
  [
    wideCopiesFor,
    ...EXACT_FORMS.flatMap((form) =>
      [false, true].map(
        (isUnderLogin) => (plan: Planning, harmed: readonly PlanRow[]) =>
          exactCopiesFor(plan, harmed, form, isUnderLogin),
      ),
    ),
  ];

/** All of them; if that harms more than it helps, only those that help by themselves. */
function withThose(plan: Planning, grown: Grown, more: readonly Statement[]): Grown {
  const all = withAll(plan, grown, more);
  if (all.harmed.length < grown.harmed.length || more.length > TRIED_LIMIT) return all;
  const some = more.reduce((sofar, each) => {
    const next = withAll(plan, sofar, [each]);
    return next.harmed.length < sofar.harmed.length ? next : sofar;
  }, grown);
  // Where none helps, the next forms may repair what these displace.
  return some.harmed.length < grown.harmed.length ? some : all;
}

function withAll(plan: Planning, grown: Grown, more: readonly Statement[]): Grown {
  const statements = [...grown.statements, ...more];
  const harmed = plan.harmedBy(statements);
  return harmed.length > grown.harmed.length ? grown : { statements, harmed };
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
