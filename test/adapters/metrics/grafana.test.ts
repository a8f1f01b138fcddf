import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import { known } from '../../../src/diagnosis/evidence.ts';
import { QUIET } from '../../scenarios/evidence.ts';
import { look } from '../../sweep/server-look.ts';
import { parseScrape } from './scrape.ts';

/** docs/grafana.json queries only metrics and labels that exist, and shows every metric. */

const target = z.object({ expr: z.string(), legendFormat: z.string().min(1) });

const panel = z.object({
  id: z.number(),
  type: z.enum(['row', 'timeseries', 'stat']),
  title: z.string().min(1),
  gridPos: z.object({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
  targets: z.array(target).default([]),
});

const variable = z.object({ name: z.string(), type: z.string(), query: z.unknown() });

const file = join(import.meta.dirname, '../../../docs/grafana.json');
const dashboard = z
  .object({ templating: z.object({ list: z.array(variable) }), panels: z.array(panel) })
  .parse(JSON.parse(readFileSync(file, 'utf8')));

const { panels } = dashboard;
const queries = panels.flatMap(({ title, targets }) => targets.map((each) => ({ title, ...each })));

const namesIn = (expr: string) => Array.from(expr.matchAll(/\bhostcache_\w+/g), ([name]) => name);
const familyOf = (name: string) => name.replace(/_bucket$/, '');

/** The labels of every sample that a bot with one server gives, by the name of the sample. */
async function labelsByName(): Promise<ReadonlyMap<string, readonly string[]>> {
  const metrics = createMetrics({ servers: ['main'] });
  const at = new Date('2026-11-29T12:00:00Z');
  const counts = { entries: 1, capacity: 128, blocked: 0, nullHosts: 0, stale: 0, nearBlock: 0 };
  const rest = { tookMs: 5, failure: null, version: '9.7.4', silenced: 0, nextAt: null };
  const seen = look([], { activity: known(QUIET) });
  if (!seen.cache.known) throw new Error('the cache of a look is known');
  const cache = known({ ...seen.cache.value, errorTotals: { COUNT_HANDSHAKE_ERRORS: 1 } });
  const logins = known({ readAt: at, startedAt: at, failures: [], logins: null });
  const record = { server: 'main', endedAt: at, ...counts, ...rest };
  metrics.swept(record, { ...seen, cache, logins });
  metrics.alertsOpen([{ server: 'main', rule: 'blocked-host', state: 'firing' }]);
  const families = parseScrape(await metrics.text());
  const samples = Array.from(families.values()).flatMap((family) => family.samples);
  return new Map(samples.map(({ name, labels }) => [name, Object.keys(labels)]));
}

/** The labels that a query matches, groups by or names in its legend. */
function labelsIn(expr: string, legend: string): readonly string[] {
  const grouped = Array.from(expr.matchAll(/\bby \(([^)]+)\)/g), ([, list = '']) => list);
  return [
    ...Array.from(expr.matchAll(/(\w+)(?:=~|!~|!=|=)"/g), ([, label = '']) => label),
    ...grouped.flatMap((list) => list.split(/,\s*/)),
    ...Array.from(legend.matchAll(/\{\{(\w+)\}\}/g), ([, label = '']) => label),
  ];
}

describe('docs/grafana.json', () => {
  it('asks for a data source and for servers', () => {
    expect(dashboard.templating.list).toMatchObject([
      { name: 'datasource', type: 'datasource', query: 'prometheus' },
      { name: 'server', type: 'query', query: { query: 'label_values(hostcache_up, server)' } },
    ]);
  });

  it.each(queries)('$title: $expr', async ({ expr, legendFormat }) => {
    const labels = await labelsByName();
    const names = namesIn(expr);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      expect([...labels.keys()]).toContain(name);
      const own = labels.get(name) ?? [];
      expect(own).toEqual(expect.arrayContaining([...labelsIn(expr, legendFormat)]));
      // The variable selects the servers of every panel.
      expect(expr.includes(`${name}{server=~"$server"}`)).toBe(own.includes('server'));
    }
  });

  it('shows every metric', async () => {
    const families = parseScrape(await createMetrics({ servers: [] }).text());
    const shown = new Set(queries.flatMap(({ expr }) => namesIn(expr).map(familyOf)));
    expect([...shown].sort()).toEqual([...families.keys()].sort());
  });

  it('has panels that do not overlap, the first one a row', () => {
    expect(panels[0]?.type).toBe('row');
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) =>
      Array.from({ length: h * w }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
