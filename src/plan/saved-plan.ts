import { isReply, type Reply, refuse } from '../chat/reply.ts';
import { shorten } from '../chat/words.ts';
import type { PlanPromise, Promises } from './promises.ts';
import { readChange } from './read-change.ts';
import type { SaidAnswer } from './said.ts';

/** Reads what `plan --json` printed: one object a line, of one or more servers. */

/** While it is read. */
interface SavedPlan extends Promises {
  readonly promises: PlanPromise[];
  unpromised: number;
}

type Json = Readonly<Record<string, unknown>>;

const EXPECTED = 'Expected the lines that "hostcache plan <change> --json" printed';

const OUTCOMES = ['admitted', 'refused', 'blocked', 'denied', 'unknown'] as const;

/** By server and change, in their order. */
export function readSavedPlans(text: string): readonly Promises[] | Reply {
  const plans = new Map<string, SavedPlan>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = objectOf(line);
    const { server, change } = row ?? {};
    if (row === null || typeof server !== 'string' || typeof change !== 'string') {
      return refuse(`${EXPECTED}, got "${shorten(line.trim())}" in line ${at + 1}.`);
    }
    const key = JSON.stringify([server, change]);
    const plan = plans.get(key) ?? { server, change, promises: [], unpromised: 0 };
    plans.set(key, plan);
    // The line that sums up has no client.
    if (row['client'] === undefined) continue;
    const promise = promiseOf(row);
    if (promise === null) {
      return refuse(`${EXPECTED}, got no login with its answers in line ${at + 1}.`);
    }
    if (promise.promised.outcome === 'unknown') plan.unpromised += 1;
    else plan.promises.push(promise);
  }
  const found = [...plans.values()];
  if (found.length === 0) return refuse(`${EXPECTED}, got nothing.`);
  return found.map(({ change }) => readChange(change)).find(isReply) ?? found;
}

function objectOf(line: string): Json | null {
  try {
    const read: unknown = JSON.parse(line);
    return isJson(read) ? read : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function promiseOf(row: Json): PlanPromise | null {
  const { client, user, promised, before, after, effect } = row;
  const isHarmed = effect === 'loses' || effect === 'changes-account';
  // The statements are there to keep what was.
  const answer = answerOf(promised ?? (isHarmed ? before : after));
  const isNamed = typeof user === 'string' || user === null;
  if (typeof client !== 'string' || !isNamed || answer === null) return null;
  return { client, user, promised: answer };
}

function answerOf(value: unknown): SaidAnswer | null {
  if (!isJson(value)) return null;
  const { error = null, account = null, ties = [] } = value;
  const outcome = OUTCOMES.find((each) => each === value['outcome']);
  const isError = typeof error === 'number' || error === null;
  const isAccount = typeof account === 'string' || account === null;
  if (outcome === undefined || !isError || !isAccount || !Array.isArray(ties)) return null;
  return { outcome, error, account, ties: ties.map(String) };
}

function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
