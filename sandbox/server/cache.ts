/** The cache of unpacked packages and initialised data, which are slow to make. Does I/O. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

/** Called with one line for each slow step. */
export type Progress = (line: string) => void;

export function cacheFolder(): string {
  return (
    env['HOSTCACHE_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hostcache')
  );
}

/**
 * The path of the cached folder of that name. `make` fills it if it does not exist yet.
 * If two processes call at once, one makes it and the other waits. A half-made folder is never visible.
 */
export async function cached(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const finished = join(cacheFolder(), name);
  if (existsSync(finished)) return finished;
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = await lock(join(cacheFolder(), `${name}.lock`));
  try {
    if (existsSync(finished)) return finished;
    await sweepDrafts(name);
    const draft = join(cacheFolder(), `${name}.draft-${randomUUID().slice(0, 8)}`);
    try {
      await mkdir(draft);
      await make(draft);
      await rename(draft, finished);
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  } finally {
    unlock();
  }
  return finished;
}

/** Removes drafts of killed processes. It is safe because the caller holds the lock for this name. */
async function sweepDrafts(name: string): Promise<void> {
  const left = (await readdir(cacheFolder())).filter((file) => file.startsWith(`${name}.draft-`));
  await Promise.all(
    left.map((file) => rm(join(cacheFolder(), file), { recursive: true, maxRetries: 20 })),
  );
}

/** Waits for the lock on that file. The kernel releases the lock when this process dies, even by SIGKILL. */
async function lock(path: string): Promise<() => void> {
  const holder = spawn('flock', [path, 'sh', '-c', 'echo locked; cat >/dev/null'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('exit', (code) => reject(new Error(`flock ${path}: ended with ${code}`)));
  });
  return () => holder.stdin.end();
}
