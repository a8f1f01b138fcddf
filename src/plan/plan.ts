import { answersIn } from './answers.ts';
import { type Change, makeChange } from './change.ts';
import { type Effect, type PromisedRow, rowsOf, type SeenLogin } from './effects.ts';
import type { Statement } from './statement.ts';
import { precautionsFor } from './statements.ts';
import type { World } from './world.ts';

/** What a change would do to every login that a server has seen, and how nobody loses by it. Pure. */

/** One server, as far as a plan depends on it. */
export interface Seen {
  readonly server: string;
  readonly world: World;
  readonly logins: readonly SeenLogin[];
  /**
   * Whether the server counts the logins of the past. Without them, only clients that are connected or
   * in the cache are known; `unreadable`: the reading account may not see them.
   */
  readonly memory: 'counted' | 'none' | 'unreadable';
  /** From when on the server remembers logins. */
  readonly since: Date;
  readonly readAt: Date;
  /** What is not known, in sentences. */
  readonly gaps: readonly string[];
}

export interface Plan extends Pick<Seen, 'server' | 'memory' | 'since' | 'readAt' | 'gaps'> {
  readonly change: Change;
  readonly world: World;
  readonly rows: readonly PromisedRow[];
  readonly statements: readonly Statement[];
}

/** A sentence: the change cannot be made. */
export function planOf(seen: Seen, change: Change): Plan | string {
  const { server, world, logins, memory, since, readAt, gaps } = seen;
  const after = makeChange(world, change);
  if (typeof after === 'string') return after;
  const rows = rowsOf(logins, answersIn(world), answersIn(after));
  const { statements, answers } = precautionsFor(world, change, rows);
  const promised = rows.map((row): PromisedRow => {
    const promised = answers === null ? row.after : answers(row.login);
    // A statement can open the host check for others.
    const isLetIn = row.effect === 'stays-out' && promised.outcome === 'admitted';
    return { ...row, effect: isLetIn ? 'gains' : row.effect, promised };
  });
  const renames = change.kind === 'rename' || statements.some(({ kind }) => kind === 'rename');
  const unsure = renames && world.settings.flavour === 'mariadb' ? [RENAMED] : [];
  return {
    ...{ server, change, world, rows: promised, statements, memory, since, readAt },
    gaps: [...gaps, ...unsure],
  };
}

/** Seen in 6 of 1,000 renames on 10.11.18 and 1 of 150 on 11.8.9: refused, or another account chosen. */
const RENAMED =
  'Run FLUSH PRIVILEGES after RENAME USER: until then MariaDB may not find the renamed account.';

export type Counts = Readonly<Record<Effect, number>>;

export function countEffects({ rows }: Pick<Plan, 'rows'>): Counts {
  const counts = {
    keeps: 0,
    loses: 0,
    gains: 0,
    'changes-account': 0,
    'stays-out': 0,
    unknown: 0,
  };
  for (const { effect } of rows) counts[effect] += 1;
  return counts;
}
