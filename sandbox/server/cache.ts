/** The folder that keeps what is slow to make (unpacked packages, initialised data) between runs; asks the world. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

/** Tells whoever waits what happens, one line at a time. */
export type Progress = (line: string) => void;

export function cacheFolder(): string {
  return (
    env['HOSTCACHE_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'hostcache')
  );
}

/**
 * The cached folder of that name, made by `make` if it is not there yet.
 * Two processes may ask at once: one makes, the other waits. A half-made folder is never seen.
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

/** Drafts of makers that were killed; nobody else makes this one while we hold its lock. */
async function sweepDrafts(name: string): Promise<void> {
  const left = (await readdir(cacheFolder())).filter((file) => file.startsWith(`${name}.draft-`));
  await Promise.all(
    left.map((file) => rm(join(cacheFolder(), file), { recursive: true, maxRetries: 20 })),
  );
}

/** Waits for the lock on that file. The kernel gives it back when we die, however we die. */
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
