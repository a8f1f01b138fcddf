/** What the server streams to one person, as it stands now; asks the world. */
import { useEffect, useState } from 'react';
import type { Seen, SeenWorld } from '../shape.ts';

export interface Feed {
  /** null = not told yet. */
  readonly seen: Seen | null;
  readonly world: SeenWorld | null;
  /** False: the sandbox does not answer; what is shown may be old. */
  readonly isLive: boolean;
}

/** `me`: whose; null = the first person's. */
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
