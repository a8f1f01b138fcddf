/** A pasted text, and what must be read in it. */
export interface Pasted {
  /** The program that printed it. */
  readonly name: string;
  readonly text: string;
  /** null: none is recognised. */
  readonly error: number | null;
  readonly hosts: readonly string[];
  readonly user?: string;
}

/** With what is said of it where no server is asked. */
export interface Explained extends Pasted {
  /** null: the host cache has no part in it. */
  readonly rule: string | null;
}

export const CLIENTS = ['192.0.2.7'];
export const REFUSED = "Host '192.0.2.7' is not allowed to connect to this MySQL server";
export const REFUSED_BY_MARIADB =
  "Host '192.0.2.7' is not allowed to connect to this MariaDB server";
export const BLOCKED =
  "Host '192.0.2.7' is blocked because of many connection errors; unblock with 'mysqladmin flush-hosts'";
export const DENIED = "Access denied for user 'app'@'192.0.2.7' (using password: YES)";
