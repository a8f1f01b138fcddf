// The version of hostcache, from its package.json. Does I/O.
import { readFileSync } from 'node:fs';

export function version(): string {
  const file = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const { version: found } = JSON.parse(file);
  return String(found);
}
