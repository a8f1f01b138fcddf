import type { Message } from '../../src/chat/message.ts';
import type { Chat, Delivery, Search, Undelivered } from '../../src/outbox/chat.ts';

/** The fault of the next call in its channel; a `find` counts as a call. */
export type ChatFault =
  | { readonly kind: 'rate-limited'; readonly retryAfterMs: number }
  | { readonly kind: 'unsent' }
  /** No answer; `isTaken` = it was posted nevertheless. */
  | { readonly kind: 'ambiguous'; readonly isTaken: boolean }
  /** Default cause: `content`. */
  | { readonly kind: 'refused'; readonly cause?: Cause }
  /** Answers after this time. */
  | { readonly kind: 'slow'; readonly ms: number };

export interface SaidMessage {
  readonly ts: string;
  readonly channel: string;
  readonly thread: string | null;
  readonly key: string;
  readonly saidAt: Date;
  /** The latest content after edits; null = a file. */
  message: Message | null;
  readonly isBroadcast: boolean;
}

export interface FakeChat extends Chat {
  readonly said: readonly SaidMessage[];
  /** Every call, also those with faults: `post 1`, `find 1`. */
  readonly calls: readonly string[];
  /** Gives the next calls in that channel these faults, one each. */
  fail(channel: string, ...faults: readonly ChatFault[]): void;
}

export interface FakeChatOptions {
  readonly now: () => Date;
  /** Whether the bot may read messages in its channels. */
  readonly canFind?: boolean;
}

type Cause = Extract<Undelivered, { kind: 'refused' }>['cause'];

/** A chat platform in memory. Like the port, it never rejects. */
export function createFakeChat({ now, canFind = true }: FakeChatOptions): FakeChat {
  const said: SaidMessage[] = [];
  const calls: string[] = [];
  const faults = new Map<string, ChatFault[]>();

  async function deliver(channel: string, take: () => string | null): Promise<Delivery> {
    const fault = faults.get(channel)?.shift();
    if (fault?.kind === 'rate-limited') return retry('rate-limited', fault.retryAfterMs);
    if (fault?.kind === 'unsent') return retry('out of reach');
    if (fault?.kind === 'refused') return refused('not in the channel', fault.cause);
    if (fault?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, fault.ms));
    const isLost = fault?.kind === 'ambiguous';
    const ts = isLost && !fault.isTaken ? null : take();
    if (isLost) return perhaps('no answer');
    return ts === null ? refused('it is gone', 'gone') : { kind: 'sent', ts };
  }

  function say(one: Omit<SaidMessage, 'ts' | 'saidAt'>): string {
    const ts = `${said.length + 1}`;
    said.push({ ...one, ts, saidAt: now() });
    return ts;
  }

  return {
    said,
    calls,
    fail: (channel, ...more) => {
      faults.set(channel, [...(faults.get(channel) ?? []), ...more]);
    },
    post: (post) => {
      calls.push(`post ${post.key}`);
      return deliver(post.channel, () => say(post));
    },
    edit: ({ channel, ts, message }) => {
      calls.push(`edit ${ts}`);
      return deliver(channel, () => {
        const one = said.find((each) => each.channel === channel && each.ts === ts);
        if (one !== undefined) one.message = message;
        return one?.ts ?? null;
      });
    },
    upload: ({ channel, thread, key }) => {
      calls.push(`upload ${key}`);
      const file = { channel, thread, key, message: null, isBroadcast: false };
      return deliver(channel, () => say(file));
    },
    find: async (search) => {
      calls.push(`find ${search.key}`);
      if (!canFind) return refused('no scope');
      return unanswered(faults.get(search.channel)?.shift()) ?? look(said, search);
    },
  };
}

function look(said: readonly SaidMessage[], search: Search): Delivery | null {
  const { channel, thread, key, sinceAt } = search;
  const one = said.find(
    (each) =>
      each.channel === channel &&
      each.thread === thread &&
      each.key === key &&
      each.saidAt >= sinceAt,
  );
  return one === undefined ? null : { kind: 'sent', ts: one.ts };
}

/** null = no fault, so the `find` is answered. */
function unanswered(fault: ChatFault | undefined): Undelivered | null {
  switch (fault?.kind) {
    case undefined:
    case 'slow':
      return null;
    case 'rate-limited':
      return perhaps('rate-limited', fault.retryAfterMs);
    case 'unsent':
    case 'ambiguous':
      return perhaps('no answer');
    case 'refused':
      return refused('not in the channel');
  }
}

function retry(why: string, afterMs: number | null = null): Undelivered {
  return { kind: 'retry', why, mayBeSent: false, afterMs };
}

function perhaps(why: string, afterMs: number | null = null): Undelivered {
  return { kind: 'retry', why, mayBeSent: true, afterMs };
}

function refused(why: string, cause: Cause = 'content'): Undelivered {
  return { kind: 'refused', why, code: 'not_in_channel', cause };
}
