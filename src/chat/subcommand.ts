import type { Block } from './message.ts';
import type { Reply } from './reply.ts';

/** Who sent a line, and where the answer goes. */
export type Caller =
  | { readonly kind: 'terminal' }
  | {
      readonly kind: 'person';
      readonly user: string;
      readonly channel: string;
      /** The root message of the thread that the click was in; null = the channel itself. */
      readonly thread: string | null;
      /** A button was clicked; absent = a line was typed. */
      readonly isClick?: true;
      /** When the clicked private message was written; absent = the message is not private. */
      readonly shownAt?: Date;
      /** A unique id of this click, line or form; a second request with the same id is a replay. */
      readonly occasion?: string;
    };

/** What a person asks a subcommand. */
export interface Request {
  /** The words after the subcommand, without their quotes. */
  readonly words: readonly string[];
  /** The same text as typed, with quotes, which a pasted error needs. */
  readonly line: string;
  /** The terminal options that were given: `--server`, `--user`. */
  readonly options: { readonly server?: string; readonly user?: string };
  readonly caller: Caller;
}

/** Something that a line is missing. A person is asked for it, and the answer is appended as one word. */
export interface Ask {
  readonly name: string;
  readonly label: string;
  /** Characters. */
  readonly max: number;
  readonly isOptional: boolean;
  /** The word before the answer in the line: `for`. */
  readonly keyword?: string;
  /** The answer that the form starts with. */
  readonly initial?: string;
  /** What is wrong with an answer, in a sentence; null = nothing. Absent = any text is right. */
  readonly fault?: (answer: string) => string | null;
}

/** What the form for the missing parts of a line says: what the line will do, and for whom. */
export interface Form {
  /** `Request a flush`; 24 characters fit. */
  readonly title: string;
  /** The button that runs the line: `Request flush`; 24 characters fit. */
  readonly submit: string;
  /** Shown above the fields. The form does not wait long for it. */
  readonly blocks: () => Promise<readonly Block[]>;
}

/**
 * What a subcommand needs from outside the program. `plans` = the settings for sweeps and flushes,
 * `all` = everything that is configured.
 */
export type Need = 'mysql' | 'state' | 'slack' | 'plans' | 'all';

/** Where a line can be typed. */
export type Surface = 'slack' | 'terminal';

/** What can be typed, and what answers it. The caller passes the `Parts` that it needs. */
export interface Subcommand<Parts = unknown> {
  readonly name: string;
  /** `why <client> [as <account name>] [on <server>|all] [publicly]`; only the name = it takes no words. */
  readonly usage: string;
  readonly summary: string;
  /** A line to try, without `/hostcache`. */
  readonly example: string;
  readonly surfaces: readonly Surface[];
  /** All that it needs from outside. A terminal reads, loads and opens nothing else. */
  readonly needs: readonly Need[];
  /** The terminal options that it reads; others are refused. */
  readonly options?: readonly (keyof Request['options'])[];
  /** What exit codes 0 and 1 mean; absent = it never ends with 1. */
  readonly exits?: readonly [string, string];
  /** Its answer is a text for another program, without options for how it looks. */
  readonly isVerbatim?: true;
  /** Words that completion offers beside those in the usage. */
  readonly completes?: readonly string[];
  /**
   * Everybody in the thread may read its answer to a mention of the bot; absent = only the person who
   * asks, as for a typed line.
   */
  readonly isForAll?: true;
  /** A click on such a line decides at once, so a suggestion of it has no button. */
  readonly clickDecides?: true;
  /**
   * It changes something, so the same click, line or form has at most one effect. The word completes
   * "Nothing was …", which people are told if the state does not answer.
   */
  readonly changes?: string;
  /** What the line is missing; empty or absent = nothing. If no form can be shown, `run` refuses. */
  asks?(request: Request, parts: Parts): readonly Ask[];
  /** What the form says that asks for the rest; absent = only the line. */
  form?(request: Request, parts: Parts): Form;
  /** Whether it can read the line; absent = any line. It asks nobody. */
  understands?(request: Request, parts: Parts): boolean;
  /** Why the line will never run, whatever is added; null = it may. Checked before a form is shown. */
  refusal?(request: Request, parts: Parts): Promise<Reply | null>;
  /** Keeps a record of a person whom the guard refused, in the background. */
  refused?(request: Request, reply: Reply, parts: Parts): void;
  run(request: Request, parts: Parts): Promise<Reply>;
  /**
   * The answer to a request that arrives again, if it changes something. It changes nothing. null or
   * absent = only that it is not repeated.
   */
  repeated?(request: Request, parts: Parts): Promise<Reply | null>;
}

/** The line as typed on this surface: `/hostcache why …`, `hostcache why …`. */
export function typed(line: string, surface: Surface): string {
  return `${surface === 'slack' ? '/hostcache' : 'hostcache'} ${line}`;
}

/** Its usage on that surface: nobody but the person who asks reads a terminal, so nothing is `publicly`. */
export function usageOn({ usage }: Subcommand, surface: Surface): string {
  return surface === 'slack' ? usage : usage.replace(' [publicly]', '');
}
