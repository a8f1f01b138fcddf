/** Where one is: the conversation, the tab, the thread beside; and up to where each was read. */
import { useCallback, useEffect, useState } from 'react';
import type { Seen } from '../shape.ts';
import type { Tab } from './home.tsx';
import { newestIn } from './timeline.ts';

export interface Place {
  /** '' = there is none yet. */
  readonly channel: string;
  readonly tab: Tab;
  /** The ts of the open thread's root; null = no thread is open. */
  readonly thread: string | null;
  /** The conversations in which something stands that was not looked at. */
  readonly fresh: ReadonlySet<string>;
  readonly go: (channel: string) => void;
  readonly choose: (tab: Tab) => void;
  readonly openThread: (ts: string | null) => void;
  /** To a message, wherever it stands. */
  readonly visit: (channel: string, ts: string, threadTs: string | null) => void;
}

export function usePlace(seen: Seen | null): Place {
  const [wanted, setWanted] = useState('');
  const [tab, choose] = useState<Tab>('home');
  const [thread, openThread] = useState<string | null>(null);
  const [read, setRead] = useState<ReadonlyMap<string, string>>(new Map());
  const conversations = seen?.conversations ?? [];
  const here = conversations.find(({ id }) => id === wanted) ?? conversations[0];
  const channel = here?.id ?? '';
  // An app's Home stands before its messages.
  const isReading = here?.kind === 'channel' || tab === 'messages';
  const newest = newestIn(seen?.shown ?? [], channel);
  useEffect(() => {
    if (isReading) setRead((before) => new Map(before).set(channel, newest));
  }, [channel, newest, isReading]);
  const isFresh = (id: string) => newestIn(seen?.shown ?? [], id) > (read.get(id) ?? '');
  const fresh = new Set(conversations.map(({ id }) => id).filter(isFresh));
  const go = useCallback((to: string) => {
    setWanted(to);
    choose('home');
    openThread(null);
  }, []);
  const visit = useCallback((to: string, ts: string, threadTs: string | null) => {
    setWanted(to);
    choose('messages');
    openThread(threadTs === ts ? null : threadTs);
    // Drawn first, then looked for.
    setTimeout(() => reveal(ts), 50);
  }, []);
  return { channel, tab, thread, fresh, go, choose, openThread, visit };
}

function reveal(ts: string): void {
  const message = document.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`);
  message?.scrollIntoView({ block: 'center' });
  message?.focus();
}
