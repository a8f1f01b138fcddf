// The app's place: its Home tab and its direct messages.
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
  /** There are new direct messages. */
  readonly isFresh: boolean;
  /** The direct messages. */
  readonly children: ReactNode;
}

export function AppPlace({ tab, choose, home, isFresh, children }: AppPlaceProps) {
  return (
    <>
      <fieldset className="tabs">
        <legend className="unseen">Tabs of hostcache</legend>
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
    // The app gets an event each time its Home is opened.
    void send({ kind: 'home' });
  }, [send]);
  const press: Press = async (pressed) => {
    if (home !== null)
      await send({ kind: 'click', place: { kind: 'view', id: home.id }, ...pressed });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll only the focused element
    <section className="home" tabIndex={0} aria-label="Home of hostcache">
      {home === null ? (
        <p className="faint">hostcache has not published a Home for you yet.</p>
      ) : (
        <Blocks blocks={home.blocks} press={press} />
      )}
    </section>
  );
}
