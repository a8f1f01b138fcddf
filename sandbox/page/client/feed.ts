/** The latest state that the server has streamed to one person. Does I/O. */
import { useEffect, useState } from 'react';
import type { Seen, SeenWorld } from '../shape.ts';

export interface Feed {
  /** null = not received yet. */
  readonly seen: Seen | null;
  readonly world: SeenWorld | null;
  /** False = the connection is lost, so the page may show an old state. */
  readonly isLive: boolean;
}

/** `me` is a user id; null = the first person. */
export function useFeed(me: string | null): Feed {
  const [feed, setFeed] = useState<Feed>({ seen: null, world: null, isLive: true });
  useEffect(() => {
    const query = me === null ? '' : `?as=${encodeURIComponent(me)}`;
    const events = new EventSource(`/events${query}`);
    const take = (part: 'seen' | 'world') => (event: MessageEvent<string>) =>
      setFeed((before) => ({ ...before, [part]: JSON.parse(event.data), isLive: true }));
    events.addEventListener('workspace', take('seen'));
    events.addEventListener('world', take('world'));
    events.addEventListener('error', () => setFeed((before) => ({ ...before, isLive: false })));
    return () => events.close();
  }, [me]);
  return feed;
}
