import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import * as packets from '../../sandbox/fake-mysql/packets.ts';
import { type Session, startFakeMysql } from '../../sandbox/fake-mysql/server.ts';
import { type Ended, runHostcache } from './process.ts';

/** What arguments, files, settings and servers contain never steers the terminal. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Every character that steers a terminal, but NUL, which arguments and settings cannot contain. */
const C0 = String.fromCharCode(...Array.from({ length: 31 }, (_, at) => at + 1));
const C1 = String.fromCharCode(...Array.from({ length: 33 }, (_, at) => at + 0x7f));
const BIDI = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069';
const HOSTILE = `x\u001b[31m\u001b]0;pwn\u0007${C0}${C1}${BIDI}y`;
/** For a place that ends at a line break. */
const ON_LINE = HOSTILE.replace(/[\r\n]/g, '');

const STEERING = /(?![\n\t])[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Nothing listens there. */
const SETTINGS = { MYSQL_URL: 'mysql://bot:s3cret@127.0.0.1:1', DNS_SERVERS: '127.0.0.1:1' };

function run(words: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  return runHostcache(words, { ...SETTINGS, ...settings }, { folder }).ended;
}

function expectHarmless({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toMatch(STEERING);
}

function fileOf(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return name;
}

function serversFile(content: string): Readonly<Record<string, string>> {
  return { SERVERS_FILE: fileOf('servers.yml', content), MYSQL_URL: '' };
}

/** Refused before anything is asked: one line for each fault, whatever the input contains. */
it.each([
  { name: 'the name of a file that is not there', words: ['explain', HOSTILE.replace(/\s/g, '')] },
  { name: 'an unknown option', words: ['why', `--${HOSTILE}`] },
  { name: 'a place of SERVERS_FILE', settings: { SERVERS_FILE: HOSTILE, MYSQL_URL: '' } },
  { name: 'a file that is no YAML', settings: serversFile(`- [${ON_LINE}`) },
  { name: 'a file with a quoted key', settings: serversFile(`"\\e[31m\\x9b": ${'\u202e'}`) },
  {
    name: 'the name of a server',
    settings: serversFile('servers:\n  - name: "\\e[31m\\x9b\\u202e"\n    mysql: nonsense\n'),
  },
  {
    name: 'settings',
    settings: { MYSQL_URL: HOSTILE, DNS_SERVERS: HOSTILE, LOG_LEVEL: HOSTILE },
  },
])('$name', async ({ words = ['list'], settings = {} }: Case) => {
  const ended = await run(words, settings);
  expectHarmless(ended);
  const { code, stdout, stderr } = ended;
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^(?:hostcache: [^\n]+\n)+$/);
});

interface Case {
  readonly words?: readonly string[];
  readonly settings?: Readonly<Record<string, string>>;
}

it.each([
  { name: 'an unknown command', words: [HOSTILE] },
  { name: 'a client', words: ['why', HOSTILE] },
  { name: 'a client in JSON', words: ['why', '192.0.2.7', '--json', '--user', HOSTILE] },
  { name: 'a server that is not configured', words: ['list', '--server', HOSTILE] },
  { name: 'a text', words: ['explain', `Host '${HOSTILE}' is not allowed to connect`] },
  {
    name: 'a user and a database in URLs',
    words: ['doctor'],
    settings: {
      MYSQL_URL: `mysql://${encodeURIComponent(HOSTILE)}:p@127.0.0.1:1/${encodeURIComponent(HOSTILE)}`,
    },
  },
  {
    name: 'a state that is not there',
    words: ['history'],
    settings: { STATE_URL: `sqlite:${ON_LINE}.db` },
  },
  {
    name: 'a state in a folder that is not there',
    words: ['status'],
    settings: { STATE_URL: `sqlite:none/${ON_LINE}.db`, LOG_LEVEL: 'debug' },
  },
])('$name', async ({ words, settings }) => {
  expectHarmless(await run(words, settings));
});

it('a file with such a name', async () => {
  const name = fileOf(`${ON_LINE.replaceAll('/', '')}.log`, "Host '192.0.2.7' is blocked");
  expectHarmless(await run(['explain', name]));
});

/** Makes the driver complain on the console, before and after the login. */
const OUT_OF_ORDER: readonly ((session: Session) => Promise<void>)[] = [
  (session) => session.write(session.packet(packets.greeting({}), 7)),
  async (session) => {
    await session.send(packets.greeting({}));
    await session.read();
    await session.write(session.packet(packets.OK, 77));
    for (;;) {
      await session.read();
      await session.write(session.packet(packets.errorPacket(1105, 'HY000', HOSTILE), 99));
    }
  },
];

it.each([
  { words: ['history'], setting: 'STATE_URL' },
  { words: ['why', '192.0.2.7'], setting: 'MYSQL_URL' },
])('$setting of a server whose packets are out of order', async ({ words, setting }) => {
  const said: string[] = [];
  for (const script of OUT_OF_ORDER) {
    const server = await startFakeMysql(script);
    try {
      const database = setting === 'STATE_URL' ? '/state' : '';
      const url = `mysql://bot@127.0.0.1:${server.port}${database}`;
      const ended = await run(words, { [setting]: url, LOG_LEVEL: 'debug' });
      expectHarmless(ended);
      expect(ended.stdout).not.toMatch(/out of order/);
      expect(ended.code).toBe(3);
      said.push(...ended.stderr.split('\n'));
    } finally {
      await server.stop();
    }
  }
  // The log alone, for those who ask for it. The connection of `why` leaves the driver no time.
  const logged = said.filter((line) => line.startsWith('{'));
  const printed = said.filter((line) => !line.startsWith('{'));
  const isLogged = logged.some((line) => line.includes('"a library wrote to the console"'));
  expect(isLogged).toBe(setting === 'STATE_URL');
  expect(printed.join('\n')).not.toMatch(/out of order|Warning|Trace/);
});
