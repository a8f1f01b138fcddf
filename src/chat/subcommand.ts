import type { Caller } from './caller.ts';
import type { Reply } from './reply.ts';

export interface Request {
  /** The words after the subcommand, quotes taken off. */
  readonly words: readonly string[];
  /** The same as it was typed: a pasted error keeps its quotes here. */
  readonly line: string;
  /** Options of a terminal, where given: `--server`, `--user`. */
  readonly options: { readonly server?: string; readonly user?: string };
  readonly caller: Caller;
}

/** Something that a line still lacks: a person is asked for it, and the answer is appended, as one word. */
export interface Ask {
  readonly name: string;
  readonly label: string;
  /** Characters. */
  readonly max: number;
  readonly isOptional: boolean;
  /** Stands before the answer in the line: `for`. */
  readonly keyword?: string;
  /** Already filled in. */
  readonly initial?: string;
}

/**
 * What lies outside of the program: `plans` is what the settings say of sweeps and flushes, `all`
 * whatever is configured.
 */
export type Need = 'mysql' | 'state' | 'slack' | 'plans' | 'all';

/** What may be typed, and what answers; `Parts` are handed in by whoever runs it. */
export interface Subcommand<Parts = unknown> {
  readonly name: string;
  /** `why <client> [as <account name>] [on <server>|all] [publicly]`; the name alone: it takes no words. */
  readonly usage: string;
  readonly summary: string;
  /** A line to try, without `/hostcache`. */
  readonly example: string;
  readonly surfaces: readonly ('slack' | 'terminal')[];
  /** It uses nothing else of what is outside; a terminal reads, loads and opens no more. */
  readonly needs: readonly Need[];
  /** The options of a terminal that it reads; the others are refused. */
  readonly options?: readonly (keyof Request['options'])[];
  /** A click on such a line decides at once; a suggestion is then to be typed. */
  readonly clickDecides?: true;
  /** What this line still lacks, told at once; empty or absent: it is complete. Where nobody can be asked, `run` refuses. */
  asks?(request: Request, parts: Parts): readonly Ask[];
  run(request: Request, parts: Parts): Promise<Reply>;
}
