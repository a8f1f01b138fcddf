import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SlackPeer } from '../../../sandbox/slack/peer.ts';
import { type ProxyOptions, startProxy, startTlsEnd } from '../../../sandbox/slack/proxy.ts';
import { createSlackCheck } from '../../../src/adapters/slack/check.ts';
import { createHostsCheck } from '../../../src/adapters/slack/hosts.ts';
import type { Proxies } from '../../../src/adapters/slack/outbound.ts';
import { CERTIFICATE } from '../../certificate/certificate.ts';
import { createFakeLog } from '../../chat/fake-subcommand.ts';
import { startPeer } from '../../slack-peer.ts';

/** What doctor says of a Slack that stumbles, and of a way there that is blocked. */

let peer: SlackPeer;

beforeAll(async () => {
  peer = await startPeer();
});

afterAll(() => peer.stop());

beforeEach(() => {
  peer.spoil('bot', null);
  peer.spoil('app', null);
});

function check(change: { readonly apiUrl?: string; readonly proxies?: Proxies } = {}) {
  const { botToken, appToken, apiUrl } = peer;
  const options = { botToken, appToken, apiUrl, channels: [], groups: [], log: createFakeLog() };
  return createSlackCheck({ ...options, ...change }).run();
}

const PASSING = ['internal_error', 'fatal_error', 'forbidden', 'ratelimited', 'accesslimited'];

describe.each([
  { token: 'bot', setting: 'SLACK_BOT_TOKEN', method: 'auth.test' },
  { token: 'app', setting: 'SLACK_APP_TOKEN', method: 'apps.connections.open' },
] as const)('an answer about the $token token', ({ token, setting, method }) => {
  it.each(PASSING)('%s passes, and is not about the token', async (code) => {
    peer.spoil(token, code);
    const [result] = (await check()).filter(({ level }) => level !== 'green');
    expect(result).toMatchObject({ level: 'unanswered' });
    expect(result?.says).toBe(`Slack answered ${method} with ${code}.`);
    expect(result?.next).toMatch(/passes.*run doctor again\.$/);
    expect(result?.next).not.toMatch(/[Cc]opy/);
  });

  it.each(['invalid_auth', 'token_revoked', 'account_inactive', 'not_allowed_token_type'])(
    '%s is about the token',
    async (code) => {
      peer.spoil(token, code);
      const [result] = (await check()).filter(({ level }) => level !== 'green');
      expect(result?.says).toBe(`Slack refused ${setting}: ${code}.`);
      expect(result?.next).toMatch(/^Copy the token again/);
    },
  );

  it('a rate limit and status 503 are named', async () => {
    const limit = { kind: 'rate-limited', retryAfterS: 7 } as const;
    const broken = { kind: 'http-error', status: 503, when: 'before' } as const;
    for (const [fault, says] of [
      [limit, /with a rate limit\.$/],
      [broken, /with status 503\.$/],
    ] as const) {
      const failing = peer.fail({ method, fault });
      const [result] = (await check()).filter(({ level }) => level !== 'green');
      failing.stop();
      expect(result).toMatchObject({ level: 'unanswered', says: expect.stringMatching(says) });
    }
  });
});

it('a working Socket Mode says how many replicas there may be', async () => {
  const says = (await check()).map((result) => result.says).join('\n');
  expect(says).toMatch(/can open Socket Mode connections\. .*at most three replicas/);
});

describe('the way to Slack', () => {
  it('is open, and no request is sent', async () => {
    const received: Buffer[] = [];
    const server = createServer((socket) => socket.on('data', (part) => received.push(part)));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const apiUrl = `http://127.0.0.1:${port}/api/`;
    const results = await createHostsCheck({ apiUrl, mode: 'socket' }).run();
    await new Promise((resolve) => server.close(resolve));
    expect(results).toMatchObject([{ level: 'green', says: `can be reached: ${apiUrl}.` }]);
    expect(received).toEqual([]);
  });

  const ALL = ['slack.com', 'files.slack.com', 'hooks.slack.com', 'wss-primary.slack.com'];
  const targets = ALL.map((host) => `${host}:443`);

  async function tryThrough(options: Partial<ProxyOptions>, userinfo = '') {
    const proxy = await startProxy({ leads: {}, ...options });
    const https = `http://${userinfo}127.0.0.1:${proxy.port}`;
    const proxies = { https, http: null, except: null };
    const results = await createHostsCheck({ apiUrl: null, proxies, mode: 'socket' }).run();
    await proxy.stop();
    return { asked: [...proxy.asked].sort(), results, place: `127.0.0.1:${proxy.port}` };
  }

  it('through a proxy: each host that it refuses is named, with the reason', async () => {
    const { asked, results, place } = await tryThrough({ refuses: { 'files.slack.com:443': 502 } });
    expect(asked).toEqual([...targets].sort());
    expect(results.map(({ level }) => level)).toEqual(ALL.map(() => 'unanswered'));
    expect(results.map(({ says }) => says)).toEqual([
      `slack.com (everything) cannot be reached: the proxy ${place} does not allow connections to slack.com:443 (403).`,
      `files.slack.com (uploads) cannot be reached: the proxy ${place} did not connect to files.slack.com:443 (status 502).`,
      `hooks.slack.com (answers) cannot be reached: the proxy ${place} does not allow connections to hooks.slack.com:443 (403).`,
      `wss-primary.slack.com (Socket Mode) cannot be reached: the proxy ${place} does not allow connections to wss-primary.slack.com:443 (403).`,
    ]);
    for (const { next } of results) expect(next).toContain('NO_PROXY');
  });

  it('through a proxy that wants a password: no line shows it', async () => {
    const { results } = await tryThrough({ login: 'bot:right' }, 'bot:s3cret@');
    expect(results).toHaveLength(1);
    for (const host of ALL) expect(results[0]?.says).toContain(host);
    for (const { says } of results)
      expect(says).toMatch(/refused the user and the password.*\(407\)/);
    expect(JSON.stringify(results)).not.toContain('s3cret');
  });

  it('through a proxy that inspects TLS: the certificate is named, and how to trust it', async () => {
    const end = await startTlsEnd(CERTIFICATE, Number(new URL(peer.origin).port));
    const leads = Object.fromEntries(targets.map((target) => [target, end.port]));
    const { results } = await tryThrough({ leads });
    await end.stop();
    expect(results).toHaveLength(1);
    for (const { says, next } of results) {
      expect(says).toMatch(/its certificate is not trusted \(\w+\)/);
      expect(next).toContain('NODE_EXTRA_CA_CERTS');
    }
  });

  it('through a proxy that is not there: the proxy is named, not Slack', async () => {
    const proxies = { https: null, http: 'http://bot:s3cret@127.0.0.1:1', except: null };
    const [result] = await check({ proxies });
    expect(result?.says).toMatch(/^The proxy 127\.0\.0\.1:1 cannot be reached: .*refused/);
    expect(result?.next).toContain('HTTPS_PROXY');
  });

  it('past the proxy, where NO_PROXY says so', async () => {
    const proxies = { https: null, http: 'http://127.0.0.1:1', except: '127.0.0.1' };
    const results = await check({ proxies });
    expect(results.map(({ level }) => level)).not.toContain('unanswered');
  });
});
