/** Where the visitor is (conversation, tab, thread), and up to where each conversation was read. */
import { useCallback, useEffect, useState } from 'react';
import type { Seen } from '../shape.ts';
import type { Tab } from './home.tsx';
import { newestIn } from './timeline.ts';

export interface Place {
  /** The id of the conversation; '' = there is none yet. */
  readonly channel: string;
  readonly tab: Tab;
  /** The ts of the open thread's root; null = no thread is open. */
  readonly thread: string | null;
  /** Ids of the conversations with unread messages. */
  readonly fresh: ReadonlySet<string>;
  readonly go: (channel: string) => void;
  readonly choose: (tab: Tab) => void;
  readonly openThread: (ts: string | null) => void;
  /** Goes to a message and focuses it. */
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
  // The Home tab hides the app's messages.
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
    // React draws the message first.
    setTimeout(() => reveal(ts), 50);
  }, []);
  return { channel, tab, thread, fresh, go, choose, openThread, visit };
}

function reveal(ts: string): void {
  const message = document.querySelector<HTMLElement>(`[data-ts="${CSS.escape(ts)}"]`);
  message?.scrollIntoView({ block: 'center' });
  message?.focus();
}
