import type { Caller } from './caller.ts';
import type { Guard } from './guard.ts';
import { helpMessage, type Surface, subcommandHelp, typed } from './help.ts';
import type { Log } from './log.ts';
import { code, type Spans, text } from './message.ts';
import type { Ask, ExitCode, Reply, Request, Subcommand } from './subcommand.ts';
import { nearest, splitWords } from './words.ts';

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

export function createCommands(parts: {
  readonly subcommands: readonly Subcommand[];
  /** Stands before every line of a person, typed or clicked; null = only a terminal asks here. */
  readonly guard: Guard | null;
  readonly log: Log;
}): Commands {
  const { log, guard } = parts;
  const subcommands: Subcommand[] = [...parts.subcommands];
  subcommands.push(createHelp(subcommands));

  async function dispatch(words: readonly string[], request: Request): Promise<Reply> {
    const found = choose(words, subcommands, surfaceOf(request.caller));
    if (found.kind === 'refused') return plainReply(found.spans, 2);
    const { subcommand } = found;
    try {
      return await subcommand.run(askedOf(found, words, request));
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
      return subcommand.asks?.(askedOf(found, words, requestOf(line, caller))) ?? [];
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
    log.error('a subcommand failed', { subcommand, error });
    return plainReply(text('hostcache met a fault of its own; the log has it.'), 3);
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

/** A reply of one line, without buttons and rows. */
export function plainReply(spans: Spans, exit: ExitCode): Reply {
  const headline = spans.map((span) => ('text' in span ? span.text : '')).join('');
  const message = { headline, blocks: [{ kind: 'text', spans }] } as const;
  return { messages: [message], rows: [], exit, isPublic: false };
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

interface Found {
  readonly kind: 'found';
  readonly subcommand: Subcommand;
  /** The first word is its name, not a client. */
  readonly isNamed: boolean;
}

type Choice = Found | { readonly kind: 'refused'; readonly spans: Spans };

function choose(
  words: readonly string[],
  subcommands: readonly Subcommand[],
  surface: Surface,
): Choice {
  const first = words[0] ?? 'help';
  const named = find(first, subcommands, surface);
  if (named !== undefined) return { kind: 'found', subcommand: named, isNamed: true };
  const why = find('why', subcommands, surface);
  const wrong = misspelt(words, subcommands, surface);
  if (wrong !== null || why === undefined) {
    return { kind: 'refused', spans: wrong ?? unknownWord(first, subcommands, surface) };
  }
  return { kind: 'found', subcommand: why, isNamed: false };
}

/** What to say where the line is no client and no pasted error; null where it may be one. */
function misspelt(
  words: readonly string[],
  subcommands: readonly Subcommand[],
  surface: Surface,
): Spans | null {
  const first = words[0] ?? '';
  if (/[.:]/.test(first)) return null;
  const elsewhere = subcommands.find(({ name }) => name === first.toLowerCase());
  if (elsewhere !== undefined) return otherSurface(elsewhere, surface);
  const names = offered(subcommands, surface).map(({ name }) => name);
  const near = nearest(first, names);
  // A pasted error is a sentence; a mistyped subcommand stands before a few words.
  if (near !== null && words.length <= 6) {
    return text(code(first), ' is no subcommand. Did you mean ', code(typed(near, surface)), '?');
  }
  // Neither an address nor an error message does without a dot, a colon and a quote.
  return /[.:'"’‘“”]/.test(words.join(' ')) ? null : unknownWord(first, subcommands, surface);
}

function otherSurface(subcommand: Subcommand, surface: Surface): Spans {
  const there: Surface = surface === 'slack' ? 'terminal' : 'slack';
  const place = there === 'slack' ? 'Slack' : 'a terminal';
  return text(
    code(subcommand.name),
    ` works in ${place} only: `,
    code(typed(subcommand.usage, there)),
  );
}

function unknownWord(word: string, subcommands: readonly Subcommand[], surface: Surface): Spans {
  const names = offered(subcommands, surface).map(({ name }) => name);
  return text(
    code(word),
    ` is neither a client (an address, a host name with a dot) nor a subcommand: ${names.join(', ')}. See `,
    code(typed('help', surface)),
    '.',
  );
}

function createHelp(subcommands: readonly Subcommand[]): Subcommand {
  return {
    name: 'help',
    usage: 'help [<subcommand>]',
    summary: 'Says what can be typed here.',
    example: 'help',
    surfaces: ['slack', 'terminal'],
    run: async ({ words, caller }) => {
      const surface = surfaceOf(caller);
      const topic = words[0];
      if (topic === undefined) {
        const listed = offered(subcommands, surface);
        const rows = listed.map(({ name, usage, summary }) => ({ name, usage, summary }));
        return { messages: [helpMessage(listed, surface)], rows, exit: 0, isPublic: false };
      }
      const subcommand = find(topic, subcommands, surface);
      if (subcommand === undefined) {
        return plainReply(unknownWord(topic, subcommands, surface), 2);
      }
      const messages = [subcommandHelp(subcommand, surface)];
      return { messages, rows: [], exit: 0, isPublic: false };
    },
  };
}

function offered(subcommands: readonly Subcommand[], surface: Surface): readonly Subcommand[] {
  return subcommands.filter(({ surfaces }) => surfaces.includes(surface));
}

function find(
  word: string,
  subcommands: readonly Subcommand[],
  surface: Surface,
): Subcommand | undefined {
  return offered(subcommands, surface).find(({ name }) => name === word.toLowerCase());
}

function surfaceOf(caller: Caller): Surface {
  return caller.kind === 'terminal' ? 'terminal' : 'slack';
}
