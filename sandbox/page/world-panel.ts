/** The world beside the workspace: its levers, what happened, the host cache as it changes; asks the world. */
import type { Attempt, World } from '../world.ts';
import { readHostCache } from './host-cache.ts';
import type { Client, HostCache, Incident } from './shape.ts';

export type Lever = 'mend' | 'break' | 'probe' | 'login';

/** A client and how it logs in. */
export interface ClientLogin extends Client {
  readonly password: string;
}

/** What a visitor has done with the levers so far, by address. */
export interface Pulled {
  readonly mended: ReadonlySet<string>;
  /** Whose last login was let in. */
  readonly admitted: ReadonlySet<string>;
}

export interface WorldPanel {
  /** From here on there is a server to look at. */
  open(world: World): void;
  /** The levers now move this client first. */
  offer(client: ClientLogin): void;
  happened(text: string): void;
  /** What comes of it is told as it happens. Rejects when there is no such client, or no server yet. */
  pull(lever: Lever, address: string): Promise<void>;
  readonly world: World | null;
  readonly clients: readonly Client[];
  readonly cache: HostCache;
  readonly incidents: readonly Incident[];
  readonly pulled: Pulled;
  /** Calls back after every change, and reads the host cache each second meanwhile; returns what stops it. */
  watch(listener: () => void): () => void;
}

const READ_EVERY_MS = 1000;

/** A health check that breaks off so often brings a host to the default of max_connect_errors. */
export const PROBES = 100;

const INCIDENTS_KEPT = 50;

interface Book {
  world: World | null;
  clients: readonly ClientLogin[];
  cache: HostCache;
  incidents: readonly Incident[];
  readonly mended: Set<string>;
  readonly admitted: Set<string>;
  readonly listeners: Set<() => void>;
  readonly now: () => Date;
  readonly tell: (text: string) => void;
}

/** `tell` hears everything that happens, as it happens. */
export function createWorldPanel(now: () => Date, tell: (text: string) => void): WorldPanel {
  const book: Book = {
    world: null,
    clients: [],
    cache: { kind: 'unread', why: 'The server is starting.' },
    incidents: [],
    mended: new Set(),
    admitted: new Set(),
    listeners: new Set(),
    now,
    tell,
  };
  return {
    ...createActs(book, createReader(book)),
    pulled: book,
    get world() {
      return book.world;
    },
    get clients() {
      // The password stays here.
      return book.clients.map(({ address, host, account }) => ({ address, host, account }));
    },
    get cache() {
      return book.cache;
    },
    get incidents() {
      return book.incidents;
    },
  };
}

type Acts = Pick<WorldPanel, 'open' | 'offer' | 'happened' | 'pull' | 'watch'>;

function createActs(book: Book, read: () => Promise<void>): Acts {
  return {
    open: (world) => {
      book.world = world;
      changed(book);
    },
    offer: (client) => {
      const others = book.clients.filter(({ address }) => address !== client.address);
      book.clients = [client, ...others];
      changed(book);
    },
    happened: (text) => note(book, text),
    pull: async (lever, address) => {
      const client = book.clients.find((one) => one.address === address);
      if (client === undefined || book.world === null) throw new Error(`no client ${address} yet`);
      note(book, await move(book, book.world, lever, client));
      await read();
    },
    watch: (listener) => watch(book, read, listener),
  };
}

async function move(book: Book, world: World, lever: Lever, client: ClientLogin): Promise<string> {
  const { address, host, account, password } = client;
  switch (lever) {
    case 'mend':
      world.dns.host(address, host);
      book.mended.add(address);
      return `DNS is fixed: ${address} is ${host}, both ways.`;
    case 'break':
      world.dns.ptr(address, 'NXDOMAIN');
      return `DNS is broken: ${address} has no PTR record.`;
    case 'probe':
      await world.breakHandshakeFrom(address, PROBES);
      return `A health check broke off ${PROBES} handshakes from ${address}.`;
    case 'login': {
      const attempt = await world.connectFrom(address, { user: account, password });
      book.admitted[attempt.outcome === 'admitted' ? 'add' : 'delete'](address);
      return `${account} connects from ${address}: ${sayAttempt(attempt)}`;
    }
  }
}

function sayAttempt(attempt: Attempt): string {
  switch (attempt.outcome) {
    case 'admitted':
      return `logged in as ${attempt.currentUser}.`;
    case 'error':
      return `ERROR ${attempt.code}: ${attempt.message}`;
    case 'closed':
      return `the connection closed (${attempt.reason}).`;
  }
}

/** Reads once at a time; whoever asks meanwhile gets the reading that is under way. */
function createReader(book: Book): () => Promise<void> {
  let underWay: Promise<void> | null = null;
  const read = async (world: World) => {
    const cache = await readHostCache(world);
    if (JSON.stringify(cache) === JSON.stringify(book.cache)) return;
    book.cache = cache;
    changed(book);
  };
  return async () => {
    if (book.world === null) return;
    underWay ??= read(book.world).finally(() => {
      underWay = null;
    });
    await underWay;
  };
}

function watch(book: Book, read: () => Promise<void>, listener: () => void): () => void {
  book.listeners.add(listener);
  const timer = setInterval(() => void read(), READ_EVERY_MS);
  timer.unref();
  void read();
  return () => {
    clearInterval(timer);
    book.listeners.delete(listener);
  };
}

function note(book: Book, text: string): void {
  const incident = { at: book.now().toISOString(), text };
  book.incidents = [...book.incidents, incident].slice(-INCIDENTS_KEPT);
  book.tell(text);
  changed(book);
}

function changed({ listeners }: Book): void {
  for (const listener of [...listeners]) listener();
}
