// The workspace as one person sees it: the sidebar, the conversation and the open thread.
import type { Ref } from 'react';
import type { Seen } from '../shape.ts';
import type { ComposerHandle } from './composer.tsx';
import { Conversation } from './conversation.tsx';
import { AppPlace } from './home.tsx';
import type { Place } from './place.ts';
import { Sidebar } from './sidebar.tsx';
import { Thread } from './thread.tsx';
import { timelineOf } from './timeline.ts';

interface WorkspaceProps {
  readonly seen: Seen;
  /** The id of the person to act as; `seen` follows shortly after a change. */
  readonly me: string;
  readonly place: Place;
  /** The last failure; null = none. */
  readonly notice: string | null;
  readonly composer: Ref<ComposerHandle>;
  readonly become: (person: string) => void;
}

export function Workspace(props: WorkspaceProps) {
  const { seen, me, place, become } = props;
  const { channel, thread, fresh, go, openThread } = place;
  return (
    <>
      <Sidebar {...{ seen, me, fresh, go, become }} current={channel} />
      <Main {...props} />
      {thread !== null && (
        <Thread key={thread} {...{ seen, channel }} ts={thread} close={() => openThread(null)} />
      )}
    </>
  );
}

function Main({ seen, place, notice, composer }: WorkspaceProps) {
  const { channel, tab, choose, fresh, openThread } = place;
  const here = seen.conversations.find(({ id }) => id === channel);
  if (here === undefined) return null;
  const called = here.kind === 'channel' ? `#${here.name}` : here.name;
  const conversation = (
    <Conversation
      {...{ seen, channel, called, openThread, composer }}
      messages={timelineOf(seen.shown, channel)}
      threadTs={null}
      notice={<Notice words={notice} />}
    />
  );
  return (
    <main className="place" id="conversation" tabIndex={-1}>
      <h2>
        <bdi>{called}</bdi>
      </h2>
      {here.kind === 'channel' ? (
        conversation
      ) : (
        <AppPlace key={seen.me} {...{ tab, choose }} home={seen.home} isFresh={fresh.has(channel)}>
          {conversation}
        </AppPlace>
      )}
    </main>
  );
}

/** Always in the page, so that screen readers announce its changes. */
function Notice({ words }: { readonly words: string | null }) {
  return (
    <div role="alert" className="notice">
      {words !== null && (
        <p>
          <bdi>{words}</bdi>
        </p>
      )}
    </div>
  );
}
