/** The port for the schedule of sweeps; cron expressions are in UTC. */
export interface Schedule {
  /**
   * Runs at every due time; after a delay of the process, late and once for all missed times. A time
   * that is due while a run is under way is skipped. null = off. Throws if the cron is invalid.
   */
  every(cron: string | null, run: (dueAt: Date) => Promise<void>): Scheduled;
  /** Starts no more runs; resolves when all runs under way have ended. */
  stop(): Promise<void>;
}

export interface Scheduled {
  /** null = never. */
  nextAt(): Date | null;
}
