/** Builds the client's script and style in memory from `client/`. Does I/O. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

const ENTRY = fileURLToPath(new URL('./client/main.tsx', import.meta.url));
const STYLE = fileURLToPath(new URL('./client/page.css', import.meta.url));

/** Writes no file. Rejects when the sources do not build. */
export async function bundleClient(): Promise<Bundle> {
  const [built, style] = await Promise.all([
    build({
      entryPoints: [ENTRY],
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      jsx: 'automatic',
      minify: true,
      legalComments: 'none',
      logLevel: 'silent',
      define: { 'process.env.NODE_ENV': '"production"' },
    }),
    readFile(STYLE, 'utf8'),
  ]);
  const [script] = built.outputFiles;
  if (script === undefined) throw new Error('the page: esbuild gave no script');
  return { script: script.text, style };
}
