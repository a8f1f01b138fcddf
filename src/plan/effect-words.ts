import type { Effect, PlanRow } from './effects.ts';
import { clientText, type Login } from './world.ts';

/** Effects and logins in words, and who comes first. */

export const EFFECTS: readonly Effect[] = [
  'loses',
  'changes-account',
  'unknown',
  'gains',
  'keeps',
  'stays-out',
];

export const SAID: Readonly<Record<Effect, string>> = {
  loses: 'loses access',
  'changes-account': 'changes account',
  unknown: 'not known',
  gains: 'gains access',
  keeps: 'keeps its account',
  'stays-out': 'stays out',
};

export function worstFirst<Row extends Pick<PlanRow, 'effect'>>(
  rows: readonly Row[],
): readonly Row[] {
  return [...rows].sort((a, b) => EFFECTS.indexOf(a.effect) - EFFECTS.indexOf(b.effect));
}

export function sayLogin({ user, client }: Login): string {
  return sayLoginAt(user, clientText(client));
}

/** `shop at 10.0.0.7`; `client` as `clientText` says it. */
export function sayLoginAt(user: string | null, client: string): string {
  return user === null ? client : `${user || "''"} at ${client}`;
}
