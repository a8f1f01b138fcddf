/** Medians and ratios of times; single times say little on a busy machine. */

/** Milliseconds of one run. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await run();
  return performance.now() - startedMs;
}

/** The value below which that share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

export function sayTimes(values: readonly number[]): string {
  const [median, high, most] = [0.5, 0.95, 1].map((share) => quantile(values, share).toFixed(1));
  return `median ${median} ms, 95 % ${high} ms, most ${most} ms`;
}
