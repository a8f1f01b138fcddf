// The messages of a conversation or of a thread, and the box below them.
import { type ReactNode, type Ref, useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Seen, Shown } from '../shape.ts';
import { useSend } from './act.ts';
import { Composer, type ComposerHandle } from './composer.tsx';
import { Message } from './message.tsx';
import { repliesTo } from './timeline.ts';

interface ConversationProps {
  readonly seen: Seen;
  readonly messages: readonly Shown[];
  readonly channel: string;
  /** null = the conversation itself. */
  readonly threadTs: string | null;
  /** The name for labels: `#dba`, `this thread`. */
  readonly called: string;
  /** Opens the thread of a root; null = this is a thread. */
  readonly openThread: ((ts: string) => void) | null;
  readonly composer?: Ref<ComposerHandle>;
  /** The last failure, shown between the messages and the box. */
  readonly notice?: ReactNode;
}

export function Conversation(props: ConversationProps) {
  const { seen, messages, channel, threadTs, called, composer, notice } = props;
  const send = useSend();
  const { log, follow } = useScroll(messages, channel);
  const write = (text: string) => {
    // People want to see the answer to what they write.
    follow();
    void send({ kind: 'write', channel, text, threadTs });
  };
  return (
    <div className="conversation">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll only the focused element */}
      <div ref={log} className="log" role="log" aria-label={`Messages in ${called}`} tabIndex={0}>
        {messages.length === 0 && <p className="faint">There are no messages here yet.</p>}
        <ol>
          {messages.map((message) => (
            <OneMessage key={`${message.kind} ${message.id}`} {...props} message={message} />
          ))}
        </ol>
      </div>
      {notice}
      <Composer
        key={`${channel} ${threadTs}`}
        label={threadTs === null ? `Message ${called}` : 'Reply in this thread'}
        completions={seen.completions}
        hint={threadTs === null ? HINTS.channel : HINTS.thread}
        write={write}
        {...(composer !== undefined && { ref: composer })}
      />
    </div>
  );
}

const HINTS = {
  channel: 'Press Enter to send. Type / for commands; Tab completes them.',
  thread: 'Press Enter to send. Slack accepts no commands in threads: type @hostcache why …',
};

function OneMessage({
  message,
  seen,
  openThread,
}: ConversationProps & { readonly message: Shown }) {
  const canReply = openThread !== null && message.kind !== 'ephemeral';
  return (
    <li>
      <Message
        message={message}
        me={seen.me}
        shortcuts={seen.shortcuts}
        replies={canReply ? repliesTo(seen.shown, message) : null}
        openThread={canReply ? () => openThread(message.threadTs ?? message.ts) : null}
      />
    </li>
  );
}

/** A reader this close to the end still follows new messages. */
const NEAR_PX = 80;

/** Scrolls to new messages unless the reader has scrolled back; `follow` scrolls to the end again. */
function useScroll(messages: readonly Shown[], channel: string) {
  const log = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const last = useRef(channel);
  const keep = useCallback(() => {
    const { current } = log;
    if (current !== null && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, []);
  const follow = useCallback(() => {
    isAtEnd.current = true;
    keep();
  }, [keep]);
  useEffect(() => {
    const { current } = log;
    if (current === null) return undefined;
    const note = () => {
      const below = current.scrollHeight - current.scrollTop - current.clientHeight;
      isAtEnd.current = below < NEAR_PX;
    };
    const watcher = new ResizeObserver(keep);
    watcher.observe(current);
    current.addEventListener('scroll', note);
    return () => {
      watcher.disconnect();
      current.removeEventListener('scroll', note);
    };
  }, [keep]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a redrawn message may be longer
  useLayoutEffect(() => {
    if (last.current !== channel) isAtEnd.current = true;
    last.current = channel;
    keep();
  }, [messages, channel, keep]);
  return { log, follow };
}
