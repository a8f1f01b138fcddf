/** Statistics of times, because single times are not reliable on a busy machine. */

/** The duration of one run in milliseconds. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

/** The value below which that share (0 to 1) of all values lies; NaN = no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

export function sayTimes(values: readonly number[]): string {
  const [median, high, most] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(1));
  return `median ${median} ms, 95th percentile ${high} ms, maximum ${most} ms`;
}
