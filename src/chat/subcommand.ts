import type { Caller } from './caller.ts';
import { type Message, sentence } from './message.ts';

/** 0 well, 1 a client is kept out, 2 malformed wish, 3 something needed did not answer. */
export type ExitCode = 0 | 1 | 2 | 3;

/** One answer: the same for a person in Slack, a terminal and a script. */
export interface Reply {
  readonly messages: readonly Message[];
  /** What `--json` prints, one object a line. */
  readonly rows: readonly object[];
  readonly exit: ExitCode;
  /** Whether all in the channel may read it; else the caller alone. */
  readonly isPublic: boolean;
  /** Messages of parts that `--json` has no object for: what was refused, or did not answer. */
  readonly faults?: readonly Message[];
  /** In a refusal: the word that was likely mistyped; whoever knows the line offers it mended. */
  readonly meant?: Meant;
}

/** A word of the line, and what was likely meant by it. */
export interface Meant {
  readonly word: string;
  readonly instead: string;
}

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
  /** `why <client> [as <account name>] [on <server>|all] [publicly]`. */
  readonly usage: string;
  readonly summary: string;
  /** A line to try, without `/hostcache`. */
  readonly example: string;
  readonly surfaces: readonly ('slack' | 'terminal')[];
  /** It uses nothing else of what is outside; a terminal reads, loads and opens no more. */
  readonly needs: readonly Need[];
  /** A click on such a line decides at once; a suggestion is then to be typed. */
  readonly clickDecides?: true;
  /** What this line still lacks, told at once; empty or absent: it is complete. Where nobody can be asked, `run` refuses. */
  asks?(request: Request, parts: Parts): readonly Ask[];
  run(request: Request, parts: Parts): Promise<Reply>;
}

/** One of several answers that are given together, such as one for each server. */
export interface Part {
  readonly message: Message;
  readonly rows: readonly object[];
  readonly exit: ExitCode;
  readonly meant?: Meant;
}

/** The answers as one private reply. */
export function joinParts(parts: readonly Part[]): Reply {
  const [first, ...others] = parts;
  const meant = others.length === 0 ? first?.meant : undefined;
  const faulty = parts.filter(({ rows, exit }) => rows.length === 0 && exit >= 2);
  return {
    messages: parts.map(({ message }) => message),
    rows: parts.flatMap(({ rows }) => rows),
    exit: worst(parts.map(({ exit }) => exit)),
    isPublic: false,
    ...(faulty.length > 0 && { faults: faulty.map(({ message }) => message) }),
    ...(meant !== undefined && { meant }),
  };
}

/** A wish that cannot be granted, or a fault, in one line. */
export function refusal(says: string, exit: ExitCode, meant: Meant | null = null): Part {
  return { message: sentence(says), rows: [], exit, ...(meant !== null && { meant }) };
}

/** Why a subcommand that takes no words does not run; null = none came. An option of a terminal is words too. */
export function refusedWords(
  name: string,
  { words, options: { server, user } }: Pick<Request, 'words' | 'options'>,
): Part | null {
  const on = server === undefined ? [] : ['on', server];
  const as = user === undefined ? [] : ['as', user];
  const came = [...words, ...on, ...as];
  if (came.length === 0) return null;
  return refusal(`${name} takes no words, got "${came.join(' ')}".`, 2);
}

/** Of many answers the one that goes first: 2 before 3 before 1 before 0. */
export function worst(exits: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [2, 3, 1];
  return order.find((exit) => exits.includes(exit)) ?? 0;
}
