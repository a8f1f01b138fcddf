import { describe, expect, it } from 'vitest';
import type { SlackPeer } from '../../sandbox/slack/peer.ts';
import type { ServerConfig } from '../../src/config/config.ts';
import { startPeer } from '../slack-peer.ts';
import { type Given, ills, levelsOf, makeBed, server } from './doctor-bed.ts';

/** Slack with missing scopes or settings: doctor finds each fault and gives the next step. */

makeBed();

describe('Slack', () => {
  let peer: SlackPeer;
  let channel: string;

  async function open(botScopes?: readonly string[]): Promise<void> {
    peer = await startPeer(botScopes === undefined ? {} : { botScopes });
    channel = peer.workspace.addChannel({ name: 'ops', botIsMember: true }).id;
  }

  function given(change: Partial<ServerConfig> = {}): Partial<Given> {
    const { botToken, appToken, apiUrl } = peer;
    const transport = { mode: 'socket', appToken } as const;
    const servers = [server({ channel, sweepCron: '* * * * *', ...change })];
    return { slack: { botToken, transport, apiUrl, proxies: null }, servers };
  }

  it('that gives a needed scope and an optional one too few', async () => {
    await open([
      'commands',
      'chat:write',
      'users:read',
      'usergroups:read',
      'channels:history',
      'groups:history',
      'channels:read',
    ]);
    const results = await ills('Slack', given());
    await peer.stop();
    expect(results.map(({ level, says }) => [level, /scope (\S+):/.exec(says)?.[1]])).toEqual([
      ['red', 'files:write'],
      ['red', 'app_mentions:read'],
      ['yellow', 'groups:read'],
    ]);
  });

  it('where the bot is not in the channel, or there is none', async () => {
    await open();
    expect(await ills('Slack', given())).toEqual([]);
    const elsewhere = peer.workspace.addChannel({ name: 'lobby', botIsMember: false }).id;
    const outside = await ills('Slack', given({ channel: elsewhere }));
    const nowhere = await ills('Slack', given({ channel: 'C0NOWHERE' }));
    const group = await ills('Slack', given({ approvers: ['S0NOWHERE'] }));
    peer.workspace.changeChannel(elsewhere, { botIsMember: true });
    expect(await ills('Slack', given({ channel: elsewhere }))).toEqual([]);
    await peer.stop();
    expect(levelsOf([...outside, ...nowhere, ...group])).toEqual(['red', 'red', 'red']);
    expect(outside[0]?.next).toContain('/invite @hostcache');
    expect(nowhere[0]?.says).toContain('C0NOWHERE');
    expect(group[0]?.says).toContain('no_such_subteam');
  });

  it('that does not know a token, or is away', async () => {
    await open();
    peer.spoil('app', 'invalid_auth');
    const app = await ills('Slack', given());
    peer.spoil('bot', 'token_revoked');
    const bot = await ills('Slack', given());
    await peer.stop();
    const away = await ills('Slack', given());
    expect(levelsOf([...app, ...bot, ...away])).toEqual(['unanswered', 'unanswered', 'unanswered']);
    expect(app[0]?.says).toContain('SLACK_APP_TOKEN: invalid_auth');
    expect(bot[0]?.says).toContain('SLACK_BOT_TOKEN: token_revoked');
  });
});
