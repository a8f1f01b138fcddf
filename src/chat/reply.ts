import { type Message, type Spans, sentence } from './message.ts';

/** One answer, the same for Slack, a terminal and a script. */
export interface Reply {
  readonly messages: readonly Message[];
  /** What `--json` prints, one object per line. */
  readonly rows: readonly object[];
  readonly exit: ExitCode;
  /** Whether everyone in the channel may read it; otherwise only the caller. */
  readonly isPublic: boolean;
  /** Messages that have no object in `rows`: refusals, and what did not answer. */
  readonly faults?: readonly Message[];
  /** Sent beside the messages where the platform has files; a terminal shows none. */
  readonly files?: readonly ReplyFile[];
  /** A terminal prints this text as it is, and no message. */
  readonly verbatim?: string;
  /** The caller is a bot. */
  readonly nobodyReads?: true;
  /** In a refusal: the word that was probably mistyped. command.ts adds the corrected line. */
  readonly didYouMean?: DidYouMean;
}

export interface ReplyFile {
  /** `audit-main.csv`. */
  readonly name: string;
  readonly text: string;
  /** What it contains, in a sentence. */
  readonly says: string;
}

/** 0 done, 1 a client is kept out, 2 invalid input, 3 something needed did not answer. */
export type ExitCode = 0 | 1 | 2 | 3;

/** A word of the line, and the word that was probably meant. */
export interface DidYouMean {
  readonly word: string;
  /** null = no known word is near. */
  readonly instead: string | null;
}

/** A private answer in one message. */
export function answer(message: Message, rows: readonly object[] = [], exit: ExitCode = 0): Reply {
  const isFault = rows.length === 0 && exit >= 2;
  return {
    messages: [message],
    rows,
    exit,
    isPublic: false,
    ...(isFault && { faults: [message] }),
  };
}

/** A refusal or a fault in one line. */
export function refuse(
  says: string | Spans,
  exit: ExitCode = 2,
  didYouMean: DidYouMean | null = null,
): Reply {
  const refused = answer(sentence(says), [], exit);
  return didYouMean === null ? refused : { ...refused, didYouMean };
}

/** Whether a reader returned a refusal instead of a value. */
export function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'messages' in value;
}

/** Several answers as one private reply. */
export function joinReplies(replies: readonly Reply[]): Reply {
  const [only, ...others] = replies;
  if (only !== undefined && others.length === 0) return only;
  const faults = replies.flatMap((reply) => reply.faults ?? []);
  const files = replies.flatMap((reply) => reply.files ?? []);
  return {
    messages: replies.flatMap(({ messages }) => messages),
    rows: replies.flatMap(({ rows }) => rows),
    exit: worst(replies.map(({ exit }) => exit)),
    isPublic: false,
    ...(faults.length > 0 && { faults }),
    ...(files.length > 0 && { files }),
  };
}

/** The exit code that takes precedence: 2, then 3, then 1, then 0. */
function worst(exits: readonly ExitCode[]): ExitCode {
  const order: readonly ExitCode[] = [2, 3, 1];
  return order.find((exit) => exits.includes(exit)) ?? 0;
}
