import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { World } from '../../sandbox/world.ts';

/** MySQL generates a certificate; the options for a MariaDB with a copy of it, in that folder. */
export async function certificateOf(mysql: World, folder: string): Promise<readonly string[]> {
  const data = join(dirname(mysql.errorLog), 'data');
  const files = { cert: 'server-cert.pem', key: 'server-key.pem' };
  for (const file of Object.values(files)) await copyFile(join(data, file), join(folder, file));
  return Object.entries(files).map(([option, file]) => `--ssl-${option}=${join(folder, file)}`);
}
