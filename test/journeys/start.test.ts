import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { startPeer } from '../slack-peer.ts';
import { freePort } from './bot.ts';
import { sumOf } from './counted.ts';
import { type Run, runHostcache } from './process.ts';

/** `hostcache start` in a terminal: ready, ended by a signal, or one clear line. */

const folder = mkdtempSync(join(tmpdir(), 'hostcache-start-'));
const PASSWORD = 's3cret';

let silent: Server;
let silentPort = 0;
let peer: SlackPeer | null = null;
let run: Run | null = null;

beforeAll(async () => {
  // A MySQL server that accepts and never answers.
  silent = createServer();
  silentPort = await freePort();
  await new Promise<void>((resolve) => silent.listen(silentPort, '127.0.0.1', resolve));
});

afterEach(async () => {
  run?.child.kill('SIGKILL');
  await run?.ended;
  await peer?.stop();
  run = null;
  peer = null;
});

afterAll(() => {
  silent.close();
  rmSync(folder, { recursive: true });
});

function settingsFor({ apiUrl, botToken, appToken, signingSecret }: SlackPeer) {
  return {
    SLACK_API_URL: apiUrl,
    SLACK_BOT_TOKEN: botToken,
    SLACK_APP_TOKEN: appToken,
    SLACK_SIGNING_SECRET: signingSecret,
    MYSQL_URL: `mysql://bot:${PASSWORD}@127.0.0.1:${silentPort}`,
    ALERT_CHANNEL: 'C0OPS',
  };
}

describe('a bot that runs', () => {
  it.each(['socket', 'http'] as const)(
    'in %s mode acknowledges while MySQL hangs, and SIGTERM lets its answer out',
    async (mode) => {
      const port = await freePort();
      peer = await startPeer({ mode, httpTarget: `http://127.0.0.1:${port}/slack/events` });
      const alice = peer.workspace.addUser({ name: 'alice' }).id;
      const ops = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
      const settings = { ...settingsFor(peer), SLACK_MODE: mode, PORT: String(port) };
      run = runHostcache(['start'], settings, { folder });
      await run.until(/hostcache is ready/);

      const asked = await peer.command(alice, ops, '/hostcache why 192.0.2.7');
      expect(asked).toMatchObject({ failure: null, answers: [] });
      run.child.kill('SIGTERM');
      expect((await asked.answer(/192\.0\.2\.7/)).text).toContain('192.0.2.7');
      const { code, stdout, stderr } = await run.ended;
      expect(code).toBe(0);
      expect(stdout).toMatch(/^hostcache is ready: .*\n$/);
      expect(stderr).not.toContain(PASSWORD);
      expect([...peer.refusals, ...peer.failures]).toEqual([]);
    },
  );

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'with nothing to do ends on %s at once',
    async (signal) => {
      peer = await startPeer();
      run = runHostcache(['start'], settingsFor(peer), { folder });
      await run.until(/hostcache is ready/);
      run.child.kill(signal);
      const { code, stderr } = await run.ended;
      expect(code).toBe(0);
      // The log names anything that the stop waited for in vain.
      expect(stderr).not.toMatch(/left behind|in the middle/);
    },
  );

  it('reads .env, and secrets from files', async () => {
    peer = await startPeer();
    const { SLACK_BOT_TOKEN, MYSQL_URL, ...settings } = settingsFor(peer);
    writeFileSync(join(folder, 'token'), `${SLACK_BOT_TOKEN}\n`);
    writeFileSync(join(folder, '.env'), `MYSQL_URL=${MYSQL_URL}\nSLACK_BOT_TOKEN=xoxb-wrong\n`);
    const given = { ...settings, SLACK_BOT_TOKEN_FILE: join(folder, 'token') };
    run = runHostcache(['start'], given, { folder });
    await run.until(/hostcache is ready/);
    rmSync(join(folder, '.env'));
  });
});

