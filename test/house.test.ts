import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

/** The house: which room may import which, and which npm package lives where. */

interface Room {
  /** Rooms, or single files, by path under src; a room always sees itself. */
  readonly sees: readonly string[];
  /** npm packages and node modules that ask the world. */
  readonly packages: readonly string[];
}

const INSIDE = [
  ...['hostcache', 'chat', 'pasted', 'outbox', 'diagnosis'],
  ...['flush', 'sweep', 'access', 'plan', 'doctor'],
];

const ADAPTER_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'adapters/slack': ['@slack/bolt', 'node:http', 'undici', 'zod'],
  'adapters/terminal': ['node:fs', 'node:net', 'node:tty'],
  'adapters/mcp': ['@modelcontextprotocol/sdk', 'zod'],
  'adapters/mysql': ['mysql2'],
  'adapters/dns': ['node:dns', 'node:net'],
  'adapters/store': ['date-fns', 'kysely', 'libsql', 'mysql2', 'node:fs'],
  'adapters/schedule': ['node-cron'],
  'adapters/metrics': ['node:fs', 'node:http', 'prom-client'],
  'adapters/log': ['pino'],
};

const FLOORS: Readonly<Record<string, Room>> = {
  hostcache: { sees: [], packages: ['ipaddr.js'] },
  chat: { sees: [], packages: ['date-fns', 'string-width'] },
  outbox: { sees: ['chat'], packages: ['csv-parse', 'date-fns'] },
  pasted: { sees: ['hostcache', 'chat'], packages: ['csv-parse', 'entities', 'saxes'] },
  diagnosis: { sees: ['hostcache', 'chat', 'pasted'], packages: ['ipaddr.js', 'zod'] },
  flush: { sees: ['diagnosis', 'outbox', 'hostcache', 'chat'], packages: ['date-fns'] },
  sweep: { sees: ['diagnosis', 'outbox', 'hostcache', 'chat'], packages: ['date-fns'] },
  access: { sees: ['diagnosis', 'outbox', 'hostcache', 'chat'], packages: ['date-fns'] },
  plan: { sees: ['diagnosis', 'hostcache', 'chat'], packages: [] },
  doctor: { sees: ['hostcache', 'chat'], packages: [] },
  config: {
    sees: ['hostcache', 'chat'],
    packages: ['date-fns', 'node:fs', 'node:module', 'node:os', 'yaml'],
  },
  login: { sees: ['hostcache'], packages: ['ipaddr.js', 'mysql2', 'node:net'] },
  'app.ts': { sees: INSIDE, packages: [] },
  ...Object.fromEntries(
    Object.entries(ADAPTER_PACKAGES).map(([room, packages]) => {
      const sees = packages.includes('mysql2') ? [...INSIDE, 'login'] : INSIDE;
      return [room, { sees, packages }];
    }),
  ),
};

const COMPOSED = Object.keys(FLOORS);

const ROOMS: Readonly<Record<string, Room>> = {
  ...FLOORS,
  // What joins everything sees everything; packages of an adapter stay in it all the same.
  compose: { sees: COMPOSED, packages: [] },
  'main.ts': { sees: [...COMPOSED, 'compose'], packages: ['node:os', 'node:v8'] },
  'cli.ts': { sees: [...COMPOSED, 'compose', 'main.ts'], packages: ['node:fs'] },
};

/** Pure parts of Node: they ask nobody. */
const PURE = ['path', 'util', 'crypto', 'timers', 'stream', 'events', 'zlib'].map(
  (name) => `node:${name}`,
);

const SOURCE = join(import.meta.dirname, '../src');

/** Matches `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`. */
const IMPORT = /\b(?:from|import)\s*\(?\s*(['"])([^'"]+)\1/g;

/** What the file, by its path under src, imports and may not. */
function wrongImports(path: string, code: string): readonly string[] {
  return Array.from(code.matchAll(IMPORT), (match) => match[2] ?? '').filter(
    (imported) => !mayImport(path, imported),
  );
}

function mayImport(path: string, imported: string): boolean {
  const room = ROOMS[roomOf(path)];
  if (imported.startsWith('.')) {
    const target = relative('/', join('/', dirname(path), imported));
    // What climbs out of src, the sandbox among it, is seen by nobody, but for the version.
    const climbed = join(dirname(path), imported);
    if (climbed.startsWith('..')) return climbed === '../package.json';
    return roomOf(target) === roomOf(path) || room?.sees.includes(roomOf(target)) === true;
  }
  return [...PURE, ...(room?.packages ?? [])].some(
    (allowed) => imported === allowed || imported.startsWith(`${allowed}/`),
  );
}

/** `adapters/slack` of `adapters/slack/blocks.ts`, `chat` of `chat/words.ts`, else the file itself. */
function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts.length === 1) return path;
  return parts.slice(0, parts[0] === 'adapters' ? 2 : 1).join('/');
}

function sourceFiles(): readonly string[] {
  return readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => path.replaceAll('\\', '/'));
}

