/** What the parent process and the agent inside the namespace say to each other. */
import type { Transport } from '../dns.ts';

export interface Login {
  /** `jdoe` when not given. */
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** TLS without checking the server's certificate. */
  readonly tls?: boolean;
  /** 10 s when not given. */
  readonly timeoutMs?: number;
}

/** What a client at that address got. */
export type Attempt =
  /** `currentUser` is the account, as CURRENT_USER() gives it; `user` is as USER(): the host that the server saw. */
  | { readonly outcome: 'admitted'; readonly currentUser: string; readonly user: string }
  /** The server's own error: 1130, 1129, 1045. */
  | { readonly outcome: 'error'; readonly code: number; readonly message: string }
  /** The connection ended without a word from the server; `reason` is the client's (ECONNREFUSED, ETIMEDOUT). */
  | { readonly outcome: 'closed'; readonly reason: string };

export type Greeting =
  | { readonly outcome: 'greeted' }
  | Exclude<Attempt, { readonly outcome: 'admitted' }>;

/**
 * `fin` closes after the greeting, as a port scanner; `rst` resets; `http`, `tls` speak the wrong
 * language (a TLS ClientHello comes first); `quit` says goodbye before logging in, as HAProxy's
 * mysql-check; `silence` waits until the server loses patience (connect_timeout); `…-at-once`
 * close before they read a word.
 * As `jdoe`: `auth-switch` leaves when asked for another plugin, as an old driver; `full-auth` when
 * asked for the whole password; `old-protocol` knows no plugins, as HAProxy's mysql-check with a user.
 * By TLS: `bad-certificate` does not trust the server's; `old-tls` knows TLS 1.1 at most.
 */
export type BreakWith =
  | 'fin'
  | 'rst'
  | 'http'
  | 'tls'
  | 'quit'
  | 'silence'
  | 'fin-at-once'
  | 'rst-at-once'
  | 'auth-switch'
  | 'full-auth'
  | 'old-protocol'
  | 'bad-certificate'
  | 'old-tls';

export type Signal = 'SIGSTOP' | 'SIGCONT' | 'SIGHUP' | 'SIGTERM' | 'SIGKILL';

/** What the agent can be asked, with its answer. */
export interface Orders {
  start: { readonly order: { readonly command: readonly string[] }; readonly answer: null };
  signal: { readonly order: { readonly signal: Signal }; readonly answer: null };
  /** Answers when the server has ended. */
  stop: { readonly order: Record<never, never>; readonly answer: null };
  connect: {
    readonly order: { readonly address: string; readonly login: Login };
    readonly answer: Attempt;
  };
  open: {
    readonly order: { readonly address: string; readonly login: Login };
    readonly answer: { readonly held: number; readonly attempt: Attempt };
  };
  hang: {
    readonly order: { readonly address: string };
    readonly answer: { readonly held: number; readonly greeting: Greeting };
  };
  query: {
    readonly order: { readonly held: number; readonly sql: string };
    readonly answer: Record<string, unknown>[];
  };
  /** `reset`: without a goodbye. */
  release: {
    readonly order: { readonly held: number; readonly reset: boolean };
    readonly answer: null;
  };
  breakHandshake: {
    readonly order: {
      readonly address: string;
      readonly times: number;
      readonly breakWith: BreakWith;
    };
    readonly answer: readonly Greeting[];
  };
}

export type OrderName = keyof Orders;

export type ToAgent =
  | {
      [Name in OrderName]: {
        readonly kind: 'order';
        readonly id: number;
        readonly name: Name;
        readonly order: Orders[Name]['order'];
      };
    }[OrderName]
  | { readonly kind: 'dns-reply'; readonly id: number; readonly message: Uint8Array | null };

export type FromAgent =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly message: string }
  | {
      readonly kind: 'dns-question';
      readonly id: number;
      readonly message: Uint8Array;
      readonly transport: Transport;
    }
  | { readonly kind: 'server-ended'; readonly how: string };

/** Everything in the namespace is private to it, so nothing is ever in the way of this port. */
export const SERVER_PORT = 3306;

/** The world's own folder holds this socket; who listens on it is alive. */
export const DOOR_SOCKET = 'door.sock';
