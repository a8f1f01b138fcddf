import type { PromisedRow } from './effects.ts';
import { countEffects, type Plan } from './plan.ts';
import { sayChange } from './read-change.ts';
import { answerJson, saidOf } from './said.ts';
import { sqlOf } from './statement.ts';
import { clientText } from './world.ts';

/** A plan as the objects that `plan --json` prints. Their fields are public and must not change. */

/** One for each login, then one that sums up. */
export function planRows(plan: Plan): readonly object[] {
  return [...plan.rows.map((row) => rowJson(plan, row)), sumJson(plan)];
}

function rowJson({ server, change }: Plan, row: PromisedRow): object {
  const { login, seen, lastSeenAt, before, after, effect, promised } = row;
  return {
    server,
    change: sayChange(change),
    client: clientText(login.client),
    user: login.user,
    seen,
    lastSeenAt,
    before: answerJson(saidOf(before)),
    after: answerJson(saidOf(after)),
    effect,
    promised: answerJson(saidOf(promised)),
  };
}

function sumJson(plan: Plan): object {
  const counts = countEffects(plan);
  return {
    server: plan.server,
    change: sayChange(plan.change),
    total: plan.rows.length,
    keeps: counts.keeps,
    loses: counts.loses,
    gains: counts.gains,
    changesAccount: counts['changes-account'],
    staysOut: counts['stays-out'],
    unknown: counts.unknown,
    statements: plan.statements.map((statement) => sqlOf(statement, plan.world)),
    since: plan.since,
    gaps: plan.gaps,
  };
}
