import type { PlanPromise } from '../../plan/promises.ts';
import type { KeptPlan } from '../../plan/stores.ts';
import { columnsOf, deflate, inflate, rowsOf, type Scalar, textsOf } from './packing.ts';
import type { PlanTable } from './tables.ts';

/** A kept plan, as stored; `packing.ts` says how. */

interface PackedPlan {
  readonly texts: readonly string[];
  readonly change: string;
  /** Client, login name, outcome, error, account, and the accounts that stand equal as JSON. */
  readonly promises: readonly (readonly Scalar[])[];
  readonly unpromised: number;
}

export function packPlan({ change, promises, unpromised }: KeptPlan): Promise<string> {
  const { all, put } = textsOf();
  const rows = promises.map(({ client, user, promised: { outcome, error, account, ties } }) => [
    ...[client, user, outcome].map(put),
    error,
    ...[account, ties.length === 0 ? null : JSON.stringify(ties)].map(put),
  ]);
  return deflate({
    change,
    promises: columnsOf(rows),
    unpromised,
    texts: all,
  } satisfies PackedPlan);
}

export async function unpackPlan({ id, server, madeAt, packed }: PlanTable): Promise<KeptPlan> {
  // Only `packPlan` writes this column.
  const { change, promises, unpromised, texts } = (await inflate(packed)) as PackedPlan;
  const { at, find } = textsOf(texts);
  const read = rowsOf(promises).map(
    ([client, user, outcome, error, account, ties]): PlanPromise => ({
      client: at(client),
      user: find(user),
      promised: {
        // Only `packPlan` writes it.
        outcome: at(outcome) as PlanPromise['promised']['outcome'],
        error: typeof error === 'number' ? error : null,
        account: find(account),
        ties: JSON.parse(find(ties) ?? '[]'),
      },
    }),
  );
  return { id, server, change, madeAt, promises: read, unpromised };
}
