// One message: its author, time, text, files, thread and menu.
import { useContext, useLayoutEffect, useRef } from 'react';
import type { Shown } from '../shape.ts';
import { useSend } from './act.ts';
import { Blocks } from './blocks.tsx';
import { LookupContext, Moment } from './drawn.tsx';
import type { Press } from './elements.tsx';
import { Files } from './files.tsx';
import { Menu } from './menu.tsx';

interface MessageProps {
  readonly message: Shown;
  readonly me: string;
  readonly shortcuts: readonly { readonly name: string; readonly callbackId: string }[];
  /** The label of the thread's button; null = no button. */
  readonly replies: string | null;
  /** Opens the thread; null = this is the open thread. */
  readonly openThread: (() => void) | null;
}

export function Message({ message, me, shortcuts, replies, openThread }: MessageProps) {
  const article = useKeptFocus();
  const { author, files, blocks, text, kind } = message;
  const isDeleted = kind === 'deleted';
  const { names } = useContext(LookupContext);
  const name = isDeleted ? 'Deleted message' : (names[author] ?? author);
  const press = usePress(message);
  return (
    <article
      ref={article}
      tabIndex={-1}
      className={`message ${kind}`}
      data-ts={message.ts}
      aria-label={`${name}${kind === 'ephemeral' ? ', only visible to you' : ''}`}
    >
      <Avatar message={message} name={name} />
      <div className="said">
        {kind === 'ephemeral' && <p className="private">Only visible to you</p>}
        {isDeleted ? (
          <p className="faint">This message was deleted.</p>
        ) : (
          <>
            <Byline message={message} name={name} openThread={openThread} />
            <Blocks blocks={blocks} text={text} press={press} />
          </>
        )}
        <Files files={files} me={me} />
        {replies !== null && openThread !== null && (
          <button type="button" className="replies" onClick={openThread}>
            {replies}
          </button>
        )}
      </div>
      {kind === 'message' && (
        <MessageMenu message={message} shortcuts={shortcuts} openThread={openThread} />
      )}
    </article>
  );
}

function Avatar({ message: { kind, isApp }, name }: Pick<BylineProps, 'message' | 'name'>) {
  const isDeleted = kind === 'deleted';
  const whose = isApp ? 'app' : `person-${name.charCodeAt(0) % 4}`;
  return (
    <span className={`avatar ${isDeleted ? 'gone' : whose}`} aria-hidden>
      {isDeleted ? '' : name.charAt(0).toUpperCase()}
    </span>
  );
}

function usePress(message: Shown): Press {
  const send = useSend();
  return async (pressed) => {
    const { kind, channel, ts, id } = message;
    const place = kind === 'ephemeral' ? { kind, id } : { kind: 'message', channel, ts };
    await send({ kind: 'click', place, ...pressed });
  };
}

function MessageMenu({
  message: { channel, ts },
  shortcuts,
  openThread,
}: Pick<MessageProps, 'message' | 'shortcuts' | 'openThread'>) {
  const send = useSend();
  const items = shortcuts.map(({ name, callbackId }) => ({
    label: name,
    choose: () => void send({ kind: 'shortcut', channel, ts, callbackId }),
  }));
  const reply = openThread === null ? [] : [{ label: 'Reply in thread', choose: openThread }];
  const drop = {
    label: 'Delete message',
    choose: () => void send({ kind: 'delete', channel, ts }),
  };
  return <Menu label="More actions" items={[...items, ...reply, drop]} />;
}

interface BylineProps {
  readonly message: Shown;
  readonly name: string;
  readonly openThread: (() => void) | null;
}

function Byline({ message, name, openThread }: BylineProps) {
  const { isApp, ts, isEdited, isBroadcast } = message;
  return (
    <p className="byline">
      <bdi className="author">{name}</bdi>
      {isApp && <span className="badge">APP</span>}
      <span className="when">
        <Moment at={new Date(Number(ts) * 1000)} />
        {isEdited && ' (edited)'}
      </span>
      {isBroadcast && openThread !== null && (
        <button type="button" className="link" onClick={openThread}>
          replied to a thread
        </button>
      )}
    </p>
  );
}

/** When an edit removes the focused button, its message gets the focus. */
function useKeptFocus() {
  const article = useRef<HTMLElement>(null);
  const wasInside = useRef(false);
  useLayoutEffect(() => {
    const { current } = article;
    if (current === null) return;
    const isInside = current.contains(document.activeElement);
    if (wasInside.current && !isInside && document.activeElement === document.body) current.focus();
    const note = () => {
      wasInside.current = current.contains(document.activeElement);
    };
    note();
    document.addEventListener('focusin', note);
    return () => document.removeEventListener('focusin', note);
  });
  return article;
}
