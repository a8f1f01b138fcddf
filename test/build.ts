import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

/** Builds the program once for all tests that start it: what users run is what is tested, and it starts faster. */

declare module 'vitest' {
  interface ProvidedContext {
    /** The built `cli.js`. */
    cli: string;
  }
}

const ROOT = join(import.meta.dirname, '..');

export function setup(project: TestProject): () => void {
  // Beside src/, so that package.json and node_modules are found from there as from dist/.
  const folder = mkdtempSync(join(ROOT, '.built-'));
  // Types are judged by a step of their own; here a fault in them stops nothing.
  const args = ['-p', 'tsconfig.build.json', '--outDir', folder];
  const { error } = spawnSync(join(ROOT, 'node_modules/.bin/tsc'), args, { cwd: ROOT });
  if (error !== undefined) throw error;
  project.provide('cli', join(folder, 'cli.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}
