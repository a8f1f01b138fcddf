import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { judgeScopes, NEEDED_SCOPES, OPTIONAL_SCOPES } from '../../src/adapters/slack/check.ts';
import { judgeSettings } from '../../src/compose/checks.ts';
import type { CheckResult } from '../../src/doctor/check.ts';
import { loginOf, placeOf } from '../logins.ts';

/** How doctor assesses the bot itself: what Slack grants it, and its settings. */

function levels(results: readonly CheckResult[]): readonly string[] {
  return results.map(({ level }) => level);
}

describe('scopes', () => {
  const all = [...Object.keys(NEEDED_SCOPES), ...Object.keys(OPTIONAL_SCOPES)];

  it('are those of the manifest', () => {
    const rule = z.object({
      oauth_config: z.object({
        scopes: z.object({ bot: z.array(z.string()), bot_optional: z.array(z.string()) }),
      }),
    });
    const manifest = parse(readFileSync(join(import.meta.dirname, '../../manifest.yml'), 'utf8'));
    const { scopes } = rule.parse(manifest).oauth_config;
    expect(Object.keys(NEEDED_SCOPES)).toEqual(scopes.bot);
    expect(Object.keys(OPTIONAL_SCOPES)).toEqual(scopes.bot_optional);
  });

  it.each([
    { name: 'all given', given: all, level: ['green'] },
    { name: 'a needed one missing', given: all.filter((s) => s !== 'chat:write'), level: ['red'] },
    {
      name: 'an optional one missing',
      given: Object.keys(NEEDED_SCOPES).concat(Object.keys(OPTIONAL_SCOPES).slice(1)),
      level: ['yellow'],
    },
    { name: 'not known', given: null, level: ['yellow'] },
  ])('$name', ({ given, level }) => {
    expect(levels(judgeScopes(given))).toEqual(level);
  });
});

describe('settings', () => {
  const slack = {
    botToken: 'xoxb-1',
    transport: { mode: 'socket', appToken: 'xapp-1' },
    apiUrl: null,
    proxies: null,
  } as const;
  const server = {
    name: 'main',
    login: loginOf('mysql://bot:secret@127.0.0.1:3306'),
    flushLogin: loginOf('mysql://flush:secret@127.0.0.1:3306'),
    channel: 'C0OPS',
    sweepCron: '*/5 * * * *',
    approvers: ['U0BOB'],
    mention: [],
    runbookUrl: null,
    dnsServers: null,
  };
  it.each([
    { name: 'all given', change: {}, level: ['green'] },
    { name: 'no approvers', change: { approvers: [] }, level: ['yellow'] },
    { name: 'no flushing', change: { flushLogin: null, approvers: [] }, level: ['yellow'] },
    { name: 'no sweeps', change: { sweepCron: null }, level: ['yellow'] },
  ])('$name', ({ change, level }) => {
    const servers = [{ ...server, ...change }];
    expect(levels(judgeSettings({ slack, servers }))).toEqual(level);
  });

  it('without Slack', () => {
    const given = { slack: null, servers: [server], statePlace: placeOf('sqlite:a.db') };
    expect(levels(judgeSettings(given))).toEqual(['yellow']);
  });
});
