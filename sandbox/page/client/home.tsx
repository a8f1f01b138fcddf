// The app's own place: its Home tab, and its direct messages.
import { type ReactNode, useEffect } from 'react';
import type { SeenView } from '../shape.ts';
import { useSend } from './act.ts';
import { Blocks } from './blocks.tsx';
import type { Press } from './elements.tsx';

export type Tab = 'home' | 'messages';

interface AppPlaceProps {
  readonly tab: Tab;
  readonly choose: (tab: Tab) => void;
  readonly home: SeenView | null;
  /** Its messages hold something new. */
  readonly isFresh: boolean;
  /** The direct messages. */
  readonly children: ReactNode;
}

export function AppPlace({ tab, choose, home, isFresh, children }: AppPlaceProps) {
  return (
    <>
      <fieldset className="tabs">
        <legend className="unseen">What to see of hostcache</legend>
        {(['home', 'messages'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={one === tab} onClick={() => choose(one)}>
            {one === 'home' ? 'Home' : 'Messages'}
            {one === 'messages' && isFresh && <span className="unread"> new</span>}
          </button>
        ))}
      </fieldset>
      {tab === 'home' ? <Home home={home} /> : children}
    </>
  );
}

function Home({ home }: { readonly home: SeenView | null }) {
  const send = useSend();
  useEffect(() => {
    // The app is told each time that its Home is opened.
    void send({ kind: 'home' });
  }, [send]);
  const press: Press = async (pressed) => {
    if (home !== null)
      await send({ kind: 'click', place: { kind: 'view', id: home.id }, ...pressed });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: only what has the focus can be scrolled by keys
    <section className="home" tabIndex={0} aria-label="Home of hostcache">
      {home === null ? (
        <p className="faint">hostcache has published no Home for you yet.</p>
      ) : (
        <Blocks blocks={home.blocks} press={press} />
      )}
    </section>
  );
}
