import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectProxy,
  pipeBoth,
  startProxy,
  startTlsEnd,
  type TlsEnd,
} from '../../sandbox/slack/proxy.ts';
import { withoutNetwork } from '../../sandbox/world/namespace.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { CERTIFICATE, CERTIFICATE_FILE } from '../certificate/certificate.ts';
import { type FlushStage, openFlushStage, plainText } from './flush-stage.ts';
import { type Ended, runHostcache } from './process.ts';

/** A bot in a network namespace of its own, whose only way out is a CONNECT proxy that wants a password. */

const LOGIN = 'bot:s3cret';
const HOSTS = ['slack.test', 'files.slack.test', 'hooks.slack.test', 'wss-primary.slack.test'];

const PRELOAD = ['--import', join(import.meta.dirname, 'way-out.mjs')];

let world: World;
let folder: string;
let stage: FlushStage;
let inlet: Server;
let end: TlsEnd;
let proxy: ConnectProxy;
let launch: { readonly node: readonly string[]; readonly through: readonly string[] };

/** What a bot in the namespace needs, besides the settings of the stage. */
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
  await world.query("CREATE USER 'jdoe'@'merp.example.com'");
});

afterAll(() => world.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hostcache-ns-'));
  inlet = createServer((outside) => pipeBoth(outside, connect(join(folder, 'in'))));
  inlet.listen(0, '127.0.0.1');
  await once(inlet, 'listening');
  launch = { node: PRELOAD, through: await withoutNetwork(folder) };
});

afterEach(async () => {
  await stage.stop();
  await proxy.stop();
  await end.stop();
  await new Promise((resolve) => inlet.close(resolve));
  rmSync(folder, { recursive: true });
});

async function open(mode: 'socket' | 'http', hosts = HOSTS): Promise<void> {
  // A server that listens on a port has an AddressInfo.
  const { port } = inlet.address() as AddressInfo;
  const httpTarget = `http://127.0.0.1:${port}/slack/events`;
  stage = await openFlushStage(world, 'flusher', { mode, httpTarget, domain: 'slack.test' });
  end = await startTlsEnd(CERTIFICATE, Number(new URL(stage.peer.origin).port));
  const leads = Object.fromEntries(hosts.map((host) => [`${host}:443`, end.port]));
  proxy = await startProxy({ leads, login: LOGIN, path: join(folder, 'out') });
  settings = {
    SLACK_MODE: mode,
    SLACK_SIGNING_SECRET: stage.peer.signingSecret,
    PORT: '3000',
    // The scripted DNS is out of reach too.
    DNS_SERVERS: '127.0.0.1:53',
    HTTPS_PROXY: `http://${LOGIN}@127.0.0.1:3128`,
    NODE_EXTRA_CA_CERTS: CERTIFICATE_FILE,
    WAY_OUT: join(folder, 'out'),
    WAY_IN: mode === 'http' ? join(folder, 'in') : '',
  };
}

/** Runs `hostcache` with the stage's settings, in the namespace. */
function runInside(words: readonly string[], more: object = {}): Promise<Ended> {
  const all = { ...stage.settings, ...settings, ...more };
  return runHostcache(words, all, { folder, ...launch }).ended;
}

it.each(['socket', 'http'] as const)(
  'in %s mode it answers, posts, flushes and uploads, all through the proxy',
  async (mode) => {
    await open(mode);
    await world.connectFrom('240.221.242.64');
    const bot = await stage.start(settings, launch);
    expect(await stage.ask('alice', 'why 240.221.242.64')).toContain('240.221.242.64');
    expect(await stage.ask('alice', 'flush DNS is fixed')).toContain('FR-1');
    const card = await stage.card(/Approval needed/);
    await stage.approve('bob', card);
    const done = await stage.card(/Flushed: flush main/);
    await expect
      .poll(() => stage.thread(done).join('\n'))
      .toMatch(/IP,HOST,[\s\S]*240\.221\.242\.64/);
    expect(plainText(done)).toContain('1 entry before, 0 now');
    const { refusals, failures } = stage.peer;
    expect([refusals, failures]).toEqual([[], []]);

    const used = HOSTS.filter((host) => mode === 'socket' || !host.startsWith('wss'));
    expect([...new Set(proxy.asked)].sort()).toEqual(used.map((host) => `${host}:443`).sort());
    bot.child.kill('SIGTERM');
    const { code, stderr } = await bot.ended;
    expect(code).toBe(0);
    expect(stderr).not.toContain('s3cret');
  },
);

it('a socket that is cut comes back through the proxy', async () => {
  await open('socket');
  await stage.start(settings, launch);
  await stage.peer.connected(2);
  stage.peer.cut();
  await stage.peer.connected(2);
  expect(await stage.ask('alice', 'status')).toContain('main');
});

describe('what is in the way is named', () => {
  it('without the proxy there is no way out', async () => {
    await open('socket');
    const { code, stderr } = await runInside(['start'], { HTTPS_PROXY: '', LOG_LEVEL: 'fatal' });
    expect(code).toBe(3);
    expect(stderr).toMatch(/^Slack did not answer at https:\/\/slack\.test\/api\/: DNS /);
    expect(proxy.asked).toEqual([]);
  });

  it('a proxy that lets sockets through nowhere', async () => {
    await open(
      'socket',
      HOSTS.filter((host) => !host.startsWith('wss')),
    );
    const { code, stderr } = await runInside(['start'], { LOG_LEVEL: 'fatal' });
    expect(code).toBe(3);
    expect(stderr).toMatch(
      /^The proxy 127\.0\.0\.1:3128 does not allow connections to wss-primary\.slack\.test:443 \(403\)\. .*NO_PROXY.*\n$/,
    );
    const doctor = await runInside(['doctor']);
    expect(doctor.code).toBe(3);
    expect(doctor.stdout).toContain('wss-primary.slack.test (Socket Mode) cannot be reached');
    expect(doctor.stdout + doctor.stderr).not.toContain('s3cret');
  });

  it('a password that the proxy refuses', async () => {
    await open('socket');
    const HTTPS_PROXY = 'http://bot:wr0ng@127.0.0.1:3128';
    const { code, stderr } = await runInside(['start'], { HTTPS_PROXY });
    expect(code).toBe(3);
    expect(stderr).toMatch(/The proxy 127\.0\.0\.1:3128 refused the user and the password/);
    expect(stderr).not.toContain('wr0ng');
  });

  it('nothing: doctor sees Slack through the proxy', async () => {
    await open('socket');
    const { stdout } = await runInside(['doctor']);
    expect(stdout).toContain("Slack's hosts: can be reached: https://slack.test/api/.");
    expect(stdout).toContain('the app-level token can open Socket Mode connections.');
  });
});
