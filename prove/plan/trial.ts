// Plans each change of a small world on a real server, makes it, and tries every login. Does I/O.
import type { Attempt } from '../../sandbox/world.ts';
import type { Change } from '../../src/plan/change.ts';
import { effectOf, isHarm, type PromisedRow } from '../../src/plan/effects.ts';
import { gatherSeen } from '../../src/plan/gather.ts';
import { type Plan, planOf } from '../../src/plan/plan.ts';
import { sayChange } from '../../src/plan/read-change.ts';
import { sqlOf } from '../../src/plan/statement.ts';
import type { Login } from '../../src/plan/world.ts';
import type { ChangeKind, PlanWorld } from './imagine.ts';
import { makeChange, type PlanStages, type Playing, playThrough, restore } from './play.ts';
import { attemptAll, live, type PlanStage, remembering, setAccounts } from './stage.ts';
import {
  harmOf,
  isHedged,
  isIn,
  originsAfter,
  sayAnswer,
  sayAttempt,
  sayLogin,
  type Verdict,
  verdictOf,
} from './verdict.ts';

export interface ChangeResult {
  readonly kind: ChangeKind;
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly harmed: number;
  readonly statements: number;
  /** Logins that no statement can keep, as the plan itself says. */
  readonly unkept: number;
  /** Statements that were left out one at a time, and those where only a tie can need them. */
  readonly leftOut: number;
  readonly leftOutByTie: number;
  /** What the plan says otherwise than the servers, one text each. */
  readonly wrong: readonly string[];
}

export interface TrialOptions {
  readonly kinds: readonly ChangeKind[];
  /** Whether each statement is left out once. */
  readonly isThorough: boolean;
}

interface Trial extends Playing {
  readonly options: TrialOptions;
}

export async function tryPlans(
  stages: PlanStages,
  imagined: PlanWorld,
  options: TrialOptions,
): Promise<readonly ChangeResult[]> {
  const stage = await stages.stage(imagined.isNameless);
  const isSecured = imagined.accounts.some(({ kind }) => kind === 'tls');
  const usesTls = () => isSecured;
  const wear = { isCacheWorn: false, areErrorsWorn: true };
  const trial: Trial = { stages, stage, imagined, options, wear, usesTls };
  await live(stage, imagined);
  const memory = remembering(stage);
  const plans: { kind: ChangeKind; change: Change; plan: Plan | string }[] = [];
  for (const kind of options.kinds) {
    const change = await changeOf(trial, kind);
    const seen = await gatherSeen(memory, change, () => new Date());
    plans.push({ kind, change, plan: planOf(seen, change) });
  }
  const before = new Map<string, Attempt>();
  const logins = plans.flatMap(({ plan }) =>
    typeof plan === 'string' ? [] : plan.rows.map(({ login }) => login),
  );
  const unique = [...new Map(logins.map((login) => [keyOf(login), login])).values()];
  for (const [at, attempt] of (await attemptAll(stage, unique, usesTls)).entries()) {
    const login = unique[at];
    if (login !== undefined) before.set(keyOf(login), attempt);
  }
  const results: ChangeResult[] = [];
  for (const { kind, change, plan } of plans) {
    results.push(
      typeof plan === 'string'
        ? await tryRefused(trial, kind, change, plan)
        : await tryPlan(trial, kind, plan, before),
    );
  }
  return results;
}

function keyOf({ user, client }: Login): string {
  return JSON.stringify([user, client]);
}

async function changeOf({ stages, imagined }: Trial, kind: ChangeKind): Promise<Change> {
  const change = imagined.changes[kind];
  if (change.kind !== 'release') return change;
  const { flavour, version } = await stages.otherRelease(imagined.isNameless);
  return { kind: 'release', flavour, version };
}

const NO_VERDICTS = { agrees: 0, 'agrees by tie': 0, hedged: 0, unknown: 0, disagrees: 0 };
const NOTHING = { harmed: 0, statements: 0, unkept: 0, leftOut: 0, leftOutByTie: 0 };

/** What a plan says cannot be done, the server refuses too. */
async function tryRefused(
  trial: Trial,
  kind: ChangeKind,
  change: Change,
  why: string,
): Promise<ChangeResult> {
  const wrong =
    (kind === 'add' || kind === 'drop' || kind === 'rename') &&
    (await makeChange(trial, change)).refusal === null
      ? [`the plan says: ${why}, and the server does it (${sayChange(change)})`]
      : [];
  await setAccounts(trial.stage, trial.imagined.accounts);
  return { kind, verdicts: NO_VERDICTS, ...NOTHING, wrong };
}

