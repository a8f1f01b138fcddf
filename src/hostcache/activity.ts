/** Who is connected now, and what the server counted of failed connections since its start. */
export interface Activity {
  /** Connections that have not finished authentication. */
  readonly pending: readonly PendingConnection[];
  /** Authenticated sessions by client: an address, or a name, as the server shows it, without port. */
  readonly sessionsByHost: ReadonlyMap<string, number>;
  /** Threads_connected; with fewer rows seen than this the account may not see others' sessions. */
  readonly connected: number;
  /** Whether sessions of others can be seen (PROCESS). */
  readonly seesOthers: boolean;
  /** Aborted_connects and Connection_errors_…, by their names; totals since the server started. */
  readonly counters: Readonly<Record<string, number>>;
}

export interface PendingConnection {
  readonly id: number;
  /** The client's address or name, without port; empty where the server does not show it. */
  readonly host: string;
  /** Seconds in this state; null: not shown. */
  readonly seconds: number | null;
  /** `login`: before the greeting, DNS is being asked; `Receiving from client`: the client is silent. */
  readonly state: string;
}
