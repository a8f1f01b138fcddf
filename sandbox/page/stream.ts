/** Server-sent events: sends each source to one reader, and again after each change. */
import type { ServerResponse } from 'node:http';

export interface Source {
  /** The event's name. */
  readonly name: string;
  /** The current value. */
  read(): unknown;
  /** Calls `listener` after every change; returns a function that stops it. */
  watch(listener: () => void): () => void;
}

/** Changes come in bursts, so they are collected for this long. */
const GATHER_MS = 30;

/** How often a comment is sent, so that a lost connection is noticed. */
const BEAT_MS = 15_000;

/** Sends each whole source now and after each change, until the connection closes. */
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
