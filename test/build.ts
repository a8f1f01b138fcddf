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
  // Beside src/, so that node_modules is found from there as from dist/.
  const folder = mkdtempSync(join(ROOT, '.built-'));
  const args = ['run', '--silent', 'bundle', '--', `--outdir=${folder}`];
  const { error, status } = spawnSync('npm', args, { cwd: ROOT, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${status}`);
  project.provide('cli', join(folder, 'cli.js'));
  return () => rmSync(folder, { recursive: true, force: true });
}
