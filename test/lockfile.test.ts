import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';

/** Slack's packages take undici 7 or 8, and 8 does not load on Node 20: a lockfile made on Node 24 breaks it. */

const lockfile = z
  .object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../package-lock.json'), 'utf8')));

it('undici is of major 7 wherever it stands', () => {
  const versions = Object.entries(lockfile.packages)
    .filter(([path]) => path.endsWith('node_modules/undici'))
    .map(([, { version }]) => version);
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) expect(version).toMatch(/^7\./);
});

it('Bolt loads by require, with the undici that is installed', () => {
  const require = createRequire(import.meta.url);
  expect(require('@slack/bolt')).toHaveProperty('App');
});