async function tryPlan(
  trial: Trial,
  kind: ChangeKind,
  plan: Plan,
  before: ReadonlyMap<string, Attempt>,
): Promise<ChangeResult> {
  const { imagined, usesTls } = trial;
  const { rows, statements, change } = plan;
  const wrong: string[] = [];
  const verdicts = { ...NO_VERDICTS };
  const compare = (
    when: string,
    stage: PlanStage,
    attempts: readonly Attempt[],
    answerOf: (row: Plan['rows'][number]) => Plan['rows'][number]['before'],
  ) => {
    for (const [at, row] of rows.entries()) {
      const attempt = attempts[at];
      if (attempt === undefined) continue;
      const answer = answerOf(row);
      const found = verdictOf(answer, attempt, row.login);
      const verdict = found === 'unknown' && isHedged(imagined, row.login) ? 'hedged' : found;
      verdicts[verdict] += 1;
      if (verdict !== 'disagrees' && verdict !== 'unknown') continue;
      const facts = plan.world.clients.get(
        row.login.client.kind === 'address' ? row.login.client.address.text : '',
      );
      wrong.push(
        `${sayLogin(row.login)} ${when} on ${stage.flavour}: predicted ${sayAnswer(answer)}, happened: ${sayAttempt(attempt)}; ${JSON.stringify(facts)}`,
      );
    }
  };
  const earlier = rows.map(({ login }): Attempt => before.get(keyOf(login)) ?? NOT_TRIED);
  compare('before', trial.stage, earlier, (row) => row.before);
  const logins = rows.map(({ login }) => login);
  const then = await playThrough(trial, plan, []);
  if (then.refusal !== null) {
    return { kind, verdicts, ...NOTHING, wrong: [...wrong, `refused: ${then.refusal}`] };
  }
  const after = await attemptAll(then.stage, logins, usesTls);
  compare('after', then.stage, after, (row) => row.after);
  await restore(trial, change, []);
  const harmed = rows.filter(({ effect }) => isHarm(effect));
  const result = { kind, verdicts, wrong, harmed: harmed.length, statements: statements.length };
  const none = { unkept: 0, leftOut: 0, leftOutByTie: 0 };
  if (statements.length === 0 && harmed.length === 0) return { ...result, ...none };
  let kept = after;
  if (statements.length > 0) {
    const safe = await playThrough(trial, plan, statements);
    if (safe.refusal !== null) wrong.push(`refused: ${safe.refusal}`);
    kept = await attemptAll(safe.stage, logins, usesTls);
    compare('after the statements', safe.stage, kept, (row) => row.promised);
    await restore(trial, change, statements);
  }
  let unkept = 0;
  const origins = originsAfter(statements, change);
  const isTold = ({ before: was, promised }: PromisedRow) => isHarm(effectOf(was, promised));
  for (const [at, row] of rows.entries()) {
    const harm = harmOf(row, earlier[at] ?? NOT_TRIED, kept[at] ?? NOT_TRIED, origins);
    if (harm === 'none' || harm === 'by tie' || isHedged(imagined, row.login)) continue;
    unkept += 1;
    // The plan says so where no statement helps.
    if (harm === 'let in' || !isTold(row))
      wrong.push(`${harm}: ${sayLogin(row.login)}, in spite of the statements`);
  }
  const left = trial.options.isThorough
    ? await leaveOut(trial, plan, earlier)
    : { leftOut: 0, leftOutByTie: 0, wrong: [] };
  return { ...result, unkept, ...left, wrong: [...wrong, ...left.wrong] };
}

const NOT_TRIED: Attempt = { outcome: 'closed', reason: 'not tried' };

/** Without any one of the statements, somebody is harmed. */
async function leaveOut(
  trial: Trial,
  plan: Plan,
  earlier: readonly Attempt[],
): Promise<Pick<ChangeResult, 'leftOut' | 'leftOutByTie' | 'wrong'>> {
  const wrong: string[] = [];
  let leftOutByTie = 0;
  const concerned = plan.rows.flatMap((row, at) => {
    const attempt = earlier[at];
    return attempt !== undefined && isIn(row, attempt) ? [{ row, attempt }] : [];
  });
  for (const statement of plan.statements) {
    const others = plan.statements.filter((each) => each !== statement);
    const { stage, refusal } = await playThrough(trial, plan, others);
    const attempts = await attemptAll(
      stage,
      concerned.map(({ row }) => row.login),
      trial.usesTls,
    );
    const origins = originsAfter(others, plan.change);
    const harms = concerned.map(({ row, attempt }, at) =>
      harmOf(row, attempt, attempts[at] ?? NOT_TRIED, origins),
    );
    if (harms.every((harm) => harm === 'none' || harm === 'by tie') && refusal === null) {
      const hasTies = plan.rows.some(
        ({ before, after }) => before.ties.length > 0 || after.ties.length > 0,
      );
      if (hasTies) leftOutByTie += 1;
      else wrong.push(`nobody needs: ${sqlOf(statement, plan.world)}`);
    }
    await restore(trial, plan.change, others);
  }
  return { leftOut: plan.statements.length, leftOutByTie, wrong };
}