describe.each([{ method: 'auth.test' }, { method: 'apps.connections.open' }])(
  'while Slack limits the rate of $method',
  ({ method }) => {
    async function begin() {
      peer = await startPeer();
      const alice = peer.workspace.addUser({ name: 'alice' }).id;
      const ops = peer.workspace.addChannel({ name: 'ops', members: [alice] }).id;
      const limit = peer.fail({ method, fault: { kind: 'rate-limited', retryAfterS: 1 } });
      const port = await freePort();
      const settings = {
        ...settingsFor(peer),
        // Nothing listens there, so each sweep finds a server that it cannot read.
        MYSQL_URL: `mysql://bot:${PASSWORD}@127.0.0.1:1`,
        ALERT_CHANNEL: ops,
        SWEEP_CRON: '* * * * * *',
        METRICS_PORT: String(port),
        STATE_URL: `sqlite:${join(folder, `${method}.db`)}`,
      };
      run = runHostcache(['start'], settings, { folder });
      return { bot: run, slack: peer, ops, limit, port };
    }

    it('the bot sweeps, is not ready, and says what it found when Slack works', async () => {
      const { bot, slack, ops, limit, port } = await begin();
      await bot.until(/with a rate limit/);
      await expect.poll(() => sumOf(port, 'hostcache_alerts_open')).toBe(1);
      const ready = await fetch(`http://127.0.0.1:${port}/readyz`);
      expect([ready.status, await ready.text()]).toEqual([503, 'Slack is not connected.\n']);
      expect([slack.workspace.roots(ops), bot.said.stdout]).toEqual([[], '']);

      limit.stop();
      await bot.until(/hostcache is ready/);
      await slack.workspace.until(() => slack.workspace.roots(ops).length === 1);
      bot.child.kill('SIGTERM');
      expect((await bot.ended).code).toBe(0);
    });

    it('SIGTERM ends the bot', async () => {
      const { bot } = await begin();
      await bot.until(/with a rate limit/);
      bot.child.kill('SIGTERM');
      expect(await bot.ended).toMatchObject({ code: 0, stdout: '' });
    });
  },
);

describe('a bot that cannot start', () => {
  type Change = (peer: SlackPeer) => Promise<Readonly<Record<string, string>>>;

  const CASES: readonly {
    readonly name: string;
    readonly change: Change;
    readonly code: number;
    readonly says: RegExp;
  }[] = [
    {
      name: 'a bot token that Slack refuses',
      change: async (slack) => {
        slack.spoil('bot', 'invalid_auth');
        return {};
      },
      code: 3,
      says: /^Slack refused SLACK_BOT_TOKEN: invalid_auth/,
    },
    {
      name: 'an app token that Slack refuses',
      change: async (slack) => {
        slack.spoil('app', 'invalid_auth');
        return {};
      },
      code: 3,
      says: /^Slack refused SLACK_APP_TOKEN: invalid_auth/,
    },
    {
      name: 'an app token without connections:write',
      change: async (slack) => {
        slack.spoil('app', 'missing_scope');
        return {};
      },
      code: 3,
      says: /^Slack refused SLACK_APP_TOKEN: missing_scope\. .*connections:write/,
    },
    {
      name: 'a port that is taken',
      change: async () => ({ SLACK_MODE: 'http', PORT: String(silentPort) }),
      code: 3,
      says: /^PORT \d+ is taken/,
    },
    {
      name: 'an address of another machine',
      change: async () => ({ SLACK_MODE: 'http', HOST: '192.0.2.1' }),
      code: 3,
      says: /^HOST 192\.0\.2\.1 is not an address of this machine \(EADDRNOTAVAIL\)\.\n$/,
    },
    {
      name: 'a Slack where nobody listens',
      change: async () => ({ SLACK_API_URL: `http://127.0.0.1:${await freePort()}/api/` }),
      code: 3,
      says: /^Slack did not answer at http:\/\/127\.0\.0\.1:\d+\/api\//,
    },
    {
      name: 'a proxy where nobody listens',
      change: async () => ({ HTTP_PROXY: `http://bot:${PASSWORD}@127.0.0.1:1` }),
      code: 3,
      says: /^The proxy 127\.0\.0\.1:1 cannot be reached: the connection was refused/,
    },
    {
      name: 'a password in the broken URL of a proxy',
      change: async () => ({ https_proxy: `http://bot:${PASSWORD}@:x` }),
      code: 2,
      says: /^hostcache: HTTPS_PROXY: expected http:\/\/host:port/,
    },
    {
      name: 'a password in a broken URL',
      change: async () => ({ MYSQL_URL: `mysql://bot:${PASSWORD}@db:port` }),
      code: 2,
      says: /^hostcache: MYSQL_URL: expected/,
    },
  ];

  it.each(CASES)('$name: one line, exit $code', async ({ change, code, says }) => {
    peer = await startPeer();
    const settings = { ...settingsFor(peer), ...(await change(peer)), LOG_LEVEL: 'fatal' };
    run = runHostcache(['start'], settings, { folder });
    const ended = await run.ended;
    expect(ended.stderr).toMatch(says);
    expect(ended).toMatchObject({ code, stdout: '' });
    expect(ended.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(ended.stderr).not.toMatch(/s3cret|xox|xapp|\bat .*:\d+:\d+/);
  });

  it('missing settings are named all at once', async () => {
    run = runHostcache(['start'], {}, { folder });
    const { code, stderr } = await run.ended;
    expect(code).toBe(2);
    const names = stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[1]?.trim());
    expect(names).toEqual(['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'MYSQL_URL', 'ALERT_CHANNEL']);
  });
});
