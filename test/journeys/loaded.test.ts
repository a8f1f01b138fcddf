import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { runHostcache } from './process.ts';

/** Which modules and packages each command loads: only those that it needs. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-loaded-'));
afterAll(() => rmSync(folder, { recursive: true }));

// No process listens on this port.
const SETTINGS = { MYSQL_URL: 'mysql://bot@127.0.0.1:1', DNS_SERVERS: '127.0.0.1:1' };

/** Reports each imported module, and at the end each required one. */
const HOOKS = `
  import { writeSync } from 'node:fs';
  export async function load(url, context, next) {
    writeSync(2, 'LOADED ' + url + '\\n');
    return next(url, context);
  }`;
const PRELOAD = `
  import { writeSync } from 'node:fs';
  import { createRequire, register } from 'node:module';
  register(${JSON.stringify(asUrl(HOOKS))});
  const { cache } = createRequire(process.execPath);
  process.on('exit', () => {
    for (const file of Object.keys(cache)) writeSync(2, 'LOADED file://' + file + '\\n');
  });`;

function asUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`;
}

interface Loaded {
  /** Modules of src/ in the chunks that were loaded, without `.ts`. */
  readonly own: readonly string[];
  /** Names of npm packages. */
  readonly packages: readonly string[];
}

async function loadedBy(words: readonly string[]): Promise<Loaded> {
  const node = ['--import', asUrl(PRELOAD)];
  const { stderr } = await runHostcache(words, SETTINGS, { folder, node }).ended;
  const urls = [...stderr.matchAll(/^LOADED file:\/\/(.+)$/gm)].map(([, path = '']) => path);
  const root = `${dirname(inject('cli'))}/`;
  const chunks = [...new Set(urls.filter((path) => path.startsWith(root)))];
  // The bundle says before each module which file it was.
  const own = chunks.flatMap((chunk) =>
    Array.from(
      readFileSync(chunk, 'utf8').matchAll(/^\/\/ src\/(.+)\.ts$/gm),
      ([, path = '']) => path,
    ),
  );
  const packages = urls.flatMap(
    (path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
  );
  return {
    own: own.sort(),
    packages: [...new Set(packages)].sort(),
  };
}

const SLACK = { rooms: ['adapters/slack'], packages: ['@slack/bolt', '@slack/web-api', 'undici'] };
const STATE = { rooms: ['adapters/store'], packages: ['kysely', 'libsql'] };
const MYSQL = { rooms: ['adapters/mysql', 'adapters/dns'], packages: ['mysql2'] };
const MCP = { rooms: ['adapters/mcp'], packages: ['@modelcontextprotocol/sdk'] };
const METRICS = { rooms: ['adapters/metrics'], packages: ['prom-client'] };

describe('a command loads what it declares to need', () => {
  it('--version: its own few files and no package', async () => {
    expect(await loadedBy(['--version'])).toEqual({
      own: [
        'adapters/store/version',
        'adapters/terminal/arguments',
        'adapters/terminal/harmless',
        'adapters/terminal/write',
        'chat/options',
        'chat/steering',
        'chat/unreadable',
        'chat/words',
        'cli',
      ],
      packages: [],
    });
  });

  it.each([
    { words: ['help'], needs: [] },
    { words: ['why', '--help'], needs: [] },
    { words: ['explain', "Host '192.0.2.7' is blocked"], needs: [] },
    { words: ['mcp'], needs: [MCP] },
    { words: ['why', '192.0.2.7'], needs: [MYSQL] },
    { words: ['accounts'], needs: [MYSQL] },
    { words: ['plan', 'flush'], needs: [MYSQL] },
    { words: ['pending'], needs: [MYSQL] },
    { words: ['list'], needs: [MYSQL] },
    { words: ['sweep'], needs: [MYSQL] },
    { words: ['audit'], needs: [MYSQL, STATE] },
    { words: ['history'], needs: [MYSQL, STATE] },
    { words: ['timeline', '192.0.2.7'], needs: [MYSQL, STATE] },
    { words: ['status'], needs: [MYSQL, STATE] },
    { words: ['doctor'], needs: [MYSQL, STATE, SLACK] },
  ])('$words', async ({ words, needs }) => {
    const { own, packages } = await loadedBy(words);
    for (const part of [MYSQL, STATE, SLACK, METRICS, MCP]) {
      // The file with the version needs no package.
      const files = own.filter((file) => file !== 'adapters/store/version');
      const rooms = part.rooms.filter((room) => files.some((file) => file.startsWith(`${room}/`)));
      const ofPackages = part.packages.filter((name) => packages.includes(name));
      const isNeeded = needs.some((need) => need === part);
      expect(rooms).toEqual(isNeeded ? part.rooms : []);
      if (!isNeeded) expect(ofPackages).toEqual([]);
      else expect(ofPackages).not.toEqual([]);
    }
  });

  it('mcp: of the SDK, only what serves stdin and stdout', async () => {
    const { packages } = await loadedBy(['mcp']);
    expect(packages).toContain('zod');
    const http = ['express', 'hono', '@hono/node-server', 'jose', 'eventsource', 'cross-spawn'];
    expect(packages.filter((name) => http.includes(name))).toEqual([]);
  });
});
