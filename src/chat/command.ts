import type { Caller } from './caller.ts';
import { type Choice, choose, surfaceOf, withCorrection } from './choose.ts';
import type { Guard } from './guard.ts';
import type { Log } from './log.ts';
import { isReply, type Reply, refuse } from './reply.ts';
import type { Ask, Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { shorten, splitWords } from './words.ts';

/** A command line is read once and finds its subcommand; whatever that throws ends here, told in one plain line. */

/** A line that was read. */
export interface Command {
  /** What it still lacks, told at once; empty: it is complete, or no subcommand's. */
  readonly asks: readonly Ask[];
  /** Never rejects. */
  readonly run: () => Promise<Reply>;
}

/** Words of a terminal, already split by its shell. */
export interface TerminalRequest {
  /** The subcommand first; a client alone is `why`. */
  readonly words: readonly string[];
  /** What was read from a file or standard input, in place of the words after the subcommand. */
  readonly text?: string;
  readonly options: Request['options'];
}

/** The port through which everything outside asks. Never rejects. */
export interface Commands {
  /** A line as somebody typed it after `/hostcache`, or as a button holds it. */
  read(line: string, caller: Caller): Command;
  /** Why this person may not use the bot, asked before a form is shown to them; null = they may. */
  refusal(caller: Caller): Promise<Reply | null>;
  runWords(request: TerminalRequest): Promise<Reply>;
}

export function createCommands<Parts>(commands: {
  readonly subcommands: readonly Subcommand<Parts>[];
  /** What the subcommands work with. */
  readonly parts: Parts;
  /** Stands before every line of a person, typed or clicked; null = only a terminal asks here. */
  readonly guard: Guard | null;
  readonly log: Log;
}): Commands {
  const { subcommands, parts, log, guard } = commands;

  function read(line: string, caller: Caller): Command {
    const words = splitWords(line);
    const choice = choose(words, subcommands, surfaceOf(caller));
    if (isReply(choice)) return { asks: [], run: () => guarded(caller, async () => choice) };
    const { subcommand, args } = choice;
    const isNamed = args.length < words.length;
    const text = isNamed ? line.trim().replace(/^\S+\s*/, '') : line.trim();
    const request: Request = { words: args, line: text, options: {}, caller };
    return {
      asks: asksOf(subcommand, request),
      run: () => guarded(caller, () => answerOf(choice, request)),
    };
  }

  function asksOf(subcommand: Subcommand<Parts>, request: Request): readonly Ask[] {
    try {
      return subcommand.asks?.(request, parts) ?? [];
    } catch (error) {
      // The line then runs as it stands, and its subcommand says what it lacks.
      log.error('a subcommand failed', { subcommand: subcommand.name, error });
      return [];
    }
  }

  async function answerOf(choice: Choice, request: Request): Promise<Reply> {
    const { subcommand } = choice;
    try {
      const reply = notTaken(subcommand, request) ?? (await subcommand.run(request, parts));
      if (reply.didYouMean === undefined) return reply;
      return withCorrection(reply, choice, subcommands, surfaceOf(request.caller));
    } catch (error) {
      return faulty(subcommand.name, error);
    }
  }

  async function guarded(caller: Caller, run: () => Promise<Reply>): Promise<Reply> {
    return (await refusal(caller)) ?? (await run());
  }

  async function refusal(caller: Caller): Promise<Reply | null> {
    if (caller.kind === 'terminal') return null;
    try {
      if (guard === null) throw new Error('a person asked where only a terminal can');
      return await guard(caller.user);
    } catch (error) {
      return faulty('guard', error);
    }
  }

  function faulty(subcommand: string, error: unknown): Reply {
    // What cannot be read, such as the state, is the answer.
    if (isUnreadable(error)) return refuse(error.message, 3);
    log.error('a subcommand failed', { subcommand, error });
    return refuse('Internal error. Details are in the log.', 3);
  }

  return {
    read,
    refusal,
    runWords: async ({ words, text, options }) => {
      const choice = choose(words, subcommands, 'terminal');
      if (isReply(choice)) return choice;
      const { args } = choice;
      const line = text ?? args.join(' ');
      return answerOf(choice, { words: args, line, options, caller: { kind: 'terminal' } });
    },
  };
}

/** What its usage does not show is refused, not passed over; null = nothing is. */
function notTaken({ name, usage, options = [] }: Subcommand, request: Request): Reply | null {
  const { words, options: given } = request;
  const others = Object.keys(given).filter((option) => !options.some((each) => each === option));
  if (others.length > 0) {
    return refuse(`${name} takes no ${others.map((option) => `--${option}`).join(' and no ')}.`);
  }
  if (usage !== name || words.length === 0) return null;
  return refuse(`${name} takes no words, got "${shorten(words.join(' '))}".`);
}
