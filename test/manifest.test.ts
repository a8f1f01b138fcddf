import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { COMMAND, MENTIONED, OPENED, SHORTCUT } from '../src/adapters/slack/listeners.ts';

/** manifest.yml against Slack's own limits, scopes, events, and the code. */

/** The members of a union of strings in the typings of @slack/web-api. */
function unionOf(name: string): readonly string[] {
  const root = createRequire(import.meta.url).resolve('@slack/web-api');
  const typings = readFileSync(join(root, '../types/request/manifest.d.ts'), 'utf8');
  const union = new RegExp(`type ${name} = ([^;]+);`).exec(typings)?.[1] ?? '';
  return Array.from(union.matchAll(/'([^']+)'/g), (match) => match[1] ?? '');
}

const BOT_SCOPES = unionOf('BotScope');
const EVENTS = unionOf('ManifestEvent');

const words = (max: number, min = 1) => z.string().min(min).max(max);
const https = z.url({ protocol: /^https$/ });
const scopes = z.array(z.enum(BOT_SCOPES)).max(255);

const slashCommand = z.strictObject({
  command: z.string().regex(/^\/\S{1,31}$/),
  description: words(2000),
  usage_hint: words(1000).optional(),
  should_escape: z.boolean().optional(),
  url: https.optional(),
});

const shortcut = z.strictObject({
  type: z.enum(['message', 'global']),
  name: words(24),
  callback_id: words(255),
  description: words(150),
});

const features = z.strictObject({
  app_home: z.strictObject({
    home_tab_enabled: z.boolean(),
    messages_tab_enabled: z.boolean(),
    messages_tab_read_only_enabled: z.boolean(),
  }),
  bot_user: z.strictObject({
    display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
    always_online: z.boolean().optional(),
  }),
  slash_commands: z.array(slashCommand).min(1).max(50),
  shortcuts: z.array(shortcut).min(1).max(10).optional(),
});

const settings = z.strictObject({
  interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: https.optional() }),
  event_subscriptions: z
    .strictObject({ bot_events: z.array(z.enum(EVENTS)).max(100), request_url: https.optional() })
    .optional(),
  org_deploy_enabled: z.boolean(),
  socket_mode_enabled: z.boolean(),
  // Bolt with a token in its settings cannot rotate it.
  token_rotation_enabled: z.literal(false),
});

const manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal([1, 2]), minor_version: z.int() }),
  display_information: z.strictObject({
    name: words(35),
    description: words(140),
    long_description: words(4000, 175),
    background_color: z.string().regex(/^#([0-9a-f]{3}|[0-9a-f]{6})$/),
  }),
  features,
  oauth_config: z.strictObject({
    scopes: z.strictObject({ bot: scopes, bot_optional: scopes.optional() }),
  }),
  settings,
});

const IN_CODE = [COMMAND, SHORTCUT, OPENED, MENTIONED];

/** What Slack, or the code, would not take; empty = all is well. */
function faultsOf(text: string): readonly string[] {
  const parsed = manifest.safeParse(parse(text));
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  }
  const { slash_commands: commands, shortcuts = [] } = parsed.data.features;
  const declared = [
    ...commands.map(({ command }) => command),
    ...shortcuts.map(({ callback_id: id }) => id),
    ...(parsed.data.settings.event_subscriptions?.bot_events ?? []),
  ];
  return [
    ...declared.filter((name) => !IN_CODE.includes(name)).map((name) => `${name}: no code`),
    ...IN_CODE.filter((name) => !declared.includes(name)).map((name) => `${name}: not declared`),
  ];
}

const text = readFileSync(join(import.meta.dirname, '../manifest.yml'), 'utf8');

describe('manifest.yml', () => {
  it('is what Slack takes and the code answers', () => {
    expect(BOT_SCOPES).toContain('chat:write');
    expect(EVENTS).toContain('app_home_opened');
    expect(faultsOf(text)).toEqual([]);
  });

  it('asks for no scope twice', () => {
    const { bot, bot_optional = [] } = manifest.parse(parse(text)).oauth_config.scopes;
    const asked = [...bot, ...bot_optional];
    expect(new Set(asked).size).toBe(asked.length);
  });

  const SPOILT = [
    { name: 'an unknown key', from: 'always_online', to: 'allways_online' },
    { name: 'an unknown key at the top', from: 'settings:', to: 'surprise: 1\nsettings:' },
    { name: 'an unknown scope', from: '- chat:write', to: '- chat:writes' },
    { name: 'an unknown optional scope', from: '- groups:read', to: '- groups:reads' },
    {
      name: 'a command that the code lacks',
      from: 'command: /hostcache',
      to: 'command: /hostcash',
    },
    { name: 'a name too long', from: 'name: hostcache', to: `name: ${'h'.repeat(36)}` },
    { name: 'an unknown event', from: '- app_home_opened', to: '- app_home_open' },
    { name: 'an event that the code lacks', from: '- app_home_opened', to: '- team_join' },
    {
      name: 'an event left out',
      from: '      - app_home_opened\n',
      to: '',
    },
  ];

  it.each(SPOILT)('is refused with $name', ({ from, to }) => {
    const spoilt = text.replace(from, to);
    expect(spoilt).not.toBe(text);
    expect(faultsOf(spoilt)).not.toEqual([]);
  });
});
