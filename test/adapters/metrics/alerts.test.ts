import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import { nullHostsByKind } from '../../../src/sweep/metrics.ts';
import { parseScrape } from './scrape.ts';

/** docs/alerts.yml: rules to copy, which must speak of metrics that there are. */

const text = readFileSync(join(import.meta.dirname, '../../../docs/alerts.yml'), 'utf8');

/** https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules */
const rule = z.strictObject({
  alert: z.string().regex(/^Hostcache[A-Z][A-Za-z]+$/),
  expr: z.string().min(1),
  for: z
    .string()
    .regex(/^\d+[mh]$/)
    .optional(),
  labels: z.strictObject({ severity: z.enum(['info', 'warning', 'critical']) }),
  annotations: z.strictObject({ summary: z.string().min(1), description: z.string().min(1) }),
});

const file = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(rule).min(1) })).length(1),
});

const rules = file.parse(parse(text)).groups.flatMap((group) => group.rules);

describe('docs/alerts.yml', () => {
  it.each(rules)('$alert asks for metrics that there are', async ({ expr }) => {
    const families = parseScrape(await createMetrics({ servers: [] }).text());
    const names = Array.from(expr.matchAll(/\bhostcache_\w+/g), ([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) {
      const family = families.get(name) ?? families.get(name.replace(/_count$/, ''));
      expect(family, name).toBeDefined();
    }
  });

  it('asks for kinds that there are', () => {
    const kinds = rules.flatMap(({ expr }) =>
      Array.from(expr.matchAll(/null_hosts\{kind(?:!?=|!~)"([\w|]+)"\}/g), (match) =>
        (match[1] ?? '').split('|'),
      ).flat(),
    );
    expect(new Set(kinds)).toEqual(new Set(['transient', 'numeric']));
    expect(Object.keys(nullHostsByKind([]))).toEqual(expect.arrayContaining([...new Set(kinds)]));
  });

  it('tells of an unreadable server, blocked and NULL hosts, a full cache, failing sweeps', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining([
        'HostcacheServerUnreadable',
        'HostcacheBlockedHosts',
        'HostcacheNullHosts',
        'HostcacheCacheFull',
        'HostcacheSweepFailing',
      ]),
    );
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });
});
