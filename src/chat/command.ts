import { type Choice, choose, surfaceOf, withCorrection } from './choose.ts';
import type { Guard } from './guard.ts';
import type { Log } from './log.ts';
import { type IsFirstOccasion, runOnce } from './once.ts';
import { isReply, type Reply, refuse } from './reply.ts';
import type { Ask, Caller, Form, Request, Subcommand } from './subcommand.ts';
import { isUnreadable } from './unreadable.ts';
import { shorten, splitWords } from './words.ts';

/** Reads a command line and runs its subcommand; an error becomes a reply of one line. */

/** A line that was read. */
export interface Command {
  /** What the line is missing; empty = it is complete, or it has no subcommand. */
  readonly asks: readonly Ask[];
  /** The form that asks for the rest. Its blocks never reject. */
  readonly form: () => Form;
  /** Whether the line starts with the name of a subcommand. */
  readonly isNamed: boolean;
  /** Whether everybody may read the answer to a mention of the bot. */
  readonly isForAll: boolean;
  /** Whether the subcommand can read the rest of the line, as far as the line alone says. */
  readonly isUnderstood: () => boolean;
  /** Why it will not run, whatever is added: the person may not, or the subcommand refuses. Never rejects. */
  readonly refusal: () => Promise<Reply | null>;
  /** Never rejects. */
  readonly run: () => Promise<Reply>;
}

/** The arguments of a terminal command, already split by the shell. */
export interface TerminalRequest extends Pick<Request, 'options'> {
  /** The subcommand and its words; a client alone means `why`. */
  readonly words: readonly string[];
  /** Text from a file or standard input, in place of the words after the subcommand. */
  readonly text?: string;
}

/** The port for every command from outside. Never rejects. */
export interface Commands {
  /** `line` is what a person typed after `/hostcache`, or the line of a button. */
  read(line: string, caller: Caller): Command;
  /** Why this person may not use the bot; null = they may. Checked before they see a form. */
  refusal(caller: Caller): Promise<Reply | null>;
  runWords(request: TerminalRequest): Promise<Reply>;
}

export function createCommands<Parts>(commands: {
  readonly subcommands: readonly Subcommand<Parts>[];
  /** What the subcommands need to run. */
  readonly parts: Parts;
  /** Checks a person before each line, typed or clicked; null = only a terminal can ask. */
  readonly guard: Guard | null;
  /** Absent = no subcommand changes anything. */
  readonly isFirstOccasion?: IsFirstOccasion;
  readonly log: Log;
}): Commands {
  const { subcommands, parts, log, guard, isFirstOccasion = notExpected } = commands;
  const menuFor = (caller: Caller) => ({ subcommands, surface: surfaceOf(caller) });

  function read(line: string, caller: Caller): Command {
    const words = splitWords(line);
    const choice = choose(words, menuFor(caller));
    if (isReply(choice)) {
      const run = () => guarded(caller, async () => choice);
      const unread = { isNamed: false, isForAll: true, isUnderstood: () => false };
      const form = () => plainForm('line');
      return { asks: [], form, ...unread, refusal: run, run };
    }
    const { subcommand, args } = choice;
    const isNamed = args.length < words.length;
    const text = isNamed ? line.trim().replace(/^\S+\s*/, '') : line.trim();
    const request: Request = { words: args, line: text, options: {}, caller };
    return {
      asks: asksOf(subcommand, request),
      form: () => formOf(subcommand, request),
      isNamed,
      isForAll: subcommand.isForAll === true,
      isUnderstood: () => subcommand.understands?.(request, parts) ?? true,
      refusal: async () => (await refusal(caller)) ?? (await refusalOf(subcommand, request)),
      run: () => guarded(caller, () => answerOf(choice, request)),
    };
  }

  async function refusalOf(subcommand: Subcommand<Parts>, request: Request) {
    try {
      return (await subcommand.refusal?.(request, parts)) ?? null;
    } catch (error) {
      return errorReply(subcommand.name, error);
    }
  }

  function asksOf(subcommand: Subcommand<Parts>, request: Request): readonly Ask[] {
    try {
      return subcommand.asks?.(request, parts) ?? [];
    } catch (error) {
      // The line then runs incomplete, and its subcommand says what is missing.
      log.error('a subcommand failed', { subcommand: subcommand.name, error });
      return [];
    }
  }

  function formOf(subcommand: Subcommand<Parts>, request: Request): Form {
    const { name } = subcommand;
    const plain = plainForm(name);
    try {
      const form = subcommand.form?.(request, parts) ?? plain;
      const failed = (error: unknown) => {
        log.error('a form says less', { subcommand: name, error });
        return [];
      };
      return { ...form, blocks: () => form.blocks().catch(failed) };
    } catch (error) {
      log.error('a form says less', { subcommand: name, error });
      return plain;
    }
  }

  async function answerOf(choice: Choice, request: Request): Promise<Reply> {
    const { subcommand } = choice;
    try {
      const reply =
        refuseExtra(subcommand, request) ??
        (await runOnce(subcommand, request, parts, isFirstOccasion));
      if (reply.didYouMean === undefined) return reply;
      return withCorrection(reply, choice, menuFor(request.caller));
    } catch (error) {
      return errorReply(subcommand.name, error);
    }
  }

  async function guarded(caller: Caller, run: () => Promise<Reply>): Promise<Reply> {
    return (await refusal(caller)) ?? (await run());
  }

  async function refusal(caller: Caller): Promise<Reply | null> {
    if (caller.kind === 'terminal') return null;
    try {
      if (guard === null) throw new Error('a person sent a line, but only a terminal can ask here');
      return await guard(caller.user);
    } catch (error) {
      return errorReply('guard', error);
    }
  }

  function errorReply(subcommand: string, error: unknown): Reply {
    // The message says what could not be read, such as the state.
    if (isUnreadable(error)) return refuse(error.message, 3);
    log.error('a subcommand failed', { subcommand, error });
    return refuse('Internal error. Details are in the log.', 3);
  }

  return {
    read,
    refusal,
    runWords: async ({ words, text, options }) => {
      const choice = choose(words, { subcommands, surface: 'terminal' });
      if (isReply(choice)) return choice;
      const { args } = choice;
      const line = text ?? args.join(' ');
      return answerOf(choice, { words: args, line, options, caller: { kind: 'terminal' } });
    },
  };
}

async function notExpected(): Promise<never> {
  throw new Error('a subcommand changes something, but nothing recognizes repeated requests');
}

/** The form of a subcommand that says nothing of its own. */
function plainForm(name: string): Form {
  return { title: `hostcache ${name}`, submit: 'Send', blocks: async () => [] };
}

/** The refusal of options and words that the usage does not show; null = there are none. */
function refuseExtra({ name, usage, options = [] }: Subcommand, request: Request): Reply | null {
  const { words, options: given } = request;
  const others = Object.keys(given).filter((option) => !options.some((each) => each === option));
  if (others.length > 0) {
    return refuse(`${name} takes no ${others.map((option) => `--${option}`).join(' and no ')}.`);
  }
  if (usage !== name || words.length === 0) return null;
  return refuse(`${name} takes no words, got "${shorten(words.join(' '))}".`);
}
