/** Makes the folder of one world, and removes folders whose owner was killed. Does I/O. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DOOR_SOCKET } from './messages.ts';

const PREFIX = 'hostcache-world-';

/** The kernel refuses the path of a Unix socket over 107 bytes. */
const SOCKET_PATH_LIMIT = 107;

/** A world without its socket after this time has failed to start. */
const START_LIMIT_MS = 600_000;

export async function makeWorldFolder(): Promise<string> {
  // mkdtemp adds six characters to the prefix; the longest path is that of the socket's lock file.
  const longest = `${PREFIX}${'x'.repeat(6)}/mysqld.sock.lock`;
  const fits = Buffer.byteLength(join(tmpdir(), longest)) <= SOCKET_PATH_LIMIT;
  const parent = fits ? tmpdir() : '/tmp';
  await sweep(parent);
  return mkdtemp(join(parent, PREFIX));
}

/** Removes the folders of worlds whose agent was killed before it could remove them. */
async function sweep(parent: string): Promise<void> {
  const names = (await readdir(parent)).filter((name) => name.startsWith(PREFIX));
  await Promise.all(
    names.map(async (name) => {
      const folder = join(parent, name);
      if (await isAbandoned(folder)) await rm(folder, { recursive: true, force: true });
    }),
  );
}

/** A running agent listens on its socket. A process id would not do, because it is in another PID namespace. */
async function isAbandoned(folder: string): Promise<boolean> {
  const code = await new Promise<string | undefined>((resolve) => {
    const socket = connect(join(folder, DOOR_SOCKET));
    socket.once('connect', () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
  if (code !== 'ENOENT') return code === 'ECONNREFUSED';
  const madeAtMs = await stat(folder).then(
    ({ mtimeMs }) => mtimeMs,
    // The owner or another sweep has removed it meanwhile.
    () => Number.POSITIVE_INFINITY,
  );
  return Date.now() - madeAtMs > START_LIMIT_MS;
}
