/** What somebody believes to hold. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
}

/** Who may do something alone, over all processes that share the state. */
export interface LeaseStore {
  /** Whether the holder has it now until `untilAt`: it was free, over, or already the holder's. */
  acquire(name: string, holder: string, now: Date, untilAt: Date): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}
