import type { Caller } from './caller.ts';
import { choose, type Found, surfaceOf } from './choose.ts';
import { suggest, withCorrection } from './did-you-mean.ts';
import type { Guard } from './guard.ts';
import type { Surface } from './help.ts';
import { createHelp, type ReadExamples } from './help-command.ts';
import type { Log } from './log.ts';
import { type Reply, refuse } from './reply.ts';
import type { Ask, Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { shorten, splitWords } from './words.ts';

/** A command line finds its subcommand; whatever that throws ends here, told in one plain line. */

/** Words of a terminal, already split by its shell. */
export interface TerminalRequest {
  /** The subcommand first; a client alone is `why`. */
  readonly words: readonly string[];
  /** What was read from a file or standard input, in place of the words after the subcommand. */
  readonly line?: string;
  readonly options: Request['options'];
}

/** The port through which everything outside asks. Never rejects. */
export interface Commands {
  /** A line as somebody typed it after `/hostcache`, or as a button holds it. */
  run(line: string, caller: Caller): Promise<Reply>;
  /** What such a line still lacks, told at once; empty: it is complete, or no subcommand's. */
  asks(line: string, caller: Caller): readonly Ask[];
  /** Why this person may not use the bot, asked before a form is shown to them; null = they may. */
  refusal(caller: Caller): Promise<Reply | null>;
  runWords(request: TerminalRequest): Promise<Reply>;
  /** The subcommand that these words would run; null = none. */
  chosen(words: readonly string[], surface: Surface): string | null;
}

export function createCommands<Parts>(commands: {
  readonly subcommands: readonly Subcommand<Parts>[];
  /** What the subcommands work with. */
  readonly parts: Parts;
  /** Stands before every line of a person, typed or clicked; null = only a terminal asks here. */
  readonly guard: Guard | null;
  /** What help makes its examples of; left out: of nothing. */
  readonly examples?: ReadExamples;
  readonly log: Log;
}): Commands {
  const { parts, log, guard, examples = async () => ({ servers: [], client: null }) } = commands;
  const subcommands: Subcommand<Parts>[] = [...commands.subcommands];
  subcommands.push(createHelp(subcommands, examples));

  async function dispatch(words: readonly string[], request: Request): Promise<Reply> {
    const surface = surfaceOf(request.caller);
    const found = choose(words, subcommands, surface);
    if (found.kind === 'refused') {
      return suggest(found.spans, found.instead, subcommands, surface);
    }
    const { subcommand } = found;
    const asked = askedOf(found, words, request);
    try {
      const reply = notTaken(subcommand, asked) ?? (await subcommand.run(asked, parts));
      return withCorrection(reply, { subcommand, words: asked.words }, subcommands, surface);
    } catch (error) {
      return faulty(subcommand.name, error);
    }
  }

  function asks(line: string, caller: Caller): readonly Ask[] {
    const words = splitWords(line);
    const found = choose(words, subcommands, surfaceOf(caller));
    if (found.kind === 'refused') return [];
    const { subcommand } = found;
    try {
      return subcommand.asks?.(askedOf(found, words, requestOf(line, caller)), parts) ?? [];
    } catch (error) {
      // The line then runs as it stands, and its subcommand says what it lacks.
      log.error('a subcommand failed', { subcommand: subcommand.name, error });
      return [];
    }
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
    return refuse('hostcache met a fault of its own; the log has it.', 3);
  }

  return {
    run: async (line, caller) => {
      const refused = await refusal(caller);
      return refused ?? (await dispatch(splitWords(line), requestOf(line, caller)));
    },
    asks,
    refusal,
    runWords: ({ words, line, options }) => {
      const caller: Caller = { kind: 'terminal' };
      if (line === undefined) {
        return dispatch(words, { words: [], line: words.join(' '), options, caller });
      }
      // What was read stands where it would have been pasted, behind the subcommand.
      return dispatch(words, { words: [], line: `${words[0] ?? ''} ${line}`, options, caller });
    },
    chosen: (words, surface) => {
      const found = choose(words, subcommands, surface);
      return found.kind === 'found' ? found.subcommand.name : null;
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

/** A line in chat, before its subcommand is known. */
function requestOf(line: string, caller: Caller): Request {
  return { words: [], line: line.trim(), options: {}, caller };
}

/** The request as the chosen subcommand sees it: without its own name. */
function askedOf({ isNamed }: Found, words: readonly string[], request: Request): Request {
  return isNamed
    ? { ...request, words: words.slice(1), line: request.line.replace(/^\s*\S+\s*/, '') }
    : { ...request, words };
}
