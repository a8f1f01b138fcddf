/** When sweeps are due, as a port; cron expressions are read in UTC. */
export interface Schedule {
  /**
   * Runs at every due time, also late after the process was held up, then once for all that was
   * missed. What is due while the last run is under way is left out. null = off. Throws where the
   * cron is none.
   */
  every(cron: string | null, run: (dueAt: Date) => Promise<void>): Scheduled;
  /** Nothing is due any more; resolves when all runs that are under way have ended. */
  stop(): Promise<void>;
}

export interface Scheduled {
  /** null: never. */
  nextAt(): Date | null;
}
