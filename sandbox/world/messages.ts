/** The messages between the parent process and the agent inside the namespace. */
import type { Transport } from '../dns.ts';

export interface Login {
  /** Default `jdoe`. */
  readonly user?: string;
  readonly password?: string;
  readonly database?: string;
  /** Uses TLS without checking the server's certificate. */
  readonly tls?: boolean;
  /** Hand-made packets instead of a driver: cheap. Without TLS, and a password is always a wrong one. */
  readonly isPlain?: true;
  /** Default 60 s. */
  readonly timeoutMs?: number;
}

/** The result of a login attempt. */
export type Attempt =
  /** `currentUser` is CURRENT_USER(), the account; `user` is USER(), with the host that the server saw. */
  | { readonly outcome: 'admitted'; readonly currentUser: string; readonly user: string }
  /** The server's own error: 1130, 1129, 1045. */
  | { readonly outcome: 'error'; readonly code: number; readonly message: string }
  /** The connection ended without an error from the server; `reason` is the client's (ECONNREFUSED, ETIMEDOUT). */
  | { readonly outcome: 'closed'; readonly reason: string };

export type Greeting =
  | { readonly outcome: 'greeted' }
  | Exclude<Attempt, { readonly outcome: 'admitted' }>;

/**
 * `fin` closes after the greeting, like a port scanner; `rst` resets; `http` and `tls` speak the
 * wrong protocol (`tls` starts with a ClientHello); `quit` sends COM_QUIT before login; `silence` waits
 * for the server's connect_timeout; `…-at-once` closes or resets before reading anything.
 * `haproxy-…` is HAProxy's `option mysql-check user haproxy`; `lines` and `bytes` are what port scanners
 * send; `bad-login` sends a packet that is no login.
 * As `jdoe`: `auth-switch` disconnects when the server asks for another plugin, like an old driver;
 * `full-auth` when it asks for the whole password; `old-protocol` has no plugins, like a driver of 5.1.
 * By TLS: `bad-certificate` does not trust the server's certificate; `old-tls` offers at most TLS 1.1.
 */
export type BreakWith =
  | 'fin'
  | 'rst'
  | 'http'
  | 'tls'
  | 'quit'
  | 'haproxy-pre-41'
  | 'haproxy-post-41'
  | 'haproxy-post-80'
  | 'lines'
  | 'bytes'
  | 'bad-login'
  | 'silence'
  | 'fin-at-once'
  | 'rst-at-once'
  | 'auth-switch'
  | 'full-auth'
  | 'old-protocol'
  | 'bad-certificate'
  | 'old-tls';

/**
 * Where a client falls silent. `connect`: it reads nothing, not even the greeting; `greeting`: it has read it;
 * `half-login`: in the middle of its login packet; `auth-switch`: when the server asks for another plugin.
 * By TLS: `tls-asked`: after asking for it; `half-hello`: in the middle of the ClientHello; `tls-hello`: after it;
 * `tls-done`: before the login packet; `tls-auth-switch`: as `auth-switch`.
 */
export type StuckAt =
  | 'connect'
  | 'greeting'
  | 'half-login'
  | 'auth-switch'
  | 'tls-asked'
  | 'half-hello'
  | 'tls-hello'
  | 'tls-done'
  | 'tls-auth-switch';

export type Signal = 'SIGSTOP' | 'SIGCONT' | 'SIGHUP' | 'SIGTERM' | 'SIGKILL';

/** The orders to the agent by name, each with its answer. */
export interface Orders {
  start: { readonly order: { readonly command: readonly string[] }; readonly answer: null };
  signal: { readonly order: { readonly signal: Signal }; readonly answer: null };
  /** The answer comes when the server has ended. */
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
    readonly order: { readonly address: string; readonly at: StuckAt };
    /** The greeting is null if the client did not wait for it. */
    readonly answer: { readonly held: number; readonly greeting: Greeting | null };
  };
  query: {
    readonly order: { readonly held: number; readonly sql: string };
    readonly answer: Record<string, unknown>[];
  };
  /** `reset` = closes without COM_QUIT. */
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

/** The namespace has its own ports, so this one is always free. */
export const SERVER_PORT = 3306;

/** What the server says before it has an error log, in the world's folder. */
export const STDERR_FILE = 'stderr.log';

/** The agent's socket in the world's folder; the agent listens on it while it runs. */
export const DOOR_SOCKET = 'door.sock';
