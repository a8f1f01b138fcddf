import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import { plainText } from '../../sandbox/slack/shown.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { startPeer } from '../slack-peer.ts';
import { freePort } from './bot.ts';
import { type Run, runHostcache } from './process.ts';

/** The case that the project began with, entirely on real parts: the bot is a separate process. */

const CLIENT = '240.221.242.64';
const JDOE = { user: 'jdoe', password: 'S0_S3cr3t' };
const PASTED = `[MySQL](ODBC Driver) Host '${CLIENT}' is not allowed to connect to this MySQL server`;

let world: World;

beforeAll(async () => {
  world = await startWorld({ flavour: 'mysql' });
  await world.query(`CREATE USER 'jdoe'@'merp.example.com' IDENTIFIED BY '${JDOE.password}'`);
});

afterAll(() => world.stop());

function settings(): Readonly<Record<string, string>> {
  return {
    MYSQL_URL: `mysql://root@localhost?socketPath=${encodeURIComponent(world.socketPath)}`,
    DNS_SERVERS: world.dnsServer,
  };
}

async function freshStory(): Promise<void> {
  world.dns.clear();
  await world.query('TRUNCATE TABLE performance_schema.host_cache');
  expect(await world.connectFrom(CLIENT, JDOE)).toMatchObject({ code: 1130 });
}

describe.each(['socket', 'http'] as const)('in Slack, %s mode', (mode) => {
  let peer: SlackPeer;
  let bot: Run;
  let alice: string;
  let dba: string;

  beforeAll(async () => {
    const port = await freePort();
    peer = await startPeer({ mode, httpTarget: `http://127.0.0.1:${port}/slack/events` });
    alice = peer.workspace.addUser({ name: 'alice' }).id;
    dba = peer.workspace.addChannel({ name: 'dba', members: [alice] }).id;
    const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
    const slack = {
      SLACK_API_URL: peer.apiUrl,
      SLACK_BOT_TOKEN: peer.botToken,
      ALERT_CHANNEL: dba,
      ...(mode === 'socket'
        ? { SLACK_APP_TOKEN: peer.appToken }
        : { SLACK_MODE: 'http', SLACK_SIGNING_SECRET: peer.signingSecret, PORT: String(port) }),
    };
    bot = runHostcache(['start'], { ...settings(), ...slack }, { folder });
    await bot.until(/hostcache is ready/);
  });

  afterAll(async () => {
    bot.child.kill('SIGTERM');
    expect((await bot.ended).code).toBe(0);
    expect([peer.refusals, peer.failures, peer.workspace.broadcasts]).toEqual([[], [], []]);
    await peer.stop();
  });

  it('says that a flush alone will not help, then that it cures, and offers it only then', async () => {
    await freshStory();
    const before = await peer.command(alice, dba, `/hostcache why ${CLIENT} as jdoe`);
    expect(before.failure).toBeNull();
    const first = await before.answer();
    expect(first.isPrivate).toBe(true);
    expect(first.text).toContain('a flush alone will not help');
    expect(first.text).not.toContain('Request flush');

    world.dns.host(CLIENT, 'merp.example.com');
    const again = await peer.click(alice, first.shown, { text: 'Check again' });
    const second = await again.answer();
    expect(second.text).toContain(
      "a flush of the host cache cures it, as 'jdoe'@'merp.example.com'",
    );
    expect(second.text).toContain('Request flush…');
  });

  it('answers a pasted error as it answers the address', async () => {
    await freshStory();
    world.dns.host(CLIENT, 'merp.example.com');
    const pasted = await (await peer.command(alice, dba, `/hostcache ${PASTED}`)).answer();
    const asked = await (await peer.command(alice, dba, `/hostcache why ${CLIENT}`)).answer();
    const verdict = (text: string) => text.split('\n')[0];
    expect(verdict(pasted.text)).toBe(verdict(asked.text));
    expect(verdict(asked.text)).toContain('a flush of the host cache cures it');
  });

  it('explains an error in a message, by its shortcut', async () => {
    await freshStory();
    const asked = peer.say(alice, dba, `it says:\n${PASTED}\nwhat now?`);
    const used = await peer.shortcut(alice, dba, asked.ts, 'explain_mysql_error');
    const answer = await used.answer();
    expect(answer.isPrivate).toBe(true);
    expect(answer.text).toContain(`${CLIENT} is not allowed to connect to main (1130)`);
    const chat = peer.say(alice, dba, 'lunch at noon?');
    const none = await peer.shortcut(alice, dba, chat.ts, 'explain_mysql_error');
    const form = await none.opened();
    expect(plainText(form)).toContain('lunch at noon?');
    await peer.submit(alice, form.id, { client: CLIENT });
    expect((await none.answer()).text).toContain(`${CLIENT} is not allowed to connect to main`);
  });

  it('posts to the channel when asked', async () => {
    const asked = await (await peer.command(alice, dba, `/hostcache why ${CLIENT}`)).answer();
    const posted = await peer.click(alice, asked.shown, { text: 'Post to channel' });
    expect((await posted.answer()).isPrivate).toBe(false);
  });
});

describe('in a terminal', () => {
  async function ask(...words: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'hostcache-'));
    const ended = await runHostcache([...words, '--json'], settings(), { folder }).ended;
    expect(ended.stderr).toBe('');
    return { code: ended.code, answer: JSON.parse(ended.stdout) };
  }

  it('predicts both answers, and the server then does exactly that', async () => {
    await freshStory();
    const before = await ask('why', CLIENT, '--user', 'jdoe');
    expect(before.code).toBe(1);
    expect(before.answer).toMatchObject({
      server: 'main',
      flavour: 'mysql',
      client: CLIENT,
      address: CLIENT,
      user: 'jdoe',
      cached: { host: null, validated: true, connectErrors: 0 },
      now: { outcome: 'refused', error: 1130, account: null, ties: [] },
      flush: 'cures-after-fix',
    });
    expect(before.answer.findings[0].rule).toBe('null-host');

    world.dns.host(CLIENT, 'merp.example.com');
    const fixed = await ask('why', CLIENT, '--user', 'jdoe');
    expect(fixed).toMatchObject({
      code: 1,
      answer: {
        dns: { status: 'ok', host: 'merp.example.com', confirmed: true },
        now: { outcome: 'refused', error: 1130 },
        afterFlush: { outcome: 'admitted', error: null, account: "'jdoe'@'merp.example.com'" },
        flush: 'cures',
        accounts: [{ account: "'jdoe'@'merp.example.com'", now: false, afterFlush: true }],
      },
    });
    expect(await world.connectFrom(CLIENT, JDOE)).toMatchObject({ code: 1130 });

    await world.query('TRUNCATE TABLE performance_schema.host_cache');
    expect(await world.connectFrom(CLIENT, JDOE)).toMatchObject({
      outcome: 'admitted',
      currentUser: 'jdoe@merp.example.com',
    });
    const after = await ask('why', CLIENT, '--user', 'jdoe');
    expect(after).toMatchObject({ code: 0, answer: { flush: 'useless', findings: [] } });
  });
});
