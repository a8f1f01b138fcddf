import { expect } from 'vitest';
import { parseScrape, type Sample } from '../adapters/metrics/scrape.ts';

/** Reads counters from the metrics of a bot with METRICS_PORT. */

export async function samplesOf(port: number, family: string): Promise<readonly Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return parseScrape(text).get(family)?.samples ?? [];
}

/** The sum of a metric over all servers. */
export async function sumOf(port: number, family: string): Promise<number> {
  return (await samplesOf(port, family)).reduce((total, { value }) => total + value, 0);
}

/** The number of finished sweeps of all servers. */
export async function sweepsOf(port: number): Promise<number> {
  const samples = await samplesOf(port, 'hostcache_sweep_seconds');
  return samples.find(({ name }) => name.endsWith('_count'))?.value ?? 0;
}

/** Resolves when `more` further sweeps have ended, those in progress at the call included. */
export async function untilSwept(port: number, more: number): Promise<void> {
  const before = await sweepsOf(port);
  await expect.poll(() => sweepsOf(port)).toBeGreaterThanOrEqual(before + more);
}
