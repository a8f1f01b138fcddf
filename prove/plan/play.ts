// Makes a planned change, and the statements before it, on a real server, and undoes them. Does I/O.
import { accountLiteral } from '../../src/hostcache/account.ts';
import type { Change } from '../../src/plan/change.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { type Statement, sqlOf } from '../../src/plan/statement.ts';
import type { PlanWorld } from './imagine.ts';
import {
  accountsOn,
  live,
  type PlanStage,
  refusalOf,
  setAccounts,
  setDns,
  settle,
} from './stage.ts';

/** The servers of one flavour, and one of another release. */
export interface PlanStages {
  stage(isNameless: boolean): Promise<PlanStage>;
  otherRelease(isNameless: boolean): Promise<PlanStage>;
}

export interface Playing {
  readonly stages: PlanStages;
  readonly stage: PlanStage;
  readonly imagined: PlanWorld;
  /** What logins have changed since the clients' history was replayed. */
  readonly wear: { isCacheWorn: boolean; areErrorsWorn: boolean };
  usesTls(): boolean;
}

export interface Played {
  /** The server that has the change. */
  readonly stage: PlanStage;
  /** What the server refused; null = nothing. */
  readonly refusal: string | null;
}

/** Runs the statements as they are printed, then makes the change. */
export async function playThrough(
  trial: Playing,
  plan: Plan,
  statements: readonly Statement[],
): Promise<Played> {
  const { stage } = trial;
  await freshen(trial, plan.change);
  for (const statement of statements) {
    const sql = sqlOf(statement, plan.world).replaceAll('…', '');
    const refusal = await refusalOf(stage.world, sql);
    if (refusal !== null) return { stage, refusal: `${sql} ${refusal}` };
  }
  return makeChange(trial, plan.change);
}

export async function makeChange(trial: Playing, change: Change): Promise<Played> {
  const { stage, stages, imagined } = trial;
  const { world } = stage;
  const make = async (sql: string): Promise<Played> => ({
    stage,
    refusal: await refusalOf(world, sql),
  });
  switch (change.kind) {
    case 'flush':
      return make(stage.flush);
    case 'add':
      return make(`CREATE USER ${accountLiteral(change.account)}`);
    case 'drop':
      return make(`DROP USER ${accountLiteral(change.account)}`);
    case 'rename':
      return make(`RENAME USER ${accountLiteral(change.from)} TO ${accountLiteral(change.to)}`);
    case 'max-connect-errors':
      return make(`SET GLOBAL max_connect_errors = ${change.limit}`);
    case 'dns': {
      const { address, name } = change;
      if (name === null) world.dns.ptr(address.text, 'NXDOMAIN');
      else world.dns.host(address.text, name);
      return { stage, refusal: null };
    }
    case 'skip-name-resolve':
      return moveTo(trial, await stages.stage(!imagined.isNameless));
    case 'release':
      return moveTo(trial, await stages.otherRelease(imagined.isNameless));
  }
}

/** The accounts as they are by now, on a server that has just started. */
async function moveTo({ stage, imagined }: Playing, to: PlanStage): Promise<Played> {
  const accounts = await accountsOn(stage);
  const isOther = stage.flavour !== to.flavour;
  const moved = accounts.filter(
    ({ kind }): boolean => !(isOther && kind === 'role' && to.flavour === 'mariadb'),
  );
  await setAccounts(to, moved);
  setDns(to, imagined.clients, 'dnsNow');
  await settle(to, imagined);
  return { stage: to, refusal: null };
}

/** Replays the clients' history if an earlier change has left traces. */
async function freshen({ stage, imagined, wear }: Playing, { kind }: Change): Promise<void> {
  // A login that was tried sets the count of connect errors to 0, and can cache a name.
  const needsErrors = (kind === 'max-connect-errors' || kind === 'dns') && wear.areErrorsWorn;
  if (!wear.isCacheWorn && !needsErrors) return;
  await live(stage, imagined);
  wear.isCacheWorn = false;
}

/** Undoes what was run and changed. */
export async function restore(
  { stage, imagined, wear }: Playing,
  { kind }: Change,
  statements: readonly Statement[],
): Promise<void> {
  const isFlush = (each: Statement) => each.kind === 'flush';
  const isWorn = kind === 'flush' || kind === 'dns' || kind === 'max-connect-errors';
  // The history is replayed only if another change needs it, and it sets the accounts.
  if (isWorn || statements.some(isFlush)) wear.isCacheWorn = true;
  else if (statements.length > 0 || (kind !== 'skip-name-resolve' && kind !== 'release')) {
    await setAccounts(stage, imagined.accounts);
  }
}
