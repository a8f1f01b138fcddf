/** Server-Sent Events: what one person sees, and the world beside, whenever one of them changes. */
import type { ServerResponse } from 'node:http';

export interface Source {
  /** The event's name. */
  readonly name: string;
  /** What is there now. */
  read(): unknown;
  /** Calls back after every change; returns what stops it. */
  watch(listener: () => void): () => void;
}

/** Changes come in flocks; this much is waited for the rest of one. */
const GATHER_MS = 30;

/** So that a connection that is gone is noticed. */
const BEAT_MS = 15_000;

/** Sends the whole of each source at once, then again after each change, until the reader leaves. */
export function stream(response: ServerResponse, sources: readonly Source[]): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const stops = sources.map((source) => follow(response, source));
  const beat = setInterval(() => response.write(':\n\n'), BEAT_MS);
  beat.unref();
  response.once('close', () => {
    clearInterval(beat);
    for (const stop of stops) stop();
  });
}

function follow(response: ServerResponse, source: Source): () => void {
  let last = '';
  let timer: NodeJS.Timeout | null = null;
  const send = () => {
    timer = null;
    const now = JSON.stringify(source.read());
    if (now === last) return;
    last = now;
    response.write(`event: ${source.name}\ndata: ${now}\n\n`);
  };
  send();
  const unwatch = source.watch(() => {
    timer ??= setTimeout(send, GATHER_MS);
  });
  return () => {
    unwatch();
    if (timer !== null) clearTimeout(timer);
  };
}
