import { parseAddress } from '../hostcache/address.ts';
import { worstFirst } from './effect-words.ts';
import type { Plan } from './plan.ts';
import { type SaidAnswer, saidOf } from './said.ts';
import { clientText, type LoginClient } from './world.ts';

/** What a plan promises each login: how the server answers after the statements and the change. Pure. */

export interface PlanPromise {
  /** As `clientText` says it. */
  readonly client: string;
  /** null = the client was seen, and not with which login name. */
  readonly user: string | null;
  /** Never unknown. */
  readonly promised: SaidAnswer;
}

/** The promises of a plan that was made earlier. */
export interface Promises {
  readonly server: string;
  /** As it was typed; `readChange` reads it. */
  readonly change: string;
  readonly promises: readonly PlanPromise[];
  /** Logins without a promise: their answers were not known, or there was no room. */
  readonly unpromised: number;
}

/** Who is concerned most comes first. */
export function promisesOf({ rows }: Pick<Plan, 'rows'>): readonly PlanPromise[] {
  return worstFirst(rows).flatMap(({ login: { client, user }, promised }) =>
    promised.outcome === 'unknown'
      ? []
      : [{ client: clientText(client), user, promised: saidOf(promised) }],
  );
}

/** Reverses `clientText`. */
export function readClientText(text: string): LoginClient {
  if (text === 'localhost') return { kind: 'socket' };
  const address = parseAddress(text);
  return address === null ? { kind: 'name', name: text } : { kind: 'address', address };
}