describe('the house', () => {
  it.each(sourceFiles())('%s imports only what its room may see', (path) => {
    expect(wrongImports(path, readFileSync(join(SOURCE, path), 'utf8'))).toEqual([]);
  });

  it('has a place for every file', () => {
    const homeless = sourceFiles().filter((path) => ROOMS[roomOf(path)] === undefined);
    expect(homeless).toEqual([]);
  });

  it('knows releases and their manuals in one place', () => {
    const known = /isAtLeast\(|TRUNCATE TABLE|FLUSH (?:LOCAL )?HOSTS|dev\.mysql\.com|mariadb\.com/;
    const homes = sourceFiles().filter((path) =>
      known.test(readFileSync(join(SOURCE, path), 'utf8')),
    );
    expect(homes.sort()).toEqual(
      ['manual.ts', 'release.ts', 'settings.ts'].map((name) => `hostcache/${name}`),
    );
  });

  it('calls Slack from one place, which knows the proxies', () => {
    const homes = sourceFiles().filter((path) =>
      /(?<![.\w])fetch\(|from 'undici'/.test(readFileSync(join(SOURCE, path), 'utf8')),
    );
    expect(homes).toEqual(['adapters/slack/outbound.ts']);
  });

  const PLANTED = [
    { name: 'a noun that climbs', path: 'hostcache/entry.ts', imported: '../chat/log.ts' },
    { name: 'chat that knows MySQL', path: 'chat/help.ts', imported: '../hostcache/entry.ts' },
    { name: 'chat that sends', path: 'chat/help.ts', imported: '../outbox/outbox.ts' },
    { name: 'an outbox with a feature', path: 'outbox/deliver.ts', imported: '../flush/posts.ts' },
    {
      name: 'an answer that is sent unasked',
      path: 'diagnosis/why.ts',
      imported: '../outbox/store.ts',
    },
    { name: 'a feature that climbs', path: 'diagnosis/why.ts', imported: '../sweep/sweep.ts' },
    { name: 'a sweep that flushes', path: 'sweep/sweep.ts', imported: '../flush/flush.ts' },
    { name: 'a sweep that records', path: 'sweep/sweep.ts', imported: '../access/recorder.ts' },
    { name: 'a record that sweeps', path: 'access/recorder.ts', imported: '../sweep/sweep.ts' },
    { name: 'a timeline that flushes', path: 'access/timeline.ts', imported: '../flush/ask.ts' },
    { name: 'a feature with an adapter', path: 'flush/a.ts', imported: '../adapters/log/log.ts' },
    { name: 'an adapter with another', path: 'adapters/slack/a.ts', imported: '../log/log.ts' },
    { name: 'an adapter with the app', path: 'adapters/slack/a.ts', imported: '../../app.ts' },
    { name: 'an adapter with settings', path: 'adapters/log/a.ts', imported: '../../config/a.ts' },
    {
      name: 'an assistant with a terminal',
      path: 'adapters/mcp/a.ts',
      imported: '../terminal/text.ts',
    },
    { name: 'a feature that logs in', path: 'flush/a.ts', imported: '../login/options.ts' },
    { name: 'Slack with a login', path: 'adapters/slack/a.ts', imported: '../../login/a.ts' },
    { name: 'a feature with the composition', path: 'sweep/a.ts', imported: '../compose/a.ts' },
    { name: 'the composition that climbs', path: 'compose/a.ts', imported: '../main.ts' },
    { name: 'mysql2 in the composition', path: 'compose/targets.ts', imported: 'mysql2' },
    { name: 'the app with an adapter', path: 'app.ts', imported: './adapters/dns/resolver.ts' },
    { name: 'Bolt in a feature', path: 'flush/flush.ts', imported: '@slack/bolt' },
    { name: 'Bolt in main', path: 'main.ts', imported: '@slack/bolt' },
    { name: 'mysql2 in a feature', path: 'sweep/sweep.ts', imported: 'mysql2/promise' },
    { name: 'mysql2 in Slack', path: 'adapters/slack/a.ts', imported: 'mysql2' },
    { name: 'DNS beside its adapter', path: 'diagnosis/gather.ts', imported: 'node:dns' },
    { name: 'node-cron in settings', path: 'config/setting.ts', imported: 'node-cron' },
    { name: 'prom-client in a feature', path: 'sweep/metrics.ts', imported: 'prom-client' },
    { name: 'a file read in a feature', path: 'diagnosis/gather.ts', imported: 'node:fs' },
    { name: 'the sandbox in main', path: 'main.ts', imported: '../sandbox/world.ts' },
    { name: 'the sandbox in a room', path: 'chat/help.ts', imported: '../../sandbox/world.ts' },
    { name: 'a test in a room', path: 'chat/help.ts', imported: '../../test/fake.ts' },
  ] as const;

  it.each(PLANTED)('refuses $name', ({ path, imported }) => {
    expect(wrongImports(path, `import { planted } from '${imported}';`)).toEqual([imported]);
    expect(wrongImports(path, `export * from "${imported}";`)).toEqual([imported]);
    expect(wrongImports(path, `const planted = await import('${imported}');`)).toEqual([imported]);
  });

  it('lets the drawn arrows through', () => {
    expect(wrongImports('diagnosis/a.ts', "import { a } from '../hostcache/entry.ts';")).toEqual(
      [],
    );
    expect(wrongImports('adapters/slack/a.ts', "import { App } from '@slack/bolt';")).toEqual([]);
  });
});
