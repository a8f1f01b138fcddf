import type { SweepParts, SweepTarget } from './sweep.ts';

/** What the subcommands about sweeps and alerts need. */
export interface SweepCommandParts extends SweepParts {
  readonly targets: readonly SweepTarget[];
  /** When the server is swept next; null = never by itself. */
  readonly nextSweepAt: (server: string) => Date | null;
  /** By the settings alone: `on`, `off` (no flushing account), or `nobody may approve`. */
  readonly flushing: (server: string) => string;
  /** The address of an alert's message; null = not posted yet, or not to be learnt. */
  readonly linkTo: (id: string) => Promise<string | null>;
}
