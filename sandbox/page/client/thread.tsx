// The side panel of one thread. It takes the focus when it opens.
import { useEffect, useRef } from 'react';
import type { Seen } from '../shape.ts';
import { Conversation } from './conversation.tsx';
import { threadOf } from './timeline.ts';

interface ThreadProps {
  readonly seen: Seen;
  readonly channel: string;
  readonly ts: string;
  readonly close: () => void;
}

export function Thread({ seen, channel, ts, close }: ThreadProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    heading.current?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header>
        <h2 ref={heading} tabIndex={-1}>
          Thread
        </h2>
        <button type="button" className="cross" aria-label="Close thread" onClick={close}>
          ×
        </button>
      </header>
      <Conversation
        seen={seen}
        messages={threadOf(seen.shown, channel, ts)}
        channel={channel}
        threadTs={ts}
        called="this thread"
        openThread={null}
      />
    </aside>
  );
}
