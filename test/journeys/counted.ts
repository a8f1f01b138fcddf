import { expect } from 'vitest';
import { parseScrape, type Sample } from '../adapters/metrics/scrape.ts';

/** What a bot with METRICS_PORT has counted. */

export async function samplesOf(port: number, family: string): Promise<readonly Sample[]> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return parseScrape(text).get(family)?.samples ?? [];
}

/** Over all servers. */
export async function sumOf(port: number, family: string): Promise<number> {
  return (await samplesOf(port, family)).reduce((total, { value }) => total + value, 0);
}

/** Sweeps that have ended, of all servers. */
export async function sweepsOf(port: number): Promise<number> {
  const samples = await samplesOf(port, 'hostcache_sweep_seconds');
  return samples.find(({ name }) => name.endsWith('_count'))?.value ?? 0;
}

/** Resolves when so many sweeps more have ended; those under way at the call come first. */
export async function untilSwept(port: number, more: number): Promise<void> {
  const before = await sweepsOf(port);
  await expect.poll(() => sweepsOf(port)).toBeGreaterThanOrEqual(before + more);
}
