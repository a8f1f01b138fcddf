/** The panel beside the workspace: the levers, what happened, and the current host cache. Does I/O. */
import type { Attempt, World } from '../world.ts';
import { readHostCache } from './host-cache.ts';
import type { Client, HostCache, Incident } from './shape.ts';

export type Lever = 'fix' | 'break' | 'probe' | 'login';

/** A client and how it logs in. */
export interface ClientLogin extends Client {
  readonly password: string;
}

/** What a visitor has done with the levers so far, as sets of addresses. */
export interface Pulled {
  readonly fixed: ReadonlySet<string>;
  /** The addresses whose last login was admitted. */
  readonly admitted: ReadonlySet<string>;
}

export interface WorldPanel {
  /** Sets the server, once it is up. */
  open(world: World): void;
  /** Adds this client in front, or moves it there. */
  offer(client: ClientLogin): void;
  /** Adds a line to what is starting; null = all parts run. */
  starts(text: string | null): void;
  happened(text: string): void;
  /** Does it and reports the result as an incident. Rejects when the client is unknown or there is no server yet. */
  pull(lever: Lever, address: string): Promise<void>;
  readonly world: World | null;
  readonly clients: readonly Client[];
  readonly cache: HostCache;
  readonly incidents: readonly Incident[];
  readonly starting: readonly string[];
  readonly pulled: Pulled;
  /** Calls `listener` after every change, and reads the host cache every second. Returns a function that stops both. */
  watch(listener: () => void): () => void;
}

const READ_EVERY_MS = 1000;

/** MySQL's default of max_connect_errors: so many broken handshakes block a host. */
export const PROBES = 100;

const INCIDENTS_KEPT = 50;

interface Book {
  world: World | null;
  clients: readonly ClientLogin[];
  cache: HostCache;
  incidents: readonly Incident[];
  starting: readonly string[];
  readonly fixed: Set<string>;
  readonly admitted: Set<string>;
  readonly listeners: Set<() => void>;
  readonly now: () => Date;
  readonly tell: (text: string) => void;
}

/** `tell` is called with each incident. */
export function createWorldPanel(now: () => Date, tell: (text: string) => void): WorldPanel {
  const book: Book = {
    world: null,
    clients: [],
    cache: { kind: 'unread', why: 'The server is starting.' },
    incidents: [],
    starting: [],
    fixed: new Set(),
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
      // Without the password, which the page must not get.
      return book.clients.map(({ address, host, account }) => ({ address, host, account }));
    },
    get cache() {
      return book.cache;
    },
    get incidents() {
      return book.incidents;
    },
    get starting() {
      return book.starting;
    },
  };
}

type Acts = Pick<WorldPanel, 'open' | 'offer' | 'starts' | 'happened' | 'pull' | 'watch'>;

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
    starts: (text) => {
      book.starting = text === null ? [] : [...book.starting, text];
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
    case 'fix':
      world.dns.host(address, host);
      book.fixed.add(address);
      return `DNS is fixed: ${address} and ${host} resolve to each other.`;
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

/** Reads one at a time; a call during a read shares its result. */
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
